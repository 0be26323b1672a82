//! Computed values follow in the act that changed what they are computed from.
//!
//! Hooked once, behind every decision on a run, so that no rule can forget it: the events are folded
//! into a scratch copy, and whatever reads what they changed is computed there, inputs before what is
//! computed from them. What comes out otherwise than before becomes an event of the same act.

pub mod changes;
pub mod relied;

use super::condition;
use super::correct::uses;
use super::judge::Findings;
use super::spot::{self, Spot};
use super::story::{Story, numbers};
use crate::domain::clock::Zone;
use crate::domain::command::{Happened, Stamp};
use crate::domain::entry::computing::Outcome;
use crate::domain::entry::spec::Due;
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::limits::{Purpose, Side, Verdict};
use crate::domain::policy::Permit;
use crate::domain::ruling::{Ruling, planned};
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::report::lapse_check;
use crate::domain::run::computed::Computed;
pub use crate::domain::run::computed::agrees;
use crate::domain::run::known::{Here, is_declared_absent, is_not_computable};
use crate::domain::run::{Content, EntryRun, EntryVersion, Phase, Run, StepPhase, evolve, lineage};
use crate::domain::signing::{SignatureRequest, Signed};
use crate::domain::words::{Basis, EntryKey};
use changes::{Change, Work};
use relied::{Reach, Relied};

/// A ruling with all that the server computes because of it: what reads something that the events changed, what
/// reads that in turn, and what the events rely on.
#[must_use]
pub fn follow(run: &Run, mut ruling: Ruling<RunEvent>, stamp: &Stamp) -> Ruling<RunEvent> {
    if run.recipe.plan().reads.is_empty() {
        return ruling;
    }
    let relied = Relied::by(run, ruling.events.iter().map(|(event, _)| event));
    let moved = ruling.events.iter().rev().find_map(|(event, _)| event.moves().1);
    let Some(cause) = moved.or_else(|| relied.cause.clone()) else {
        return ruling;
    };
    // What is computed for a signature stands before it, so that the signature covers it.
    let front = ruling
        .events
        .iter()
        .position(|(event, signatures)| relied::is_signed_for(event) && !signatures.is_empty());
    let mut scratch = Some(run.clone());
    for (event, signatures) in &ruling.events {
        scratch =
            scratch.and_then(|scratch| fold(scratch, event, signatures, &ruling.permit, stamp));
    }
    // What cannot be folded is found, named and undone by the lane.
    let Some(scratch) = scratch else { return ruling };
    let mut following = Following::new(run, scratch, cause, &ruling.permit, stamp, relied);
    if is_untouched(run) {
        following.work.release(&following.scratch);
    }
    for (event, _) in &ruling.events {
        following.moved(event.moves().0);
    }
    following.all();
    let told = following.told.into_iter().map(|event| (event, Vec::new()));
    let index = front.unwrap_or(ruling.events.len());
    ruling.events.splice(index..index, told);
    ruling
}

/// What is written down of a value that stands on a list before somebody relies on it, with the run after that;
/// nothing where it is written down already, or cannot be computed.
#[must_use]
pub fn before(
    run: &Run,
    at: &EntryKey,
    permit: &Permit,
    stamp: &Stamp,
) -> Option<(Run, Vec<RunEvent>)> {
    let step = at.step.as_ref().map(|key| key.step.as_str());
    if !run.recipe.plan().reads.is_growing(step, &at.entry) {
        return None;
    }
    let relied = Relied::on(at.clone());
    let cause = format!("{at} was relied on");
    let mut following = Following::new(run, run.clone(), cause, permit, stamp, relied);
    following.one(at);
    (!following.told.is_empty()).then_some((following.scratch, following.told))
}

/// What an act makes computed, event by event.
struct Following<'a> {
    /// The run before the act.
    run: &'a Run,
    /// The run after what is known so far.
    scratch: Run,
    cause: String,
    permit: &'a Permit,
    stamp: &'a Stamp,
    relied: Relied,
    /// Entries that the act changed and that had a value before it, with the place of that in the journal.
    changed: Vec<(EntryKey, u64)>,
    work: Work,
    told: Vec<RunEvent>,
}

impl<'a> Following<'a> {
    fn new(
        run: &'a Run,
        scratch: Run,
        cause: String,
        permit: &'a Permit,
        stamp: &'a Stamp,
        relied: Relied,
    ) -> Self {
        let mut work = Work::default();
        relied.places.iter().for_each(|at| work.one(&scratch, at));
        let (changed, told) = (Vec::new(), Vec::new());
        Self { run, scratch, cause, permit, stamp, relied, changed, work, told }
    }

