//! Master records.

use super::{SignatureView, at, at_micros, word};
use crate::app::master::burden::{Burden, Rate, StepBurden};
use crate::app::master::list::{Finding, MasterRow};
use crate::domain::clock::Instant;
use crate::domain::master::state::Master;
use crate::http::preconditions::etag;
use serde::Serialize;
use utoipa::ToSchema;

/// A version of a master record as a line of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct MasterLine {
    /// Code.
    code: String,
    /// Version.
    version: i64,
    /// Title.
    title: String,
    /// Product code.
    product: String,
    /// Phase.
    phase: String,
    /// SHA-256 of its content, hex.
    content_hash: String,
    /// Effective from.
    effective_from: Option<String>,
    /// From then on a later version takes its place.
    superseded_from: Option<String>,
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
    code: String,
    version: u32,
    title: String,
    product: String,
    phase: String,
    content_hash: String,
    authored: Option<SignatureView>,
    checked: Option<SignatureView>,
    approved: Option<SignatureView>,
    voided: Vec<SignatureView>,
    effective_from: Option<String>,
    /// From then on a later version takes its place.
    superseded_from: Option<String>,
    returned: Option<String>,
    /// Where the burden of its steps is read: the register for the next version.
    burden: String,
    seq: u64,
    etag: String,
}

/// What the steps of a version cost in its batches: about steps, never about persons.
#[derive(Debug, Serialize, ToSchema)]
pub struct BurdenView {
    /// Code.
    code: String,
    /// Version.
    version: u32,
    /// Batches it is computed from.
    batches: u32,
    /// Its steps, in the order of the process.
    steps: Vec<StepBurdenView>,
}

/// What one step cost.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepBurdenView {
    /// Operation.
    operation: String,
    /// Step.
    step: String,
    /// Its name.
    name: String,
    /// How often it occurred.
    occurrences: u32,
    /// Occurrences started and completed: what the times are of.
    timed: u32,
    /// Median time from start to completion, in seconds.
    median_seconds: Option<i64>,
    /// Longest time, in seconds.
    longest_seconds: Option<i64>,
    /// Recorded values that came late.
    late: RateView,
    /// Recorded values that were typed, not read from a device.
    manual: RateView,
    /// Entries that were corrected.
    corrected: RateView,
    /// Attempts that were refused.
    refused: RateView,
    /// Occurrences with an exception.
    excepted: RateView,
    /// Exceptions, all together.
    exceptions: u32,
}

/// So many of so many.
#[derive(Debug, Serialize, ToSchema)]
pub struct RateView {
    /// So many.
    n: u32,
    /// Of so many.
    of: u32,
    /// As a decimal; null where there was nothing.
    rate: Option<String>,
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
    pointer: String,
    /// Sort of finding.
    code: String,
    /// Requirement id.
    rule: String,
    /// What is wrong, and what to do.
    detail: String,
}

/// Everything that keeps a version from being submitted.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingsView {
    /// None: it can be submitted.
    pub findings: Vec<FindingView>,
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
