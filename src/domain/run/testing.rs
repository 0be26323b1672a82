//! Laboratory results in a run: every determination, and what out-of-specification runs through.
//!
//! Nothing is averaged away: each determination is judged alone and stays (21 CFR 211.165, 211.194(a)).

use super::Who;
use super::floor::Enclosure;
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
    /// The run of tests that it completed, where the method joins their values or limits their spread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Box<TestRun>>,
    /// Exceptions it opened.
    pub exceptions: Vec<u32>,
}

/// Determinations that the method takes together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestRun {
    /// The determinations, by number.
    pub members: Vec<u32>,
    /// The value that stands for them, where the method joins them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<EntryValue>,
    /// Verdicts on that value.
    #[serde(default)]
    pub verdicts: Vec<Verdict>,
    /// Why the run is invalid by its spread, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid: Option<String>,
}

/// A determination was corrected. What makes it or the reportable value worse counts at once; whatever might make
/// it better is claimed, and counts when the first phase has found an error of transcription or calculation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeterminationCorrected {
    /// The entry of kind result.
    pub at: EntryKey,
    /// From 1, gap-free in its entry.
    pub no: u32,
    /// The lot whose result it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Which determination.
    pub determination: u32,
    /// What stands there, as people read it.
    pub old: String,
    /// The value that is said to be right.
    pub value: EntryValue,
    /// The input as sent, canonical JSON.
    pub raw: String,
    /// Verdicts on it.
    pub verdicts: Vec<Verdict>,
    /// Why.
    pub reason: String,
    /// Claimed: it does not count yet.
    pub claimed: bool,
    /// The run of tests as it stands with the correction, where the method joins or limits one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Box<TestRun>>,
    /// Why the result that was reported before no longer stands, if it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopens: Option<String>,
    /// Exceptions it opened.
    pub exceptions: Vec<u32>,
}

/// Approved reprocessing or rework began: results of what it concerns are determined anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anew {
    /// The change.
    pub change: u32,
    /// When its operation began.
    pub at: Instant,
    /// Sequence of that journal entry.
    pub seq: u64,
    /// Lots that had come out and that the change, which names another lot, does not concern.
    pub spared: Vec<String>,
    /// Samples taken until then, by the normal form of their ids.
    pub samples: Vec<String>,
}

/// A correction of a determination as the run remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRun {
    /// What was written.
    pub told: DeterminationCorrected,
    /// Who said so.
    pub by: Who,
    /// When.
    pub at: Instant,
    /// Sequence of its journal entry.
    pub seq: u64,
    /// What the first phase concluded of a claim.
    pub accepted: Option<bool>,
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
    /// The value that counts in the place of the one told, by a correction that counts.
    pub corrected: Option<(EntryValue, Vec<Verdict>)>,
    /// The run of tests that it completed, as it stands now.
    pub run: Option<TestRun>,
}

impl DeterminationRun {
    /// The value that counts: as determined, or as corrected.
    #[must_use]
    pub fn value(&self) -> &EntryValue {
        self.corrected.as_ref().map_or(&self.told.value, |(value, _)| value)
    }

    /// Its verdicts.
    #[must_use]
    pub fn verdicts(&self) -> &[Verdict] {
        self.corrected.as_ref().map_or(&self.told.verdicts, |(_, verdicts)| verdicts)
    }

    /// Who tested: the performer whom a scribe named, or who recorded it.
    #[must_use]
    pub fn tester(&self) -> Option<PersonId> {
        self.told.performer.or(self.by.person)
    }
}

/// Who of the laboratory speaks in the first phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Speaker {
    /// Who made the determination.
    Analyst,
    /// Who directs the laboratory.
    Supervisor,
}

/// The analyst of a retest plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Analyst {
    /// User name.
    pub user_name: String,
    /// Who that is, found when the plan is approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Printed name then.
    #[serde(default)]
    pub printed_name: String,
}

/// One step of an out-of-specification investigation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "phase")]
pub enum InvestigationStep {
    /// Phase 1 in the laboratory: what analyst and supervisor found, each by signature, with the raw data.
    Laboratory {
        /// Who speaks; found when it is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        speaker: Option<Speaker>,
        /// What was looked at and found.
        finding: String,
        /// Raw data.
        #[serde(default)]
        raw_data: Vec<Enclosure>,
        /// The claimed correction that it is about, if it is about one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        claim: Option<u32>,
    },
    /// Phase 1 concluded on a claimed correction: an error of transcription or calculation, or none.
    Transcription {
        /// The claim.
        claim: u32,
        /// Whether the raw data show the error.
        accepted: bool,
        /// Conclusion.
        conclusion: String,
    },
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
        /// By whom: another than the first.
        analyst: Analyst,
    },
    /// Phase 2: another sample may be tested, and why.
    Resampling {
        /// Why the first sample does not represent the material.
        reason: String,
    },
    /// Phase 2: what production found in its review.
    ProductionReview {
        /// What was reviewed and found.
        finding: String,
    },
    /// The reportable result, chosen by rule, never averaged with what failed.
    Reportable {
        /// The determination that is reported.
        determination: u32,
        /// Conclusion.
        conclusion: String,
    },
    /// Phase 2 ends without a cause and without a confirmation: it fails.
    Inconclusive {
        /// Conclusion.
        conclusion: String,
    },
    /// Two of quality, one who certifies, decide what is inconclusive. The first result stays; it is never met.
    DecidedInconclusive {
        /// The full investigation.
        investigation: String,
        /// Production's review.
        production_review: String,
        /// The history of the process.
        process_history: String,
        /// Every retest of the plan.
        retests: Vec<u32>,
    },
}

impl InvestigationStep {
    /// The word by which it is ordered.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Laboratory { .. } => "laboratory",
            Self::Transcription { .. } => "transcription",
            Self::AssignableCause { .. } => "assignable-cause",
            Self::RetestPlan { .. } => "retest-plan",
            Self::Resampling { .. } => "resampling",
            Self::ProductionReview { .. } => "production-review",
            Self::Reportable { .. } => "reportable",
            Self::Inconclusive { .. } => "inconclusive",
            Self::DecidedInconclusive { .. } => "decided-inconclusive",
        }
    }
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
    /// The second one, where two decide.
    pub second: Option<Signed>,
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
