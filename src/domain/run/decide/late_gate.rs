//! A gate passed after what it guards has begun is not passed (rule 1.11): it stays open as *not passed before*,
//! until quality waives it by signature with its reason. Waived is never met.

use super::RunFacts;
use super::act::{independent, may, no_such, phase, said, sign};
use super::exception::TRIAGE_PHASES;
use crate::domain::clock::Instant;
use crate::domain::command::Stamp;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::master::Gate;
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::event::RunEvent;
use crate::domain::run::quality_refusal::GATE_NOT_LATE;
use crate::domain::run::{Run, StepPhase, StepRun};
use crate::domain::signing::Meaning;
use std::collections::BTreeSet;

/// The guarded occurrences that began before the gate was passed for them, with when they began.
#[must_use]
pub fn late(run: &Run, gate: &Gate) -> Vec<(StepKey, Instant)> {
    let state = run.gates.get(&gate.id);
    let guarded = run.steps.iter().filter(|(key, step)| {
        gate.before.contains(&key.step) && step.phase != StepPhase::NotPerformed
    });
    guarded
        .map(|(key, step)| (key, begun(step)))
        .filter(|(key, begun)| {
            let passed = state.and_then(|state| state.passed_at.get(&key.operation));
            // A permitted start waited for the passage; a claim as early as that came before it.
            let claimed = run.steps[key].found_running.is_some();
            passed.is_none_or(|passed| passed > begun || claimed && passed == begun)
        })
        .map(|(key, begun)| (key.clone(), begun))
        .collect()
}

/// When an occurrence began: its permitted start; where it was found running, the earliest time that
/// anything in it says it was done.
fn begun(step: &StepRun) -> Instant {
    if step.found_running.is_none() {
        return step.started_at;
    }
    let said = step.entries.values().filter_map(|entry| entry.current()?.performed_at);
    said.chain([step.started_at]).min().unwrap_or(step.started_at)
}

/// The late occurrences as a line for people.
#[must_use]
pub fn line(late: &[(StepKey, Instant)]) -> String {
    let each: Vec<_> = late.iter().map(|(key, begun)| format!("{key} began at {begun}")).collect();
    format!("not passed before: {}", each.join("; "))
}

/// Quality waives that a gate was not passed before what it guards began: for every occurrence of which
/// that is so now. A later one is another decision.
///
/// # Errors
/// Authority, phase, `no-such-part`, `gate-not-late`, `took-part-in-the-run`, a missing reason or
/// signature.
pub fn waive(
    run: &Run,
    facts: &RunFacts<'_>,
    gate_id: &str,
    reason: &str,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let permit = may(run, facts, &[Authority::Triage])?;
    phase(run, TRIAGE_PHASES, "waive a gate")?;
    let gate = run.recipe.gates.iter().find(|gate| gate.id == gate_id);
    let gate = gate.ok_or_else(|| no_such(run, &format!("gate {gate_id}")))?;
    let waived = run.gates.get(gate_id).map(|state| &state.waived);
    let operations: BTreeSet<OperationKey> = late(run, gate)
        .into_iter()
        .map(|(key, _)| key.operation)
        .filter(|of| waived.is_none_or(|waived| !waived.contains_key(of)))
        .collect();
    if operations.is_empty() {
        let detail = format!("nothing that gate {gate_id} guards began before it was passed");
        return Err(Refusal::new(&GATE_NOT_LATE, detail));
    }
    independent(run, facts, "waive its gates")?;
    said(reason, "reason")?;
    let signatures = sign(facts, stamp, &permit, Meaning::Authorised)?;
    let event = RunEvent::GateWaived {
        gate: gate_id.to_owned(),
        operations: operations.into_iter().collect(),
        reason: reason.to_owned(),
    };
    Ok(Ruling::signed(permit, event, signatures))
}
