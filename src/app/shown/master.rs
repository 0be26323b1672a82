//! Master records.

use super::{SignatureView, at, at_micros, etag, word};
use crate::app::master::burden::{Burden, Rate, StepBurden};
use crate::app::master::list::{Examined, Finding, MasterRow, NotPlayed};
use crate::domain::clock::Instant;
use crate::domain::master::state::Master;
use serde::Serialize;
use utoipa::ToSchema;

/// A version of a master record as a line of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct MasterLine {
    /// Code.
    pub code: String,
    /// Version.
    pub version: i64,
    /// Title.
    pub title: String,
    /// Product code.
    pub product: String,
    /// Phase.
    pub phase: String,
    /// SHA-256 of its content, hex.
    pub content_hash: String,
    /// Effective from.
    #[schema(format = DateTime)]
    pub effective_from: Option<String>,
    /// From then on a later version takes its place.
    #[schema(format = DateTime)]
    pub superseded_from: Option<String>,
}

/// Part of a list of master records.
#[derive(Debug, Serialize, ToSchema)]
pub struct MasterPage {
    /// By code, the newest version first.
    pub masters: Vec<MasterLine>,
    /// The next part's cursor.
    pub next: Option<String>,
}

/// A version of a master record.
#[derive(Debug, Serialize, ToSchema)]
pub struct MasterView {
    pub code: String,
    pub version: u32,
    pub title: String,
    pub product: String,
    pub phase: String,
    pub content_hash: String,
    pub authored: Option<SignatureView>,
    pub checked: Option<SignatureView>,
    pub approved: Option<SignatureView>,
    pub voided: Vec<SignatureView>,
    #[schema(format = DateTime)]
    pub effective_from: Option<String>,
    /// From then on a later version takes its place.
    #[schema(format = DateTime)]
    pub superseded_from: Option<String>,
    pub returned: Option<String>,
    /// Where the burden of its steps is read: the register for the next version.
    pub burden: String,
    pub seq: u64,
    pub etag: String,
}

/// What the steps of a version cost in its batches: about steps, never about persons.
#[derive(Debug, Serialize, ToSchema)]
pub struct BurdenView {
    /// Code.
    pub code: String,
    /// Version.
    pub version: u32,
    /// Batches it is computed from.
    pub batches: u32,
    /// Its steps, in the order of the process.
    pub steps: Vec<StepBurdenView>,
}

/// What one step cost.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepBurdenView {
    /// Operation.
    pub operation: String,
    /// Step.
    pub step: String,
    /// Its name.
    pub name: String,
    /// How often it occurred.
    pub occurrences: u32,
    /// Occurrences started and completed: what the times are of.
    pub timed: u32,
    /// Median time from start to completion, in seconds.
    pub median_seconds: Option<i64>,
    /// Longest time, in seconds.
    pub longest_seconds: Option<i64>,
    /// Recorded values that came late.
    pub late: RateView,
    /// Recorded values that were typed, not read from a device.
    pub manual: RateView,
    /// Entries that were corrected.
    pub corrected: RateView,
    /// Attempts that were refused.
    pub refused: RateView,
    /// Occurrences with an exception.
    pub excepted: RateView,
    /// Exceptions, all together.
    pub exceptions: u32,
}

/// So many of so many.
#[derive(Debug, Serialize, ToSchema)]
pub struct RateView {
    /// So many.
    pub n: u32,
    /// Of so many.
    pub of: u32,
    /// As a decimal; null where there was nothing.
    pub rate: Option<String>,
}

impl From<Rate> for RateView {
    fn from(rate: Rate) -> Self {
        Self { n: rate.n, of: rate.of, rate: rate.decimal().map(|decimal| decimal.to_string()) }
    }
}

impl From<&StepBurden> for StepBurdenView {
    fn from(step: &StepBurden) -> Self {
        Self {
            operation: step.operation.clone(),
            step: step.step.clone(),
            name: step.name.clone(),
            occurrences: step.occurrences,
            timed: step.taken.map_or(0, |taken| taken.timed),
            median_seconds: step.taken.map(|taken| taken.median_seconds),
            longest_seconds: step.taken.map(|taken| taken.longest_seconds),
            late: step.late.into(),
            manual: step.manual.into(),
            corrected: step.corrected.into(),
            refused: step.refused.into(),
            excepted: step.excepted.into(),
            exceptions: step.exceptions,
        }
    }
}

