//! The steps of an out-of-specification investigation, as they are told and remembered.

use super::testing::TestRun;
use crate::domain::clock::Instant;
use crate::domain::entry::EntryValue;
use crate::domain::ids::PersonId;
use crate::domain::limits::Verdict;
use crate::domain::signing::Signed;
use crate::domain::words::{Enclosure, EntryKey};
use serde::{Deserialize, Serialize};

/// Who of the laboratory speaks in the first phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Speaker {
    /// Who made the determination.
    Analyst,
    /// Who directs the laboratory.
    Supervisor,
    /// Another of the laboratory who did not test, in the place of an analyst who cannot speak.
    Substitute,
}

/// An analyst cannot speak: who directs the laboratory says so, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unavailable {
    /// Who tested.
    pub analyst: Analyst,
    /// Why they cannot speak.
    pub reason: String,
}

/// An analyst by name: of a retest plan, or one who cannot speak.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Analyst {
    pub user_name: String,
    /// Who that is, found when the step is taken.
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
        #[serde(default)]
        raw_data: Vec<Enclosure>,
        /// The claimed correction that it is about, if it is about one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        claim: Option<u32>,
        /// The analyst who cannot speak, if who directs the laboratory says so: another of the laboratory who did
        /// not test then speaks in their place.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unavailable: Option<Unavailable>,
    },
    /// Phase 1 concluded on a claimed correction: an error of transcription or calculation, or none.
    Transcription {
        claim: u32,
        /// Whether the raw data show the error.
        accepted: bool,
        conclusion: String,
    },
    /// Phase 1: was there an assignable laboratory cause?
    AssignableCause {
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
    /// Phase 2: another analyst tests the rest of the plan, and why.
    OtherAnalyst {
        /// By whom: under the same conditions as in a plan.
        analyst: Analyst,
        /// Why the analyst of the plan does not.
        reason: String,
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
        conclusion: String,
    },
    /// Phase 2 ends without a cause and without a confirmation: it fails.
    Inconclusive { conclusion: String },
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
            Self::OtherAnalyst { .. } => "other-analyst",
            Self::Resampling { .. } => "resampling",
            Self::ProductionReview { .. } => "production-review",
            Self::Reportable { .. } => "reportable",
            Self::Inconclusive { .. } => "inconclusive",
            Self::DecidedInconclusive { .. } => "decided-inconclusive",
        }
    }

    /// The claim that the step accepts.
    #[must_use]
    pub fn accepted(&self) -> Option<u32> {
        if let Self::Transcription { claim, accepted: true, .. } = self {
            Some(*claim)
        } else {
            None
        }
    }

    /// The analyst whom the step names, by user name.
    #[must_use]
    pub fn named(&self) -> Option<&str> {
        match self {
            Self::RetestPlan { analyst, .. } | Self::OtherAnalyst { analyst, .. } => {
                Some(&analyst.user_name)
            }
            Self::Laboratory { unavailable, .. } => {
                unavailable.as_ref().map(|said| said.analyst.user_name.as_str())
            }
            Self::Transcription { .. }
            | Self::AssignableCause { .. }
            | Self::Resampling { .. }
            | Self::ProductionReview { .. }
            | Self::Reportable { .. }
            | Self::Inconclusive { .. }
            | Self::DecidedInconclusive { .. } => None,
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
    /// Of an accepted claim: the run of tests as it then stands, where the method joins or limits one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Box<TestRun>>,
    /// Exceptions it opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<u32>,
}

/// The reportable result as the entry's version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// The entry's version from now on.
    pub version: u32,
    pub value: EntryValue,
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
    /// Exceptions it opened.
    pub exceptions: Vec<u32>,
}
