//! What callers are told after a command: one typed answer a noun, made of what was decided.
//!
//! The same types stand in the OpenAPI document. An answer becomes JSON once, in the decision, because the receipt
//! keeps it and a repeated request gets that very text; [`Done`](super::desk::Done) carries its type on.

use super::shown::ahead::PreflightView;
use super::shown::etag;
use crate::domain::command::Planned;
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::ids::{RecordKey, RecordKind};
use crate::domain::limits::{Purpose, Side, Verdict};
use crate::domain::loaded::Command;
use crate::domain::words::{EntryKey, OnCritical};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A command whose caller is told an answer of this type.
pub trait Tells: Command {
    /// The answer.
    type Answer: Serialize + ToSchema;
}

/// The answer of a command as its decision carries it.
#[must_use]
pub fn told<C: Tells>(answer: &C::Answer) -> Value {
    serde_json::to_value(answer)
        .expect("an answer is plain data with text keys, which JSON always takes")
}

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

/// A verdict on the value that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct JudgedView {
    /// What the limit is for.
    #[schema(value_type = String)]
    pub purpose: Purpose,
    /// `within`, `below`, `above` or `other`.
    #[schema(value_type = String)]
    pub side: Side,
    /// The limit as printed at that time.
    pub limit: String,
}

impl From<&Verdict> for JudgedView {
    fn from(verdict: &Verdict) -> Self {
        Self { purpose: verdict.purpose, side: verdict.side, limit: verdict.limit.clone() }
    }
}

/// What every answer says: of which record, its new head, and what followed in its journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Core {
    record: RecordView,
    seq: u64,
    version: u64,
    happened: Vec<HappenedView>,
    exceptions: Vec<OpenedView>,
}

impl Core {
    /// Of a record whose journal ended with `head` before these events; its version is its new head.
    #[must_use]
    pub fn of(key: RecordKey, number: Option<&str>, head: u64, events: &[Planned]) -> Self {
        let own = events.iter().filter(|planned| planned.record == key);
        let happened: Vec<HappenedView> = (head + 1..)
            .zip(own)
            .map(|(seq, planned)| HappenedView { seq, event: planned.name.clone() })
            .collect();
        let seq = happened.last().map_or(head, |last| last.seq);
        let record = RecordView { kind: key.kind, id: key.id, number: number.map(str::to_owned) };
        Self { record, seq, version: seq, happened, exceptions: Vec::new() }
    }

    /// The same about a smaller thing of the record, which has a version of its own.
    #[must_use]
    pub fn at_version(self, version: Option<u64>) -> Self {
        Self { version: version.unwrap_or(self.version), ..self }
    }

    /// The same with the exceptions that opened.
    #[must_use]
    pub fn opening(self, exceptions: Vec<OpenedView>) -> Self {
        Self { exceptions, ..self }
    }
}

