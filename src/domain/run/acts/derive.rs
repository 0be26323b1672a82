//! Computed values follow in the act that changed what they are computed from.
//!
//! Hooked once, behind every decision on a run, so that no rule can forget it: the events are folded
//! into a scratch copy, and whatever reads what they changed is computed there, inputs before what is
//! computed from them. What comes out otherwise than before becomes an event of the same act.

pub mod changes;

use super::condition;
use super::correct::uses;
use super::judge::Findings;
use super::spot::{self, Spot};
use super::story::{Story, numbers};
use crate::domain::clock::Zone;
use crate::domain::command::{Happened, Stamp};
use crate::domain::entry::computing::Outcome;
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::ruling::{Ruling, planned};
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::report::lapse_check;
use crate::domain::run::computed::Computed;
use crate::domain::run::known::{Here, is_not_computable};
use crate::domain::run::{Content, EntryRun, EntryVersion, Run, evolve};
use crate::domain::signing::{SignatureRequest, Signed};
use crate::domain::words::{Basis, EntryKey, Used};
use changes::Work;

/// A ruling with all that the server computes because of it: what reads something that the events changed, and
/// what reads that in turn.
#[must_use]
pub fn follow(run: &Run, mut ruling: Ruling<RunEvent>, stamp: &Stamp) -> Ruling<RunEvent> {
    if run.recipe.plan().reads.is_empty() {
        return ruling;
    }
    let Some(cause) = ruling.events.iter().rev().find_map(|(event, _)| event.moves().1) else {
        return ruling;
    };
    // What completing or closing makes computed stands before the signature, which covers it.
    let mut front = ruling.events.iter().position(|(event, signatures)| {
        let ends = matches!(event, RunEvent::StepCompleted(_) | RunEvent::OperationClosed(_));
        ends && !signatures.is_empty()
    });
    let mut scratch = Some(run.clone());
    for (event, signatures) in &ruling.events {
        scratch = scratch.and_then(|scratch| fold(scratch, event, signatures, &ruling, stamp));
    }
    // What cannot be folded is found, named and undone by the lane.
    let Some(mut scratch) = scratch else { return ruling };
    let mut work = Work::default();
    if is_untouched(run) {
        work.release(&scratch);
    }
    for (event, _) in &ruling.events {
        work.touch(&scratch, event.moves().0);
    }
    while let Some(at) = work.next(&scratch.recipe.plan().reads) {
        for event in anew(run, &scratch, &at, &cause, stamp) {
            let Some(next) = fold(scratch, &event, &[], &ruling, stamp) else {
                return ruling;
            };
            scratch = next;
            work.touch(&scratch, event.moves().0);
            match &mut front {
                Some(index) => {
                    ruling.events.insert(*index, (event, Vec::new()));
                    *index += 1;
                }
                None => ruling.events.push((event, Vec::new())),
            }
        }
    }
    ruling
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
    all.filter(|at| !anew(run, run, at, "", stamp).is_empty()).collect()
}

/// The run as it would be after a ruling and all that the server computes because of it; nothing where
/// that cannot be folded.
pub(super) fn after(run: &Run, ruling: Ruling<RunEvent>, stamp: &Stamp) -> Option<Run> {
    folded(run, &follow(run, ruling, stamp), stamp)
}

/// The run as it would be after the events of a ruling alone; nothing where one cannot be folded.
pub(super) fn folded(run: &Run, ruling: &Ruling<RunEvent>, stamp: &Stamp) -> Option<Run> {
    let mut told = ruling.events.iter();
    told.try_fold(run.clone(), |scratch, (event, signatures)| {
        fold(scratch, event, signatures, ruling, stamp)
    })
}

/// The scratch copy after an event.
fn fold(
    scratch: Run,
    event: &RunEvent,
    signatures: &[SignatureRequest],
    ruling: &Ruling<RunEvent>,
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
        role: &ruling.permit.role,
        name: &planned.name,
        version: planned.version,
        data: &planned.data,
        signatures: &signed,
        link: scratch.head,
    };
    evolve(Some(scratch), &happened, None).ok()
}

/// What follows for one computed entry: nothing, or a new version with its exceptions.
fn anew(run: &Run, scratch: &Run, at: &EntryKey, cause: &str, stamp: &Stamp) -> Vec<RunEvent> {
    let Ok(spot) = spot::entry(scratch, at) else { return Vec::new() };
    if condition::entry(scratch, at, spot.spec) != condition::Branch::Taken {
        return Vec::new();
    }
    let here = Here::entry(scratch, at, stamp.at);
    let place = Anew { run, scratch, spot, at, zone: &stamp.zone };
    match (spot.spec.kind.as_kind().compute(&here), spot.current()) {
        (Ok(Some(outcome)), Some(current)) if agrees(current, &outcome) => Vec::new(),
        (Ok(Some(outcome)), _) => place.computed(outcome, cause),
        (Ok(None), None) => Vec::new(),
        (Ok(None), Some(_)) => place.without("what it is computed from is not there any more"),
        (Err(why), _) => place.without(&why),
    }
}

/// Whether a version says what was computed, from the same versions of the same inputs.
#[must_use]
pub fn agrees(version: &EntryVersion, outcome: &Outcome) -> bool {
    let same = |(a, b): (&Used, &Used)| a.at == b.at && a.version == b.version;
    matches!(&version.content, Content::Value(value) if *value == outcome.value)
        && version.lineage.len() == outcome.used.len()
        && version.lineage.iter().zip(&outcome.used).all(same)
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
                Content::Absent(_) | Content::Struck => ("no value".to_owned(), Vec::new()),
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
            used: outcome.used,
            cause: cause.to_owned(),
            superseded_uses: Vec::new(),
            check_owed: self.spot.spec.kind.as_kind().check_owed(),
            exceptions: Vec::new(),
        };
        self.told(told)
    }

    /// The server's word that it cannot compute a value, and why; said once.
    fn without(&self, why: &str) -> Vec<RunEvent> {
        if let Some(current) = self.spot.current() {
            let said = is_not_computable(current) && current.reason.as_deref() == Some(why);
            if said || current.basis != Basis::Computed {
                return Vec::new();
            }
        }
        self.told(Computed {
            at: self.at.clone(),
            version: self.version(),
            old: String::new(),
            value: None,
            verdicts: Vec::new(),
            formula: self.spot.spec.kind.as_kind().asks(),
            used: Vec::new(),
            cause: why.to_owned(),
            superseded_uses: Vec::new(),
            check_owed: false,
            exceptions: Vec::new(),
        })
    }

    fn told(&self, mut told: Computed) -> Vec<RunEvent> {
        (told.old, told.superseded_uses) = self.replaced();
        let mut story = Story::new(self.scratch);
        let mut findings = Findings::new(&mut story, &self.spot, self.at);
        if let Some(value) = &told.value {
            findings.computed(&value.shown, &told.verdicts);
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
