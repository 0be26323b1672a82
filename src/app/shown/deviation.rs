//! Deviations.

use super::{SignatureView, WhoView, at, etag, word};
use crate::app::deviation::others::Proposals;
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::deviation::Deviation;
use crate::domain::deviation::content::{
    Closing, Looked, LotImpact, Owner, Reclassified, Reopened, Report,
};
use crate::domain::deviation::ground::{Ground, Proposal};
use serde::Serialize;
use utoipa::ToSchema;

/// A day in the unit of moments.
const DAY: i64 = 24 * 60 * MINUTE;

/// A deviation as a line of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviationLine {
    /// Number.
    pub number: String,
    /// Title.
    pub title: String,
    /// Phase.
    pub phase: String,
    /// Class.
    pub class: Option<String>,
    /// Opened at.
    #[schema(format = DateTime)]
    pub opened_at: String,
    /// By whom.
    pub opened_by: WhoView,
    /// Whose it is: its opener's, until it is given to somebody.
    pub owner: OwnerView,
    /// To be closed by then; null: nobody said by when.
    pub due_at: Option<String>,
    /// Not closed, and that has passed.
    pub overdue: bool,
    /// The investigator's signature under the investigation in force.
    pub investigated: Option<SignatureView>,
    /// Closed at.
    pub closed_at: Option<String>,
    /// Whole days from its opening until it was closed, or until now.
    pub days_open: i64,
    /// The batches that it concerns.
    pub batches: Vec<String>,
}

/// Part of a list of deviations.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviationPage {
    /// By number, the newest first unless the oldest were asked for.
    pub deviations: Vec<DeviationLine>,
    /// The next part's cursor.
    pub next: Option<String>,
}

/// Whose a deviation is.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnerView {
    /// User name; `system` for the system itself.
    #[schema(example = "qadir")]
    pub user_name: String,
    /// Printed name.
    pub printed_name: String,
}

impl From<&Owner> for OwnerView {
    fn from(owner: &Owner) -> Self {
        Self { user_name: owner.user_name.clone(), printed_name: owner.printed_name.clone() }
    }
}

/// That a deviation was given to somebody.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignmentView {
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// By whom.
    pub by: WhoView,
    /// To whom.
    pub owner: OwnerView,
    /// To be closed by then.
    #[schema(format = DateTime)]
    pub due_at: String,
    /// Why.
    pub reason: String,
}

/// A run that a deviation concerns.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConcernedRun {
    /// Batch number.
    pub batch: String,
    /// Its exceptions.
    pub exceptions: Vec<u32>,
}

/// A note of the investigation.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoteView {
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Who.
    pub by: WhoView,
    /// What was found.
    pub text: String,
}

/// What was concluded, and who signed it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConclusionView {
    /// Conclusion.
    pub conclusion: String,
    /// Other batches that were assessed.
    pub other_batches: Option<String>,
    /// Signature.
    pub signed: Option<SignatureView>,
}

/// A deviation, whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviationView {
    pub number: String,
    pub title: String,
    pub phase: String,
    pub class: Option<String>,
    #[schema(format = DateTime)]
    pub opened_at: String,
    pub opened_by: WhoView,
    /// Whose it is: its opener's, until it is given to somebody.
    pub owner: OwnerView,
    /// To be closed by then; null: nobody said by when.
    pub due_at: Option<String>,
    /// How it was given from one to the other, in order.
    pub assignments: Vec<AssignmentView>,
    pub runs: Vec<ConcernedRun>,
    /// Changes of its class, in order.
    pub classifications: Vec<ClassView>,
    pub investigation: Vec<NoteView>,
    /// The investigation as its investigator signed it.
    pub report: Option<ReportView>,
    /// Investigations that no longer count.
    pub superseded_reports: Vec<ReportView>,
    pub impact: Option<ConclusionView>,
    pub closed: Option<ClosingView>,
    /// Reopenings, in order.
    pub reopened: Vec<ReopenedView>,
    pub seq: u64,
    pub etag: String,
}

