//! Starting a step's occurrence: a request. Refused by authority, phase, order, holds, open
//! exceptions, a closed gate, or a missing witness.

use super::act::phase;
use super::order::{self, open_exceptions};
use super::story::Story;
use super::{access, condition, gate, hold, spot};
use crate::domain::clock::Instant;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::ids::StepKey;
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::recipe::{SecondPersonMode, Step};
use crate::domain::refusal::{Refusal, STALE};
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::derive::changes;
use crate::domain::run::acts::event::{Event, Moves, Part, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::refusal::{
    ALREADY_STARTED, EXCEPTION_FORBIDS, GATE_NOT_PASSED, OUT_OF_ORDER,
};
use crate::domain::run::state::Set;
use crate::domain::run::time::kept::Bears;
use crate::domain::run::time::limit::Mark;
use crate::domain::run::{Phase, Run, StepPhase};
use crate::domain::signing::Meaning;
use crate::domain::words::OnCritical;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Starts a step's occurrence. Its version before it begins is 0; a version need not be named.
///
/// # Errors
/// Authority, phase, `already-started`, `out-of-order`, `on-hold`, `exception-forbids`,
/// `gate-not-passed`, `gate-closed`, and what the witness of a `witness-before` step is asked.
pub fn start(
    run: &Run,
    facts: &RunFacts<'_>,
    key: &StepKey,
    expected: Option<u64>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let (operation, step) = spot::step(run, key)?;
    let permit = access::request(run, facts, operation, access::performing(step))?;
    phase(run, startable_in(step), "start this step")?;
    if let Some(state) = run.steps.get(key) {
        let detail =
            format!("{} began {key} at {}", state.started_by.printed_name, state.started_at);
        return Err(Refusal::new(&ALREADY_STARTED, detail));
    }
    if let Some(version) = expected.filter(|version| *version != 0) {
        let detail = format!("{key} has not begun, which is version 0, not {version}");
        return Err(Refusal::new(&STALE, detail));
    }
    no_obstacle(run, key, step, stamp.at)?;
    let mut signatures = Vec::new();
    let mut oversight = false;
    let second = access::second_person(step);
    if second.is_some_and(|second| second.mode == SecondPersonMode::WitnessBefore) {
        let none = Set::new();
        let witnessed = Meaning::Witnessed;
        let (sign, quality) = access::second(run, facts, operation, step, &none, stamp, witnessed)?;
        signatures.push(sign);
        oversight = quality;
    }
    let mut story = Story::new(run);
    story.open_the_way(&key.operation);
    let under_exceptions = order::open_numbers(run);
    let event =
        RunEvent::StepStarted(StepStarted { step: key.clone(), under_exceptions, oversight });
    story.tell_signed(event, signatures);
    Ok(story.ends(permit))
}

/// Care, sampling and making safe go on after an abort; nothing else begins then.
#[must_use]
pub fn startable_in(step: &Step) -> &'static [Phase] {
    if hold::always_open(step) {
        &[Phase::Issued, Phase::Running, Phase::Aborted]
    } else {
        &[Phase::Issued, Phase::Running]
    }
}

/// Whether anything but persons stands in the way of starting an occurrence now.
///
/// # Errors
/// `branch-not-taken`, `branch-undecided`, `out-of-order`, `on-hold`, `exception-forbids`,
/// `gate-not-passed` or `gate-closed`.
pub fn no_obstacle(run: &Run, key: &StepKey, step: &Step, at: Instant) -> Result<(), Refusal> {
    condition::allows(run, key)?;
    order::may_start(run, key).map_err(|unmet| out_of_order(key, unmet))?;
    if let Some(held) = hold::forbids(run, key) {
        return Err(hold::refusal(held));
    }
    exceptions_allow(run, key, step)?;
    gates_allow(run, key, step, at)
}

/// `out-of-order` with what is missing.
#[must_use]
pub fn out_of_order(key: &StepKey, unmet: Vec<String>) -> Refusal {
    Refusal::new(&OUT_OF_ORDER, format!("{key}: {}", unmet.join("; "))).missing(unmet)
}

