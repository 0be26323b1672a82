//! Holds: objects with scope, owner, reason and who may lift; several may stand at once.
//!
//! A hold forbids starting, moving forward and releasing; never care, sampling, readings or making
//! safe (ARCHITECTURE.md, principle 2).

use super::act::{may, no_such, phase};
use crate::domain::act::{said, seen};
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::permits::{Admitted, by};
use crate::domain::policy::{Authority, Family};
use crate::domain::recipe::Step;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::told::Told;
use crate::domain::run::acts::versions::{Changed, Thing};
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::quality_refusal::{HOLD_LIFTED, ON_HOLD};
use crate::domain::run::{Hold, Phase, Run};
use crate::domain::words::HoldScope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Every phase: what is held after the end puts its released lots in question.
pub const OPEN_PHASES: &[Phase] = &[
    Phase::Issued,
    Phase::Running,
    Phase::Complete,
    Phase::Reviewed,
    Phase::Aborted,
    Phase::Closed,
];

/// Places a hold. A quality hold (authority *hold*) is lifted by *hold* alone; a production hold
/// (authority *supervise*) by either.
///
/// # Errors
/// Authority, phase, a missing reason, or a scope that is not in the master record.
pub fn place(
    run: &Run,
    facts: &RunFacts<'_>,
    scope: &HoldScope,
    reason: &str,
    _stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let permit = may(run, facts, &[Authority::Hold, Authority::Supervise])?;
    // After the end only quality decides anything.
    let quality = permit.authority == Some(Authority::Hold);
    phase(
        run,
        if quality { OPEN_PHASES } else { &OPEN_PHASES[..OPEN_PHASES.len() - 1] },
        "place a hold",
    )?;
    said(reason, "reason")?;
    let scope = meant(run, scope)?;
    let event = RunEvent::HoldPlaced(HoldPlaced {
        no: u32::try_from(run.holds.len()).unwrap_or(u32::MAX).saturating_add(1),
        scope,
        reason: reason.to_owned(),
        lifted_by_authority: permit.authority.unwrap_or(Authority::Hold),
    });
    Ok(Ruling::of(permit, event))
}

/// Lifts a hold: the person is in the journal, and only the right authority gets here.
///
/// # Errors
/// `no-such-part`, `hold-already-lifted`, version, authority, reason.
pub fn lift(
    run: &Run,
    facts: &RunFacts<'_>,
    no: u32,
    reason: &str,
    expected: Option<u64>,
    _stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    phase(run, OPEN_PHASES, "lift a hold")?;
    let hold = run.holds.iter().find(|hold| hold.no == no);
    let hold = hold.ok_or_else(|| no_such(run, &format!("hold {no}")))?;
    let quality = hold.lifted_by_authority == Authority::Hold;
    let wanted: &[Authority] =
        if quality { &[Authority::Hold] } else { &[Authority::Hold, Authority::Supervise] };
    let permit = may(run, facts, wanted)?;
    seen(expected, hold.version, &format!("hold {no}"))?;
    if let Some((at, by, _)) = &hold.lifted {
        let detail = format!("{} lifted hold {no} at {at}", by.printed_name);
        return Err(Refusal::new(&HOLD_LIFTED, detail));
    }
    said(reason, "reason")?;
    let oversight = permit.authority == Some(Authority::Hold);
    let event = RunEvent::HoldLifted(HoldLifted { no, reason: reason.to_owned(), oversight });
    Ok(Ruling::of(permit, event))
}

/// What is meant by a scope: an id as the master record writes it, or an occurrence as the run shows it, which
/// stands for all of them.
fn meant(run: &Run, scope: &HoldScope) -> Result<HoldScope, Refusal> {
    let operation = |text: &str| run.recipe.operation(text).map(|found| found.id.clone());
    let step = |text: &str| run.recipe.step(text).map(|(_, found)| found.id.clone());
    let (found, what) = match scope {
        HoldScope::Run => return Ok(HoldScope::Run),
        HoldScope::Operation { operation: named } => {
            let of_occurrence = || operation(&named.parse::<OperationKey>().ok()?.op);
            let found = operation(named).or_else(of_occurrence);
            (
                found.map(|operation| HoldScope::Operation { operation }),
                format!("operation {named}"),
            )
        }
        HoldScope::Step { step: named } => {
            let of_occurrence = || step(&named.parse::<StepKey>().ok()?.step);
            let found = step(named).or_else(of_occurrence);
            (found.map(|step| HoldScope::Step { step }), format!("step {named}"))
        }
    };
    found.ok_or_else(|| no_such(run, &what))
}

/// The holds that stand.
pub fn standing(run: &Run) -> impl Iterator<Item = &Hold> {
    run.holds.iter().filter(|hold| hold.lifted.is_none())
}

/// Whether a step stays open in every held, excepted, expired or late state.
#[must_use]
pub fn always_open(step: &Step) -> bool {
    step.care || step.sampling || step.makes_safe
}

/// The hold that forbids starting an occurrence of this step, if any: never for care, sampling and
/// making safe. A step that is not in the master record is covered by holds on the run.
#[must_use]
pub fn forbids<'r>(run: &'r Run, step: &StepKey) -> Option<&'r Hold> {
    let spec = run.recipe.step(&step.step).map(|(_, spec)| spec);
    if spec.is_some_and(always_open) {
        return None;
    }
    standing(run).find(|hold| covers_step(hold, &step.operation.op, &step.step))
}

