//! What every answer to an order says: of which record, what followed in its journal, what changed, what opened.

use super::versions::{Before, VersionTold, changed};
use crate::domain::command::Planned;
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::ids::{RecordKey, RecordKind};
use crate::domain::loaded::Loaded;
use crate::domain::run::acts::RunEvent;
use crate::domain::words::{EntryKey, OnCritical};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordView {
    /// `run`, `master`, `lot`, `deviation`, `device`, `series`, `person`, `site`.
    #[schema(value_type = String)]
    pub kind: RecordKind,
    /// Identity.
    #[schema(value_type = String)]
    pub id: Uuid,
    /// Business number; the site has none.
    pub number: Option<String>,
}

/// An entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HappenedView {
    /// Sequence in the record.
    pub seq: u64,
    /// Event name.
    pub event: String,
}

/// Where an entry stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EntryPlace {
    /// The step's occurrence, as in `OP-01.1~1/01.1.1~1`; absent for a release specification.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub step: Option<String>,
    /// The entry; empty where the occurrence as a whole is meant.
    pub entry: String,
}

impl From<&EntryKey> for EntryPlace {
    fn from(at: &EntryKey) -> Self {
        Self { step: at.step.as_ref().map(ToString::to_string), entry: at.entry.clone() }
    }
}

/// An exception that opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenedView {
    /// Number within the batch.
    pub no: u32,
    /// Type.
    #[schema(value_type = String)]
    pub kind: ExceptionKind,
    /// Proposed severity: `critical`, `major` or `minor`.
    #[schema(value_type = String)]
    pub severity: Severity,
    /// What it decides about what may happen next: `continue`, `to-safe-point`, `gate` or `stop`.
    #[schema(value_type = String)]
    pub effect: OnCritical,
    /// Where, if anywhere.
    pub at: Option<EntryPlace>,
    /// What happened.
    pub detail: String,
}

impl From<&Opened> for OpenedView {
    fn from(opened: &Opened) -> Self {
        Self {
            no: opened.no,
            kind: opened.kind,
            severity: opened.severity,
            effect: opened.effect,
            at: opened.at.as_ref().map(Into::into),
            detail: opened.detail.clone(),
        }
    }
}

/// What every answer says: of which record, its new head, and what followed in its journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Core {
    pub(super) record: RecordView,
    pub(super) seq: u64,
    pub(super) version: u64,
    pub(super) happened: Vec<HappenedView>,
    pub(super) versions: Vec<VersionTold>,
    pub(super) exceptions: Vec<OpenedView>,
}

impl Core {
    /// Of a record (its number, and the entry with which its journal ended) before these events; its version is its
    /// new head.
    #[must_use]
    pub fn of(
        key: RecordKey,
        before: (Option<&str>, u64),
        loaded: &Loaded,
        events: &[Planned],
    ) -> Self {
        Self::typed(key, before, loaded, events, &[])
    }

    /// The same of a run whose own events are at hand as they were decided.
    #[must_use]
    pub fn typed(
        key: RecordKey,
        (number, head): (Option<&str>, u64),
        loaded: &Loaded,
        events: &[Planned],
        typed: &[RunEvent],
    ) -> Self {
        let before = Before { key, number: number.map(str::to_owned), head };
        let versions = changed(&before, loaded, events, typed);
        let own = events.iter().filter(|planned| planned.record == key);
        let happened: Vec<HappenedView> = (head + 1..)
            .zip(own)
            .map(|(seq, planned)| HappenedView { seq, event: planned.name.clone() })
            .collect();
        let seq = happened.last().map_or(head, |last| last.seq);
        let record = RecordView { kind: key.kind, id: key.id, number: before.number };
        Self { record, seq, version: seq, happened, versions, exceptions: Vec::new() }
    }

    /// The same about a smaller thing of the record, which has a version of its own.
    #[must_use]
    pub fn at_version(self, version: Option<u64>) -> Self {
        Self { version: version.unwrap_or(self.version), ..self }
    }

    /// The same with no versions but these: others the caller may not know of.
    #[must_use]
    pub fn telling(mut self, may: impl Fn(&VersionTold) -> bool) -> Self {
        self.versions.retain(may);
        self
    }

    /// The same with the exceptions that opened.
    #[must_use]
    pub fn opening(self, exceptions: Vec<OpenedView>) -> Self {
        Self { exceptions, ..self }
    }
}
