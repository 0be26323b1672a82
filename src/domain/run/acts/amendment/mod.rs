//! One-batch changes: proposed with reason and assessment, approved by production and by quality, then
//! in force for this batch alone (21 CFR 211.100(a), 211.115; ICH Q7 14.2, 14.3).
//!
//! For production decides a holder of *supervise*, for quality a holder of *approve-master*: whoever
//! approves master records approves what stands in the place of one. Proposer and both are three persons.

use crate::domain::command::Stamp;
pub use crate::domain::run::amendment::{AmendmentDecided, AmendmentProposed};
pub use changed::{DecideAmendment, ProposeAmendment};
mod changed;
mod redline;
mod words;

use super::access;
use super::act::{actor, independent, may, no_such, phase, sign};
use super::story::Story;
use crate::domain::act::said;
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::policy::{Authority, Permit};
use crate::domain::recipe::check::{Finding, check};
use crate::domain::recipe::{MasterRecord, Operation};
use crate::domain::refusal::{MALFORMED, Refusal, STALE};
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::amendment::{AmendmentRun, Change, Side, applied};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::floor_refusal::{
    AMENDMENT_DECIDED, AMENDMENT_FINDINGS, STEP_BEGUN, THREE_PERSONS,
};
use crate::domain::run::{Phase, Run};
use crate::domain::signing::Meaning;
use crate::domain::words::OnCritical;

/// Most occurrences that one reprocessing adds.
pub const MOST_TIMES: u32 = 9;

const PHASES: &[Phase] = &[Phase::Issued, Phase::Running];

/// Proposes a change of this batch alone, signed. Nothing changes yet.
///
/// # Errors
/// `authority-missing`, phase, `no-such-part`, `malformed`, `step-begun`, `amendment-findings`,
/// `specification-stands`, `reason-required`, signature.
pub fn propose(
    run: &Run,
    facts: &RunFacts<'_>,
    change: &Change,
    reason: &str,
    assessment: &str,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let wanted = [Authority::Supervise, Authority::Evaluate];
    let place = access::place(run, concerned(run, change));
    let permit = facts.actor.permit(facts.site, &wanted, place)?;
    phase(run, PHASES, "propose a change of it")?;
    applicable(run, change)?;
    said(reason, "reason")?;
    said(assessment, "assessment")?;
    let signatures = sign(facts, stamp, &permit, Meaning::Authored)?;
    let (before, after) = words::both(&run.recipe, change);
    let told = AmendmentProposed {
        no: u32::try_from(run.amendments.len()).unwrap_or(u32::MAX).saturating_add(1),
        change: change.clone(),
        before,
        after,
        reason: reason.to_owned(),
        assessment: assessment.to_owned(),
    };
    Ok(Ruling::signed(permit, RunEvent::AmendmentProposed(Box::new(told)), signatures))
}

/// Approves or refuses a change for the side whose authority the person holds, signed. The second
/// approval puts it in force, if it can still be applied; one refusal ends it.
///
/// # Errors
/// `authority-missing`, phase, `no-such-part`, `amendment-decided`, `three-persons-required`,
/// `took-part-in-the-run` (quality), `stale-version`, `step-begun`, `amendment-findings`,
/// `specification-stands`, `reason-required`, signature.
pub fn decide(
    run: &Run,
    facts: &RunFacts<'_>,
    no: u32,
    approved: bool,
    conclusion: &str,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let found = run.amendments.iter().find(|change| change.told.no == no);
    let (side, permit) = side(run, facts, found.map(|change| &change.told.change))?;
    phase(run, PHASES, "decide on a change of it")?;
    let change = found.ok_or_else(|| no_such(run, &format!("amendment {no}")))?;
    still_open(change, side)?;
    another_person(change, facts)?;
    if side == Side::Quality {
        independent(run, facts, "approve a change of it for quality")?;
    }
    said(conclusion, "conclusion")?;
    if approved {
        still_applies(run, change)?;
    }
    let meaning = if approved { Meaning::Approved } else { Meaning::Rejected };
    let signatures = sign(facts, stamp, &permit, meaning)?;
    let takes_effect = approved && change.decisions.iter().any(|(told, ..)| told.approved);
    let mut story = Story::new(run);
    let opened = takes_effect.then(|| exception(run, change));
    let told = AmendmentDecided {
        no,
        side,
        approved,
        conclusion: conclusion.to_owned(),
        takes_effect,
        exception: opened.as_ref().map(|opened| opened.no),
    };
    story.tell_signed(RunEvent::AmendmentDecided(told), signatures);
    story.open(opened.into_iter().collect());
    Ok(story.ends(permit))
}

/// The operation that a change concerns.
#[must_use]
pub fn concerned<'r>(run: &'r Run, change: &'r Change) -> Option<&'r Operation> {
    match change {
        Change::Instruction { step, .. } | Change::Entry { step, .. } => {
            run.recipe.step(step).map(|(operation, _)| operation)
        }
        Change::Reprocess { operation, .. } => run.recipe.operation(operation),
        Change::Rework { operation, .. } => Some(operation),
    }
}

/// For which side somebody decides. Nobody holds both: the families exclude each other.
fn side(
    run: &Run,
    facts: &RunFacts<'_>,
    change: Option<&Change>,
) -> Result<(Side, Permit), Refusal> {
    let place = access::place(run, change.and_then(|change| concerned(run, change)));
    if let Ok(permit) = facts.actor.permit(facts.site, &[Authority::Supervise], place) {
        return Ok((Side::Production, permit));
    }
    match may(run, facts, &[Authority::ApproveMaster]) {
        Ok(permit) => Ok((Side::Quality, permit)),
        Err(_) => {
            let wanted = [Authority::Supervise, Authority::ApproveMaster];
            facts.actor.permit(facts.site, &wanted, place).map(|permit| (Side::Quality, permit))
        }
    }
}

