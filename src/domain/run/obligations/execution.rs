//! What execution owes: operations closed, steps complete, entries recorded, signatures, gates.

use super::conforms::{conforms, is_specification};
use super::owed::{Owed, pending};
use super::{Found, Law, Obligation, Stage, device, done_by, law, owe, signature};
use crate::domain::clock::Instant;
use crate::domain::entry::spec::Due;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::policy::{Authority, Family};
use crate::domain::recipe::{Gate, Operation, SecondPersonMode, Step};
use crate::domain::run::acts::{
    access, automated, awaited, check, clearance, condition, ending, exception, gate, late_gate,
};
use crate::domain::run::known::{is_not_computable, so_far};
use crate::domain::run::{Content, EntryVersion, Run, StepPhase, StepRun, operation_review};
use crate::domain::words::{Absence, EntryKey};

const ISSUE: Law = law("C211-188a", "21 CFR 211.188(a)", Stage::Completion);
const OPERATION: Law = law("CH4-20", "EU GMP Chapter 4, 4.20(b)", Stage::Completion).or_waived();
const STEP: Law = law("C211-100b", "21 CFR 211.100(b)", Stage::Completion).or_waived();
const SIGNED: Law = law("C211-188b11", "21 CFR 211.188(b)(11)", Stage::Completion).or_waived();
const ROLLING: Law = law("C211-192a", "21 CFR 211.192", Stage::Review).or_waived();
const GATE: Law = law("C211-110c", "21 CFR 211.110(c)", Stage::Completion).or_waived();

/// Appends what execution owes.
pub(super) fn collect(run: &Run, list: &mut Vec<Obligation>) {
    let found = Found::of(run.issued.as_ref().map(signature));
    let what = format!("Issued from master record {}~{}", run.master.code, run.master.version);
    owe(list, ISSUE, "run/issued".into(), what, None, "issue", found);
    for operation in run.recipe.operations() {
        for n in 1..=occurrences(run, operation) {
            occurrence(run, operation, n, list);
        }
    }
    for gate in &run.recipe.gates {
        gates(run, gate, list);
    }
}

/// How many occurrences of an operation are owed or exist.
fn occurrences(run: &Run, operation: &Operation) -> u32 {
    let there = run.operations.keys().filter(|key| key.op == operation.id).map(|key| key.n);
    there.max().unwrap_or(0).max(operation.order.occurs().min)
}

fn occurrence(run: &Run, operation: &Operation, n: u32, list: &mut Vec<Obligation>) {
    let key = OperationKey { op: operation.id.clone(), n };
    for step in &operation.steps {
        let there = run
            .steps
            .keys()
            .filter(|at| at.operation == key && at.step == step.id)
            .map(|at| at.k)
            .max();
        for k in 1..=there.unwrap_or(0).max(step.order.occurs().min) {
            let at = StepKey { operation: key.clone(), step: step.id.clone(), k };
            one_step(run, step, &at, list);
        }
    }
    let closed = run.operations.get(&key).and_then(|op| op.closed.as_ref());
    let found = match (closed, condition::leaves_out_operation(run, &key)) {
        (None, Some(branch)) => Found::Waived(branch),
        _ => Found::of(closed.map(|(_, signed)| signature(signed))),
    };
    owe(
        list,
        OPERATION,
        format!("operation/{key}/closed"),
        format!("{} closed", operation.name),
        Some(key.to_string()),
        "execute or supervise",
        found,
    );
    if operation.rolling_review {
        rolling_review(run, operation, &key, list);
    }
}

/// Quality's review of a closed operation while the run goes on, where the master record asks for it.
fn rolling_review(
    run: &Run,
    operation: &Operation,
    key: &OperationKey,
    list: &mut Vec<Obligation>,
) {
    let newest = run.operations.get(key).and_then(|state| state.reviews.last());
    let found = match newest.map(|review| (review, &review.lapsed)) {
        Some((review, None)) => {
            let by = review.signed.as_ref().map_or_else(String::new, signature);
            let pending = match review.told.pending.as_slice() {
                [] => String::new(),
                pending => format!("; pending then: {}", pending.join(", ")),
            };
            Found::Met(format!("{}; {by}{pending}", review.told.conclusion))
        }
        Some((_, Some((seq, cause)))) => {
            Found::Open(Some(format!("lapsed at entry {seq}: {cause}")))
        }
        None => Found::met_or_waived(None, condition::leaves_out_operation(run, key).as_deref()),
    };
    let what = format!("{} reviewed by quality while the run goes on", operation.name);
    owe(list, ROLLING, operation_review::id(key), what, Some(key.to_string()), "review", found);
}

