//! What is kept of a run beside its process: complaints, notices and decisions by quality, and the word
//! that something came as an addendum to a final record.

use crate::domain::clock::Instant;
use crate::domain::words::Who;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Sorts of what quality adds to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// Somebody complains about what the batch became (21 CFR 211.198): it is investigated.
    Complaint,
    /// Something was told: by a supplier, an authority, another site.
    Notice,
    /// Quality decided something about the batch.
    Decision,
}

impl NoticeKind {
    /// The word in the API and on paper.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::Notice => "notice",
            Self::Decision => "decision",
        }
    }
}

/// Quality added something to a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// From 1, gap-free per run.
    pub no: u32,
    /// Which sort.
    pub kind: NoticeKind,
    /// What, in the person's words.
    pub text: String,
    /// The exception that a complaint opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<u32>,
}

/// A notice as the run remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRun {
    /// What was written.
    pub told: Notice,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: Who,
}

/// A lot of the run in question stands, as quality decided on the lot's own chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotFoundToStand {
    /// Lot number.
    pub lot: String,
    /// Sequence of the decision in the lot's chain.
    pub lot_seq: u64,
}

/// Facts were added to a record that was final.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addended {
    /// From 1, gap-free per run.
    pub no: u32,
    /// The order that brought them, as in `record-entry`.
    pub what: String,
    /// Entries of the run's chain that are the addendum: first and last.
    pub entries: (u64, u64),
    /// Why they come only now; none was given where an exception owes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The exception that owes the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<u32>,
}

/// An addendum as the run remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddendumRun {
    /// What was written.
    pub told: Addended,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: Who,
}
