//! The phases of an out-of-specification investigation, each decided and signed by quality: assignable
//! cause, approved retest plan, reportable result (21 CFR 211.165, 211.192).

use super::super::act::{actor, independent, may, no_such, phase, said, sign};
use super::super::exception::TRIAGE_PHASES;
use super::super::{RunFacts, spot};
use super::standing::Standing;
use super::{of_result, reported};
use crate::domain::command::Stamp;
use crate::domain::policy::Authority;
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::event::{EntryKey, RunEvent};
use crate::domain::run::quality_refusal::REQUESTER_IS_APPROVER;
use crate::domain::run::testing::{Investigated, InvestigationStep, Reported};
use crate::domain::run::testing_refusal::{
    DOES_NOT_COUNT, NOT_THE_WORST, NOTHING_TO_INVESTIGATE, PHASE_ONE_FIRST, TESTING_UNFINISHED,
};
use crate::domain::signing::Meaning;
use std::collections::BTreeSet;

/// Most retests of one plan: more is no plan, it is testing into compliance.
pub const MOST_RETESTS: u32 = 20;

/// Takes a step of an investigation, signed by a holder of triage who took no part in the run, and so
/// never by the tester.
///
/// # Errors
/// Authority, phase, `occurrence-unknown`, `not-a-result`, `took-part-in-the-run`, `reason-required`,
/// `nothing-to-investigate`, `phase-one-first`, `testing-unfinished`, `determination-does-not-count`,
/// `not-the-worst-result`, a missing signature.
pub fn investigate(
    run: &Run,
    facts: &RunFacts<'_>,
    at: &EntryKey,
    of: Option<&str>,
    step: &InvestigationStep,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let permit = may(run, facts, &[Authority::Triage])?;
    phase(run, TRIAGE_PHASES, "investigate a result")?;
    let spot = spot::entry(run, at)?;
    let standing = Standing::new(of_result(&spot, at)?, spot.entry, of);
    independent(run, facts, "investigate its results")?;
    not_alone(&standing, facts, at, step)?;
    let mut told = Investigated {
        at: at.clone(),
        of: of.map(str::to_owned),
        step: step.clone(),
        reported: None,
        reopens: None,
    };
    match step {
        InvestigationStep::AssignableCause { found, cause, invalidates } => {
            told.reopens = first_phase(run, &standing, *found, invalidates)?;
            said(cause, "cause")?;
        }
        InvestigationStep::RetestPlan { retests, rationale } => {
            plan(&standing, at, *retests)?;
            said(rationale, "rationale")?;
        }
        InvestigationStep::Reportable { determination, conclusion } => {
            let next = spot.current().map_or(1, |version| version.version + 1);
            told.reported = Some(reportable(run, &standing, at, *determination, next)?);
            said(conclusion, "conclusion")?;
        }
    }
    let meaning = match step {
        InvestigationStep::RetestPlan { .. } => Meaning::Approved,
        _ => Meaning::Triaged,
    };
    let signatures = sign(facts, stamp, &permit, meaning)?;
    Ok(Ruling::signed(permit, RunEvent::ResultInvestigated(Box::new(told)), signatures))
}

/// An investigation is not one person's affair: whoever judged whether there is an assignable cause
/// neither approves the retests that follow from it nor concludes the result.
fn not_alone(
    standing: &Standing<'_>,
    facts: &RunFacts<'_>,
    at: &EntryKey,
    step: &InvestigationStep,
) -> Result<(), Refusal> {
    let act = match step {
        InvestigationStep::AssignableCause { .. } => return Ok(()),
        InvestigationStep::RetestPlan { .. } => "approve its retest plan",
        InvestigationStep::Reportable { .. } => "conclude its reportable result",
    };
    let own = standing.steps().map(|(_, taken)| taken).find(|taken| {
        matches!(taken.step, InvestigationStep::AssignableCause { .. })
            && taken.signed.as_ref().is_some_and(|signed| signed.person == actor(facts))
    });
    let Some(own) = own else { return Ok(()) };
    let who = &facts.actor.user_name;
    let detail = format!("{who} concluded the first phase of {at} at {} and cannot {act}", own.at);
    Err(Refusal::new(&REQUESTER_IS_APPROVER, detail))
}