/// The investigation as its investigator signed it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportView {
    /// What was investigated and found.
    pub text: String,
    /// Root cause, or why none was found.
    pub root_cause: String,
    /// Corrective and preventive action, or why none is needed.
    pub capa: String,
    /// The investigator.
    pub signed: Option<SignatureView>,
}

/// A change of class.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClassView {
    /// To this.
    pub class: String,
    /// Why.
    pub reason: String,
    /// Who signed.
    pub signed: Vec<SignatureView>,
}

/// What a deviation means for a lot.
#[derive(Debug, Serialize, ToSchema)]
pub struct LotImpactView {
    /// Lot number.
    pub lot: String,
    /// What it means.
    pub impact: String,
}

/// What another batch shares.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroundView {
    /// `lot`, `device`, `equipment`, `area` or `person`.
    pub by: String,
    /// Which.
    pub what: String,
}

/// Another batch, with the grounds on which it is proposed.
#[derive(Debug, Serialize, ToSchema)]
pub struct OtherBatch {
    /// Batch number.
    pub batch: String,
    /// What it shares.
    pub grounds: Vec<GroundView>,
}

/// Other batches that a deviation may concern.
#[derive(Debug, Serialize, ToSchema)]
pub struct OtherBatches {
    /// By batch number.
    pub batches: Vec<OtherBatch>,
    /// How many more there are of products beyond your scope; whoever closes the deviation sees them.
    pub beyond_your_products: usize,
}

/// Another batch that was looked at.
#[derive(Debug, Serialize, ToSchema)]
pub struct LookedView {
    /// Batch number.
    pub batch: String,
    /// What was found there.
    pub word: String,
    /// On which grounds it was proposed.
    pub grounds: Vec<GroundView>,
}

/// A closing: what quality signed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClosingView {
    /// Conclusion; of a minor deviation its explanation.
    pub conclusion: String,
    /// What it means for each lot of its batches.
    pub lots: Vec<LotImpactView>,
    /// Other batches that were looked at.
    pub other_batches: Vec<LookedView>,
    /// Signature.
    pub signed: Option<SignatureView>,
}

/// A reopening.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReopenedView {
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Who.
    pub by: WhoView,
    /// Why.
    pub reason: String,
    /// The closing that no longer counts.
    pub closed: Option<ClosingView>,
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

impl DeviationLine {
    /// Of a deviation, at a moment.
    #[must_use]
    pub fn of(deviation: &Deviation, now: Instant) -> Self {
        let signed = |closing: &Closing| closing.signed.as_ref().map(|signed| signed.at);
        let closed = deviation.closed.as_ref().and_then(signed);
        let age = closed.unwrap_or(now).0.saturating_sub(deviation.opened.0.0);
        let report = deviation.report.as_ref().and_then(|report| report.signed.as_ref());
        Self {
            number: deviation.number.clone(),
            title: deviation.title.clone(),
            phase: word(&deviation.phase),
            class: deviation.class.as_ref().map(word),
            opened_at: at(deviation.opened.0),
            opened_by: WhoView::from(&deviation.opened.1),
            owner: (&deviation.owner).into(),
            due_at: deviation.due.map(at),
            overdue: closed.is_none() && deviation.due.is_some_and(|due| due < now),
            investigated: report.map(Into::into),
            closed_at: closed.map(at),
            days_open: age / DAY,
            batches: deviation.runs.values().map(|(batch, _)| batch.clone()).collect(),
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
        let given = deviation.assigned.iter().map(|given| AssignmentView {
            at: at(given.at),
            by: WhoView::from(&given.by),
            owner: (&given.owner).into(),
            due_at: at(given.due),
            reason: given.reason.clone(),
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
            owner: (&deviation.owner).into(),
            due_at: deviation.due.map(at),
            assignments: given.collect(),
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
