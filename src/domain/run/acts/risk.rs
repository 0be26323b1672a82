//! Going on at risk past a closed gate, and quality's ratification.

use super::act::{actor, independent, may, no_such, phase, sign};
use super::exception::{self, opens};
use super::gate::{at_gate, gate, refusal};
use super::{ending, passage};
use crate::domain::act::said;
use crate::domain::clock::Instant;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::closed::closed;
use crate::domain::run::acts::closed_because::ClosedBecause;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::quality_refusal::{
    ALREADY_RATIFIED, GATE_NOT_CLOSED, REQUESTER_IS_APPROVER, RISK_NOT_ALLOWED, RISK_TOO_LONG,
};
use crate::domain::run::{Phase, RiskAcceptance, Run};
use crate::domain::signing::Meaning;
use crate::domain::words::OnCritical;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The exceptions for which a supervisor may proceed at risk: those that close the gate, but no early
/// end, which a supervisor declares and only quality decides.
fn coverable(run: &Run, gate_id: &str, at: Instant) -> Result<Vec<u32>, Refusal> {
    let reasons = closed(run, gate_id, at);
    let closing = reasons.iter().filter_map(|reason| match reason {
        ClosedBecause::ExceptionOpen { exception, .. } => Some(*exception),
        _ => None,
    });
    let (early, exceptions): (Vec<u32>, Vec<u32>) =
        closing.partition(|no| exception::find(run, *no).is_ok_and(ending::is_early_end));
    match (early.is_empty(), exceptions.is_empty()) {
        (_, false) => Ok(exceptions),
        (false, true) => Err(refusal(run, gate_id, &reasons)),
        (true, true) => {
            let detail = format!("gate {gate_id} is not closed by an exception");
            Err(Refusal::new(&GATE_NOT_CLOSED, detail))
        }
    }
}

/// A supervisor proceeds at risk: within the minutes the master record allows, for the exceptions
/// that close the gate now, once the turn of a step that it guards has come. A later exception closes it again. What was done at risk is an
/// exception itself, and quality ratifies it before release.
///
/// # Errors
/// Authority, phase, `no-such-part`, `risk-not-allowed`, `risk-too-long`, `gate-not-closed`,
/// `gate-closed` (its turn has not come, or nothing but an early end closes it), a missing reason or signature.
pub fn accept_risk(
    run: &Run,
    facts: &RunFacts<'_>,
    gate_id: &str,
    reason: &str,
    minutes: u32,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let permit = at_gate(run, facts, gate_id, &[Authority::Supervise])?;
    phase(run, &[Phase::Running], "proceed at risk")?;
    let gate = gate(run, gate_id)?;
    let Some(most) = gate.at_risk_minutes else {
        let detail = format!("gate {gate_id} ({}) knows no proceeding at risk", gate.name);
        return Err(Refusal::new(&RISK_NOT_ALLOWED, detail));
    };
    if minutes == 0 || minutes > most {
        let detail = format!("gate {gate_id} allows 1 to {most} minutes, not {minutes}");
        return Err(Refusal::new(&RISK_TOO_LONG, detail));
    }
    said(reason, "reason")?;
    let exceptions = coverable(run, gate_id, stamp.at)?;
    passage::turn(run, gate).map_err(|not_yet| refusal(run, gate_id, &[not_yet]))?;
    let until = stamp.at.plus_minutes(i64::from(minutes));
    let signatures = sign(facts, stamp, &permit, Meaning::ProceedsAtRisk)?;
    let numbers: Vec<_> = exceptions.iter().map(u32::to_string).collect();
    let opened = opens(
        run,
        ExceptionKind::ProceededAtRisk,
        Severity::Major,
        OnCritical::Continue,
        format!(
            "gate {gate_id}: proceeds at risk until {} under exception {}: {reason}",
            until.shown_short(&stamp.zone),
            numbers.join(", ")
        ),
    );
    let event = RunEvent::RiskAccepted(RiskAccepted {
        gate: gate_id.to_owned(),
        exceptions,
        reason: reason.to_owned(),
        until,
    });
    Ok(Ruling::signed(permit, event, signatures).and(opened))
}

