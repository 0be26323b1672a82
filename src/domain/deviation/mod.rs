//! A deviation: a record of its own, n:m with runs. Nobody approves what they asked for (F30).

pub mod command;
pub mod content;
pub mod decide;
pub mod event;
pub mod evolve;
#[cfg(test)]
mod model;
pub mod others;
pub mod refusal;
#[cfg(test)]
mod tests;

pub use evolve::evolve;

use super::clock::Instant;
use super::exception::Severity;
use super::ids::{PersonId, RecordKey};
use super::signing::Signed;
use crate::domain::words::Who;
use content::{Closing, Reclassified, Reopened, Report};
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
    /// Title.
    pub title: String,
    /// Phase.
    pub phase: DeviationPhase,
    /// Class.
    pub class: Option<Severity>,
    /// Runs concerned, with their exceptions.
    pub runs: BTreeMap<RecordKey, (String, BTreeSet<u32>)>,
    /// Opened when and by whom.
    pub opened: (Instant, Who),
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
