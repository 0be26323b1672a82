//! What quality decides about a run: gates, risks, holds, exceptions.

use super::{SignatureView, WhoView, at, etag, word};
use crate::app::run::blocking::blocking;
use crate::app::run::gates::{GateStanding, gates};
use crate::domain::clock::Instant;
use crate::domain::exception::{Exception, ExceptionKind, Severity, Triage};
use crate::domain::ids::StepKey;
use crate::domain::run::struck::struck;
use crate::domain::run::{Hold, RiskAcceptance, Run, attempt};
use crate::domain::signing::Signed;
use crate::domain::words::HoldScope;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A gate.
#[derive(Debug, Serialize, ToSchema)]
pub struct GateView {
    /// Id in the master record.
    pub gate: String,
    /// Name.
    pub name: String,
    /// Steps it guards.
    pub before: Vec<String>,
    /// Whose signature passes it: any of these authorities.
    pub who: Vec<&'static str>,
    /// Whether it may be passed now.
    pub open: bool,
    /// Whether it was passed.
    pub passed: bool,
    /// The operation occurrences for which it was passed.
    pub serves: Vec<String>,
    /// What it guards and began before it was passed: it is not passed for that, and never met.
    pub not_passed_before: Option<String>,
    /// Where quality waived that, and why.
    pub waived: Vec<GateWaiverView>,
    /// Why it is closed.
    pub because: Vec<String>,
    /// Passages.
    pub passages: Vec<SignatureView>,
    /// Acceptances of risk.
    pub risks: Vec<RiskView>,
}

/// Quality waived that a gate was not passed before what it guards began.
#[derive(Debug, Serialize, ToSchema)]
pub struct GateWaiverView {
    /// The step's occurrence.
    pub step: String,
    /// Why.
    pub reason: String,
    /// Whose signature.
    pub signed: SignatureView,
}

/// A supervisor's *proceed at risk*.
#[derive(Debug, Serialize, ToSchema)]
pub struct RiskView {
    /// Exceptions covered.
    pub exceptions: Vec<u32>,
    /// Why.
    pub reason: String,
    /// Until when.
    #[schema(format = DateTime)]
    pub until: String,
    /// The supervisor.
    pub accepted: Option<SignatureView>,
    /// QA's ratification, owed before release.
    pub ratified: Option<SignatureView>,
}

/// A hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldView {
    /// From 1.
    pub no: u32,
    /// What it covers.
    #[schema(value_type = HoldScope)]
    pub scope: Value,
    /// Why.
    pub reason: String,
    /// Who placed it.
    pub by: WhoView,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Which authority lifts it.
    pub lifted_by_authority: String,
    /// Why it was lifted.
    pub lifted: Option<String>,
    /// By whom.
    pub lifted_by: Option<WhoView>,
    /// For If-Match.
    pub etag: String,
}

/// An exception.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExceptionView {
    /// From 1, without gaps.
    pub no: u32,
    /// Type.
    pub kind: String,
    /// Proposed severity.
    pub severity: String,
    /// What it decides about what may happen next.
    pub effect: String,
    /// Where.
    pub at: Option<String>,
    /// When it opened.
    #[schema(format = DateTime)]
    pub opened_at: String,
    /// Whose act opened it.
    pub by: WhoView,
    /// What happened.
    pub detail: String,
    /// The value that opened it was struck since: recorded in error; quality decides all the same.
    pub struck: Option<StruckView>,
    /// The decision; null while nobody decided.
    pub triage: Option<TriageView>,
}

/// A value was struck.
#[derive(Debug, Serialize, ToSchema)]
pub struct StruckView {
    /// By whom.
    pub by: WhoView,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Why.
    pub reason: String,
}

/// An exception with what it blocks now.
#[derive(Debug, Serialize, ToSchema)]
pub struct BlockingView {
    /// The exception.
    #[serde(flatten)]
    pub exception: ExceptionView,
    /// Whether it still decides what may happen next.
    pub open: bool,
    /// Gates that it keeps closed now.
    pub gates: Vec<String>,
    /// What it blocks now, for people; nothing: it blocks nothing any more.
    pub blocks: Vec<String>,
}

/// The exceptions of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExceptionsView {
    /// By number.
    pub exceptions: Vec<BlockingView>,
}

impl BlockingView {
    /// Whether it is of this type.
    pub fn is_kind(&self, kind: ExceptionKind) -> bool {
        self.exception.kind == kind.as_str()
    }

    /// Whether it is proposed as this grave.
    pub fn is_severity(&self, severity: Severity) -> bool {
        self.exception.severity == severity.as_str()
    }
}

