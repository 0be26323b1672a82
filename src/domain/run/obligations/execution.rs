//! What execution owes: operations closed, steps complete, entries recorded, signatures, gates.

use super::release::conforms;
use super::{Found, Law, Obligation, Stage, done_by, law, owe, signature};
use crate::domain::entry::spec::{Due, EntrySpec};
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::master::{Operation, SecondPersonMode, Step};
use crate::domain::policy::Authority;
use crate::domain::run::decide::{access, check};
use crate::domain::run::event::{Absence, EntryKey};
use crate::domain::run::{Content, EntryRun, EntryVersion, Run, StepPhase, StepRun};

const ISSUE: Law = law("C211-188a", "21 CFR 211.188(a)", Stage::Completion);
const OPERATION: Law = law("CH4-20", "EU GMP Chapter 4, 4.20(b)", Stage::Completion);
const STEP: Law = law("C211-100b", "21 CFR 211.100(b)", Stage::Completion);
const SIGNED: Law = law("C211-188b11", "21 CFR 211.188(b)(11)", Stage::Completion);
const GATE: Law = law("C211-110c", "21 CFR 211.110(c)", Stage::Completion);

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
    owe(
        list,
        OPERATION,
        format!("operation/{key}/closed"),
        format!("{} closed", operation.name),
        Some(key.to_string()),
        "execute or supervise",
        Found::of(closed.map(|(_, signed)| signature(signed))),
    );
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

fn one_step(run: &Run, step: &Step, at: &StepKey, list: &mut Vec<Obligation>) {
    let state = run.steps.get(at);
    let waived = declared(state);
    let found = |met: Option<String>| match (&waived, met) {
        (_, Some(evidence)) => Found::Met(evidence),
        (Some(evidence), None) => Found::Waived(evidence.clone()),
        (None, None) => Found::Open(None),
    };
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
    if let Some(second) = access::second_person(step) {
        let who = second.authority.unwrap_or(Authority::Check).as_str();
        let (word, what) = match second.mode {
            SecondPersonMode::WitnessBefore => ("witnessed-before", "witnessed before it began"),
            SecondPersonMode::WitnessDuring => ("witnessed", "witnessed"),
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
        let found = found(signed.map(signature));
        let what = format!("{} {what}", step.name);
        owe(list, SIGNED, id(word), what, Some(place), who, found);
    }
    for entry in &step.entries {
        let run_entry = state.and_then(|state| state.entries.get(&entry.id));
        let owed = Owed { entry, run_entry, waived: waived.as_deref(), who: who.clone() };
        let place = format!("{at}/{}", entry.id);
        owed.recorded(&place, list);
        owed.checks(run, &place, list);
        if entry.due == Due::Release {
            let key = EntryKey { step: Some(at.clone()), entry: entry.id.clone() };
            conforms(run, &owed, &key, &place, list);
        }
    }
}

/// An entry with what is known of it, on a step or on the run.
pub(super) struct Owed<'a> {
    pub(super) entry: &'a EntrySpec,
    pub(super) run_entry: Option<&'a EntryRun>,
    pub(super) waived: Option<&'a str>,
    pub(super) who: String,
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
    pub(super) fn recorded(&self, place: &str, list: &mut Vec<Obligation>) {
        if !self.entry.mandatory {
            return;
        }
        let law = match self.entry.due {
            Due::Release => law("C211-165", "21 CFR 211.165(a)", Stage::Release),
            _ => law("F13", "21 CFR 211.188(b)", Stage::Completion),
        };
        let found = match self.run_entry.and_then(EntryRun::current) {
            Some(version) => found_version(version),
            None => self.waived.map_or(Found::Open(None), |text| Found::Waived(text.to_owned())),
        };
        let what = format!("{} recorded", self.entry.name);
        let id = format!("entry/{place}/recorded");
        owe(list, law, id, what, Some(place.to_owned()), &self.who(), found);
    }

    /// The version that counts is checked where it owes a check, and says why it came late.
    pub(super) fn checks(&self, run: &Run, place: &str, list: &mut Vec<Obligation>) {
        let Some(entry) = self.run_entry else { return };
        let Some(version) = entry.current() else { return };
        let name = &self.entry.name;
        let late = entry.versions.iter().any(|version| is_late(run, version));
        if version.check_owed || late {
            let law = if late {
                law("F7", "21 CFR 211.100(b)", Stage::Review)
            } else if version.version > 1 {
                law("P11-10e3", "21 CFR 11.10(e)", Stage::Review)
            } else {
                law("C211-68b2", "21 CFR 211.68(b)", Stage::Review)
            };
            let checked = version.checked.as_ref().map(|(at, by)| done_by("checked", by, *at));
            let what = format!("{name}: version {} checked by a second person", version.version);
            let id = format!("entry/{place}/checked/{}", version.version);
            owe(list, law, id, what, Some(place.to_owned()), "check", Found::of(checked));
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

fn gates(run: &Run, gate: &crate::domain::master::Gate, list: &mut Vec<Obligation>) {
    let occurred = |id: &str| -> Vec<_> {
        run.steps.iter().filter(|(key, _)| key.step == id).map(|(_, step)| step).collect()
    };
    // A gate before steps that need not occur and did not is not owed.
    let owed = gate.before.iter().any(|id| {
        let needed = run.recipe.step(id).is_some_and(|(operation, step)| {
            operation.order.occurs().min > 0 && step.order.occurs().min > 0
        });
        needed || !occurred(id).is_empty()
    });
    if !owed {
        return;
    }
    let skipped = gate.before.iter().all(|id| {
        let all = occurred(id);
        !all.is_empty() && all.iter().all(|step| step.phase == StepPhase::NotPerformed)
    });
    let passed = run.gates.get(&gate.id).and_then(|gate| gate.passages.last());
    let found = match passed {
        Some((_, signed)) => Found::Met(signature(signed)),
        None if skipped => Found::Waived("what it guards was declared not performed".into()),
        None => Found::Open(None),
    };
    let (id, what) = (format!("gate/{}/passed", gate.id), format!("Gate {} passed", gate.name));
    owe(list, GATE, id, what, Some(gate.id.clone()), "execute or supervise", found);
}
