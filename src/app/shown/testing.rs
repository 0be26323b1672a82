//! Laboratory work and alarms as they are told: every determination, every step, every alarm.

use super::read::{ReadView, read};
use super::verdict::{SourceView, VerdictView};
use super::{SignatureView, WhoView, at, word};
use crate::domain::run::floor::AlarmRun;
use crate::domain::run::state::List;
use crate::domain::run::testing::{ClaimRun, DeterminationRun, InvestigationRun};
use crate::domain::words::Basis;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// One determination of a result; none is ever left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeterminationView {
    /// From 1.
    pub no: u32,
    /// As people read it.
    pub shown: String,
    /// Value with method version, sample and note.
    #[schema(value_type = Object)]
    pub value: Value,
    /// Of a number: as it was read, and in the unit that is asked.
    pub read: Option<ReadView>,
    /// The input as sent, canonical JSON.
    pub raw: String,
    /// Verdicts on this determination alone.
    pub verdicts: Vec<VerdictView>,
    /// The lot that it is of, where it names one.
    pub lot: Option<String>,
    /// The value that counts in its place, by a correction that counts.
    pub corrected: Option<String>,
    /// The run of tests that it completed: members, joined value, verdicts, why invalid.
    #[schema(value_type = Option<Object>)]
    pub run: Option<Value>,
    /// Which approved retest plan it belongs to: the number of its step, from 1.
    pub plan: Option<u32>,
    /// Which determination of the same sample it settles: one of which it could not be told whether it is within.
    pub settles: Option<u32>,
    /// Beyond what was planned or approved.
    pub repeat: bool,
    /// Why it was set aside.
    pub invalidated: Option<String>,
    /// Tester, or who recorded for them.
    pub by: WhoView,
    /// Recorded at.
    #[schema(format = DateTime)]
    pub at: String,
    /// Done at, where declared otherwise.
    #[schema(format = DateTime)]
    pub performed_at: Option<String>,
    /// Where the knowledge comes from.
    #[schema(value_type = Basis)]
    pub basis: Value,
    /// Exceptions it opened.
    pub exceptions: Vec<u32>,
    /// The journal entry it stands in.
    pub seq: u64,
}

/// A correction of a determination: one that counts, or one that is claimed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimView {
    /// From 1.
    pub no: u32,
    /// Which determination.
    pub determination: u32,
    /// What stands there.
    pub old: String,
    /// What is said to be right.
    pub shown: String,
    /// Why.
    pub reason: String,
    /// Claimed: it counts only when the first phase has accepted it.
    pub claimed: bool,
    /// What the first phase concluded.
    pub accepted: Option<bool>,
    /// Who said so.
    pub by: WhoView,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Exceptions it opened.
    pub exceptions: Vec<u32>,
}

impl From<&ClaimRun> for ClaimView {
    fn from(claim: &ClaimRun) -> Self {
        let told = &claim.told;
        Self {
            no: told.no,
            determination: told.determination,
            old: told.old.clone(),
            shown: told.value.shown.clone(),
            reason: told.reason.clone(),
            claimed: told.claimed,
            accepted: claim.accepted,
            by: WhoView::from(&claim.by),
            at: at(claim.at),
            exceptions: told.exceptions.clone(),
        }
    }
}

/// One step of an investigation.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvestigationView {
    /// From 1.
    pub no: u32,
    /// The lot whose result it is, where the determinations name one.
    pub lot: Option<String>,
    /// What was decided.
    #[schema(value_type = Object)]
    pub step: Value,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Whose signature.
    pub signed: Option<SignatureView>,
    /// The second one, where two decide.
    pub second: Option<SignatureView>,
    /// Exceptions it opened.
    pub exceptions: Vec<u32>,
}

/// An alarm.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlarmView {
    /// From 1.
    pub no: u32,
    /// The occurrence it concerns.
    pub step: Option<String>,
    /// Tag of its source.
    pub tag: String,
    /// `critical`, `high` or `low`.
    pub priority: String,
    /// Its text.
    pub text: String,
    /// When its source raised it.
    #[schema(format = DateTime)]
    pub raised_at: String,
    /// A registered device provably sent it; else it was typed.
    pub imported: bool,
    /// The device that is said to have sent it, with its own text.
    pub source: Option<SourceView>,
    /// The exception it opened.
    pub exception: Option<u32>,
    /// When it came in.
    #[schema(format = DateTime)]
    pub at: String,
    /// By whom.
    pub by: WhoView,
    /// Who acknowledged it.
    pub acknowledged_by: Option<WhoView>,
    /// When.
    #[schema(format = DateTime)]
    pub acknowledged_at: Option<String>,
    /// With which comment.
    pub comment: Option<String>,
}

impl From<&DeterminationRun> for DeterminationView {
    fn from(run: &DeterminationRun) -> Self {
        let told = &run.told;
        Self {
            no: told.no,
            shown: told.value.shown.clone(),
            value: told.value.data.clone(),
            read: read(&told.value),
            raw: told.raw.clone(),
            verdicts: told.verdicts.iter().map(Into::into).collect(),
            lot: told.of.clone(),
            corrected: run.corrected.as_ref().map(|(value, _)| value.shown.clone()),
            run: run.run.as_ref().and_then(|run| serde_json::to_value(run).ok()),
            plan: told.plan.map(|index| index + 1),
            settles: told.settles,
            repeat: told.repeat,
            invalidated: run.invalidated.clone(),
            by: WhoView::from(&run.by),
            at: at(run.at),
            performed_at: told.performed_at.map(at),
            basis: serde_json::to_value(&told.basis).unwrap_or_default(),
            exceptions: told.exceptions.clone(),
            seq: run.seq,
        }
    }
}

/// Every step of an investigation, in order.
pub fn investigation(steps: &List<InvestigationRun>) -> Vec<InvestigationView> {
    let view = |(no, taken): (u32, &InvestigationRun)| InvestigationView {
        no,
        lot: taken.of.clone(),
        step: serde_json::to_value(&taken.step).unwrap_or_default(),
        at: at(taken.at),
        signed: taken.signed.as_ref().map(Into::into),
        second: taken.second.as_ref().map(Into::into),
        exceptions: taken.exceptions.clone(),
    };
    (1..).zip(steps).map(view).collect()
}

impl From<&AlarmRun> for AlarmView {
    fn from(alarm: &AlarmRun) -> Self {
        let (told, acknowledged) = (&alarm.told, alarm.acknowledged.as_ref());
        Self {
            no: told.no,
            step: told.at.as_ref().map(ToString::to_string),
            tag: told.tag.clone(),
            priority: word(&told.priority),
            text: told.text.clone(),
            raised_at: at(told.raised_at),
            imported: told.imported(),
            source: told.source.as_ref().map(Into::into),
            exception: told.exception,
            at: at(alarm.by.0),
            by: WhoView::from(&alarm.by.1),
            acknowledged_by: acknowledged.map(|(_, who, _)| WhoView::from(who)),
            acknowledged_at: acknowledged.map(|(when, _, _)| at(*when)),
            comment: acknowledged.map(|(_, _, comment)| comment.clone()),
        }
    }
}
