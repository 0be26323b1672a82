//! Deviations.

use super::{SignatureView, WhoView, at, at_micros, word};
use crate::app::deviation::list::DeviationRow;
use crate::app::deviation::others::Proposals;
use crate::domain::deviation::Deviation;
use crate::domain::deviation::content::{
    Closing, Looked, LotImpact, Reclassified, Reopened, Report,
};
use crate::domain::deviation::others::{Ground, Proposal};
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
    /// Changes of its class, in order.
    classifications: Vec<ClassView>,
    investigation: Vec<NoteView>,
    /// The investigation as its investigator signed it.
    report: Option<ReportView>,
    /// Investigations that no longer count.
    superseded_reports: Vec<ReportView>,
    impact: Option<ConclusionView>,
    closed: Option<ClosingView>,
    /// Reopenings, in order.
    reopened: Vec<ReopenedView>,
    seq: u64,
    etag: String,
}

/// The investigation as its investigator signed it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportView {
    /// What was investigated and found.
    text: String,
    /// Root cause, or why none was found.
    root_cause: String,
    /// Corrective and preventive action, or why none is needed.
    capa: String,
    /// The investigator.
    signed: Option<SignatureView>,
}

/// A change of class.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClassView {
    /// To this.
    class: String,
    /// Why.
    reason: String,
    /// Who signed.
    signed: Vec<SignatureView>,
}

/// What a deviation means for a lot.
#[derive(Debug, Serialize, ToSchema)]
pub struct LotImpactView {
    /// Lot number.
    lot: String,
    /// What it means.
    impact: String,
}

/// What another batch shares.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroundView {
    /// `lot`, `device`, `equipment`, `area` or `person`.
    by: String,
    /// Which.
    what: String,
}

/// Another batch, with the grounds on which it is proposed.
#[derive(Debug, Serialize, ToSchema)]
pub struct OtherBatch {
    /// Batch number.
    batch: String,
    /// What it shares.
    grounds: Vec<GroundView>,
}

/// Other batches that a deviation may concern.
#[derive(Debug, Serialize, ToSchema)]
pub struct OtherBatches {
    /// By batch number.
    batches: Vec<OtherBatch>,
    /// How many more there are of products beyond your scope; whoever closes the deviation sees them.
    beyond_your_products: usize,
}

/// Another batch that was looked at.
#[derive(Debug, Serialize, ToSchema)]
pub struct LookedView {
    /// Batch number.
    batch: String,
    /// What was found there.
    word: String,
    /// On which grounds it was proposed.
    grounds: Vec<GroundView>,
}

/// A closing: what quality signed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClosingView {
    /// Conclusion; of a minor deviation its explanation.
    conclusion: String,
    /// What it means for each lot of its batches.
    lots: Vec<LotImpactView>,
    /// Other batches that were looked at.
    other_batches: Vec<LookedView>,
    /// Signature.
    signed: Option<SignatureView>,
}

/// A reopening.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReopenedView {
    /// When.
    at: String,
    /// Who.
    by: WhoView,
    /// Why.
    reason: String,
    /// The closing that no longer counts.
    closed: Option<ClosingView>,
}

fn grounds(grounds: &[Ground]) -> Vec<GroundView> {
    let view = |g: &Ground| GroundView { by: g.by.as_str().into(), what: g.what.clone() };
    grounds.iter().map(view).collect()
}

impl From<&Proposals> for OtherBatches {
    fn from(proposed: &Proposals) -> Self {
        let batch = |proposal: &Proposal| OtherBatch {
            batch: proposal.batch.clone(),
            grounds: grounds(&proposal.grounds),
        };
        let batches = proposed.batches.iter().map(batch).collect();
        Self { batches, beyond_your_products: proposed.beyond }
    }
}

impl From<&Report> for ReportView {
    fn from(report: &Report) -> Self {
        Self {
            text: report.text.clone(),
            root_cause: report.root_cause.to_string(),
            capa: report.capa.to_string(),
            signed: report.signed.as_ref().map(Into::into),
        }
    }
}

impl From<&Closing> for ClosingView {
    fn from(closing: &Closing) -> Self {
        let lot = |named: &LotImpact| LotImpactView {
            lot: named.lot.clone(),
            impact: named.impact.clone(),
        };
        let looked = |other: &Looked| LookedView {
            batch: other.batch.clone(),
            word: other.word.clone(),
            grounds: grounds(&other.grounds),
        };
        Self {
            conclusion: closing.conclusion.clone(),
            lots: closing.lots.iter().map(lot).collect(),
            other_batches: closing.others.iter().map(looked).collect(),
            signed: closing.signed.as_ref().map(Into::into),
        }
    }
}

impl From<&Reclassified> for ClassView {
    fn from(changed: &Reclassified) -> Self {
        Self {
            class: word(&changed.class),
            reason: changed.reason.clone(),
            signed: changed.signed.iter().map(Into::into).collect(),
        }
    }
}

impl From<&Reopened> for ReopenedView {
    fn from(reopened: &Reopened) -> Self {
        Self {
            at: at(reopened.at),
            by: WhoView::from(&reopened.by),
            reason: reopened.reason.clone(),
            closed: reopened.closing.as_ref().map(Into::into),
        }
    }
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
        Self {
            number: deviation.number.clone(),
            title: deviation.title.clone(),
            phase: word(&deviation.phase),
            class: deviation.class.as_ref().map(word),
            opened_at: at(deviation.opened.0),
            opened_by: WhoView::from(&deviation.opened.1),
            runs: runs.collect(),
            investigation: notes.collect(),
            classifications: deviation.classes.iter().map(Into::into).collect(),
            report: deviation.report.as_ref().map(Into::into),
            superseded_reports: deviation.superseded.iter().map(Into::into).collect(),
            impact,
            closed: deviation.closed.as_ref().map(Into::into),
            reopened: deviation.reopened.iter().map(Into::into).collect(),
            seq: deviation.seq,
            etag: etag(deviation.seq),
        }
    }
}
