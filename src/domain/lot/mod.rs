//! An output lot and its dispositions: a series of signed decisions. Released is not terminal.

pub mod command;
pub mod event;
pub mod evolve;
pub mod refusal;

pub use evolve::evolve;

pub use super::disposition::{Covered, Decision, Disposition, Stand};

use super::facts::LotFacts;
use super::ids::RecordKey;
use super::quantity::Quantity;
use super::signing::Signed;
use crate::domain::recipe::OutputClass;

/// The state of a lot.
#[derive(Debug, Clone)]
pub struct Lot {
    /// The record.
    pub key: RecordKey,
    /// Lot number.
    pub number: String,
    /// As the plant writes it, where that is another text.
    pub printed: Option<String>,
    /// The run it came out of, and its batch number.
    pub run: (RecordKey, String),
    /// Which output of its run's master record it is.
    pub output: String,
    /// Product, side product or waste.
    pub class: OutputClass,
    pub material: String,
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

impl Lot {
    /// What runs know of it.
    #[must_use]
    pub fn facts(&self) -> LotFacts<'_> {
        LotFacts {
            record: self.key,
            number: &self.number,
            run: self.run.0,
            class: self.class,
            product: &self.product,
            decisions: &self.decisions,
            stands: &self.stands,
            seq: self.seq,
        }
    }

    /// The disposition that counts.
    #[must_use]
    pub fn disposition(&self) -> Disposition {
        self.facts().disposition()
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