/// The burden of a version.
pub fn burden(code: &str, version: u32, found: &Burden) -> BurdenView {
    let steps = found.steps.iter().map(Into::into).collect();
    BurdenView { code: code.to_owned(), version, batches: found.runs, steps }
}

/// What is wrong with a master record.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingView {
    /// JSON pointer into the content.
    pub pointer: String,
    /// Sort of finding.
    pub code: String,
    /// Requirement id.
    pub rule: String,
    /// What is wrong, and what to do.
    pub detail: String,
}

/// Everything that keeps a version from being submitted, and what is known of its course.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingsView {
    /// None: it can be submitted.
    pub findings: Vec<FindingView>,
    /// What was not played; it keeps nothing from being submitted.
    pub not_played: Vec<NotPlayedView>,
    /// What was played on the rules; null: it was not, see `not_played`.
    pub played: Option<PlayedView>,
}

/// A branch, entry, output or time that nobody has seen played.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotPlayedView {
    /// JSON pointer into the content.
    pub pointer: String,
    /// Step, operation, entry or output.
    pub branch: String,
    /// The condition on which it stands, if one: with `not` where its other side is meant.
    pub condition: Option<String>,
    /// Why it was not played.
    pub why: String,
}

/// How much was played, each thing counted once.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlayedView {
    /// Steps.
    pub steps: u32,
    /// Entries, release specifications among them.
    pub entries: u32,
    /// Gates.
    pub gates: u32,
    /// Batches that were played, each with other values.
    pub batches: u32,
    /// Whether there was time for all of it.
    pub finished: bool,
    /// How long it took, in milliseconds; a known answer is given again.
    pub ms: u64,
}

impl FindingsView {
    /// What was found.
    pub fn of(examined: &Examined) -> Self {
        let found = &examined.found;
        let not_played = found.not_played().into_iter().map(|row: NotPlayed| NotPlayedView {
            pointer: row.pointer,
            branch: row.branch,
            condition: row.condition,
            why: row.why,
        });
        let played = found.play.as_ref().map(|play| PlayedView {
            steps: play.played.steps,
            entries: play.played.entries,
            gates: play.played.gates,
            batches: play.played.batches,
            finished: play.finished,
            ms: examined.took,
        });
        Self {
            findings: found.findings.iter().map(Into::into).collect(),
            not_played: not_played.collect(),
            played,
        }
    }
}

impl MasterLine {
    /// A version as it stands at a moment.
    pub fn of(row: &MasterRow, moment: Instant) -> Self {
        Self {
            code: row.code.clone(),
            version: row.version,
            title: row.title.clone(),
            product: row.product.clone(),
            phase: row.phase_at(moment),
            content_hash: row.content_hash.clone(),
            effective_from: row.effective_from.map(at_micros),
            superseded_from: row.superseded_from.map(at_micros),
        }
    }
}

impl MasterView {
    /// A version as it stands at a moment.
    pub fn of(master: &Master, moment: Instant) -> Self {
        Self {
            code: master.code.clone(),
            version: master.version,
            title: master.title.clone(),
            product: master.product.clone(),
            phase: word(&master.phase_at(moment)),
            content_hash: master.content_hash.clone(),
            authored: master.authored.as_ref().map(Into::into),
            checked: master.checked.as_ref().map(Into::into),
            approved: master.approved.as_ref().map(Into::into),
            voided: master.voided.iter().map(Into::into).collect(),
            effective_from: master.effective_from.map(at),
            superseded_from: master.superseded_from().map(at),
            returned: master.returned.as_ref().map(|(_, _, reason)| reason.clone()),
            burden: format!("/api/v1/masters/{}/versions/{}/burden", master.code, master.version),
            seq: master.seq,
            etag: etag(master.seq),
        }
    }
}

impl From<&Finding> for FindingView {
    fn from(finding: &Finding) -> Self {
        Self {
            pointer: finding.pointer.clone(),
            code: finding.code.clone(),
            rule: finding.rule.clone(),
            detail: finding.sentence.clone(),
        }
    }
}