/// The authorities that may perform a step, in words.
fn performers(step: &Step) -> String {
    if step.authorities.is_empty() {
        return Authority::Execute.as_str().into();
    }
    let words: Vec<_> = step.authorities.iter().map(|authority| authority.as_str()).collect();
    words.join(" or ")
}

/// A declaration of *not performed* waives what the step owes.
fn declared(step: Option<&StepRun>) -> Option<String> {
    let (reason, signed) = step?.not_performed.as_ref()?;
    Some(format!("not performed: {reason}; {}", signature(signed)))
}

/// What is tested for release and what quality signs for is waived by a declaration of *not performed* only
/// with quality's decision on it.
fn declared_by_quality(run: &Run, at: &StepKey, step: Option<&StepRun>) -> Option<String> {
    let said = declared(step)?;
    let mut about = awaited::absences(run, at, "");
    about.find_map(|it| exception::settled(run, it)).map(|decided| format!("{said}; {decided}"))
}

/// An early end waives what had not begun. What is tested for release and what quality signs for is
/// waived only by quality's decision on it.
fn ended_by_quality(run: &Run, at: &StepKey) -> Option<String> {
    let decided = ending::settled(run, &at.operation)?;
    Some(format!("{}; {decided}", ended(run, at)?))
}

/// An early end waives what had not begun.
fn ended(run: &Run, at: &StepKey) -> Option<String> {
    let ended = ending::of(run, &at.operation).filter(|_| ending::waives(run, at))?;
    let by = ended.signed.as_ref().map_or_else(|| ended.at.to_string(), signature);
    Some(format!("{} ended early: {}; {by}", at.operation, ended.reason))
}

/// Whether nothing of a step began in any owed occurrence of its operation, because all ended early.
fn given_up(run: &Run, id: &str) -> bool {
    run.recipe.step(id).is_some_and(|(operation, _)| {
        (1..=occurrences(run, operation)).all(|n| {
            let at = StepKey::new(&operation.id, n, id, 1);
            ending::waives(run, &at)
        })
    })
}

fn one_step(run: &Run, step: &Step, at: &StepKey, list: &mut Vec<Obligation>) {
    let state = run.steps.get(at);
    let left_out = condition::leaves_out(run, at);
    let waived = declared(state).or_else(|| left_out.clone()).or_else(|| ended(run, at));
    let by_quality =
        declared_by_quality(run, at, state).or(left_out).or_else(|| ended_by_quality(run, at));
    let found = |met: Option<String>| Found::met_or_waived(met, waived.as_deref());
    let (place, who) = (at.to_string(), performers(step));
    let complete = state.filter(|state| state.phase == StepPhase::Complete).and_then(|state| {
        let by = state.completed_by.as_ref()?;
        Some(done_by("completed", by, state.completed_at?))
    });
    let id = |word: &str| format!("step/{at}/{word}");
    let what = format!("{} complete", step.name);
    owe(list, STEP, id("complete"), what, Some(place.clone()), &who, found(complete));
    if step.significant {
        let signed = state.and_then(|state| state.performed.as_ref()).map(signature);
        let what = format!("{} signed by its performer", step.name);
        owe(list, SIGNED, id("performed"), what, Some(place.clone()), &who, found(signed));
    }
    let by_devices = state.is_some_and(|state| automated::by_devices(step, state));
    if let Some(second) = access::second_person(step) {
        let who = second.authority.unwrap_or(Authority::Check).as_str();
        let (word, what) = match second.mode {
            SecondPersonMode::WitnessBefore => ("witnessed-before", "witnessed before it began"),
            SecondPersonMode::WitnessDuring => ("witnessed", "witnessed"),
            SecondPersonMode::VerifyAfter if by_devices => {
                ("verified", "done by equipment and verified by one person")
            }
            SecondPersonMode::VerifyAfter => ("verified", "verified by a second person"),
        };
        let signed = state.and_then(|state| match second.mode {
            // A step found running had no witness, another's went on to perform: a verification
            // makes up for it.
            SecondPersonMode::WitnessBefore => {
                check::standing_witness(state).or(state.checked.as_ref())
            }
            _ => state.checked.as_ref(),
        });
        let of_quality = second.authority.is_some_and(|a| a.family() == Family::Quality);
        let waived = if of_quality { &by_quality } else { &waived };
        let found = Found::met_or_waived(signed.map(signature), waived.as_deref());
        let what = format!("{} {what}", step.name);
        owe(list, SIGNED, id(word), what, Some(place), who, found);
    }
    for entry in &step.entries {
        let run_entry = state.and_then(|state| state.entries.get(&entry.id));
        let key = EntryKey { step: Some(at.clone()), entry: entry.id.clone() };
        let waived = if entry.due == Due::Release { &by_quality } else { &waived };
        let left_out = waived.clone().or_else(|| condition::entry(run, &key, entry).not_taken());
        let second = state.and_then(|state| clearance::second(state, run_entry?.current()?));
        let second = second.filter(|_| entry.kind.as_kind().clears().is_some());
        let (waived, by) = (left_out.as_deref(), who.clone());
        let owed = Owed { entry, run_entry, waived, who: by, second };
        let place = format!("{at}/{}", entry.id);
        owed.recorded(run, &key, &place, list);
        owed.checks(run, &place, list);
        device::collect(run, entry, run_entry, &place, &who, list);
        if is_specification(entry, &key) {
            conforms(run, &owed, &key, &place, list);
        }
    }
}

