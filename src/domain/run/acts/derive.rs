//! Computed values follow in the act that changed what they are computed from.
//!
//! Hooked once, behind every decision on a run, so that no rule can forget it: the events are folded
//! into a scratch copy, and whatever reads what they changed is computed there, inputs before what is
//! computed from them. What comes out otherwise than before becomes an event of the same act.

mod anew;
pub mod changes;
pub mod relied;

use super::spot;
use crate::domain::command::{Happened, Stamp};
use crate::domain::policy::Permit;
use crate::domain::ruling::{Ruling, planned};
use crate::domain::run::acts::RunEvent;
pub use crate::domain::run::computed::agrees;
use crate::domain::run::{EntryRun, Run, evolve};
use crate::domain::signing::{SignatureRequest, Signed};
use crate::domain::words::EntryKey;
use anew::{Because, anew};
use changes::{Change, Work};
use relied::Relied;
use std::collections::BTreeMap;

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

/// So often one place is looked at in one act. What is computed from itself is a finding at submission; a draft that
/// is played with it ends here.
const ROUNDS: u32 = 64;

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
        let mut rounds: BTreeMap<EntryKey, u32> = BTreeMap::new();
        while let Some(at) = self.work.next(&self.scratch.recipe.plan().reads) {
            let round = rounds.entry(at.clone()).or_default();
            *round += 1;
            if *round <= ROUNDS {
                self.one(&at);
            }
        }
    }

    /// One computed entry: told anew where it must be, and whoever reads it looked at.
    fn one(&mut self, at: &EntryKey) {
        let told = |it: &Self| {
            let because = Because { relied: &it.relied, changed: &it.changed };
            anew(it.run, &it.scratch, at, &it.cause, it.stamp, &because)
        };
        let events = told(self);
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
        for event in told(self) {
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
    let mut found = Vec::new();
    for event in events {
        if let RunEvent::EntryComputed(told) = event {
            let single = told.used.iter().filter(|used| used.list.is_none());
            found.extend(single.filter_map(|used| EntryKey::read(&used.at)));
        }
    }
    found
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
    folded(run, &follow(run, ruling, stamp), stamp)
}

/// The run as it would be after the events of a ruling alone; nothing where one cannot be folded.
pub(super) fn folded(run: &Run, ruling: &Ruling<RunEvent>, stamp: &Stamp) -> Option<Run> {
    let mut told = ruling.events.iter();
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
    let made = |request: &SignatureRequest| request.made(stamp.at, &stamp.zone, seq);
    let signed: Vec<Signed> = signatures.iter().map(made).collect();
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
        data: (&planned.data).into(),
        signatures: &signed,
        link: scratch.head,
    };
    evolve(Some(scratch), &happened, None).ok()
}