/// The hold that forbids closing this operation, if any: on the run, on it, or on one of its steps.
#[must_use]
pub fn forbids_operation<'r>(run: &'r Run, operation: &str) -> Option<&'r Hold> {
    let holds_step = |step: &str| {
        run.recipe
            .operation(operation)
            .is_some_and(|op| op.steps.iter().any(|candidate| candidate.id == step))
    };
    standing(run).find(|hold| match &hold.scope {
        HoldScope::Run => true,
        HoldScope::Operation { operation: held } => held == operation,
        HoldScope::Step { step } => holds_step(step),
    })
}

/// The hold that forbids completing, closing or releasing the run: any that stands.
#[must_use]
pub fn forbids_run(run: &Run) -> Option<&Hold> {
    standing(run).next()
}

/// Whether a hold covers this step of this operation.
#[must_use]
pub fn covers_step(hold: &Hold, operation: &str, step: &str) -> bool {
    match &hold.scope {
        HoldScope::Run => true,
        HoldScope::Operation { operation: held } => held == operation,
        HoldScope::Step { step: held } => held == step,
    }
}

/// A hold as a refusal and a gate name it.
#[must_use]
pub fn named(hold: &Hold) -> String {
    let scope = match &hold.scope {
        HoldScope::Run => "the run".to_owned(),
        HoldScope::Operation { operation } => format!("operation {operation}"),
        HoldScope::Step { step } => format!("step {step}"),
    };
    format!(
        "hold {} on {scope} by {}: {} (lifted by a holder of {})",
        hold.no,
        hold.by.printed_name,
        hold.reason,
        hold.lifted_by_authority.as_str()
    )
}

/// `on-hold` for this hold.
#[must_use]
pub fn refusal(hold: &Hold) -> Refusal {
    let who = format!("hold {}", hold.no);
    Refusal::new(&ON_HOLD, named(hold)).missing(vec![who])
}

/// Request: lift a hold.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftHold {
    /// Which.
    #[schema(ignore)]
    pub no: u32,
    /// Why.
    pub reason: String,
    /// The version decided on.
    #[serde(skip)]
    pub expected: Option<u64>,
}

impl Order for LiftHold {
    const NAME: &'static str = "lift-hold";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        lift(run, facts, self.no, &self.reason, self.expected, stamp)
    }

    fn thing(&self) -> Thing {
        Thing::Hold
    }

    order_of!(alone, request, versioned);
}

/// Place a hold (needs no version).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceHold {
    /// `{"kind": "run"}`, `{"kind": "operation", "operation": …}` or `{"kind": "step", "step": …}`; an operation or step
    /// by its id in the master record, or as the batch shows an occurrence of it, as in `OP-05.2~1`. All occurrences
    /// are held.
    pub scope: HoldScope,
    /// Why.
    pub reason: String,
}

impl Order for PlaceHold {
    const NAME: &'static str = "place-hold";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        place(run, facts, &self.scope, &self.reason, stamp)
    }

    fn thing(&self) -> Thing {
        Thing::Hold
    }

    order_of!(alone, request, unversioned);
}

/// A hold was placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldPlaced {
    /// From 1.
    pub no: u32,
    /// What it covers.
    pub scope: HoldScope,
    /// Why.
    pub reason: String,
    /// Which authority may lift it.
    pub lifted_by_authority: Authority,
}

impl Event for HoldPlaced {
    const ADMITTED: Admitted = by(&[Authority::Supervise, Authority::Hold]);
    const SIGNED: bool = false;

    weighs! {
        Self { no, reason, .. } => "", Shown, format!("hold {no}: {reason}");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        run.holds.push(Hold {
            no: self.no,
            scope: self.scope.clone(),
            reason: self.reason.clone(),
            by: written.who.clone(),
            at: written.happened.at,
            lifted_by_authority: self.lifted_by_authority,
            lifted: None,
            version: written.happened.seq,
        });
        Ok(())
    }

    fn part(&self) -> Part {
        Part::actor(self.lifted_by_authority.family() != Family::Quality)
    }

    fn lapses(&self, run: &Run) -> Lapsing {
        let Self { no, scope, .. } = self;
        (lapses::held(run, scope), format!("hold {no} was placed"))
    }

    fn changed(&self) -> Changed<'_> {
        Changed { hold: Some(self.no), ..Changed::default() }
    }

    fn tell(&self, answer: &mut Told) {
        answer.hold = Some(self.no);
    }

    nothing_in!(moves, bears);
}

/// A hold was lifted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldLifted {
    /// Which.
    pub no: u32,
    /// Why.
    pub reason: String,
    /// Quality decided it: oversight is no part in the work.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub oversight: bool,
}

impl Event for HoldLifted {
    const ADMITTED: Admitted = by(&[Authority::Supervise, Authority::Hold]);
    const SIGNED: bool = false;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let no = self.no;
        let hold = run.holds.find_mut(|hold| hold.no == no);
        let hold = hold.ok_or_else(|| written.fault(format!("there is no hold {no}")))?;
        hold.lifted = Some((written.happened.at, written.who.clone(), self.reason.clone()));
        hold.version = written.happened.seq;
        Ok(())
    }

    fn part(&self) -> Part {
        Part::unless(self.oversight)
    }

    fn lapses(&self, run: &Run) -> Lapsing {
        let Self { no, .. } = self;
        let placed = run.holds.iter().find(|hold| hold.no == *no);
        let lapses = placed.map_or(Lapses::FinalOnly, |hold| lapses::held(run, &hold.scope));
        (lapses, format!("hold {no} was lifted"))
    }

    fn changed(&self) -> Changed<'_> {
        Changed { hold: Some(self.no), ..Changed::default() }
    }

    fn tell(&self, answer: &mut Told) {
        answer.hold = Some(self.no);
    }

    nothing_in!(moves, bears);
}
