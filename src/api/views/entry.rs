//! An entry: what it asks, every version of its value, what was tried on the way.

use super::{WhoView, at, word};
use crate::domain::entry::spec::EntrySpec;
use crate::domain::limits::Verdict;
use crate::domain::run::{Attempt, Content, EntryRun, EntryVersion, TrailPoint};
use crate::http::preconditions::etag;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// An entry of a step's occurrence, or a release specification.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryView {
    /// Id in the master record.
    entry: String,
    /// Name.
    name: String,
    /// Kind, as in `number`.
    kind: String,
    /// What it asks, as printed beside it.
    asks: String,
    /// Whether what it belongs to waits for it.
    mandatory: bool,
    /// When it is due: `step`, `gate` or `release`.
    #[schema(value_type = Object)]
    due: Value,
    /// All versions; the last one counts, nothing is overwritten.
    versions: Vec<VersionView>,
    /// Readings and additions on the way to a target.
    trail: Vec<TrailPointView>,
    /// Attempts that were kept and not recorded.
    attempts: Vec<AttemptView>,
    /// For If-Match; null while there is no value.
    etag: Option<String>,
}

/// One version of an entry.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionView {
    /// From 1.
    version: u32,
    /// As people read it; null where there is no value.
    shown: Option<String>,
    /// The canonical value.
    #[schema(value_type = Option<Object>)]
    value: Option<Value>,
    /// Why there is no value.
    absence: Option<String>,
    /// The input as sent, canonical JSON.
    raw: String,
    /// Verdicts at that time.
    verdicts: Vec<VerdictView>,
    /// Recorded by.
    by: WhoView,
    /// Recorded at.
    at: String,
    /// Performed at, where declared otherwise.
    performed_at: Option<String>,
    /// Where the knowledge comes from.
    #[schema(value_type = Object)]
    basis: Value,
    /// Reason of a correction, a late entry or an absence.
    reason: Option<String>,
    /// A slip: within 60 seconds, unsigned, unused.
    slip: bool,
    /// What had been done relying on the value before.
    superseded_uses: Vec<String>,
    /// Whether it owes a check.
    check_owed: bool,
    /// Checked by.
    checked_by: Option<WhoView>,
    /// Checked at.
    checked_at: Option<String>,
    /// Exceptions it opened.
    exceptions: Vec<u32>,
    /// The journal entry it stands in.
    seq: u64,
}

/// A verdict: a fact of that time.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerdictView {
    /// What the limit is for.
    purpose: String,
    /// `within`, `below`, `above` or `other`.
    side: String,
    /// The limit as printed at that time.
    limit: String,
}

/// A reading or addition.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrailPointView {
    /// `reading` or `addition`.
    kind: String,
    /// As people read it.
    shown: String,
    /// When.
    at: String,
    /// Who.
    by: WhoView,
}

/// An attempt that was kept and not recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttemptView {
    /// The input as sent.
    raw: String,
    /// As people read it.
    shown: String,
    /// Verdicts.
    verdicts: Vec<VerdictView>,
    /// When.
    at: String,
    /// Who.
    by: WhoView,
}

impl From<&Verdict> for VerdictView {
    fn from(verdict: &Verdict) -> Self {
        Self {
            purpose: word(&verdict.purpose),
            side: word(&verdict.side),
            limit: verdict.limit.clone(),
        }
    }
}

impl From<&TrailPoint> for TrailPointView {
    fn from(point: &TrailPoint) -> Self {
        Self {
            kind: point.kind.clone(),
            shown: point.shown.clone(),
            at: at(point.at),
            by: WhoView::from(&point.by),
        }
    }
}

impl From<&Attempt> for AttemptView {
    fn from(attempt: &Attempt) -> Self {
        Self {
            raw: attempt.raw.clone(),
            shown: attempt.shown.clone(),
            verdicts: attempt.verdicts.iter().map(Into::into).collect(),
            at: at(attempt.at),
            by: WhoView::from(&attempt.by),
        }
    }
}

impl From<&EntryVersion> for VersionView {
    fn from(version: &EntryVersion) -> Self {
        let (shown, value, absence) = match &version.content {
            Content::Value(value) => (Some(value.shown.clone()), Some(value.data.clone()), None),
            Content::Absent(absence) => (None, None, Some(word(absence))),
        };
        Self {
            version: version.version,
            shown,
            value,
            absence,
            raw: version.raw.clone(),
            verdicts: version.verdicts.iter().map(Into::into).collect(),
            by: WhoView::from(&version.by),
            at: at(version.at),
            performed_at: version.performed_at.map(at),
            basis: serde_json::to_value(&version.basis).unwrap_or_default(),
            reason: version.reason.clone(),
            slip: version.slip,
            superseded_uses: version.superseded_uses.clone(),
            check_owed: version.check_owed,
            checked_by: version.checked.as_ref().map(|(_, who)| WhoView::from(who)),
            checked_at: version.checked.as_ref().map(|(moment, _)| at(*moment)),
            exceptions: version.exceptions.clone(),
            seq: version.seq,
        }
    }
}

/// An entry as asked and, where something was recorded, as it stands.
pub fn entry(spec: &EntrySpec, run: Option<&EntryRun>) -> EntryView {
    let current = run.and_then(EntryRun::current);
    EntryView {
        entry: spec.id.clone(),
        name: spec.name.clone(),
        kind: spec.kind.name().to_owned(),
        asks: spec.kind.as_kind().asks(),
        mandatory: spec.mandatory,
        due: serde_json::to_value(&spec.due).unwrap_or_default(),
        versions: run.map(|run| run.versions.iter().map(Into::into).collect()).unwrap_or_default(),
        trail: run.map(|run| run.trail.iter().map(Into::into).collect()).unwrap_or_default(),
        attempts: run.map(|run| run.attempts.iter().map(Into::into).collect()).unwrap_or_default(),
        etag: current.map(|version| etag(version.seq)),
    }
}