    /// Notes what an event changed.
    fn moved(&mut self, change: Change<'_>) {
        let had = |at: EntryKey| {
            let entry = spot::entry(self.run, &at).ok()?;
            let seq = entry.current()?.seq;
            Some((at, seq))
        };
        match change {
            Change::Entry(at) => self.changed.extend(had(at.clone())),
            Change::WholeStep(key) => {
                let entries = self.run.steps.get(key).into_iter().flat_map(|it| it.entries.keys());
                let at =
                    |entry: &String| EntryKey { step: Some(key.clone()), entry: entry.clone() };
                let found: Vec<_> = entries.map(at).filter_map(had).collect();
                self.changed.extend(found);
            }
            Change::Nothing
            | Change::Step(_)
            | Change::Operation(_)
            | Change::Beside
            | Change::Recipe => {}
        }
        self.work.touch(&self.scratch, change);
    }

    fn all(&mut self) {
        while let Some(at) = self.work.next(&self.scratch.recipe.plan().reads) {
            self.one(&at);
        }
    }

    /// One computed entry: told anew where it must be, and whoever reads it looked at.
    fn one(&mut self, at: &EntryKey) {
        let anew = |it: &Self| {
            let because = Because { relied: &it.relied, changed: &it.changed };
            anew(it.run, &it.scratch, at, &it.cause, it.stamp, &because)
        };
        let events = anew(self);
        if events.is_empty() {
            // What is not written down is another value all the same.
            self.work.readers_of(&self.scratch, at);
            return;
        }
        // What it stands on is written down before it.
        for input in growing_inputs(&events) {
            let step = input.step.as_ref().map(|key| key.step.as_str());
            if input != *at && self.scratch.recipe.plan().reads.is_growing(step, &input.entry) {
                self.relied.places.insert(input.clone());
                self.one(&input);
            }
        }
        for event in anew(self) {
            let Some(next) = fold(self.scratch.clone(), &event, &[], self.permit, self.stamp)
            else {
                return;
            };
            self.scratch = next;
            self.moved(event.moves().0);
            self.told.push(event);
        }
    }
}

/// The entries that what is told was computed from, one by one.
fn growing_inputs(events: &[RunEvent]) -> Vec<EntryKey> {
    let of = |event: &RunEvent| match event {
        RunEvent::EntryComputed(told) => told.used.clone(),
        _ => Vec::new(),
    };
    let used = events.iter().flat_map(of).filter(|used| used.list.is_none());
    used.filter_map(|used| EntryKey::read(&used.at)).collect()
}

/// Whether nothing has happened yet that anything could be computed from. What is computed for release is
/// asked with the first act, since it may read nothing, or count what never comes.
fn is_untouched(run: &Run) -> bool {
    let unanswered =
        |entry: &EntryRun| entry.versions.is_empty() && entry.determinations.is_empty();
    run.operations.is_empty()
        && run.steps.is_empty()
        && run.taken_back.is_empty()
        && run.release_entries.values().all(unanswered)
        && run.alarms.is_empty()
        && run.lots.is_empty()
        && run.amendments.iter().all(|change| change.in_force.is_none())
}

/// Where the server would compute another value than it says, if everything were computed anew: nowhere, by
/// whatever acts the run came to be.
#[must_use]
pub fn unsettled(run: &Run, stamp: &Stamp) -> Vec<EntryKey> {
    let mut work = Work::default();
    work.everything(run);
    let all = std::iter::from_fn(|| work.next(&run.recipe.plan().reads));
    let because = Because { relied: &Relied::default(), changed: &[] };
    all.filter(|at| !anew(run, run, at, "", stamp, &because).is_empty()).collect()
}

/// The run as it would be after a ruling and all that the server computes because of it; nothing where
/// that cannot be folded.
pub(super) fn after(run: &Run, ruling: Ruling<RunEvent>, stamp: &Stamp) -> Option<Run> {
    let ruling = follow(run, ruling, stamp);
    let told = ruling.events.iter();
    let mut told = told.map(|(event, signatures)| (event, signatures.as_slice()));
    told.try_fold(run.clone(), |scratch, (event, signatures)| {
        fold(scratch, event, signatures, &ruling.permit, stamp)
    })
}

