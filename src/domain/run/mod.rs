//! A run: its state, folded from its journal. Current values and everything that ever was.

pub mod acts;
pub mod amendment;
pub mod asked;
pub mod attempt;
pub mod computed;
pub mod declared;
pub mod entered;
pub mod facts;
pub mod floor;
pub mod floor_refusal;
pub mod genealogy;
pub mod handover;
pub mod investigation;
pub mod known;
pub mod lineage;
pub mod looks;
pub mod lot_refusal;
pub mod notice;
mod noun;
pub mod obligations;
pub mod operation_review;
pub mod parents;
pub mod preflight;
pub mod proof;
pub mod quality_refusal;
pub mod questions;
pub mod reading;
pub mod refusal;
pub mod review;
pub mod standing;
pub mod state;
pub mod struck;
pub mod taken_back;
pub mod tally;
pub mod testing;
pub mod testing_refusal;
pub mod time;
pub mod timing;
pub mod waiting;
pub mod work;

use crate::domain::words::{Absence, Basis, MasterRef, Used, Who};
pub use acts::evolve::evolve;
pub use attempt::Attempt;
pub use standing::{DeviationLink, GateRun, Hold, LotLink, Rendition, Review, RiskAcceptance};

use super::clock::Instant;
use super::entry::EntryValue;
use super::exception::Exception;
use super::ids::{OperationKey, PersonId, RecordKey};
use super::limits::Verdict;
use super::signing::Signed;
use crate::domain::recipe::RunPurpose;
use crate::domain::recipe::plan::Recipe;
use serde::{Deserialize, Serialize};
use state::{List, ListIter, Map, Set, Steps};
use time::Open;

/// Where a run stands (ISA-88 state model, GMP words).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Issued, nothing done yet.
    Issued,
    /// Being executed.
    Running,
    /// Execution declared complete.
    Complete,
    /// Quality has reviewed record and audit trail.
    Reviewed,
    /// Every lot is decided; the record is final.
    Closed,
    /// Stopped for good; everything is kept.
    Aborted,
}

/// The state of a run.
#[derive(Debug, Clone)]
pub struct Run {
    /// The record.
    pub key: RecordKey,
    /// Batch number.
    pub number: String,
    /// As the plant writes it, where that is another text.
    pub printed: Option<String>,
    /// Gap-free issue number of the site.
    pub issue_no: u64,
    /// What it is for.
    pub purpose: RunPurpose,
    /// Which master, by hash.
    pub master: MasterRef,
    /// The recipe in force: the frozen copy with what amendments changed for this batch.
    pub recipe: Recipe,
    /// The frozen copy as issued; equal to `recipe` as long as nothing was amended.
    pub original: Recipe,
    pub phase: Phase,
    /// Issued when and by whom.
    pub issued_at: Instant,
    /// IANA name of the zone it was issued in: periods of days go by its calendar.
    pub zone: String,
    /// The issued-and-checked signature.
    pub issued: Option<Signed>,
    /// Operation occurrences.
    pub operations: Map<OperationKey, OperationRun>,
    /// Step occurrences.
    pub steps: Steps,
    /// Occurrences found running in error, and taken back.
    pub taken_back: List<taken_back::TakenBackRun>,
    /// Entries recorded on the run itself: release specifications, by entry id.
    pub release_entries: Map<String, EntryRun>,
    /// Tests that this batch does not owe, by release specification: decided by quality at issue.
    pub skipped: Map<String, testing::SkippedRun>,
    /// Exceptions by number from 1.
    pub exceptions: List<Exception>,
    /// Holds by number from 1.
    pub holds: List<Hold>,
    /// Gates passed, accepted at risk.
    pub gates: Map<String, GateRun>,
    /// Everyone who performed, recorded, checked, corrected or directed production work of it.
    /// Accumulated, because current values forget.
    pub participants: Set<PersonId>,
    /// Reviews, the lapsed ones too.
    pub reviews: List<Review>,
    /// Completion signature.
    pub completed: Option<(Instant, Signed)>,
    /// Abort, if any.
    pub aborted: Option<(Instant, String)>,
    /// What was done after an abort: samples, destruction, decontamination.
    pub aftermath: List<(Instant, Who, String, String)>,
    /// Output lots, by number.
    pub lots: List<LotLink>,
    /// Lots of others that went in, by the normal form of their numbers, as quality decided on them.
    pub foreign: Map<String, parents::ForeignRun>,
    /// Deviations linked, by number, with whether each is closed.
    pub deviations: Map<String, DeviationLink>,
    /// Renditions issued.
    pub renditions: List<Rendition>,
    /// Corrections made (changes since original entry).
    pub corrections: u32,
    /// Signatures so far, in order.
    pub signatures: List<Signed>,
    /// Limits of time that ran out and were noticed, by their stable id: each opens one exception.
    pub noticed: Map<String, timing::Noticed>,
    /// Where the site's clock was set back.
    pub set_back: List<timing::SetBack>,
    /// Limits of time that are open, by their stable id.
    pub open: Open,
    /// Alarms, by number from 1.
    pub alarms: List<floor::AlarmRun>,
    /// Events that somebody reported without a step for them, by number from 1.
    pub happenings: List<floor::HappeningRun>,
    /// Emergency acts, by number from 1.
    pub emergencies: List<floor::EmergencyRun>,
    /// Handovers from shift to shift.
    pub handovers: List<floor::HandoverRun>,
    /// One-batch changes of the recipe, by number from 1: redlines, reprocessing, rework.
    pub amendments: List<amendment::AmendmentRun>,
    /// What quality added: complaints, notices, decisions, by number from 1.
    pub notices: List<notice::NoticeRun>,
    /// What was added after the record had become final, by number from 1.
    pub addenda: List<notice::AddendumRun>,
    /// Facts that came while a lot of it was released and that question it, by the matrix.
    pub questions: List<questions::Questioning>,
    /// Lists that values are computed from, summed up.
    pub tallies: tally::Tallies,
    /// Sequence of the newest entry.
    pub seq: u64,
    /// Link of the newest entry.
    pub head: [u8; 32],
    /// When the newest entry was written.
    pub last_at: Instant,
}

