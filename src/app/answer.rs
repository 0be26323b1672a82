//! What callers are told after a command: one typed answer a noun, made of what was decided.
//!
//! The same types stand in the OpenAPI document. An answer becomes JSON once, in the decision, because the receipt
//! keeps it and a repeated request gets that very text; [`Done`](super::desk::Done) carries its type on.

pub use super::core::{Core, EntryPlace, HappenedView, OpenedView, RecordView};
use super::shown::ahead::PreflightView;
use super::shown::etag;
use super::versions::VersionTold;
use crate::domain::limits::{Purpose, Side, Verdict};
use crate::domain::loaded::Command;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

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
            /// Every version that changed, of the record, its parts and other records: what the next order is decided on.
            pub versions: Vec<VersionTold>,
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
                let Core { record, seq, version, happened, versions, exceptions } = core;
                let etag = etag(version);
                Self { record, seq, etag, happened, versions, exceptions, $($always,)* $($field: None,)* }
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