/// Looks for an assignable cause. Found, it sets determinations aside, each by name and for ever in
/// view; a result that was reported on them no longer stands.
fn first_phase(
    run: &Run,
    standing: &Standing<'_>,
    found: bool,
    invalidates: &[u32],
) -> Result<Option<String>, Refusal> {
    if found == invalidates.is_empty() {
        let detail =
            "a cause that was found names the determinations it sets aside; else there are none";
        return Err(Refusal::new(&MALFORMED, detail));
    }
    if !found {
        if standing.against().next().is_none() || standing.reported().is_some() {
            return Err(nothing("no determination outside its limits waits for a first phase"));
        }
        return Ok(None);
    }
    let distinct: BTreeSet<_> = invalidates.iter().collect();
    if distinct.len() != invalidates.len() {
        return Err(Refusal::new(&MALFORMED, "a determination is named twice"));
    }
    for no in invalidates {
        let tested = standing.find(*no);
        let tested = tested.ok_or_else(|| no_such(run, &format!("determination {no} there")))?;
        if let Some(cause) = &tested.invalidated {
            let detail = format!("determination {no} was set aside before: {cause}");
            return Err(Refusal::new(&DOES_NOT_COUNT, detail));
        }
    }
    let numbers: Vec<_> = invalidates.iter().map(u32::to_string).collect();
    let reopens = format!("determination {} was set aside", numbers.join(", "));
    Ok(standing.reported().map(|_| reopens))
}

/// Approves retests: after the first phase, and one plan after the other.
fn plan(standing: &Standing<'_>, at: &EntryKey, retests: u32) -> Result<(), Refusal> {
    if !(1..=MOST_RETESTS).contains(&retests) {
        let detail = format!("a plan has 1 to {MOST_RETESTS} retests, not {retests}");
        return Err(Refusal::new(&MALFORMED, detail));
    }
    examined(standing, at)?;
    if standing.room() == super::Room::None {
        return Ok(());
    }
    let owed = standing.unfinished().unwrap_or_default();
    let detail = format!("{at}: before another plan is approved: {owed}");
    Err(Refusal::new(&TESTING_UNFINISHED, detail).missing(vec![owed]))
}

/// The reportable result: of all that was planned the worst that was not set aside.
fn reportable(
    run: &Run,
    standing: &Standing<'_>,
    at: &EntryKey,
    determination: u32,
    version: u32,
) -> Result<Reported, Refusal> {
    examined(standing, at)?;
    let named = standing.find(determination);
    let named =
        named.ok_or_else(|| no_such(run, &format!("determination {determination} there")))?;
    if !standing.candidates().any(|tested| tested.told.no == determination) {
        let why = named.invalidated.as_ref().map_or_else(
            || "a repeat that nobody planned or approved".to_owned(),
            |cause| format!("set aside: {cause}"),
        );
        let detail = format!("{at}: determination {determination} is {why}");
        return Err(Refusal::new(&DOES_NOT_COUNT, detail));
    }
    if let Some(owed) = standing.unfinished() {
        let detail = format!("{at}: still to be tested: {owed}");
        return Err(Refusal::new(&TESTING_UNFINISHED, detail).missing(vec![owed]));
    }
    let worst = standing.worst();
    if !worst.iter().any(|tested| tested.told.no == determination) {
        let lines: Vec<_> = worst
            .iter()
            .map(|tested| format!("determination {}: {}", tested.told.no, tested.told.value.shown))
            .collect();
        let detail = format!(
            "{at}: determination {determination} is {}, and {} counts too",
            named.told.value.shown,
            lines.join(" or ")
        );
        return Err(Refusal::new(&NOT_THE_WORST, detail).missing(lines));
    }
    let value = reported(standing, named);
    Ok(Reported { version, value, verdicts: named.told.verdicts.clone(), check_owed: true })
}

/// Something is open, and the first phase has looked at everything that stands outside.
fn examined(standing: &Standing<'_>, at: &EntryKey) -> Result<(), Refusal> {
    if !standing.is_open() {
        return Err(nothing(&format!("{at} is not under investigation")));
    }
    if !standing.is_examined() {
        let outside: Vec<_> = standing.against().map(|t| t.told.no.to_string()).collect();
        let detail =
            format!("{at}: determinations {} are outside their limits", outside.join(", "));
        return Err(Refusal::new(&PHASE_ONE_FIRST, detail));
    }
    Ok(())
}

fn nothing(detail: &str) -> Refusal {
    Refusal::new(&NOTHING_TO_INVESTIGATE, detail)
}