/// No irreversible act passes a gate that was not passed for this occurrence of the operation, or that is
/// closed again. A further occurrence of the operation, also a reprocessing, is another decision: the
/// earlier passage let something else pass.
fn gates_allow(run: &Run, key: &StepKey, step: &Step, at: Instant) -> Result<(), Refusal> {
    for guarding in run.recipe.gates.iter().filter(|gate| gate.before.contains(&step.id)) {
        gate::require_open(run, &guarding.id, at, &key.operation)?;
        let served = run.gates.get(&guarding.id).map(|state| &state.serves);
        if !served.is_some_and(|served| served.contains(&key.operation)) {
            let what = format!("gate {} ({})", guarding.id, guarding.name);
            let mut detail = format!("{what} guards step {}", step.id);
            if let Some(served) = served.filter(|served| !served.is_empty()) {
                let served: Vec<_> = served.iter().map(ToString::to_string).collect();
                detail += &format!(
                    "; it was passed for {}, not for {}",
                    served.join(", "),
                    key.operation
                );
            }
            return Err(Refusal::new(&GATE_NOT_PASSED, detail).missing(vec![what]));
        }
    }
    Ok(())
}

/// `stop` forbids the step itself, `to-safe-point` all that does not lead to the next safe point;
/// neither forbids care, sampling or making safe.
fn exceptions_allow(run: &Run, key: &StepKey, step: &Step) -> Result<(), Refusal> {
    if hold::always_open(step) {
        return Ok(());
    }
    for exception in open_exceptions(run) {
        let opened = &exception.opened;
        let from = opened.at.as_ref().and_then(|at| at.step.as_ref());
        let forbids = match opened.effect {
            OnCritical::Stop => from.is_some_and(|from| from.step == key.step),
            OnCritical::ToSafePoint => !leads_to_safe_point(run, from, &key.step),
            OnCritical::Gate | OnCritical::Continue => false,
        };
        if forbids {
            let what = format!("exception {}: {}", opened.no, opened.detail);
            return Err(Refusal::new(&EXCEPTION_FORBIDS, what.clone()).missing(vec![what]));
        }
    }
    Ok(())
}

/// Whether a step is the next safe point in order of writing, from where the exception arose, or
/// one of the steps that must come before it.
fn leads_to_safe_point(run: &Run, from: Option<&StepKey>, step: &str) -> bool {
    let steps: Vec<_> = run.recipe.steps().collect();
    let start = from
        .and_then(|from| steps.iter().position(|(_, candidate)| candidate.id == from.step))
        .unwrap_or(0);
    let next = steps.iter().skip(start).find(|(_, candidate)| {
        let done = run
            .steps
            .iter()
            .any(|(key, state)| key.step == candidate.id && order::is_satisfied(run, key, state));
        candidate.safe_point && (from.is_some() || !done)
    });
    next.is_some_and(|(_, point)| order::predecessors(run, [point.id.as_str()]).contains(step))
}

/// Request: start a step's occurrence.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartStep {
    /// Which occurrence.
    #[schema(ignore)]
    pub step: StepKey,
    /// The version decided on.
    #[serde(skip)]
    pub expected: Option<u64>,
}

impl Order for StartStep {
    const NAME: &'static str = "start-step";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        start(run, facts, &self.step, self.expected, stamp)
    }

    order_of!(step, alone, request, versioned_if_given);
}

/// A step's occurrence started with permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepStarted {
    /// Which.
    pub step: StepKey,
    /// Open exceptions under which it goes on.
    pub under_exceptions: Vec<u32>,
    /// The second person acted under quality oversight, which is no part in the work.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub oversight: bool,
}

impl Event for StepStarted {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        Self { step, .. } => "", Shown, format!("{step} was started");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let begun = written.begun(StepPhase::Started, &self.under_exceptions);
        written.begin(run, &self.step, begun);
        Ok(())
    }

    fn part(&self) -> Part {
        // A signature on a production step is a part in it, quality's too (rule 1.14).
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::step(&self.step, "started")
    }

    fn moves(&self) -> Moves<'_> {
        changes::step(&self.step, "started")
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Step(&self.step)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::step(&self.step)
    }

    fn marks(&self) -> Option<Mark<'_>> {
        Some(Mark::Started(&self.step))
    }
}