/// Every exception of a run with what it blocks at this moment.
pub fn exceptions(run: &Run, now: Instant) -> Vec<BlockingView> {
    let blocking = blocking(run, now);
    let of = |exception: &Exception| {
        let found = blocking.iter().find(|found| found.no == exception.opened.no);
        BlockingView {
            exception: self::exception(run, exception),
            open: found.is_some_and(|found| found.open),
            gates: found.map(|found| found.gates.clone()).unwrap_or_default(),
            blocks: found.map(|found| found.blocks.clone()).unwrap_or_default(),
        }
    };
    run.exceptions.iter().map(of).collect()
}

/// How an exception was decided.
#[derive(Debug, Serialize, ToSchema)]
pub struct TriageView {
    /// `not-a-deviation` or `deviation`.
    pub outcome: String,
    /// Why it is none.
    pub rationale: Option<String>,
    /// The deviation's number.
    pub deviation: Option<String>,
    /// Who decided.
    pub signed: Option<SignatureView>,
    /// Another of quality, where one person does not decide alone.
    pub second: Option<SignatureView>,
}

/// An exception of a run.
pub fn exception(run: &Run, exception: &Exception) -> ExceptionView {
    let opened = &exception.opened;
    ExceptionView {
        no: opened.no,
        kind: word(&opened.kind),
        severity: word(&opened.severity),
        effect: word(&opened.effect),
        at: opened.at.as_ref().map(ToString::to_string),
        opened_at: at(exception.at),
        by: WhoView::from(&exception.by),
        detail: attempt::detail(run, exception),
        struck: struck(run, exception).map(|version| StruckView {
            by: WhoView::from(&version.by),
            at: at(version.at),
            reason: version.reason.clone().unwrap_or_default(),
        }),
        triage: exception.triage.as_ref().map(|(_, triage)| triage.into()),
    }
}

impl From<&Triage> for TriageView {
    fn from(triage: &Triage) -> Self {
        match triage {
            Triage::NotDeviation { rationale, signed, second } => Self {
                outcome: "not-a-deviation".into(),
                rationale: Some(rationale.clone()),
                deviation: None,
                signed: signed.as_ref().map(Into::into),
                second: second.as_ref().map(Into::into),
            },
            Triage::Deviation { number, signed, second } => Self {
                outcome: "deviation".into(),
                rationale: None,
                deviation: Some(number.clone()),
                signed: signed.as_ref().map(Into::into),
                second: second.as_ref().map(Into::into),
            },
        }
    }
}

impl From<&Hold> for HoldView {
    fn from(hold: &Hold) -> Self {
        Self {
            no: hold.no,
            scope: serde_json::to_value(&hold.scope).unwrap_or_default(),
            reason: hold.reason.clone(),
            by: WhoView::from(&hold.by),
            at: at(hold.at),
            lifted_by_authority: hold.lifted_by_authority.as_str().to_owned(),
            lifted: hold.lifted.as_ref().map(|(_, _, reason)| reason.clone()),
            lifted_by: hold.lifted.as_ref().map(|(_, who, _)| WhoView::from(who)),
            etag: etag(hold.version),
        }
    }
}

impl From<&RiskAcceptance> for RiskView {
    fn from(risk: &RiskAcceptance) -> Self {
        Self {
            exceptions: risk.exceptions.clone(),
            reason: risk.reason.clone(),
            until: at(risk.until),
            accepted: risk.signed.as_ref().map(Into::into),
            ratified: risk.ratified.as_ref().map(Into::into),
        }
    }
}

/// Every gate of a run at this moment.
pub fn gate_views(run: &Run, now: Instant) -> Vec<GateView> {
    let view = |standing: GateStanding| {
        let state = run.gates.get(&standing.gate);
        GateView {
            passages: state
                .map(|state| state.passages.iter().map(|(_, signed)| signed.into()).collect())
                .unwrap_or_default(),
            serves: state
                .map(|state| state.serves.iter().map(ToString::to_string).collect())
                .unwrap_or_default(),
            risks: state
                .map(|state| state.risks.iter().map(Into::into).collect())
                .unwrap_or_default(),
            gate: standing.gate,
            name: standing.name,
            before: standing.before,
            who: standing.who,
            open: standing.open,
            not_passed_before: standing.not_passed_before,
            waived: state
                .map(|state| {
                    let waived = state.waived.iter();
                    let view =
                        |(key, (reason, signed)): (&StepKey, &(String, Signed))| GateWaiverView {
                            step: key.to_string(),
                            reason: reason.clone(),
                            signed: signed.into(),
                        };
                    waived.map(view).collect()
                })
                .unwrap_or_default(),
            passed: standing.passed,
            because: standing.because,
        }
    };
    gates(run, now).into_iter().map(view).collect()
}
