//! What was written down of a lot; the header's name is `lot.` and the kebab-case variant.

use super::{Covered, Disposition};
use crate::domain::ids::RecordKey;
use crate::domain::quantity::Quantity;
use crate::domain::recipe::OutputClass;
use crate::domain::tally::Tally;
use serde::{Deserialize, Serialize};

/// Events of a lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", content = "data", rename_all = "kebab-case")]
pub enum LotEvent {
    /// Came out of a run, in quarantine.
    Yielded {
        /// Lot number.
        number: String,
        /// As the plant writes it, where that is another text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        printed: Option<String>,
        run: RecordKey,
        /// Its batch number.
        run_number: String,
        /// Which output of the master record it is.
        output: String,
        /// Product, side product or waste.
        class: OutputClass,
        material: String,
        quantity: Quantity,
        parents: Vec<String>,
        /// Product code.
        product: String,
    },
    /// A parent was named later.
    ParentAdded {
        /// The parent, as typed.
        parent: String,
        /// Why.
        reason: String,
    },
    /// Quality took a parent away, signed.
    ParentRemoved {
        /// The parent, as it was named.
        parent: String,
        /// Why.
        reason: String,
    },
    /// A signed decision.
    Decided {
        /// What.
        disposition: Disposition,
        /// Why.
        reason: String,
        /// Sequence of the run's chain that was looked at.
        run_seq: u64,
        /// What the run owed at that moment: met, waived, open, decided inconclusive.
        tally: Tally,
        /// What it was decided on: the run, and every lot upstream with its run.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        covers: Vec<Covered>,
    },
    /// Quality decided by signature that the lot stands although it was in question.
    FoundToStand {
        /// Why.
        reason: String,
        /// The questions it answers.
        answers: Vec<String>,
        /// What it was decided on.
        covers: Vec<Covered>,
    },
}
