//! The first phase: the laboratory looks at raw data and work, analyst and supervisor each by signature; quality
//! concludes whether there was an assignable cause, or an error of transcription or calculation.

use super::super::act::{actor, no_such};
use super::claim;
use super::standing::Standing;
use crate::domain::policy::{Authority, Permit};
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::run::Run;
use crate::domain::run::decide::RunFacts;
use crate::domain::run::decide::act::may;
use crate::domain::run::event::EntryKey;
use crate::domain::run::testing::{DeterminationRun, InvestigationStep, Speaker};
use crate::domain::run::testing_refusal::{
    DOES_NOT_COUNT, LABORATORY_FIRST, NOTHING_TO_INVESTIGATE,
};
use crate::domain::signing::Meaning;
use std::collections::BTreeSet;

/// Who of the laboratory speaks: who tested, as analyst; who directs it and did not test, as supervisor.
///
/// # Errors
/// `authority-missing`.
pub(super) fn speaker(
    run: &Run,
    facts: &RunFacts<'_>,
    standing: &Standing<'_>,
) -> Result<(Speaker, Permit, Meaning), Refusal> {
    let tested = standing.all().any(|tested| tested.tester() == Some(actor(facts)));
    if tested {
        let permit = may(run, facts, &[Authority::Test])?;
        return Ok((Speaker::Analyst, permit, Meaning::Authored));
    }
    let permit = may(run, facts, &[Authority::SuperviseLaboratory])?;
    Ok((Speaker::Supervisor, permit, Meaning::Checked))
}

/// A statement of the laboratory is about a determination, or a claim that waits.
///
/// # Errors
/// `nothing-to-investigate`, `no-such-part`.
pub(super) fn statement(
    run: &Run,
    standing: &Standing<'_>,
    about: Option<u32>,
) -> Result<(), Refusal> {
    if standing.all().next().is_none() {
        let detail = "nothing has been determined there";
        return Err(Refusal::new(&NOTHING_TO_INVESTIGATE, detail));
    }
    match about {
        Some(no) if claim::find(standing, no).is_none() => {
            Err(no_such(run, &format!("claim {no} that waits there")))
        }
        _ => Ok(()),
    }
}

/// Analyst and laboratory supervisor have both spoken since: about a claim, with raw data.
///
/// # Errors
/// `laboratory-first` naming who is missing.
fn spoken(
    standing: &Standing<'_>,
    at: &EntryKey,
    since: u64,
    about: Option<u32>,
) -> Result<(), Refusal> {
    let mut speakers = BTreeSet::new();
    let mut raw = false;
    for (_, taken) in standing.steps().filter(|(_, taken)| taken.seq > since) {
        let InvestigationStep::Laboratory { speaker, raw_data, claim, .. } = &taken.step else {
            continue;
        };
        if about.is_none() || *claim == about {
            speakers.extend(speaker.map(|speaker| speaker == Speaker::Supervisor));
            raw |= !raw_data.is_empty();
        }
    }
    let mut missing = Vec::new();
    if !speakers.contains(&false) {
        missing.push("the analyst who tested: phase laboratory, signed".to_owned());
    }
    if !speakers.contains(&true) {
        missing
            .push("a laboratory supervisor who did not test: phase laboratory, signed".to_owned());
    }
    if about.is_some() && !raw {
        missing.push("the raw data, attached to a statement of the laboratory".to_owned());
    }
    let Some(first) = missing.first() else { return Ok(()) };
    Err(Refusal::new(&LABORATORY_FIRST, format!("{at}: missing: {first}")).missing(missing))
}

/// Looks for an assignable cause. Found, it sets determinations aside, each by name and for ever in
/// view; a result that was reported on them no longer stands.
pub(super) fn cause(
    run: &Run,
    standing: &Standing<'_>,
    at: &EntryKey,
    found: bool,
    invalidates: &[u32],
) -> Result<Option<String>, Refusal> {
    if found == invalidates.is_empty() {
        let detail =
            "a cause that was found names the determinations it sets aside; else there are none";
        return Err(Refusal::new(&MALFORMED, detail));
    }
    let distinct: BTreeSet<_> = invalidates.iter().collect();
    if distinct.len() != invalidates.len() {
        return Err(Refusal::new(&MALFORMED, "a determination is named twice"));
    }
    let mut about: Vec<&DeterminationRun> = standing.against().collect();
    for no in invalidates {
        let tested = standing.find(*no);
        let tested = tested.ok_or_else(|| no_such(run, &format!("determination {no} there")))?;
        if let Some(cause) = &tested.invalidated {
            let detail = format!("determination {no} was set aside before: {cause}");
            return Err(Refusal::new(&DOES_NOT_COUNT, detail));
        }
        about.push(tested);
    }
    if !found && !standing.is_open() {
        let detail = "no determination outside its limits waits for a first phase";
        return Err(Refusal::new(&NOTHING_TO_INVESTIGATE, detail));
    }
    let since = about.iter().map(|tested| standing.since(tested)).max().unwrap_or_default();
    spoken(standing, at, since, None)?;
    let numbers: Vec<_> = invalidates.iter().map(u32::to_string).collect();
    let reopens = format!("determination {} was set aside", numbers.join(", "));
    Ok(standing.reported().filter(|_| found).map(|_| reopens))
}

/// Concludes on a claimed correction: with the raw data of the laboratory, and its two statements about it.
pub(super) fn transcription(
    run: &Run,
    standing: &Standing<'_>,
    at: &EntryKey,
    claim: u32,
    accepted: bool,
) -> Result<Option<String>, Refusal> {
    let found = claim::find(standing, claim);
    let found = found.ok_or_else(|| no_such(run, &format!("claim {claim} that waits there")))?;
    spoken(standing, at, found.seq, Some(claim))?;
    let reopens =
        format!("claim {claim} on determination {} was accepted", found.told.determination);
    Ok(standing.reported().filter(|_| accepted).map(|_| reopens))
}
