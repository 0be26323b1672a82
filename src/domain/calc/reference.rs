//! What a value is computed from.

use crate::domain::recipe::timing::Moment;

/// Which occurrence of an entry is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Which {
    /// The same occurrence where both repeat together, else the latest that has a value.
    Current,
    /// The occurrence before.
    Previous,
    First,
    /// The latest that has a value; where both repeat together, up to the own one.
    Last,
    /// All of them, in order.
    All,
}

/// Something a value is computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// An entry; without a step one of the same step.
    Entry {
        /// Step id.
        step: Option<String>,
        /// Entry id.
        entry: String,
        /// Which occurrence.
        which: Which,
    },
    /// A moment of the process.
    Moment(Moment),
    /// Something else of the run that changes with acts: alarms, lots.
    Run,
}
