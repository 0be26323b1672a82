//! When a moment of the process was: by the server's clock, and as somebody declared it.
//!
//! A moment that begins a time and one that ends it are read differently, each to the stricter side: a
//! declared absence and a report on what nobody had started may begin a time, and never end it.

use crate::domain::clock::Instant;
use crate::domain::entry::date_time;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::timing::{Moment, MomentAt};
use crate::domain::run::declared::{Declared, claimed_within, declared, done, is_declared_absent};
use crate::domain::run::standing::is_accepted;
use crate::domain::run::{Content, EntryRun, EntryVersion, OperationRun, Run, StepRun};

/// A moment that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// The server's clock when it was recorded.
    pub recorded: Instant,
    /// When somebody says it was, where a late entry declares it.
    pub performed: Option<Instant>,
    /// Whether a checker has confirmed what was declared.
    pub confirmed: bool,
    /// The earliest that anybody ever said it was, confirmed or not, corrected since or not.
    pub claimed: Option<Instant>,
    /// Whether it happened; else it is no longer waited for.
    pub done: bool,
}

impl Reached {
    fn at(recorded: Instant) -> Self {
        Self { recorded, performed: None, confirmed: false, claimed: None, done: true }
    }

    /// Nothing comes any more.
    pub(super) fn ended(recorded: Instant) -> Self {
        Self { done: false, ..Self::at(recorded) }
    }

    /// The time that counts: performed-at where a late entry declares it and a checker confirmed it,
    /// else recorded-at.
    #[must_use]
    pub fn counts(&self) -> Instant {
        self.performed.filter(|_| self.confirmed).unwrap_or(self.recorded)
    }

    /// The earliest time on any basis: from here a longest time runs. A claim can only shorten it.
    #[must_use]
    pub fn earliest(&self) -> Instant {
        self.claimed.map_or(self.recorded, |claimed| claimed.min(self.recorded))
    }

    /// The later of the time that counts and the server's: from here a shortest time runs.
    #[must_use]
    pub fn latest(&self) -> Instant {
        self.counts().max(self.recorded)
    }
}

/// Every time a moment came that begins a time, in order of the server's clock. What was declared absent
/// or not performed begins it when that was declared.
#[must_use]
pub fn starts(run: &Run, moment: &Moment, seen_by: &StepKey) -> Vec<Reached> {
    let mut all: Vec<Reached> = match steps(run, moment, seen_by) {
        Some(steps) => steps.into_iter().flat_map(|(_, state)| begun(state, moment)).collect(),
        None => operations(run, moment, seen_by)
            .filter_map(|(key, state)| {
                let of = run.steps.in_operation(key);
                let claimed = of.filter_map(|(_, step)| claimed_within(step)).min();
                let reached = Reached::at(of_operation(state, moment)?);
                Some(Reached { claimed: claimed.filter(|_| is_start(moment)), ..reached })
            })
            .collect(),
    };
    all.sort_by_key(|reached| reached.recorded);
    all
}

/// Every time a moment came that ends a time, in order of the server's clock. An occurrence that was found
/// running ends nothing before quality has triaged it, and no absence does.
#[must_use]
pub fn stops(run: &Run, moment: &Moment, seen_by: &StepKey) -> Vec<Reached> {
    let mut all: Vec<Reached> = match steps(run, moment, seen_by) {
        Some(steps) => steps
            .into_iter()
            .filter(|(_, state)| is_accepted(run, state))
            .filter_map(|(_, state)| ended(state, moment))
            .collect(),
        None => operations(run, moment, seen_by)
            .filter_map(|(key, state)| {
                if is_start(moment) {
                    return permitted_start(run, key).map(Reached::at);
                }
                of_operation(state, moment).map(Reached::at)
            })
            .collect(),
    };
    all.sort_by_key(|reached| reached.recorded);
    all
}

/// Whether somebody declared that a moment leaves no time: an entry without a value.
#[must_use]
pub fn is_absent(run: &Run, moment: &Moment, seen_by: &StepKey) -> bool {
    let of = |state: &StepRun| {
        let entry = moment.entry.as_ref().and_then(|id| state.entries.get(id));
        entry.and_then(EntryRun::current).is_some_and(is_declared_absent)
    };
    moment.at == MomentAt::Entry
        && steps(run, moment, seen_by)
            .is_some_and(|steps| steps.into_iter().any(|(_, state)| of(state)))
}

