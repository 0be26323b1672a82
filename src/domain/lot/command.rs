//! Orders to a lot. It comes into being by its run's `YieldLot`.

use super::Disposition;

/// A lot's commands. `expected` is the If-Match version of the lot.
#[derive(Debug, Clone)]
pub enum LotCommand {
    /// Request (QA): decide what the lot may be used for, signed.
    Decide {
        /// What.
        disposition: Disposition,
        /// Why.
        reason: String,
        /// The lot's version that was looked at.
        expected: Option<u64>,
    },
    /// Request (QA): a released lot in question stands, signed by somebody who neither released it nor
    /// took part in its run.
    Stand {
        /// Why.
        reason: String,
        /// The lot's version that was looked at.
        expected: Option<u64>,
    },
}

/// Orders about what went into a lot.
#[derive(Debug, Clone)]
pub enum ParentOrder {
    /// Report: this went in too.
    Add {
        /// The parent, as typed.
        parent: String,
        /// Why it is named now.
        reason: String,
    },
    /// Request (QA): this did not go in, signed.
    Remove {
        /// The parent, as it was named.
        parent: String,
        /// Why.
        reason: String,
    },
}
