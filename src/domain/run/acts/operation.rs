//! Acts on an operation's occurrence: closing it, acknowledging its alerts.

use super::act::{phase, sign};
use super::check::owes_check;
use super::condition::{self, Branch};
use super::story::Story;
use super::{access, ending, hold, order, spot};
use crate::domain::act::{said, seen};
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::limits::{Purpose, Side};
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::policy::Authority;
use crate::domain::recipe::Operation;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::derive::changes;
use crate::domain::run::acts::event::{Event, Moves, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::refusal::{NO_ALERTS, OPERATION_CLOSED, OPERATION_UNFINISHED};
use crate::domain::run::time::kept::Bears;
use crate::domain::run::time::limit::Mark;
use crate::domain::run::{EntryRun, Phase, Run, StepPhase};
use crate::domain::signing::Meaning;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Closes an operation's occurrence, signed: no step goes on, each occurred as often as it must, and
/// every verification is done. Afterwards nothing of it begins.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, phase, `operation-closed`, a missing or stale version,
/// `on-hold`, `operation-unfinished`, signature.
pub fn close(
    run: &Run,
    facts: &RunFacts<'_>,
    key: &OperationKey,
    expected: Option<u64>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let operation = spot::operation(run, key)?;
    let wanted = [Authority::Execute, Authority::Supervise];
    let permit = access::request(run, facts, operation, &wanted)?;
    // What was reported after the end began an occurrence that has an end of its own.
    let late = run.operations.get(key).is_some_and(|state| {
        run.completed.as_ref().is_some_and(|(ended, _)| state.started_at > *ended)
    });
    let after = [Phase::Running, Phase::Complete, Phase::Reviewed, Phase::Closed];
    let phases: &[Phase] = if late { &after } else { &[Phase::Running] };
    phase(run, phases, "close an operation")?;
    let Some(state) = run.operations.get(key) else {
        let unmet = vec![format!("{key} has not begun")];
        return Err(Refusal::new(&OPERATION_UNFINISHED, unmet.join("; ")).missing(unmet));
    };
    if let Some((when, signed)) = &state.closed {
        let detail = format!("{} closed {key} at {when}", signed.printed_name);
        return Err(Refusal::new(&OPERATION_CLOSED, detail));
    }
    seen(expected, state.version, &key.to_string())?;
    if let Some(held) = hold::forbids_operation(run, &key.op) {
        return Err(hold::refusal(held));
    }
    let unfinished = unfinished(run, key, operation);
    if !unfinished.is_empty() {
        let detail = format!("{key}: {}", unfinished.join("; "));
        return Err(Refusal::new(&OPERATION_UNFINISHED, detail).missing(unfinished));
    }
    let signatures = sign(facts, stamp, &permit, Meaning::ClosedOperation)?;
    let mut story = Story::new(run);
    story.tell_signed(
        RunEvent::OperationClosed(OperationClosed { operation: key.clone() }),
        signatures,
    );
    Ok(story.ends(permit))
}

/// What keeps an operation's occurrence from being closed, one thing a line.
#[must_use]
pub fn unfinished(run: &Run, key: &OperationKey, operation: &Operation) -> Vec<String> {
    let mut open = Vec::new();
    for step in &operation.steps {
        let mut done = 0u32;
        let of_step = run.steps.iter().filter(|(k, _)| k.operation == *key && k.step == step.id);
        for (occurrence, state) in of_step {
            if matches!(state.phase, StepPhase::Started | StepPhase::FoundRunning) {
                open.push(format!("{occurrence} is not complete"));
            } else if !order::is_accepted(run, state) {
                open.push(format!("{occurrence} was found running and is not triaged"));
            } else {
                done += 1;
            }
            if owes_check(step, state).is_some() {
                open.push(format!("{occurrence} is not verified"));
            }
        }
        let wanted = step.order.occurs().min;
        let begun = spot::next_occurrence(run, key, &step.id) - 1;
        if begun < wanted && ending::of(run, key).is_none() {
            let next = StepKey { operation: key.clone(), step: step.id.clone(), k: begun + 1 };
            match condition::step(run, &next) {
                Branch::NotTaken(_) => {}
                Branch::Undecided(what) => {
                    open.push(format!("step {} is not decided yet: {}", step.id, what.join("; ")));
                }
                Branch::Taken => {
                    open.push(format!("step {} occurred {done} of {wanted} times", step.id));
                }
            }
        }
    }
    open
}

/// Acknowledges the alerts of an operation's occurrence, with a comment (A11D-08).
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `no-alerts`, `reason-required`.
pub fn acknowledge(
    run: &Run,
    facts: &RunFacts<'_>,
    key: &OperationKey,
    comment: &str,
) -> Result<Ruling<RunEvent>, Refusal> {
    let operation = spot::operation(run, key)?;
    let permit = access::request(run, facts, operation, access::RECORDING)?;
    if !has_alerts(run, key) {
        return Err(Refusal::new(&NO_ALERTS, format!("{key} has none")));
    }
    said(comment, "comment")?;
    let mut story = Story::new(run);
    let comment = comment.to_owned();
    story
        .tell(RunEvent::AlertsAcknowledged(AlertsAcknowledged { operation: key.clone(), comment }));
    Ok(story.ends(permit))
}

/// Whether a value in an operation's occurrence was ever outside an alert limit.
#[must_use]
pub fn has_alerts(run: &Run, key: &OperationKey) -> bool {
    run.steps
        .iter()
        .filter(|(step, _)| step.operation == *key)
        .flat_map(|(_, state)| state.entries.values())
        .flat_map(|entry: &EntryRun| &entry.versions)
        .flat_map(|version| &version.verdicts)
        .any(|verdict| verdict.purpose == Purpose::Alert && verdict.side != Side::Within)
}

/// Acknowledge the alerts of an operation's occurrence.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeAlerts {
    /// Which occurrence.
    #[schema(ignore)]
    pub operation: OperationKey,
    /// What is said about them.
    pub comment: String,
}

