//! The end of a run: execution declared complete, and the record made final.

use super::act::{independent, may, phase, sign};
use super::yielded::{ActualYield, actual_yield};
use super::{exception, hold};
use crate::domain::act::seen;
use crate::domain::clock::Instant;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::orders::{Beside, Order, order_of};
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::yielded::YIELD;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::obligations::{self, ObligationFacts, Stage};
use crate::domain::run::quality_refusal::{LOTS_UNDECIDED, OBLIGATIONS_OPEN};
use crate::domain::run::time::kept::Bears;
use crate::domain::run::{Phase, Run, review};
use crate::domain::signing::Meaning;
use crate::domain::words::{EntryKey, OnCritical};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Declares execution complete, signed: every obligation to completion is met and no hold stands. A
/// yield outside what the master record expects, or one that cannot be told, opens an exception.
///
/// # Errors
/// Authority, phase, version, `on-hold`, `obligations-open`, signature.
pub fn complete(
    run: &Run,
    facts: &RunFacts<'_>,
    expected: Option<u64>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let permit = may(run, facts, &[Authority::Supervise, Authority::Execute])?;
    phase(run, &[Phase::Running], "declare it complete")?;
    seen(expected, run.seq, &format!("run {}", run.number))?;
    no_obstacle(run, &ObligationFacts::of(facts), stamp.at)?;
    let signatures = sign(facts, stamp, &permit, Meaning::Completed)?;
    let ruling = Ruling::signed(permit, RunEvent::Completed(Completed {}), signatures);
    let shown = match actual_yield(run) {
        ActualYield::NoProduct | ActualYield::Within(_) => return Ok(ruling),
        ActualYield::Outside(shown) | ActualYield::Unknown(shown) => shown,
    };
    Ok(ruling.and(RunEvent::ExceptionOpened(Opened {
        no: exception::next_no(run),
        kind: ExceptionKind::OutOfAcceptance,
        severity: Severity::Major,
        effect: OnCritical::Continue,
        at: Some(EntryKey { step: None, entry: YIELD.to_owned() }),
        detail: format!("the yield is {shown}"),
    })))
}

/// Whether anything but persons stands in the way of declaring execution complete.
///
/// # Errors
/// `on-hold`, `obligations-open`.
pub fn no_obstacle(run: &Run, facts: &ObligationFacts<'_>, at: Instant) -> Result<(), Refusal> {
    if let Some(held) = hold::forbids_run(run) {
        return Err(hold::refusal(held));
    }
    obligations::require(run, facts, Stage::Completion, at)
}

/// Makes the record final, signed by the quality unit: reviewed, and every lot decided.
///
/// # Errors
/// Authority, phase, `on-hold`, `obligations-open` (no review stands), `lots-undecided`, signature.
pub fn close(run: &Run, facts: &RunFacts<'_>, stamp: &Stamp) -> Result<Ruling<RunEvent>, Refusal> {
    let permit = may(run, facts, &[Authority::Release, Authority::Review])?;
    phase(run, &[Phase::Reviewed, Phase::Aborted], "close its record")?;
    independent(run, facts, "make its record final")?;
    if let Some(held) = hold::forbids_run(run) {
        return Err(hold::refusal(held));
    }
    if review::standing(run).is_none() {
        let detail = format!("no review of run {} stands", run.number);
        return Err(Refusal::new(&OBLIGATIONS_OPEN, detail).missing(vec!["review".into()]));
    }
    if run.aborted.is_some() {
        obligations::require(run, &ObligationFacts::of(facts), Stage::Release, stamp.at)?;
    }
    let open: Vec<String> = run
        .lots
        .iter()
        .filter(|lot| lot.class.is_used() && lot.disposition == "quarantined")
        .map(|lot| lot.number.clone())
        .collect();
    if !open.is_empty() {
        let detail = format!("in quarantine: {}", open.join(", "));
        return Err(Refusal::new(&LOTS_UNDECIDED, detail).missing(open));
    }
    let signatures = sign(facts, stamp, &permit, Meaning::Approved)?;
    Ok(Ruling::signed(permit, RunEvent::Closed(Closed {}), signatures))
}

/// Request (QA): make the record final.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseRun {}

impl Order for CloseRun {
    const NAME: &'static str = "close-run";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        close(run, facts, stamp)
    }

    fn beside(&self) -> Beside {
        Beside::Linked
    }

    order_of!(run, request, unversioned);
}

/// Request: declare execution complete.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteRun {
    /// The version decided on.
    #[serde(skip)]
    pub expected: Option<u64>,
}

impl Order for CompleteRun {
    const NAME: &'static str = "complete-run";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        complete(run, facts, self.expected, stamp)
    }

    fn beside(&self) -> Beside {
        Beside::Linked
    }

    order_of!(run, request, versioned);
}

/// Execution was declared complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completed {}

impl Event for Completed {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = true;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        run.completed = Some((written.happened.at, written.must_be_signed()?));
        run.phase = Phase::Complete;
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        (Lapses::FinalOnly, "execution was declared complete".into())
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Everything
    }

    nothing_in!(moves, changed);
}

/// The record is final.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {}

impl Event for Closed {
    const ADMITTED: Admitted = by(&[Authority::Release, Authority::Review]);
    const SIGNED: bool = true;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, _: &Written<'_>) -> Result<(), EvolveFault> {
        run.phase = Phase::Closed;
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::nothing()
    }

    nothing_in!(moves, bears, changed);
}
