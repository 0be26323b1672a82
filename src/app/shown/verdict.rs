//! Verdicts, and the device that a value came from.

use super::{at, word};
use crate::domain::limits::Verdict;
use crate::domain::run::reading::ReadingSource;
use serde::Serialize;
use utoipa::ToSchema;

/// The device a value came from.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceView {
    /// The device's id.
    pub device: String,
    /// Its text, word for word.
    pub payload: Option<String>,
    /// Its signature over exactly that text, base64.
    pub signature: Option<String>,
    /// When the device says it measured.
    #[schema(format = DateTime)]
    pub measured_at: Option<String>,
    /// Until when it was calibrated, as known then; null: it was not registered.
    #[schema(format = DateTime)]
    pub calibration_due: Option<String>,
    /// A registered device, in use and in calibration, signed a text that says what was recorded, under the
    /// tag that the master record names (kind `reading`).
    pub verified: bool,
}

impl From<&ReadingSource> for SourceView {
    fn from(source: &ReadingSource) -> Self {
        Self {
            device: source.device.clone(),
            payload: source.payload.clone(),
            signature: source.signature.clone(),
            measured_at: source.measured_at.map(at),
            calibration_due: source.calibration_due.map(at),
            verified: source.verified,
        }
    }
}

/// A verdict: a fact of that time.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerdictView {
    /// What the limit is for.
    pub purpose: String,
    /// `within`, `below`, `above` or `other`.
    pub side: String,
    /// The limit as printed at that time.
    pub limit: String,
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
