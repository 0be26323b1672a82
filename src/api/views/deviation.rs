//! Deviations.

use super::{SignatureView, WhoView, at, at_micros, word};
use crate::app::deviation::list::DeviationRow;
use crate::domain::deviation::Deviation;
use crate::http::preconditions::etag;
use serde::Serialize;
use utoipa::ToSchema;

/// A deviation as a line of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviationLine {
    /// Number.
    number: String,
    /// Title.
    title: String,
    /// Phase.
    phase: String,
    /// Class.
    class: Option<String>,
    /// Opened at.
    opened_at: String,
}

/// Part of a list of deviations.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviationPage {
    /// Newest number first.
    pub deviations: Vec<DeviationLine>,
    /// The next part's cursor.
    pub next: Option<String>,
}

/// A run that a deviation concerns.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConcernedRun {
    /// Batch number.
    batch: String,
    /// Its exceptions.
    exceptions: Vec<u32>,
}

/// A note of the investigation.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoteView {
    /// When.
    at: String,
    /// Who.
    by: WhoView,
    /// What was found.
    text: String,
}

/// What was concluded, and who signed it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConclusionView {
    /// Conclusion.
    conclusion: String,
    /// Other batches that were assessed.
    other_batches: Option<String>,
    /// Signature.
    signed: Option<SignatureView>,
}

/// A deviation, whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviationView {
    number: String,
    title: String,
    phase: String,
    class: Option<String>,
    opened_at: String,
    opened_by: WhoView,
    runs: Vec<ConcernedRun>,
    investigation: Vec<NoteView>,
    impact: Option<ConclusionView>,
    closed: Option<ConclusionView>,
    seq: u64,
    etag: String,
}

impl From<&DeviationRow> for DeviationLine {
    fn from(row: &DeviationRow) -> Self {
        Self {
            number: row.number.clone(),
            title: row.title.clone(),
            phase: row.phase.clone(),
            class: row.class.clone(),
            opened_at: at_micros(row.opened_at),
        }
    }
}

impl From<&Deviation> for DeviationView {
    fn from(deviation: &Deviation) -> Self {
        let runs = deviation.runs.values().map(|(batch, exceptions)| ConcernedRun {
            batch: batch.clone(),
            exceptions: exceptions.iter().copied().collect(),
        });
        let notes = deviation.investigation.iter().map(|(moment, who, text)| NoteView {
            at: at(*moment),
            by: WhoView::from(who),
            text: text.clone(),
        });
        let impact = deviation.impact.as_ref().map(|(text, other, signed)| ConclusionView {
            conclusion: text.clone(),
            other_batches: Some(other.clone()),
            signed: signed.as_ref().map(Into::into),
        });
        let closed = deviation.closed.as_ref().map(|(text, signed)| ConclusionView {
            conclusion: text.clone(),
            other_batches: None,
            signed: signed.as_ref().map(Into::into),
        });
        Self {
            number: deviation.number.clone(),
            title: deviation.title.clone(),
            phase: word(&deviation.phase),
            class: deviation.class.as_ref().map(word),
            opened_at: at(deviation.opened.0),
            opened_by: WhoView::from(&deviation.opened.1),
            runs: runs.collect(),
            investigation: notes.collect(),
            impact,
            closed,
            seq: deviation.seq,
            etag: etag(deviation.seq),
        }
    }
}