/// QA ratifies what was done at risk; never who accepted it (F30).
///
/// # Errors
/// Authority, phase, `no-such-part`, `already-ratified`, `requester-is-approver`,
/// `took-part-in-the-run`, a missing conclusion or signature.
pub fn ratify_risk(
    run: &Run,
    facts: &RunFacts<'_>,
    gate_id: &str,
    index: u32,
    conclusion: &str,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let permit = may(run, facts, &[Authority::Triage])?;
    phase(run, exception::TRIAGE_PHASES, "ratify a risk")?;
    let risk = usize::try_from(index)
        .ok()
        .and_then(|at| run.gates.get(gate_id).and_then(|gate| gate.risks.get(at)));
    let risk =
        risk.ok_or_else(|| no_such(run, &format!("acceptance {index} on gate {gate_id}")))?;
    if let Some(signed) = &risk.ratified {
        let detail = format!("{} ratified it at {}", signed.printed_name, signed.at);
        return Err(Refusal::new(&ALREADY_RATIFIED, detail));
    }
    if risk.signed.as_ref().is_some_and(|signed| signed.person == actor(facts)) {
        let detail = format!("{} accepted this risk", facts.actor.user_name);
        return Err(Refusal::new(&REQUESTER_IS_APPROVER, detail));
    }
    independent(run, facts, "ratify its risks")?;
    said(conclusion, "conclusion")?;
    let signatures = sign(facts, stamp, &permit, Meaning::Ratified)?;
    let event = RunEvent::RiskRatified(RiskRatified {
        gate: gate_id.to_owned(),
        index,
        conclusion: conclusion.to_owned(),
    });
    Ok(Ruling::signed(permit, event, signatures))
}

/// QA: ratify a risk.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatifyRisk {
    /// Which.
    #[schema(ignore)]
    pub gate: String,
    /// Which acceptance, from 0.
    #[schema(ignore)]
    pub index: u32,
    /// What was concluded.
    pub conclusion: String,
}

impl Order for RatifyRisk {
    const NAME: &'static str = "ratify-risk";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        ratify_risk(run, facts, &self.gate, self.index, &self.conclusion, stamp)
    }

    order_of!(run, alone, request, unversioned);
}

/// Request: proceed at risk on a closed gate.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptRisk {
    /// Which.
    #[schema(ignore)]
    pub gate: String,
    /// Why.
    pub reason: String,
    /// For how many minutes.
    pub minutes: u32,
}

impl Order for AcceptRisk {
    const NAME: &'static str = "accept-risk";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        accept_risk(run, facts, &self.gate, &self.reason, self.minutes, stamp)
    }

    order_of!(run, alone, request, unversioned);
}

/// A supervisor proceeds at risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskAccepted {
    /// Which gate.
    pub gate: String,
    /// Exceptions covered.
    pub exceptions: Vec<u32>,
    /// Why.
    pub reason: String,
    /// Until when.
    pub until: Instant,
}

impl Event for RiskAccepted {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = true;

    weighs! {
        Self { gate, .. } => "", Shown, format!("a risk was accepted on gate {gate}");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let risk = RiskAcceptance {
            exceptions: self.exceptions.clone(),
            reason: self.reason.clone(),
            until: self.until,
            signed: written.first_signed(),
            ratified: None,
        };
        run.gates.entry(self.gate.clone()).or_default().risks.push(risk);
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, run: &Run) -> Lapsing {
        let Self { gate, .. } = self;
        (lapses::guarded(run, gate), format!("a risk was taken at gate {gate}"))
    }

    nothing_in!(moves, bears, changed);
}

/// QA ratified a risk (by its index on the gate).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskRatified {
    /// Which gate.
    pub gate: String,
    /// Which acceptance, from 0.
    pub index: u32,
    pub conclusion: String,
}

impl Event for RiskRatified {
    const ADMITTED: Admitted = by(&[Authority::Triage]);
    const SIGNED: bool = true;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let risks = run.gates.get_mut(&self.gate).map(|gate| &mut gate.risks);
        let risk = risks.and_then(|risks| risks.get_mut(self.index as usize));
        let risk = risk.ok_or_else(|| written.fault("ratifies a risk nobody accepted"))?;
        risk.ratified = written.first_signed();
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, run: &Run) -> Lapsing {
        let Self { gate, .. } = self;
        (lapses::guarded(run, gate), format!("a risk taken at gate {gate} was ratified"))
    }

    nothing_in!(moves, bears, changed);
}
