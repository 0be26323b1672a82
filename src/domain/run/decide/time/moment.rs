//! When a moment of the process was: by the server's clock, and as somebody declared it.

use crate::domain::clock::Instant;
use crate::domain::ids::StepKey;
use crate::domain::master::timing::{Moment, MomentAt};
use crate::domain::run::known::{Declared, declared};
use crate::domain::run::{EntryRun, Run, StepPhase, StepRun};

/// A moment that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// The server's clock when it was recorded.
    pub recorded: Instant,
    /// When somebody says it was, where a late entry declares it.
    pub performed: Option<Instant>,
    /// Whether a checker has confirmed what was declared.
    pub confirmed: bool,
    /// Whether it happened; else it was declared that it never will.
    pub done: bool,
}

impl Reached {
    fn at(recorded: Instant, done: bool) -> Self {
        Self { recorded, performed: None, confirmed: false, done }
    }

    /// The time that counts: performed-at where a late entry declares it and a checker confirmed it,
    /// else recorded-at.
    #[must_use]
    pub fn counts(&self) -> Instant {
        self.performed.filter(|_| self.confirmed).unwrap_or(self.recorded)
    }
}

/// Every time a moment came, in order of the server's clock, as an occurrence of a step sees it: within
/// one operation between steps that both repeat its own number only; in its own operation that one's
/// occurrence; else all of them.
#[must_use]
pub fn reached(run: &Run, moment: &Moment, seen_by: &StepKey) -> Vec<Reached> {
    let mut all = match run.recipe.step(&moment.of) {
        Some((operation, target)) => {
            let same = operation.id == seen_by.operation.op;
            let own = operation.steps.iter().find(|step| same && step.id == seen_by.step);
            let paired = own.is_some_and(|own| own.order.repeats() && target.order.repeats());
            run.steps
                .iter()
                .filter(|(key, _)| key.step == target.id)
                .filter(|(key, _)| !same || key.operation == seen_by.operation)
                .filter(|(key, _)| !paired || key.k == seen_by.k)
                .filter_map(|(_, state)| of_step(state, moment))
                .collect()
        }
        None => of_operation(run, moment, seen_by),
    };
    all.sort_by_key(|reached| reached.recorded);
    all
}

fn of_operation(run: &Run, moment: &Moment, seen_by: &StepKey) -> Vec<Reached> {
    let own = moment.of == seen_by.operation.op;
    let occurrences = run
        .operations
        .iter()
        .filter(|(key, _)| key.op == moment.of && (!own || **key == seen_by.operation));
    occurrences
        .filter_map(|(_, state)| {
            let at = match moment.at {
                MomentAt::Started => Some(state.started_at),
                MomentAt::Completed => state.closed.as_ref().map(|(at, _)| *at),
                MomentAt::Entry => None,
            };
            at.map(|at| Reached::at(at, true))
        })
        .collect()
}

fn of_step(state: &StepRun, moment: &Moment) -> Option<Reached> {
    let never = state.not_performed.as_ref().map(|(_, signed)| Reached::at(signed.at, false));
    match moment.at {
        MomentAt::Started if state.phase == StepPhase::NotPerformed => never,
        MomentAt::Started => Some(Reached::at(state.started_at, true)),
        MomentAt::Completed => state.completed_at.map(|at| Reached::at(at, true)).or(never),
        MomentAt::Entry => {
            let entry = moment.entry.as_ref().and_then(|id| state.entries.get(id));
            entry.and_then(of_entry).or(never)
        }
    }
}

/// When an entry was first performed. A correction of its value moves no time: a time that must be kept
/// cannot be set anew.
fn of_entry(entry: &EntryRun) -> Option<Reached> {
    let Some(found) = declared(entry) else {
        return entry.current().map(|absent| Reached::at(absent.at, false));
    };
    let Declared { recorded, performed, confirmed } = found;
    Some(Reached { recorded, performed, confirmed, done: true })
}
