//! What an event makes a new version of, as far as somebody orders on it.

use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::words::EntryKey;
use std::collections::BTreeMap;

/// The smallest thing an order changes: whose version the caller is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thing {
    Entry(EntryKey),
    /// A step's occurrence.
    Step(StepKey),
    /// An operation's occurrence.
    Operation(OperationKey),
    Hold,
    /// The run as a whole.
    Run,
}

/// What an event changes, as far as somebody orders on its version.
#[derive(Debug, Default)]
pub struct Changed<'e> {
    pub entry: Option<&'e EntryKey>,
    /// A step's occurrence.
    pub step: Option<&'e StepKey>,
    /// An operation's occurrence.
    pub operation: Option<&'e OperationKey>,
    /// A hold, by its number.
    pub hold: Option<u32>,
}

/// A part of a run that has a version of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Versioned {
    /// An operation's occurrence.
    Operation(OperationKey),
    /// A step's occurrence.
    Step(StepKey),
    Entry(EntryKey),
    Hold(u32),
}

/// The parts that events make new versions of, with the newest of each; the events follow the entry `head`.
#[must_use]
pub fn given<'e>(
    head: u64,
    events: impl IntoIterator<Item = Changed<'e>>,
) -> BTreeMap<Versioned, u64> {
    let mut given = BTreeMap::new();
    for (seq, changed) in (head + 1..).zip(events) {
        let Changed { entry, step, operation, hold } = changed;
        // Whatever a step's occurrence does, its operation's does.
        let operation = operation.or_else(|| step.map(|step| &step.operation));
        let parts = [
            operation.cloned().map(Versioned::Operation),
            step.cloned().map(Versioned::Step),
            entry.cloned().map(Versioned::Entry),
            hold.map(Versioned::Hold),
        ];
        given.extend(parts.into_iter().flatten().map(|part| (part, seq)));
    }
    given
}

impl<'e> Changed<'e> {
    /// An entry with a new version, and the occurrence that it stands on.
    #[must_use]
    pub fn version(at: &'e EntryKey) -> Self {
        Self { entry: Some(at), ..Self::within(at) }
    }

    /// The occurrence that an entry stands on; the entry's version stays.
    #[must_use]
    pub fn within(at: &'e EntryKey) -> Self {
        Self { step: at.step.as_ref(), ..Self::default() }
    }

    /// An entry whose result is reported, or reported no more; else its occurrence alone.
    #[must_use]
    pub fn result(at: &'e EntryKey, changes: bool) -> Self {
        if changes { Self::version(at) } else { Self::within(at) }
    }

    /// A step's occurrence.
    #[must_use]
    pub fn step(step: &'e StepKey) -> Self {
        Self { step: Some(step), ..Self::default() }
    }

    /// An operation's occurrence.
    #[must_use]
    pub fn operation(operation: &'e OperationKey) -> Self {
        Self { operation: Some(operation), ..Self::default() }
    }
}