/// Declares an answer: what each one says, what this one always says beside it, and what it says sometimes.
macro_rules! answer {
    ($(#[$meta:meta])* $name:ident
        { $($(#[$always_meta:meta])* $always:ident: $always_type:ty,)* }
        sometimes { $($(#[$meta_of:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Serialize, ToSchema)]
        pub struct $name {
            /// The record it was about.
            pub record: RecordView,
            /// The record's newest journal entry.
            pub seq: u64,
            /// Version of the thing that changed, for If-Match; also in the header ETag.
            pub etag: String,
            /// What followed in the record's journal.
            pub happened: Vec<HappenedView>,
            /// Exceptions of the batch that opened.
            pub exceptions: Vec<OpenedView>,
            $($(#[$always_meta])* pub $always: $always_type,)*
            $(
                $(#[$meta_of])*
                #[serde(skip_serializing_if = "Option::is_none")]
                #[schema(nullable = false)]
                pub $field: Option<$type>,
            )*
        }

        impl $name {
            /// With what it always says.
            #[must_use]
            pub fn new(core: Core, $($always: $always_type),*) -> Self {
                let Core { record, seq, version, happened, exceptions } = core;
                let etag = etag(version);
                Self { record, seq, etag, happened, exceptions, $($always,)* $($field: None,)* }
            }
        }
    };
}

/// What was added to a record that is final.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AddendumTold {
    /// From 1.
    pub no: u32,
    /// Why only now; null: the reason is owed.
    pub reason: Option<String>,
}

answer! {
    /// What an order to a batch answers.
    RunAnswer {} sometimes {
        /// The entry that was sent, where one was.
        entry: String,
        /// The value as people read it.
        shown: String,
        /// Verdicts on the value.
        verdicts: Vec<JudgedView>,
        /// Whether a second person looks at it too.
        check_owed: bool,
        /// The value is implausible: it was kept, and waits to be sent again with `confirmed`.
        confirmation_asked: bool,
        /// Number of the determination.
        determination: u32,
        /// Number of the corrected determination.
        claim: u32,
        /// Whether the correction is claimed only, because it may make the result better.
        claimed: bool,
        /// Where the entry stands that the order was about.
        at: EntryPlace,
        /// The step's occurrence that the order was about.
        step: String,
        /// The operation's occurrence that the order was about.
        operation: String,
        /// Number of the hold.
        hold: u32,
        /// Number of the alarm.
        alarm: u32,
        /// Number of what happened.
        happening: u32,
        /// Number of the emergency act.
        emergency_act: u32,
        /// Number of the change.
        amendment: u32,
        /// Number of the notice.
        notice: u32,
        /// The lot that came out.
        lot: String,
        /// What the decision can never let go, one thing a line.
        never_waived: Vec<String>,
        /// Where the record is final: what this adds to it.
        addendum: AddendumTold,
    }
}

/// A version of a master record, as a batch is issued from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MasterTold {
    /// Code.
    pub code: String,
    /// Version.
    pub version: u32,
    /// SHA-256 of its content.
    pub content_hash: String,
}

answer! {
    /// What issuing a batch answers.
    IssueAnswer {
        /// The site's number of the issue.
        issue_no: u64,
        /// From which master record.
        master: MasterTold,
    } sometimes {
        /// What the first day will bring, for who may read it.
        preflight: PreflightView,
    }
}

/// A batch that something on the floor concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BatchConcerned {
    /// Its number.
    pub batch: String,
    /// Its exception that says so.
    pub exception: u32,
}

answer! {
    /// What a report from the floor answers.
    FloorAnswer {} sometimes {
        /// Of an area or a piece of equipment: how many batches it concerns.
        concerned: usize,
        /// Of an area or a piece of equipment: those of them that you may know of.
        batches: Vec<BatchConcerned>,
        /// Of an area in which nothing runs: those in which something does, as far as you may know of it. Whoever meant
        /// one of them reports again.
        known_areas: Vec<String>,
        /// Of one batch: the number of what happened.
        happening: u32,
        /// Of one batch whose record is final: what this adds to it.
        addendum: AddendumTold,
    }
}

answer! {
    /// What the decision on an exception answers.
    TriageAnswer {} sometimes {
        /// The deviation that was opened or joined.
        deviation: String,
        /// What the decision can never let go, one thing a line.
        never_waived: Vec<String>,
        /// Where the record is final: what this adds to it.
        addendum: AddendumTold,
    }
}

answer! {
    /// What an order to a deviation answers.
    DeviationAnswer {
        /// Its number.
        deviation: String,
    } sometimes {}
}

answer! {
    /// What an order to a lot answers.
    LotAnswer {} sometimes {
        /// What the lot may be used for now.
        disposition: String,
        /// `stands`, where a lot in question was found to stand.
        decision: String,
    }
}

answer! {
    /// What an order to a master record answers.
    MasterAnswer {
        /// Code.
        code: String,
        /// Version.
        version: u32,
        /// SHA-256 of its content.
        content_hash: String,
    } sometimes {}
}

answer! {
    /// What an order to an account answers.
    PersonAnswer {} sometimes {
        /// A temporary password that was drawn: told once, and not to a repeated request.
        temporary_password: String,
    }
}

answer! {
    /// What an order answers that has no more to tell.
    RecordAnswer {} sometimes {}
}

answer! {
    /// What an order to the site answers.
    SiteAnswer {} sometimes {}
}

answer! {
    /// What issuing a rendition answers.
    RenditionAnswer {
        /// Its number.
        no: u32,
        /// SHA-256 of its bytes.
        sha256: String,
        /// How many bytes it has.
        bytes: u64,
        /// The batch's journal entry up to which it shows the record.
        covers_seq: u64,
    } sometimes {}
}