impl Owed<'_> {
    fn who(&self) -> String {
        if self.entry.authorities.is_empty() {
            return self.who.clone();
        }
        let words: Vec<_> = self.entry.authorities.iter().map(|a| a.as_str()).collect();
        words.join(" or ")
    }

    /// A mandatory entry is recorded, or its absence declared.
    pub(super) fn recorded(
        &self,
        run: &Run,
        at: &EntryKey,
        place: &str,
        list: &mut Vec<Obligation>,
    ) {
        // A test that has begun is brought to its end, also one that need not have been done.
        let tested = self.run_entry.is_some_and(|entry| !entry.determinations.is_empty());
        if !self.entry.mandatory && !tested {
            return;
        }
        let law = match self.entry.due {
            Due::Release => law("C211-165", "21 CFR 211.165(a)", Stage::Release),
            _ => law("F13", "21 CFR 211.188(b)", Stage::Completion),
        }
        .or_waived();
        let found = match (self.answered(run, at), self.waived) {
            (Some(version), None) if is_not_computable(version) => {
                Found::Open(version.reason.clone())
            }
            (Some(version), Some(text)) if is_not_computable(version) => {
                Found::Waived(text.to_owned())
            }
            (Some(version), _) => found_version(version),
            (None, Some(text)) if !tested => Found::Waived(text.to_owned()),
            (None, _) => match so_far(run, at) {
                Some(outcome) => Found::Met(format!(
                    "{} so far; written down when somebody relies on it",
                    outcome.value.shown
                )),
                None => Found::Open(pending(run, self.entry, self.run_entry)),
            },
        };
        let what = format!("{} recorded", self.entry.name);
        let id = format!("entry/{place}/recorded");
        owe(list, law, id, what, Some(place.to_owned()), &self.who(), found);
    }

    /// The version that counts is checked where it owes a check, and says why it came late.
    pub(super) fn checks(&self, run: &Run, place: &str, list: &mut Vec<Obligation>) {
        let Some(entry) = self.run_entry else { return };
        let name = &self.entry.name;
        let late = entry.versions.iter().any(|version| is_late(run, version));
        let is_result = self.entry.as_result().is_some();
        self.claims(run, place, list);
        for version in self.counting().into_iter().filter(|version| version.check_owed || late) {
            let law = if late {
                law("F7", "21 CFR 211.100(b)", Stage::Review)
            } else if is_result {
                law("C211-194a", "21 CFR 211.194(a)(8)", Stage::Review)
            } else if version.version > 1 {
                law("P11-10e3", "21 CFR 11.10(e)", Stage::Review)
            } else {
                law("C211-68b2", "21 CFR 211.68(b)", Stage::Review)
            };
            let checked = version.checked.as_ref().map(|(at, by)| done_by("checked", by, *at));
            let checked = checked.or_else(|| self.second.clone());
            let of = version.of.as_ref().map_or_else(String::new, |of| format!(" of lot {of}"));
            let no = version.version;
            let what = format!("{name}: version {no}{of} checked by a second person");
            let id = format!("entry/{place}/checked/{no}");
            let who = if is_result { "test or review" } else { "check" };
            owe(list, law, id, what, Some(place.to_owned()), who, Found::of(checked));
        }
        if late {
            let law = law("F7", "21 CFR 211.100(b)", Stage::Review);
            let reason = entry.versions.iter().find_map(|version| version.reason.clone());
            let what = format!("{name}: reason of the late entry");
            let id = format!("entry/{place}/late-reason");
            let found = Found::of(reason.map(|text| format!("reason given: {text}")));
            owe(list, law, id, what, Some(place.to_owned()), &self.who(), found);
        }
    }
}

