//! A deviation: a record of its own, n:m with runs. Nobody approves what they asked for (F30).

pub mod command;
pub mod content;
pub mod event;
pub mod evolve;
pub mod ground;
pub mod refusal;

pub use evolve::evolve;

use super::clock::Instant;
use super::exception::Severity;
use super::facts::DeviationFacts;
use super::ids::{PersonId, RecordKey};
use super::signing::Signed;
use crate::domain::words::Who;
use content::{Assigned, Closing, Owner, Reclassified, Reopened, Report};
use std::collections::{BTreeMap, BTreeSet};

/// Where a deviation stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum DeviationPhase {
    /// Opened, not investigated.
    Open,
    /// Impact concluded: the process may go on.
    ImpactConcluded,
    /// Closed by QA.
    Closed,
}

/// The state of a deviation.
#[derive(Debug, Clone)]
pub struct Deviation {
    /// The record.
    pub key: RecordKey,
    /// Number, as in `DEV-2026-0001`.
    pub number: String,
    pub title: String,
    pub phase: DeviationPhase,
    pub class: Option<Severity>,
    /// Runs concerned, with their exceptions.
    pub runs: BTreeMap<RecordKey, (String, BTreeSet<u32>)>,
    /// Opened when and by whom.
    pub opened: (Instant, Who),
    /// Whose it is: its opener's, until it is given to somebody.
    pub owner: Owner,
    /// To be closed by then, once somebody said so.
    pub due: Option<Instant>,
    /// How it was given from one to the other, in order.
    pub assigned: Vec<Assigned>,
    /// Everyone who asked for or wrote an investigation step; none of them may close it.
    pub requesters: BTreeSet<PersonId>,
    /// Investigation notes, in order.
    pub investigation: Vec<(Instant, Who, String)>,
    /// Impact conclusion: text, other batches assessed, signature.
    pub impact: Option<(String, String, Option<Signed>)>,
    /// The investigation in force, signed by its investigator.
    pub report: Option<Report>,
    /// Earlier ones: signed again, or voided by what joined later or by a reopening.
    pub superseded: Vec<Report>,
    /// Changes of its class, in order.
    pub classes: Vec<Reclassified>,
    /// The closing in force.
    pub closed: Option<Closing>,
    /// Reopenings, in order, with what no longer counts since.
    pub reopened: Vec<Reopened>,
    /// Sequence of the newest entry.
    pub seq: u64,
    /// Link of the newest entry.
    pub head: [u8; 32],
}

impl Deviation {
    /// What the runs that it concerns know of it.
    #[must_use]
    pub fn facts(&self) -> DeviationFacts<'_> {
        let closing = self.closed.as_ref();
        DeviationFacts {
            record: self.key,
            impact_concluded: self.phase != DeviationPhase::Open,
            closed: self.phase == DeviationPhase::Closed,
            concluded_by: self.impact.as_ref().and_then(|(_, _, signed)| signed.as_ref()),
            closed_by: closing.and_then(|closing| closing.signed.as_ref()),
            closed_over: closing
                .map(|closing| closing.lots.iter().map(|named| named.lot.as_str()).collect()),
        }
    }
}
