//! An output lot and its dispositions: a series of signed decisions. Released is not terminal.

pub mod command;
pub mod decide;
#[cfg(test)]
mod dice;
pub mod event;
pub mod evolve;
pub mod genealogy;
#[cfg(test)]
mod lives;
#[cfg(test)]
mod model;
pub mod parents;
pub mod question;
pub mod refusal;
pub mod ruling;
pub mod stand;
pub mod standing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod theorem;
mod upstream;

pub use evolve::evolve;

use super::clock::Instant;
use super::ids::RecordKey;
use super::quantity::Quantity;
use super::run::obligations::Tally;
use super::signing::Signed;
use crate::domain::recipe::OutputClass;
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
    /// Decisions that the lot stands although it was in question, in order.
    pub stands: Vec<Stand>,
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
    /// Sequence of the lot's entry.
    pub seq: u64,
    /// Whose.
    pub signed: Option<Signed>,
    /// What the run owed at that moment: met, waived, open, decided inconclusive.
    pub obligations: Tally,
    /// What it was decided on: what came later is judged anew.
    pub covers: Vec<Covered>,
}

/// Up to which entry of a record's chain something was known when it was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// The record: the run, the lot, and those of every lot upstream.
    pub record: RecordKey,
    /// Its newest entry then.
    pub seq: u64,
}

/// Quality's signed decision that a lot in question stands.
#[derive(Debug, Clone)]
pub struct Stand {
    /// Why.
    pub reason: String,
    /// The questions it answers, as they read then.
    pub answers: Vec<String>,
    /// When.
    pub at: Instant,
    /// Whose.
    pub signed: Option<Signed>,
    /// What it was decided on: a later fact questions the lot again.
    pub covers: Vec<Covered>,
    /// After how many dispositions it came: it answers questions about the last of them alone.
    pub after: usize,
}

impl Lot {
    /// The disposition that counts.
    #[must_use]
    pub fn disposition(&self) -> Disposition {
        self.decisions.last().map_or(Disposition::Quarantined, |d| d.disposition)
    }

    /// Up to which entry of a record's chain the decision that counts, or a later one that the lot
    /// stands, knew it; 0: not at all.
    #[must_use]
    pub fn covers(&self, record: RecordKey) -> u64 {
        let decided = self.decisions.last().map(|decision| &decision.covers);
        let stands = self.stands.iter().filter(|stand| stand.after == self.decisions.len());
        let all = decided.into_iter().chain(stands.map(|stand| &stand.covers)).flatten();
        all.filter(|covered| covered.record == record).map(|covered| covered.seq).max().unwrap_or(0)
    }
}