fn found_version(version: &EntryVersion) -> Found {
    let by = done_by("recorded", &version.by, version.at);
    match &version.content {
        Content::Struck => Found::Open(version.reason.clone()),
        Content::Value(value) => {
            Found::Met(format!("{}; {by}, entry {}", value.shown, version.seq))
        }
        Content::Absent(absence) => {
            let word = match absence {
                Absence::NotApplicable => "not applicable",
                Absence::NotPerformed => "not performed",
                Absence::NotAvailable => "not available",
            };
            let reason = version.reason.as_deref().unwrap_or("no reason given");
            Found::Waived(format!("{word}: {reason}; {by}, entry {}", version.seq))
        }
    }
}

fn is_late(run: &Run, version: &EntryVersion) -> bool {
    use crate::domain::exception::ExceptionKind::LateEntry;
    run.exceptions.iter().any(|exception| {
        exception.opened.kind == LateEntry && version.exceptions.contains(&exception.opened.no)
    })
}

fn gates(run: &Run, guard: &Gate, list: &mut Vec<Obligation>) {
    let occurred = |id: &str| -> Vec<_> {
        run.steps.iter().filter(|(key, _)| key.step == id).map(|(_, step)| step).collect()
    };
    // A gate before steps that need not occur and did not is not owed.
    let owed = guard.before.iter().any(|id| {
        let needed = run.recipe.step(id).is_some_and(|(operation, step)| {
            operation.order.occurs().min > 0 && step.order.occurs().min > 0
        });
        needed || !occurred(id).is_empty()
    });
    if !owed {
        return;
    }
    let skipped = guard.before.iter().all(|id| {
        let all = occurred(id);
        if all.is_empty() {
            // Its gate is passed when its turn comes, and it need not come.
            let least = run.recipe.step(id).map_or(0, |(_, step)| step.order.occurs().min);
            let left_out = condition::next_of(run, id).not_taken().is_some();
            return least == 0 || given_up(run, id) || left_out;
        }
        all.iter().all(|step| step.phase == StepPhase::NotPerformed)
    });
    let passed = run.gates.get(&guard.id).and_then(|gate| gate.passages.last());
    let late = late_gate::late(run, guard);
    let found = match passed {
        _ if !late.is_empty() => not_passed_before(run, guard, &late),
        Some((_, signed)) => Found::Met(format!("{}{}", signature(signed), taken_back(run, guard))),
        None if skipped => {
            Found::Waived("what it guards was not performed, given up or not taken".into())
        }
        None => Found::Open(Some(taken_back(run, guard)).filter(|it| !it.is_empty())),
    };
    let (id, what) = (format!("gate/{}/passed", guard.id), format!("Gate {} passed", guard.name));
    let words: Vec<_> = gate::passing(guard).iter().map(|a| a.as_str()).collect();
    owe(list, GATE, id, what, Some(guard.id.clone()), &words.join(" or "), found);
}

/// What a gate guards and was found running in error, as it was taken back.
fn taken_back(run: &Run, guard: &Gate) -> String {
    let of_it = run.taken_back.iter().filter(|it| guard.before.contains(&it.told.step.step));
    of_it.map(|it| format!("; {}", it.line())).collect()
}

/// A gate passed after what it guards began is not passed; quality waives it, and it is never met.
fn not_passed_before(run: &Run, guard: &Gate, late: &[(StepKey, Instant)]) -> Found {
    let line = late_gate::line(late);
    let state = run.gates.get(&guard.id);
    let waived: Option<Vec<_>> =
        late.iter().map(|(key, _)| state.and_then(|state| state.waived.get(key))).collect();
    match waived.as_deref() {
        Some([(reason, signed), ..]) => {
            Found::Waived(format!("{line}; waived: {reason}; {}", signature(signed)))
        }
        _ => Found::Open(Some(line)),
    }
}