/// An operation's occurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationRun {
    /// First act.
    pub started_at: Instant,
    /// Closed when and by whose signature.
    pub closed: Option<(Instant, Signed)>,
    /// Alerts acknowledged once per operation.
    pub alerts_acknowledged: Option<(Instant, Who)>,
    /// Ended early, as declared: what is missing is no longer owed.
    pub ended: Option<floor::Ending>,
    /// Quality's reviews of it while the run goes on, the lapsed ones too.
    pub reviews: List<operation_review::OperationReview>,
    /// Harvested in part, as declared: the rest goes on.
    pub harvests: List<floor::Ending>,
    /// Sequence of the last change: its version.
    pub version: u64,
}

/// How a step's occurrence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepPhase {
    /// Started with permission.
    Started,
    /// Reported without having been started: satisfies no `after` and no gate until triaged.
    FoundRunning,
    /// Complete; a verification may be owed.
    Complete,
    /// Declared not performed by a supervisor.
    NotPerformed,
}

/// A step's occurrence.
#[derive(Debug, Clone)]
pub struct StepRun {
    pub phase: StepPhase,
    /// Whether it ever began: by a start, or by what was reported of it; not by being declared not performed.
    pub began: bool,
    /// Whether it began as found running, and the exception that says so.
    pub found_running: Option<u32>,
    /// Begin.
    pub started_at: Instant,
    /// Who started or reported it.
    pub started_by: Who,
    /// Witness before, if asked.
    pub witness: Option<Signed>,
    /// Entries by id.
    pub entries: Map<String, EntryRun>,
    /// End.
    pub completed_at: Option<Instant>,
    /// Who completed it (unsigned for steps that are not significant).
    pub completed_by: Option<Who>,
    /// Performer's signature.
    pub performed: Option<Signed>,
    /// Second person's signature: witnessed or verified.
    pub checked: Option<Signed>,
    /// When a check that had been made lapsed, each time.
    pub lapses: Vec<Instant>,
    /// Open exceptions it went on under.
    pub under_exceptions: Vec<u32>,
    /// Reason, when not performed.
    pub not_performed: Option<(String, Signed)>,
    /// Everyone who started, recorded, corrected or completed it: none of them may check it.
    pub performers: Set<PersonId>,
    /// Sequence of the last change: its version.
    pub version: u64,
}

/// An entry of an occurrence: all its versions; the last one counts.
#[derive(Debug, Clone, Default)]
pub struct EntryRun {
    /// Readings and additions of an adjust-to-target entry, never judged.
    pub trail: List<TrailPoint>,
    /// Implausible values that were sent and not confirmed; they change nothing and stay.
    pub attempts: List<Attempt>,
    /// Versions, from 1; corrections add, nothing overwrites.
    pub versions: List<EntryVersion>,
    /// Determinations of a laboratory result, every one of them, by number from 1.
    pub determinations: List<testing::DeterminationRun>,
    /// Corrections of determinations, those that count and those that are claimed, by number from 1.
    pub claims: List<testing::ClaimRun>,
    /// What was decided about results outside specification, in order.
    pub investigation: List<testing::InvestigationRun>,
    /// Reprocessing and rework that began beside a release specification: what was tested before is tested anew.
    pub anew: List<testing::Anew>,
}