/// The occurrences of a moment's step as an occurrence of a step sees them: within one operation between
/// steps that both repeat its own number only; in its own operation that one's occurrence; else all of them.
/// `None`: the moment is of an operation.
fn steps<'r>(
    run: &'r Run,
    moment: &Moment,
    seen_by: &StepKey,
) -> Option<Vec<(&'r StepKey, &'r StepRun)>> {
    let (operation, target) = run.recipe.step(&moment.of)?;
    let same = operation.id == seen_by.operation.op;
    let own = operation.steps.iter().find(|step| same && step.id == seen_by.step);
    let paired = own.is_some_and(|own| own.order.repeats() && target.order.repeats());
    let own = Some(&seen_by.operation).filter(|_| same);
    let most = paired.then_some(seen_by.k);
    let mut all = run.steps.seen_from(&operation.id, own, &target.id, most);
    Some(match paired {
        true => all.next_back().filter(|(key, _)| key.k == seen_by.k).into_iter().collect(),
        false => all.collect(),
    })
}

fn operations<'r>(
    run: &'r Run,
    moment: &'r Moment,
    seen_by: &'r StepKey,
) -> impl Iterator<Item = (&'r OperationKey, &'r OperationRun)> {
    let own = moment.of == seen_by.operation.op;
    let sees = move |key: &OperationKey| key.op == moment.of && (!own || *key == seen_by.operation);
    run.operations.iter().filter(move |(key, _)| sees(key))
}

fn of_operation(state: &OperationRun, moment: &Moment) -> Option<Instant> {
    match moment.at {
        MomentAt::Started => Some(state.started_at),
        MomentAt::Completed => state.closed.as_ref().map(|(at, _)| *at),
        MomentAt::Entry => None,
    }
}

fn is_start(moment: &Moment) -> bool {
    moment.at == MomentAt::Started
}

/// When the first occurrence of an operation's step began that may end a time.
fn permitted_start(run: &Run, key: &OperationKey) -> Option<Instant> {
    let of = run.steps.in_operation(key);
    let begun = of.filter(|(_, state)| is_accepted(run, state) && state.began);
    begun.map(|(_, state)| state.started_at).min()
}

fn begun(state: &StepRun, moment: &Moment) -> Vec<Reached> {
    let never = state.not_performed.as_ref().map(|(_, signed)| Reached::at(signed.at));
    let mut found = match moment.at {
        MomentAt::Started => {
            vec![Reached { claimed: claimed_within(state), ..Reached::at(state.started_at) }]
        }
        MomentAt::Completed => state.completed_at.map(Reached::at).into_iter().collect(),
        MomentAt::Entry => {
            let entry = moment.entry.as_ref().and_then(|id| state.entries.get(id));
            entry.map(begun_by).unwrap_or_default()
        }
    };
    if found.is_empty() {
        found.extend(never);
    }
    found
}

fn ended(state: &StepRun, moment: &Moment) -> Option<Reached> {
    match moment.at {
        MomentAt::Started => state.began.then(|| Reached::at(state.started_at)),
        MomentAt::Completed => state.completed_at.map(Reached::at),
        MomentAt::Entry => {
            let entry = moment.entry.as_ref().and_then(|id| state.entries.get(id));
            entry.and_then(of_value)
        }
    }
}

/// What of an entry begins a time: that it was declared absent, and its first value. Either stays, whatever
/// is said of the entry later.
fn begun_by(entry: &EntryRun) -> Vec<Reached> {
    let absent = entry.versions.iter().find(|version| is_declared_absent(version));
    let value = of_value(entry);
    // Struck by their author alone: whoever strikes a value sets no time anew.
    let doubted = entry.doubted().map(|first| {
        let claimed = entry.timed().filter_map(claimed).min();
        Reached { claimed, ..Reached::at(first.at) }
    });
    let absent = absent.map(|absent| Reached::at(absent.at));
    absent.into_iter().chain(doubted).chain(value).collect()
}

/// When an entry was first performed. A correction of its value moves no time: a time that must be kept
/// cannot be set anew.
fn of_value(entry: &EntryRun) -> Option<Reached> {
    let Declared { recorded, performed, confirmed } = declared(entry)?;
    let claimed = entry.timed().filter_map(claimed).min();
    Some(Reached { recorded, performed, confirmed, claimed, done: true })
}

/// The earliest time that a version says of itself: what a date-time entry says, performed-at, and when a
/// device says that it measured.
fn claimed(version: &EntryVersion) -> Option<Instant> {
    let said = match &version.content {
        Content::Value(value) => date_time::said(value),
        Content::Absent(_) | Content::Struck => None,
    };
    said.into_iter().chain(done(version)).min()
}
