//! Gates: no irreversible act passes a closed one. A supervisor may proceed at risk where the master
//! record allows it; quality ratifies before release.

use super::act::{actor, independent, may, no_such, phase, sign};
use super::exception::{self, opens};
use super::{access, awaited, ending, passage};
use crate::domain::act::said;
use crate::domain::clock::Instant;
use crate::domain::command::Stamp;
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::ids::OperationKey;
use crate::domain::policy::{Authority, Permit};
use crate::domain::recipe::Gate;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::decide::closed::closed;
use crate::domain::run::decide::closed_because::ClosedBecause;
use crate::domain::run::event::RunEvent;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::quality_refusal::{
    ALREADY_RATIFIED, GATE_CLOSED, GATE_NOT_CLOSED, REQUESTER_IS_APPROVER, RISK_NOT_ALLOWED,
    RISK_TOO_LONG,
};
use crate::domain::run::{Phase, Run};
use crate::domain::signing::Meaning;
use crate::domain::words::OnCritical;

/// Who passes a gate that names nobody.
const ANYBODY_AT_GATES: &[Authority] = &[Authority::Supervise, Authority::Execute];

/// The permission for an act at a gate: in the area of what it guards (P11-10g).
fn at_gate(
    run: &Run,
    facts: &RunFacts<'_>,
    id: &str,
    wanted: &[Authority],
) -> Result<Permit, Refusal> {
    let guarded = gate(run, id).ok().and_then(|gate| run.recipe.step(gate.before.first()?));
    let place = access::place(run, guarded.map(|(operation, _)| operation));
    facts.actor.permit(facts.site, wanted, place)
}

/// The gate by id.
fn gate<'r>(run: &'r Run, id: &str) -> Result<&'r Gate, Refusal> {
    let found = run.recipe.gates.iter().find(|gate| gate.id == id);
    found.ok_or_else(|| no_such(run, &format!("gate {id}")))
}

/// `gate-closed` with every reason, if there is one: what a guarded start asks in an occurrence of its
/// operation, begun or not.
///
/// # Errors
/// `gate-closed`.
pub fn require_open(
    run: &Run,
    gate_id: &str,
    at: Instant,
    of: &OperationKey,
) -> Result<(), Refusal> {
    let mut reasons = closed(run, gate_id, at);
    reasons.extend(awaited::closed_in(run, gate_id, of));
    if reasons.is_empty() { Ok(()) } else { Err(refusal(run, gate_id, &reasons)) }
}

/// The operation occurrences that a passage signed now serves.
///
/// # Errors
/// `no-such-part`, `gate-closed` with every reason.
pub fn passable(run: &Run, gate_id: &str, at: Instant) -> Result<Vec<OperationKey>, Refusal> {
    passage::serves(run, gate(run, gate_id)?, at)
        .map(|serves| serves.into_iter().collect())
        .map_err(|reasons| refusal(run, gate_id, &reasons))
}

fn refusal(run: &Run, gate_id: &str, reasons: &[ClosedBecause]) -> Refusal {
    let lines: Vec<_> = reasons.iter().map(ClosedBecause::line).collect();
    let detail = format!("gate {gate_id} of run {}: {}", run.number, lines.join("; "));
    Refusal::new(&GATE_CLOSED, detail).missing(lines)
}

/// Whose signature passes a gate: what the master record names, else supervise or execute.
#[must_use]
pub fn passing(gate: &Gate) -> &[Authority] {
    if gate.authorities.is_empty() { ANYBODY_AT_GATES } else { &gate.authorities }
}

/// Passes a gate, signed by whom the master record names, once the turn of a step that it guards has come;
/// it serves that occurrence of the operation. Somebody of the quality unit who lets it
/// pass oversees, and takes no part in the work (21 CFR 211.110(c)).
///
/// # Errors
/// Authority, phase, `no-such-part`, `gate-closed`, signature.
pub fn pass(
    run: &Run,
    facts: &RunFacts<'_>,
    gate_id: &str,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let wanted = gate(run, gate_id).map_or(ANYBODY_AT_GATES, passing);
    let permit = at_gate(run, facts, gate_id, wanted)?;
    phase(run, &[Phase::Running], "pass a gate")?;
    let serves = passable(run, gate_id, stamp.at)?;
    let signatures = sign(facts, stamp, &permit, Meaning::PassedGate)?;
    let oversight = access::is_oversight(&permit);
    let event = RunEvent::GatePassed { gate: gate_id.to_owned(), serves, oversight };
    Ok(Ruling::signed(permit, event, signatures))
}

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
    let event = RunEvent::RiskAccepted {
        gate: gate_id.to_owned(),
        exceptions,
        reason: reason.to_owned(),
        until,
    };
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
    let event = RunEvent::RiskRatified {
        gate: gate_id.to_owned(),
        index,
        conclusion: conclusion.to_owned(),
    };
    Ok(Ruling::signed(permit, event, signatures))
}