impl Order for AcknowledgeAlerts {
    const NAME: &'static str = "acknowledge-alerts";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        _: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        acknowledge(run, facts, &self.operation, &self.comment)
    }

    order_of!(operation, alone, request, unversioned);
}

/// Request: close an operation's occurrence.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseOperation {
    /// Which occurrence.
    #[schema(ignore)]
    pub operation: OperationKey,
    /// The version decided on.
    #[serde(skip)]
    pub expected: Option<u64>,
}

impl Order for CloseOperation {
    const NAME: &'static str = "close-operation";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        close(run, facts, &self.operation, self.expected, stamp)
    }

    order_of!(operation, alone, request, versioned);
}

/// An operation's occurrence was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationClosed {
    /// Which.
    pub operation: OperationKey,
}

impl Event for OperationClosed {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = true;

    weighs! {
        Self { operation } => "", Shown, format!("{operation} was closed");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let signed = written.must_be_signed()?;
        written.operation(run, &self.operation)?.closed = Some((written.happened.at, signed));
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::operation(&self.operation, "closed")
    }

    fn moves(&self) -> Moves<'_> {
        changes::operation(&self.operation, "closed")
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Operation(&self.operation)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::operation(&self.operation)
    }

    fn marks(&self) -> Option<Mark<'_>> {
        Some(Mark::Closed(&self.operation))
    }
}

/// Alerts of an operation's occurrence were acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertsAcknowledged {
    /// Which.
    pub operation: OperationKey,
    pub comment: String,
}

impl Event for AlertsAcknowledged {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let by = (written.happened.at, written.who.clone());
        written.operation(run, &self.operation)?.alerts_acknowledged = Some(by);
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        let Self { operation, .. } = self;
        (Lapses::of(operation), format!("alerts of {operation} were acknowledged"))
    }

    fn changed(&self) -> Changed<'_> {
        Changed::operation(&self.operation)
    }

    nothing_in!(moves, bears);
}
