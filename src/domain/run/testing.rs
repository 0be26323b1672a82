//! Laboratory results in a run: every determination, and what out-of-specification runs through.
//!
//! Nothing is averaged away: each determination is judged alone and stays (21 CFR 211.165, 211.194(a)).

pub use super::investigation::{
    Analyst, Investigated, InvestigationRun, InvestigationStep, Reported, Speaker, Unavailable,
};

use super::EntryRun;
use super::reading::ReadingSource;
use crate::domain::clock::Instant;
use crate::domain::entry::EntryValue;
use crate::domain::ids::{OperationKey, PersonId};
use crate::domain::limits::Verdict;
use crate::domain::signing::Signed;
use crate::domain::words::{Basis, EntryKey, Who};
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
    /// Which determination of the same sample it settles: one of which it could not be told whether it is within.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settles: Option<u32>,
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

impl TestRun {
    /// Why its determinations count no longer, if the run is invalid by its spread.
    #[must_use]
    pub fn set_aside(&self) -> Option<String> {
        self.invalid.as_ref().map(|why| format!("the run of tests is invalid: {why}"))
    }
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
    pub change: u32,
    /// Its operation's occurrence.
    pub operation: OperationKey,
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

/// Lets a correction count: the value that was told stays beside it, and the run of tests stands as it now is.
pub fn correct(
    entry: &mut EntryRun,
    determination: u32,
    (value, verdicts): (&EntryValue, &[Verdict]),
    run: Option<&TestRun>,
) {
    let corrected = Some((value.clone(), verdicts.to_vec()));
    let is = |tested: &DeterminationRun| tested.told.no == determination;
    entry.determinations.change(is, |tested| tested.corrected.clone_from(&corrected));
    let Some(run) = run else { return };
    let last = run.members.last().copied();
    let completed = entry.determinations.iter().find(|tested| Some(tested.told.no) == last);
    let was = completed.and_then(|tested| tested.run.as_ref()).and_then(TestRun::set_aside);
    let was_set_aside = |tested: &DeterminationRun| {
        was.is_some() && run.members.contains(&tested.told.no) && tested.invalidated == was
    };
    entry.determinations.change(was_set_aside, |tested| tested.invalidated = None);
    let completes = |tested: &DeterminationRun| Some(tested.told.no) == last;
    entry.determinations.change(completes, |tested| tested.run = Some(run.clone()));
    set_aside(entry, run);
}

/// A run of tests that is invalid by its spread counts no longer; it stays visible.
pub fn set_aside(entry: &mut EntryRun, run: &TestRun) {
    let Some(why) = run.set_aside() else { return };
    let counts = |tested: &DeterminationRun| {
        run.members.contains(&tested.told.no) && tested.invalidated.is_none()
    };
    entry.determinations.change(counts, |tested| tested.invalidated = Some(why.clone()));
}

/// A determination of which it could not be told whether it is within counts no longer, once a further one of the
/// same sample settles it; it stays visible.
pub fn settle(entry: &mut EntryRun, settled: u32, by: u32) {
    let is = |tested: &DeterminationRun| tested.told.no == settled && tested.invalidated.is_none();
    let why = format!("settled by determination {by}");
    entry.determinations.change(is, |tested| tested.invalidated = Some(why.clone()));
}

/// The lot that a reported result is of, where the determinations name one.
#[must_use]
pub fn reported_of(value: &EntryValue) -> Option<&str> {
    value.data["reported"]["of"].as_str()
}
