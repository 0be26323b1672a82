//! Which standing reviews something lapses, and the words of why.
//!
//! A review of the whole record lapses when anything changes that it covered; quality's review of one
//! operation's occurrence lapses when that occurrence changes, and no other does.

use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::run::Run;
use crate::domain::words::{EntryKey, HoldScope, Place};
use std::collections::BTreeSet;

/// Which reviews, and why.
pub type Lapsing = (Lapses, String);

/// Which standing reviews an event lapses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lapses {
    /// None: it is itself a decision on what was reviewed, or what the review waited for.
    Nothing,
    /// The review of the whole record alone.
    FinalOnly,
    /// The reviews of these operations' occurrences, and that of the whole record.
    Operations(BTreeSet<OperationKey>),
}

impl Lapses {
    /// Of one operation's occurrence.
    #[must_use]
    pub fn of(operation: &OperationKey) -> Self {
        Self::Operations(BTreeSet::from([operation.clone()]))
    }

    /// Of the operation that a step's occurrence stands in.
    #[must_use]
    pub fn step(step: &StepKey) -> Self {
        Self::of(&step.operation)
    }

    /// Of the operation that an entry stands in; of none where it is due at release.
    #[must_use]
    pub fn entry(at: &EntryKey) -> Self {
        at.step.as_ref().map_or(Self::FinalOnly, Self::step)
    }

    /// Of these occurrences.
    #[must_use]
    pub fn all(operations: BTreeSet<OperationKey>) -> Self {
        if operations.is_empty() { Self::FinalOnly } else { Self::Operations(operations) }
    }

    /// The word in the matrix.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::FinalOnly => "final review",
            Self::Operations(_) => "operation's review and final review",
        }
    }
}

/// No review.
#[must_use]
pub fn nothing() -> Lapsing {
    (Lapses::Nothing, String::new())
}

/// Those that cover a step's occurrence, which was changed as the word says.
#[must_use]
pub fn step(key: &StepKey, word: &str) -> Lapsing {
    (Lapses::step(key), format!("{key} was {word}"))
}

/// Those that cover an entry, which was changed as the word says.
#[must_use]
pub fn entry(at: &EntryKey, word: &str) -> Lapsing {
    (Lapses::entry(at), format!("{at} was {word}"))
}

/// Those that cover an operation's occurrence, which was changed as the word says.
#[must_use]
pub fn operation(key: &OperationKey, word: &str) -> Lapsing {
    (Lapses::of(key), format!("{key} was {word}"))
}

/// The operations that exceptions are about.
#[must_use]
pub fn about(run: &Run, exceptions: &[u32]) -> Lapses {
    let opened = run.exceptions.iter().filter(|it| exceptions.contains(&it.opened.no));
    let places = opened.filter_map(|it| it.opened.at.as_ref()?.step.as_ref());
    Lapses::all(places.map(|step| step.operation.clone()).collect())
}

/// The begun occurrences of the operations in which a gate guards something.
#[must_use]
pub fn guarded(run: &Run, gate: &str) -> Lapses {
    let gate = run.recipe.gates.iter().find(|it| it.id == gate);
    let before = gate.map_or(&[][..], |gate| &gate.before);
    let ids: BTreeSet<_> =
        before.iter().filter_map(|step| Some(&run.recipe.step(step)?.0.id)).collect();
    Lapses::all(run.operations.keys().filter(|key| ids.contains(&key.op)).cloned().collect())
}

/// A hold on the run lapses the final review alone; a narrower one also the review of what it covers.
#[must_use]
pub fn held(run: &Run, scope: &HoldScope) -> Lapses {
    let op = match scope {
        HoldScope::Run => None,
        HoldScope::Operation { operation } => Some(operation.as_str()),
        HoldScope::Step { step } => run.recipe.step(step).map(|(op, _)| op.id.as_str()),
    };
    let covered = run.operations.keys().filter(|key| op == Some(key.op.as_str()));
    Lapses::all(covered.cloned().collect())
}

/// The operation that a place stands in.
#[must_use]
pub fn place(place: &Place) -> Lapses {
    match place {
        Place::Operation { operation } => Lapses::of(operation),
        Place::Step { step } => Lapses::step(step),
        Place::Batch | Place::Area { .. } | Place::Equipment { .. } => Lapses::FinalOnly,
    }
}
