//! Laboratory results in a run: every determination, and what out-of-specification runs through.
//!
//! Nothing is averaged away: each determination is judged alone and stays (21 CFR 211.165, 211.194(a)).

use super::Who;
use super::reading::ReadingSource;
use super::words::{Basis, EntryKey};
use crate::domain::clock::Instant;
use crate::domain::entry::EntryValue;
use crate::domain::ids::PersonId;
use crate::domain::limits::Verdict;
use crate::domain::signing::Signed;
use serde::{Deserialize, Serialize};

/// One determination of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Determination {
    /// The entry of kind result.
    pub at: EntryKey,
    /// From 1, gap-free in its entry.
    pub no: u32,
    /// The lot that it is of, where it says so itself, by its sample or by its item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The value with method version and sample.
    pub value: EntryValue,
    /// The input as sent, canonical JSON.
    pub raw: String,
    /// Verdicts on this determination alone.
    pub verdicts: Vec<Verdict>,
    /// When the laboratory did it, where that is not now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performed_at: Option<Instant>,
    /// Where the knowledge comes from.
    #[serde(default)]
    pub basis: Basis,
    /// The device it came from, with its own text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Box<ReadingSource>>,
    /// Who did it, where a scribe recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performer: Option<PersonId>,
    /// Which approved retest plan it belongs to (index in the investigation), if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<u32>,
    /// Beyond what was planned or approved: it is kept and shown, and can never make a result conform.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repeat: bool,
    /// Why the result that was reported before no longer stands, if it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopens: Option<String>,
    /// Exceptions it opened.
    pub exceptions: Vec<u32>,
}

/// A determination as the run remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeterminationRun {
    /// What was written.
    pub told: Determination,
    /// Tester.
    pub by: Who,
    /// When.
    pub at: Instant,
    /// Sequence of its journal entry.
    pub seq: u64,
    /// Why it no longer counts, once an assignable cause was found; it stays visible.
    pub invalidated: Option<String>,
}

/// One step of an out-of-specification investigation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "phase")]
pub enum InvestigationStep {
    /// Phase 1: was there an assignable laboratory cause?
    AssignableCause {
        /// Found.
        found: bool,
        /// Which, or what was looked at.
        cause: String,
        /// Determinations it invalidates (only where found).
        invalidates: Vec<u32>,
    },
    /// Phase 2: a retest plan, approved before anything is tested again.
    RetestPlan {
        /// How many retests.
        retests: u32,
        /// Why so many.
        rationale: String,
    },
    /// The reportable result, chosen by rule, never averaged with what failed.
    Reportable {
        /// The determination that is reported.
        determination: u32,
        /// Conclusion.
        conclusion: String,
    },
}

/// A step of an investigation was taken, signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Investigated {
    /// The entry of kind result.
    pub at: EntryKey,
    /// The lot whose result it is, where the determinations name one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// What was decided.
    pub step: InvestigationStep,
    /// For a reportable result: the new version of the entry, and how it reads (`1 of 3 ...`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported: Option<Reported>,
    /// Why the result that was reported before no longer stands, if it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopens: Option<String>,
}

/// The reportable result as the entry's version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// The entry's version from now on.
    pub version: u32,
    /// The value.
    pub value: EntryValue,
    /// Verdicts.
    pub verdicts: Vec<Verdict>,
    /// Whether it owes a check by a second person.
    #[serde(default)]
    pub check_owed: bool,
}

/// A step of an investigation as the run remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvestigationRun {
    /// The lot whose result it is.
    pub of: Option<String>,
    /// What was decided.
    pub step: InvestigationStep,
    /// When.
    pub at: Instant,
    /// Whose signature.
    pub signed: Option<Signed>,
    /// Sequence of its journal entry.
    pub seq: u64,
}

/// Quality decided at issue that a batch does not owe a test (skip testing).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestSkipped {
    /// The release specification.
    pub entry: String,
    /// The document that allows it.
    pub document: String,
    /// Why for this batch.
    pub reason: String,
}

/// A test that is not owed, as the run remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedRun {
    /// What was decided.
    pub told: TestSkipped,
    /// Whose signature.
    pub signed: Option<Signed>,
}
