//! A gate passed after what it guards has begun is not passed (rule 1.11): it stays open as *not passed before*,
//! until quality waives it by signature with its reason. Waived is never met.

use super::act::{independent, may, no_such, phase, sign};
use super::exception::TRIAGE_PHASES;
use crate::domain::act::said;
use crate::domain::clock::Instant;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::ids::StepKey;
use crate::domain::permits::{Admitted, by};
use crate::domain::policy::Authority;
use crate::domain::recipe::Gate;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::written::Written;
use crate::domain::run::declared::claimed_within;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::quality_refusal::GATE_NOT_LATE;
use crate::domain::run::{Content, Run, StepRun};
use crate::domain::signing::Meaning;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The guarded occurrences that began before the gate was passed for them, with when they began.
#[must_use]
pub fn late(run: &Run, gate: &Gate) -> Vec<(StepKey, Instant)> {
    let state = run.gates.get(&gate.id);
    let guarded = run.steps.iter().filter(|(key, _)| gate.before.contains(&key.step));
    guarded
        .filter_map(|(key, step)| {
            let begun = begun(step)?;
            let passed = state.and_then(|state| state.passed_at.get(&key.operation));
            // A permitted start waited for the passage; a claim as early as that came before it.
            let claimed = step.found_running.is_some() || !step.began;
            let late = passed.is_none_or(|p| *p > begun || claimed && *p == begun);
            late.then(|| (key.clone(), begun))
        })
        .collect()
}

/// When an occurrence began: its start, or earlier, where anything in it says that it was done before. One
/// declared not performed began all the same when it had been started, or when something is told of it.
fn begun(step: &StepRun) -> Option<Instant> {
    let tested = || step.entries.values().flat_map(|entry| &entry.determinations);
    let claims = tested().filter_map(|tested| tested.told.performed_at);
    let mut said: Vec<_> = claims.chain(claimed_within(step)).collect();
    if step.began {
        said.push(step.started_at);
    } else {
        let values = step.entries.values().flat_map(|entry| &entry.versions);
        let values = values.filter(|version| matches!(version.content, Content::Value(_)));
        said.extend(values.map(|version| version.at));
        said.extend(tested().map(|tested| tested.at));
        said.extend(step.entries.values().flat_map(|entry| &entry.trail).map(|point| point.at));
    }
    said.into_iter().min()
}

/// The late occurrences as a line for people.
#[must_use]
pub fn line(late: &[(StepKey, Instant)]) -> String {
    let each: Vec<_> = late.iter().map(|(key, begun)| format!("{key} began at {begun}")).collect();
    format!("not passed before: {}", each.join("; "))
}

/// Quality waives that a gate was not passed before what it guards began: for every occurrence of which
/// that is so now, by name. A later one, of the same operation too, is another decision.
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
    let steps: Vec<StepKey> = late(run, gate)
        .into_iter()
        .map(|(key, _)| key)
        .filter(|of| waived.is_none_or(|waived| !waived.contains_key(of)))
        .collect();
    if steps.is_empty() {
        let detail = format!("nothing more that gate {gate_id} guards began before it was passed");
        return Err(Refusal::new(&GATE_NOT_LATE, detail));
    }
    independent(run, facts, "waive its gates")?;
    said(reason, "reason")?;
    let signatures = sign(facts, stamp, &permit, Meaning::Authorised)?;
    let event = RunEvent::GateWaived(GateWaived {
        gate: gate_id.to_owned(),
        steps,
        reason: reason.to_owned(),
    });
    Ok(Ruling::signed(permit, event, signatures))
}

/// Request (QA): waive that a gate was not passed before what it guards began.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaiveGate {
    /// Which.
    #[schema(ignore)]
    pub gate: String,
    /// Why.
    pub reason: String,
}

impl Order for WaiveGate {
    const NAME: &'static str = "waive-gate";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        waive(run, facts, &self.gate, &self.reason, stamp)
    }

    order_of!(run, alone, request, unversioned);
}

/// Quality waived that a gate was not passed before what it guards began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateWaived {
    /// Which.
    pub gate: String,
    /// The occurrences of which that is so.
    pub steps: Vec<StepKey>,
    /// Why.
    pub reason: String,
}

impl Event for GateWaived {
    const ADMITTED: Admitted = by(&[Authority::Triage]);
    const SIGNED: bool = true;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let signed = written.must_be_signed()?;
        let state = run.gates.entry(self.gate.clone()).or_default();
        for of in &self.steps {
            state.waived.insert(of.clone(), (self.reason.clone(), signed.clone()));
        }
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        let Self { gate, steps, .. } = self;
        let lapses = Lapses::all(steps.iter().map(|step| step.operation.clone()).collect());
        (lapses, format!("that gate {gate} was not passed before was waived"))
    }

    nothing_in!(moves, bears, changed);
}