/// The scratch copy after an event.
fn fold(
    scratch: Run,
    event: &RunEvent,
    signatures: &[SignatureRequest],
    permit: &Permit,
    stamp: &Stamp,
) -> Option<Run> {
    let seq = scratch.seq + 1;
    let signed: Vec<Signed> = signatures
        .iter()
        .map(|request| Signed {
            person: request.person,
            printed_name: request.printed_name.clone(),
            user_name: request.user_name.clone(),
            role: request.role.clone(),
            meaning: request.meaning,
            at: stamp.at,
            zone: stamp.zone.clone(),
            seq,
        })
        .collect();
    let planned = planned(scratch.key, "run", None, event, Vec::new());
    let happened = Happened {
        record: scratch.key,
        seq,
        at: stamp.at,
        zone: &stamp.zone,
        actor: stamp.actor.as_ref(),
        role: &permit.role,
        name: &planned.name,
        version: planned.version,
        data: &planned.data,
        signatures: &signed,
        link: scratch.head,
    };
    evolve(Some(scratch), &happened, None).ok()
}

/// Why a value may have to be written down that need not be otherwise.
struct Because<'a> {
    relied: &'a Relied,
    changed: &'a [(EntryKey, u64)],
}

impl Because<'_> {
    /// Whether what a version was computed from was changed: what came later was no input of it.
    fn changes(&self, version: &EntryVersion) -> bool {
        let used = |(at, seq): &(EntryKey, u64)| {
            *seq < version.seq && version.lineage.iter().any(|used| used.covers(at))
        };
        self.changed.iter().any(used)
    }
}

/// What follows for one computed entry: nothing, or a new version with its exceptions. What somebody declared absent
/// stays so; the value is shown beside it.
fn anew(
    run: &Run,
    scratch: &Run,
    at: &EntryKey,
    cause: &str,
    stamp: &Stamp,
    because: &Because<'_>,
) -> Vec<RunEvent> {
    let Ok(spot) = spot::entry(scratch, at) else { return Vec::new() };
    if condition::entry(scratch, at, spot.spec) != condition::Branch::Taken
        || spot.current().is_some_and(is_declared_absent)
    {
        return Vec::new();
    }
    let kind = spot.spec.kind.as_kind();
    let step = at.step.as_ref().map(|key| key.step.as_str());
    let relied = because.relied.places.contains(at);
    let mut must = relied || !scratch.recipe.plan().reads.is_growing(step, &at.entry);
    must |= spot.current().is_some_and(|current| because.changes(current));
    // Once execution is complete nothing comes any more that would rely on it first.
    must |= matches!(scratch.phase, Phase::Complete | Phase::Reviewed | Phase::Closed);
    let here = Here::entry(scratch, at, stamp.at);
    let found = kind.compute(&here);
    let (mandatory, due) = (spot.spec.mandatory, &spot.spec.due);
    let reach = because.relied.reach;
    let owed = relied
        && match due {
            Due::Step => true,
            Due::Gate(_) => reach >= Reach::SoFar,
            Due::Release => reach == Reach::Run,
        };
    let current = spot.current();
    let crosses = |outcome: &Outcome| {
        let before = current.map_or(&[][..], |current| current.verdicts.as_slice());
        outside(before) != outside(&spot.spec.judge(&outcome.value))
    };
    let late = current.is_none() && is_over(&spot);
    let tells = match &found {
        Ok(Some(outcome)) => {
            let same = current.is_some_and(|current| agrees(current, outcome));
            !same && (must || late || crosses(outcome))
        }
        Ok(None) => current.is_some() && must || owed && mandatory,
        Err(_) => must,
    };
    if !tells {
        return Vec::new();
    }
    let gone = if current.is_some_and(EntryVersion::is_value) {
        "what it is computed from is not there any more"
    } else {
        "an input is missing"
    };
    let place = Anew { run, scratch, spot, at, zone: &stamp.zone };
    match found {
        Ok(Some(outcome)) => place.computed(outcome, cause),
        Ok(None) => place.without(gone, owed),
        Err(why) => place.without(&why, owed),
    }
}

/// Which limits a value violates, and where.
fn outside(verdicts: &[Verdict]) -> Vec<(Purpose, Side)> {
    let found = verdicts.iter().filter(|verdict| verdict.side != Side::Within);
    found.map(|verdict| (verdict.purpose, verdict.side)).collect()
}

