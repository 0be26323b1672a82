//! What happened beside the steps, and what was changed for one batch.

use super::{SignatureView, WhoView, at};
use crate::domain::run::Run;
use crate::domain::run::amendment::AmendmentRun;
use crate::domain::run::floor::{EmergencyRun, Ending, HappeningRun};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// Something happened for which there is no step.
#[derive(Debug, Serialize, ToSchema)]
pub struct HappeningView {
    /// From 1.
    pub no: u32,
    /// Where.
    #[schema(value_type = Object)]
    pub place: Value,
    /// What.
    pub what: String,
    /// Photos: name, hash, size, type.
    #[schema(value_type = Vec<Object>)]
    pub enclosures: Vec<Value>,
    /// The exception it opened.
    pub exception: u32,
    /// When it was reported.
    #[schema(format = DateTime)]
    pub at: String,
    /// By whom.
    pub by: WhoView,
}

/// An emergency act.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmergencyView {
    /// From 1.
    pub no: u32,
    /// The operation's occurrence, where one was named.
    pub operation: Option<String>,
    /// What was done.
    pub what: String,
    /// Why it could not wait.
    pub reason: String,
    /// Who was notified, as named.
    pub notified: String,
    /// To be ratified until then.
    #[schema(format = DateTime)]
    pub ratify_until: String,
    /// The exception it opened.
    pub exception: u32,
    /// When it was reported.
    #[schema(format = DateTime)]
    pub at: String,
    /// By whom.
    pub by: WhoView,
    /// Whether quality found it right; null: not decided.
    pub upheld: Option<bool>,
    /// What quality concluded.
    pub conclusion: Option<String>,
    /// Quality's signature.
    pub ratified: Option<SignatureView>,
}

/// An operation ended early or harvested in part.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndingView {
    /// Why.
    pub reason: String,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Whose signature.
    pub signed: Option<SignatureView>,
}

/// Changes of one batch alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct AmendmentsView {
    /// In the order of their proposal.
    pub amendments: Vec<AmendmentView>,
}

/// A change of one batch alone, beside what stood there.
#[derive(Debug, Serialize, ToSchema)]
pub struct AmendmentView {
    /// From 1.
    pub no: u32,
    /// `redline`, `reprocessing` or `rework`.
    pub sort: &'static str,
    /// `proposed`, `in-force` or `refused`.
    pub standing: &'static str,
    /// What stood there.
    pub before: String,
    /// What stands, or would stand, there.
    pub after: String,
    /// The change as it was sent.
    #[schema(value_type = Object)]
    pub change: Value,
    /// Why.
    pub reason: String,
    /// What it means for quality.
    pub assessment: String,
    /// When it was proposed.
    #[schema(format = DateTime)]
    pub at: String,
    /// By whom.
    pub by: WhoView,
    /// Decisions in order.
    pub decisions: Vec<AmendmentDecisionView>,
    /// In force since.
    pub in_force: Option<String>,
}

/// One side's decision.
#[derive(Debug, Serialize, ToSchema)]
pub struct AmendmentDecisionView {
    /// `production` or `quality`.
    pub side: &'static str,
    /// Approved, or refused for good.
    pub approved: bool,
    /// Why.
    pub conclusion: String,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Whose signature.
    pub signed: Option<SignatureView>,
}

impl From<&HappeningRun> for HappeningView {
    fn from(happening: &HappeningRun) -> Self {
        let told = &happening.told;
        Self {
            no: told.no,
            place: json!(told.place),
            what: told.what.clone(),
            enclosures: told.enclosures.iter().map(|file| json!(file)).collect(),
            exception: told.exception,
            at: at(happening.at),
            by: WhoView::from(&happening.by),
        }
    }
}

impl From<&EmergencyRun> for EmergencyView {
    fn from(act: &EmergencyRun) -> Self {
        let told = &act.told;
        let decided = act.ratified.as_ref();
        Self {
            no: told.no,
            operation: told.operation.as_ref().map(ToString::to_string),
            what: told.what.clone(),
            reason: told.reason.clone(),
            notified: told.notified.clone(),
            ratify_until: at(told.ratify_until),
            exception: told.exception,
            at: at(act.at),
            by: WhoView::from(&act.by),
            upheld: decided.map(|(told, _)| told.upheld),
            conclusion: decided.map(|(told, _)| told.conclusion.clone()),
            ratified: decided.and_then(|(_, signed)| signed.as_ref()).map(Into::into),
        }
    }
}

impl From<&Ending> for EndingView {
    fn from(ending: &Ending) -> Self {
        Self {
            reason: ending.reason.clone(),
            at: at(ending.at),
            signed: ending.signed.as_ref().map(Into::into),
        }
    }
}

impl From<&AmendmentRun> for AmendmentView {
    fn from(change: &AmendmentRun) -> Self {
        let told = &change.told;
        let decisions = change.decisions.iter().map(|(told, when, signed)| AmendmentDecisionView {
            side: told.side.as_str(),
            approved: told.approved,
            conclusion: told.conclusion.clone(),
            at: at(*when),
            signed: signed.as_ref().map(Into::into),
        });
        Self {
            no: told.no,
            sort: told.change.word(),
            standing: change.standing(),
            before: told.before.clone(),
            after: told.after.clone(),
            change: json!(told.change),
            reason: told.reason.clone(),
            assessment: told.assessment.clone(),
            at: at(change.at),
            by: WhoView::from(&change.by),
            decisions: decisions.collect(),
            in_force: change.in_force.map(at),
        }
    }
}

/// The changes of a run.
pub fn amendments(run: &Run) -> AmendmentsView {
    AmendmentsView { amendments: run.amendments.iter().map(Into::into).collect() }
}