fn still_open(change: &AmendmentRun, side: Side) -> Result<(), Refusal> {
    let title = change.title();
    let detail = if change.in_force.is_some() {
        format!("{title} is in force")
    } else if change.is_refused() {
        format!("{title} was refused")
    } else if change.decided(side).is_some() {
        format!("{title} was approved for {} already", side.as_str())
    } else {
        return Ok(());
    };
    Err(Refusal::new(&AMENDMENT_DECIDED, detail))
}

fn another_person(change: &AmendmentRun, facts: &RunFacts<'_>) -> Result<(), Refusal> {
    let own = actor(facts);
    let who = facts.actor.user_name;
    let title = change.title();
    if change.by.person == Some(own) {
        return Err(Refusal::new(&THREE_PERSONS, format!("{who} proposed {title}")));
    }
    let signed = change.decisions.iter().filter_map(|(_, _, signed)| signed.as_ref());
    if signed.into_iter().any(|signed| signed.person == own) {
        return Err(Refusal::new(&THREE_PERSONS, format!("{who} approved {title} already")));
    }
    Ok(())
}

/// What was proposed can still be done, and stands on what the proposer saw.
fn still_applies(run: &Run, change: &AmendmentRun) -> Result<(), Refusal> {
    applicable(run, &change.told.change)?;
    let (before, _) = words::both(&run.recipe, &change.told.change);
    if before != change.told.before {
        let detail = format!(
            "{} was proposed in the place of {:?}, and now there stands {before:?}",
            change.title(),
            change.told.before
        );
        return Err(Refusal::new(&STALE, detail));
    }
    Ok(())
}

/// The recipe with a change, if it may be made now.
fn applicable(run: &Run, change: &Change) -> Result<MasterRecord, Refusal> {
    let malformed = |detail: String| Err(Refusal::new(&MALFORMED, detail));
    match change {
        Change::Instruction { step, .. } | Change::Entry { step, .. } => {
            if run.recipe.step(step).is_none() {
                return Err(no_such(run, &format!("step {step}")));
            }
            if let Some((key, _)) = run.steps.iter().find(|(key, _)| key.step == *step) {
                return Err(Refusal::new(&STEP_BEGUN, format!("{key} has begun")));
            }
            if let Change::Entry { entry, .. } = change
                && let Some((_, owner)) = run.recipe.step(step)
                && let Some(now) = owner.entries.iter().find(|spec| spec.id == entry.id)
                && now.kind.name() != entry.kind.name()
            {
                let (was, asked) = (now.kind.name(), entry.kind.name());
                return malformed(format!(
                    "entry {} is of kind {was}; a change for one batch makes it no {asked}",
                    entry.id
                ));
            }
        }
        Change::Reprocess { operation, times, .. } => {
            let Some(found) = run.recipe.operation(operation) else {
                return Err(no_such(run, &format!("operation {operation}")));
            };
            if !(1..=MOST_TIMES).contains(times) {
                return malformed(format!("an operation is done again 1 to {MOST_TIMES} times"));
            }
            if found.order.occurs().max.is_none() {
                return malformed(format!(
                    "the master record lets {operation} occur any number of times: begin it again"
                ));
            }
        }
        Change::Rework { .. } => {}
    }
    let changed = applied(&run.recipe, change).map_err(|detail| no_such(run, &detail))?;
    if changed == **run.recipe {
        return malformed("the change changes nothing".into());
    }
    redline::specification_stands(run, change)?;
    sound(&run.recipe, &changed)?;
    Ok(changed)
}

/// The amended recipe passes every check a master record passes. What was found in it before the
/// change is not the change's fault.
fn sound(recipe: &MasterRecord, changed: &MasterRecord) -> Result<(), Refusal> {
    let before = findings(recipe);
    let new: Vec<String> = findings(changed)
        .iter()
        .filter(|finding| !before.contains(finding))
        .map(Finding::line)
        .collect();
    let Some(first) = new.first() else { return Ok(()) };
    let detail = format!("{} findings, first: {first}", new.len());
    Err(Refusal::new(&AMENDMENT_FINDINGS, detail).missing(new))
}

fn findings(recipe: &MasterRecord) -> Vec<Finding> {
    serde_json::to_value(recipe)
        .map_or_else(|_| Vec::new(), |document| check(&document).err().unwrap_or_default())
}

/// A change in force is seen at review like every departure: reprocessing and rework each by name.
/// Quality has approved it, so nothing waits for its triage before then.
fn exception(run: &Run, change: &AmendmentRun) -> Opened {
    let (kind, severity) = match change.told.change {
        Change::Entry { .. } if redline::loosens(run, &change.told.change) => {
            (ExceptionKind::PlannedChange, Severity::Major)
        }
        Change::Instruction { .. } | Change::Entry { .. } => {
            (ExceptionKind::PlannedChange, Severity::Minor)
        }
        Change::Reprocess { .. } => (ExceptionKind::Reprocess, Severity::Major),
        Change::Rework { .. } => (ExceptionKind::Rework, Severity::Major),
    };
    Opened {
        no: super::exception::next_no(run),
        kind,
        severity,
        effect: OnCritical::Continue,
        at: None,
        detail: format!("{}: {} ({})", change.title(), change.told.after, change.told.reason),
    }
}