/// Whether what a value belongs to has ended: nothing comes any more that would rely on it first.
fn is_over(spot: &Spot<'_>) -> bool {
    spot.step_run.is_some_and(|step| step.phase == StepPhase::Complete)
}

/// A computed entry whose value is another than before.
struct Anew<'a> {
    /// The run before the act.
    run: &'a Run,
    /// The run after what of the act is known so far: exceptions are numbered on from there.
    scratch: &'a Run,
    spot: Spot<'a>,
    at: &'a EntryKey,
    /// The zone in which times are told.
    zone: &'a Zone,
}

impl Anew<'_> {
    fn version(&self) -> u32 {
        self.spot.current().map_or(1, |current| current.version + 1)
    }

    /// What stood there before, and what was done relying on it.
    fn replaced(&self) -> (String, Vec<String>) {
        let Ok(before) = spot::entry(self.run, self.at) else { return Default::default() };
        match before.current() {
            Some(current) => match &current.content {
                Content::Value(value) => {
                    (value.shown.clone(), uses(self.run, &before, self.at, current, self.zone))
                }
                Content::Absent(_) => ("no value".to_owned(), Vec::new()),
            },
            None => Default::default(),
        }
    }

    /// A value, for the first time or anew.
    fn computed(&self, outcome: Outcome, cause: &str) -> Vec<RunEvent> {
        let verdicts = self.spot.spec.judge(&outcome.value);
        let told = Computed {
            at: self.at.clone(),
            version: self.version(),
            old: String::new(),
            value: Some(outcome.value),
            verdicts,
            formula: outcome.formula,
            used: lineage::hashed(self.scratch, self.at, outcome.used),
            unchecked: outcome.unchecked,
            cause: cause.to_owned(),
            superseded_uses: Vec::new(),
            check_owed: self.spot.spec.kind.as_kind().check_owed(),
            exceptions: Vec::new(),
        };
        self.told(told, false)
    }

    /// The server's word that it cannot compute a value, and why: said once, and once more where it is owed, with
    /// its exception.
    fn without(&self, why: &str, owed: bool) -> Vec<RunEvent> {
        if let Some(current) = self.spot.current() {
            let said = is_not_computable(current) && current.reason.as_deref() == Some(why);
            let told = !owed || !current.exceptions.is_empty();
            if said && told || current.basis != Basis::Computed {
                return Vec::new();
            }
        }
        self.told(
            Computed {
                at: self.at.clone(),
                version: self.version(),
                old: String::new(),
                value: None,
                verdicts: Vec::new(),
                formula: self.spot.spec.kind.as_kind().asks(),
                used: Vec::new(),
                unchecked: Vec::new(),
                cause: why.to_owned(),
                superseded_uses: Vec::new(),
                check_owed: false,
                exceptions: Vec::new(),
            },
            owed,
        )
    }

    fn told(&self, mut told: Computed, owed: bool) -> Vec<RunEvent> {
        (told.old, told.superseded_uses) = self.replaced();
        let mut story = Story::new(self.scratch);
        let mut findings = Findings::new(&mut story, &self.spot, self.at);
        if let Some(value) = &told.value {
            findings.computed(&value.shown, &told.verdicts);
        } else if owed {
            let name = &self.spot.spec.name;
            let detail = format!("{name} ({}) cannot be computed: {}", self.at, told.cause);
            // A limit that is not judged is owed; without one nothing but a number is missing.
            let judged = !self.spot.spec.kind.as_kind().limits_shown().is_empty();
            let severity = if judged { Severity::Major } else { Severity::Minor };
            findings.also(ExceptionKind::NotComputed, severity, detail);
        }
        if !told.superseded_uses.is_empty() {
            let uses = told.superseded_uses.join("; ");
            let detail = format!("{} was computed anew after use: {uses}", self.at);
            findings.also(ExceptionKind::Correction, Severity::Minor, detail);
        }
        told.check_owed |= findings.check_owed;
        let opened = findings.done();
        told.exceptions = numbers(&opened);
        story.tell(RunEvent::EntryComputed(Box::new(told)));
        story.open(opened);
        // A check lapses that stood before the act; one given in the act is given on what it computes.
        let stands = self.spot.step_run.is_some_and(|step| step.checked.is_some());
        if let (true, Ok(before)) = (stands, spot::entry(self.run, self.at)) {
            lapse_check(&before, self.at, &mut story);
        }
        story.told()
    }
}
