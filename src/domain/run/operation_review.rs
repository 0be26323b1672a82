//! Quality's review of one operation's occurrence while the run goes on (rolling review, rule 1.6).

use super::Run;
use crate::domain::clock::Instant;
use crate::domain::ids::OperationKey;
use crate::domain::signing::Signed;
use serde::{Deserialize, Serialize};

/// Quality reviewed a closed occurrence of an operation, signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationReviewed {
    /// Which.
    pub operation: OperationKey,
    /// Up to which entry of the chain.
    pub covers_seq: u64,
    pub conclusion: String,
    /// Results of it that were pending, by their places: those that come and conform lapse nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<String>,
}

/// The review of an operation's occurrence lapsed, because something in it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationReviewLapsed {
    /// Which.
    pub operation: OperationKey,
    /// Why.
    pub cause: String,
}

/// The review of an operation's occurrence as the run remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationReview {
    /// What was written.
    pub told: OperationReviewed,
    /// When.
    pub at: Instant,
    /// The reviewer.
    pub signed: Option<Signed>,
    /// Lapsed since this entry, and why, if something changed afterwards.
    pub lapsed: Option<(u64, String)>,
}

/// The review of an operation's occurrence that stands, if any.
#[must_use]
pub fn standing<'r>(run: &'r Run, operation: &OperationKey) -> Option<&'r OperationReview> {
    let newest = run.operations.get(operation)?.reviews.last();
    newest.filter(|review| review.lapsed.is_none())
}

/// The id of the obligation that an operation's occurrence is reviewed.
#[must_use]
pub fn id(key: &OperationKey) -> String {
    format!("operation/{key}/reviewed")
}
