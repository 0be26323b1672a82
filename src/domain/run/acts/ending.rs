//! Early end and partial harvest of an operation: declared decisions, signed with their reason.
//!
//! An early end waives what of the operation's occurrence has not been begun; what began is still
//! completed and verified. Steps that remain possible stay so: a culture that is ended early is still
//! harvested. A partial harvest waives nothing. What was not tested for a gate, for release or by
//! quality is waived by quality's decision on the early end, never by the supervisor who declared it.

use super::act::{phase, sign};
use super::story::Story;
use super::{access, exception, spot};
use crate::domain::act::said;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::exception::{Exception, ExceptionKind, Opened, Severity};
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::derive::changes;
use crate::domain::run::acts::event::{Event, Moves, Part, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
pub use crate::domain::run::floor::OperationEnded;
use crate::domain::run::floor::{Ending, EndingKind};
use crate::domain::run::floor_refusal::{ALREADY_ENDED, OPERATION_NOT_BEGUN};
use crate::domain::run::refusal::OPERATION_CLOSED;
use crate::domain::run::time::kept::Bears;
use crate::domain::run::{Phase, Run};
use crate::domain::signing::Meaning;
use crate::domain::words::OnCritical;
use serde::Deserialize;
use utoipa::ToSchema;

/// Ends an operation's occurrence early, or declares a partial harvest: a supervisor, signed.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, phase, `operation-not-begun`, `operation-closed`,
/// `already-ended`, `reason-required`, signature.
pub fn end(
    run: &Run,
    facts: &RunFacts<'_>,
    key: &OperationKey,
    kind: EndingKind,
    reason: &str,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let operation = spot::operation(run, key)?;
    let permit = access::request(run, facts, operation, &[Authority::Supervise])?;
    phase(run, &[Phase::Running], "end an operation")?;
    let Some(state) = run.operations.get(key) else {
        return Err(Refusal::new(&OPERATION_NOT_BEGUN, format!("{key} has not begun")));
    };
    if let Some((when, signed)) = &state.closed {
        let detail = format!("{} closed {key} at {when}", signed.printed_name);
        return Err(Refusal::new(&OPERATION_CLOSED, detail));
    }
    if let Some(ended) = &state.ended {
        let detail = format!("{key} was ended early at {}: {}", ended.at, ended.reason);
        return Err(Refusal::new(&ALREADY_ENDED, detail));
    }
    said(reason, "reason")?;
    let signatures = sign(facts, stamp, &permit, Meaning::Authorised)?;
    let (severity, effect, words) = match kind {
        EndingKind::EarlyEnd => (Severity::Major, OnCritical::Gate, "was ended early"),
        EndingKind::PartialHarvest => {
            (Severity::Minor, OnCritical::Continue, "was harvested in part")
        }
    };
    let opened = Opened {
        no: exception::next_no(run),
        kind: ExceptionKind::EarlyEnd,
        severity,
        effect,
        at: None,
        detail: format!("{key} ({}) {words}: {reason}", operation.name),
    };
    let mut story = Story::new(run);
    let event = RunEvent::OperationEnded(OperationEnded {
        operation: key.clone(),
        kind,
        reason: reason.to_owned(),
        exception: opened.no,
    });
    story.tell_signed(event, signatures);
    story.open(vec![opened]);
    Ok(story.ends(permit))
}

/// The early end of an operation's occurrence, where one was declared.
#[must_use]
pub fn of<'r>(run: &'r Run, key: &OperationKey) -> Option<&'r Ending> {
    run.operations.get(key)?.ended.as_ref()
}

/// Whether a step's occurrence is no longer owed: it was not begun and its operation ended early.
#[must_use]
pub fn waives(run: &Run, key: &StepKey) -> bool {
    !run.steps.contains_key(key) && of(run, &key.operation).is_some()
}

/// Whether quality has decided that the process goes on without what a waived step's occurrence owed.
#[must_use]
pub fn waives_by_quality(run: &Run, key: &StepKey) -> bool {
    let decided = || opened(run, &key.operation).is_some_and(|it| exception::lets_go_on(run, it));
    waives(run, key) && decided()
}

/// How quality settled an early end for good: as no deviation, or in a deviation that is closed.
#[must_use]
pub fn settled(run: &Run, key: &OperationKey) -> Option<String> {
    exception::settled(run, opened(run, key)?)
}

/// Whether an exception is an early end: nobody proceeds at risk under it.
#[must_use]
pub fn is_early_end(exception: &Exception) -> bool {
    exception.opened.kind == ExceptionKind::EarlyEnd
}

/// The exception that the early end of an operation's occurrence opened.
fn opened<'r>(run: &'r Run, key: &OperationKey) -> Option<&'r Exception> {
    run.exception(of(run, key)?.exception)
}

/// Request: end an operation early, or harvest in part.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndOperation {
    /// Which occurrence.
    #[schema(ignore)]
    pub operation: OperationKey,
    /// `early-end` or `partial-harvest`.
    pub kind: EndingKind,
    /// Why, and what it means.
    pub reason: String,
}

impl Order for EndOperation {
    const NAME: &'static str = "end-operation";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        end(run, facts, &self.operation, self.kind, &self.reason, stamp)
    }

    order_of!(operation, alone, request, unversioned);
}

impl Event for OperationEnded {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = true;

    weighs! {
        told => "", Shown, format!("{} was ended: {}", told.operation, told.reason);
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let ending = Ending {
            kind: self.kind,
            exception: self.exception,
            reason: self.reason.clone(),
            at: written.happened.at,
            signed: written.first_signed(),
        };
        let operation = written.operation(run, &self.operation)?;
        match self.kind {
            EndingKind::EarlyEnd => operation.ended = Some(ending),
            EndingKind::PartialHarvest => operation.harvests.push(ending),
        }
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::operation(&self.operation, "ended")
    }

    fn moves(&self) -> Moves<'_> {
        changes::operation(&self.operation, "ended")
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Operation(&self.operation)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::operation(&self.operation)
    }
}
