//! What an event makes a new version of, as far as somebody orders on it.

use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::words::EntryKey;

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
    pub hold: bool,
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
