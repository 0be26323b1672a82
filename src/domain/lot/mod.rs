//! An output lot and its dispositions: a series of signed decisions. Released is not terminal.

pub mod alike;
pub mod command;
pub mod decide;
pub mod event;
pub mod evolve;
pub mod genealogy;
#[cfg(test)]
mod lives;
pub mod parents;
pub mod refusal;
#[cfg(test)]
mod tests;

pub use evolve::evolve;

use super::clock::Instant;
use super::ids::RecordKey;
use super::master::OutputClass;
use super::quantity::Quantity;
use super::run::obligations::Tally;
use super::signing::Signed;
use serde::{Deserialize, Serialize};

/// What a lot is allowed to be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disposition {
    /// Not decided, or put back.
    Quarantined,
    /// Released by QA.
    Released,
    /// Rejected.
    Rejected,
    /// Withdrawn after release.
    Withdrawn,
}

/// The state of a lot.
#[derive(Debug, Clone)]
pub struct Lot {
    /// The record.
    pub key: RecordKey,
    /// Lot number.
    pub number: String,
    /// The run it came out of, and its batch number.
    pub run: (RecordKey, String),
    /// Which output of its run's master record it is.
    pub output: String,
    /// Product, side product or waste.
    pub class: OutputClass,
    /// Material.
    pub material: String,
    /// Quantity.
    pub quantity: Quantity,
    /// Lot numbers that somebody named as having gone in; the run knows all that did.
    pub parents: Vec<String>,
    /// Product code.
    pub product: String,
    /// Decisions, in order; the last one counts.
    pub decisions: Vec<Decision>,
    /// Signatures of quality under parents that it took away.
    pub signed: Vec<Signed>,
    /// Sequence of the newest entry: its version.
    pub seq: u64,
    /// Link of the newest entry.
    pub head: [u8; 32],
}

/// One signed decision.
#[derive(Debug, Clone)]
pub struct Decision {
    /// What.
    pub disposition: Disposition,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Instant,
    /// Whose.
    pub signed: Option<Signed>,
    /// What the run owed at that moment: met, waived, open, decided inconclusive.
    pub obligations: Tally,
}

impl Lot {
    /// The disposition that counts.
    #[must_use]
    pub fn disposition(&self) -> Disposition {
        self.decisions.last().map_or(Disposition::Quarantined, |d| d.disposition)
    }
}