impl EntryRun {
    /// The version that counts; none while the entry is open, or open again.
    #[must_use]
    pub fn current(&self) -> Option<&EntryVersion> {
        self.versions.last().filter(|last| last.content != Content::Struck)
    }

    /// The number of the version that comes next.
    #[must_use]
    pub fn next_version(&self) -> u32 {
        self.versions.last().map_or(1, |last| last.version + 1)
    }

    /// The versions whose times speak: every one, or those from the newest corrected time on that somebody
    /// checked, and none that was struck for good. Until then the time before it speaks too.
    #[must_use]
    pub fn timed(&self) -> ListIter<'_, EntryVersion> {
        let checked = |from: &usize| self.versions.since(*from).any(|it| it.checked.is_some());
        let corrected = self.time_corrections().filter(checked).last();
        self.versions.since(corrected.unwrap_or(0).max(self.struck_for_good()))
    }

    /// Places of the versions that correct when it was done.
    pub fn time_corrections(&self) -> impl Iterator<Item = usize> + '_ {
        let all = self.versions.iter().enumerate();
        all.filter(|(_, version)| version.performed_before.is_some()).map(|(index, _)| index)
    }

    /// The newest version of each lot that its results are of; of all else the version that counts.
    pub fn newest(&self) -> impl Iterator<Item = &EntryVersion> {
        self.versions.iter().enumerate().filter_map(|(index, version)| {
            let later = self.versions.iter().skip(index + 1);
            let newest = later.into_iter().all(|other| other.of != version.of);
            (newest && version.content != Content::Struck).then_some(version)
        })
    }

    /// Whether it has a value, or a declaration why there is none. A result under test has neither:
    /// as long as determinations stand without a report, it is missing.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        let stands = |of: &Option<String>| {
            let last = self.versions.iter().rev().find(|version| version.of == *of);
            last.is_some_and(|version| matches!(version.content, Content::Value(_)))
        };
        self.current().is_some() && self.determinations.iter().all(|one| stands(&one.told.of))
    }
}

impl EntryVersion {
    /// Whether it has a value.
    #[must_use]
    pub fn is_value(&self) -> bool {
        matches!(self.content, Content::Value(_))
    }
}

/// One version of an entry.
#[derive(Debug, Clone)]
pub struct EntryVersion {
    /// From 1.
    pub version: u32,
    /// Of a laboratory result: the lot that it is of, where the determinations name one.
    pub of: Option<String>,
    /// The value, or why there is none.
    pub content: Content,
    /// The input as sent.
    pub raw: String,
    /// Verdicts at that time.
    pub verdicts: Vec<Verdict>,
    /// Recorded by.
    pub by: Who,
    /// Recorded at: the server's clock.
    pub at: Instant,
    /// Performed at, where declared otherwise.
    pub performed_at: Option<Instant>,
    /// When it was said to have been done before this version corrected that.
    pub performed_before: Option<Instant>,
    /// Basis of the entry.
    pub basis: Basis,
    /// The device it came from, with its own text.
    pub source: Option<reading::ReadingSource>,
    /// What a computed value was computed from, with the versions used.
    pub lineage: Vec<Used>,
    /// The places of claims that a computed value stands on and nobody has checked.
    pub unchecked: Vec<String>,
    /// Who did it, where a scribe recorded it.
    pub performer: Option<PersonId>,
    /// Reason of a correction or absence.
    pub reason: Option<String>,
    /// Whether the correction was a slip (within 60 s, unsigned, unused).
    pub slip: bool,
    /// What was done relying on the value this one replaced.
    pub superseded_uses: Vec<String>,
    /// Whether this version owes a check (a correction always does), and who checked it.
    pub check_owed: bool,
    /// The check.
    pub checked: Option<(Instant, Who)>,
    /// The second look at a typed value, and against what.
    pub looked: Option<looks::Look>,
    /// Of a computed value that was checked: that it was computed again and agreed.
    pub recomputed: Option<String>,
    /// Exceptions this version opened.
    pub exceptions: Vec<u32>,
    /// Sequence of the journal entry it stands in: the entry's version for If-Match.
    pub seq: u64,
}

/// A value, the declared absence of one, or that it was recorded in error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    Value(EntryValue),
    /// None, and why.
    Absent(Absence),
    /// Recorded in error: what stood there before is struck, and the entry is open again.
    Struck,
}

/// A reading or addition on the way to a target (ICH Q7 8.36: opens no exception).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailPoint {
    /// `reading` or `addition`.
    pub kind: String,
    /// As people read it.
    pub shown: String,
    /// Canonical value.
    pub data: serde_json::Value,
    /// When.
    pub at: Instant,
    /// Who.
    pub by: Who,
}
