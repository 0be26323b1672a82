//! Checks by a second person: of an entry's version (attributed) and of a completed step (signed).
//! A check is by another person than everyone who performed, in time, and not faster than possible.

use super::act::{seen, sign};
use super::record::not_final;
use super::spot::{self, Spot};
use super::story::Story;
use super::{RunFacts, access};
use crate::domain::clock::Instant;
use crate::domain::command::Stamp;
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::ids::{PersonId, StepKey};
use crate::domain::master::{SecondPerson, SecondPersonMode, Step};
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::event::{EntryKey, RunEvent};
use crate::domain::run::refusal::{
    ALREADY_CHECKED, NO_CHECK_ASKED, NOTHING_RECORDED, STEP_NOT_COMPLETE,
};
use crate::domain::run::{Run, StepPhase, StepRun};
use crate::domain::signing::{Meaning, Signed};
use std::collections::BTreeSet;

/// Nobody looks at anything in less (microseconds): such a check is marked (F10).
pub const TOO_FAST: i64 = 3_000_000;

/// Checks the version of an entry that counts. Not signed: the session's person checks. A check
/// under the authority *review* is quality oversight.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `record-final`, `nothing-recorded`, a missing or stale
/// version, `already-checked`, `witness-is-performer`.
pub fn check_entry(
    run: &Run,
    facts: &RunFacts<'_>,
    at: &EntryKey,
    expected: Option<u64>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let spot = spot::entry(run, at)?;
    let wanted = [access::checking(spot.step), Authority::Review];
    let permit = facts.actor.permit(facts.site, &wanted, access::place(run, spot.operation))?;
    not_final(run)?;
    let current = spot
        .current()
        .ok_or_else(|| Refusal::new(&NOTHING_RECORDED, format!("{at} has no value")))?;
    if let Some((when, who)) = &current.checked {
        let detail = format!("{} checked version {} at {when}", who.printed_name, current.version);
        return Err(Refusal::new(&ALREADY_CHECKED, detail));
    }
    seen(expected, current.seq, &at.to_string())?;
    if performers(&spot).contains(&facts.actor.key.id) {
        return Err(access::is_performer(&facts.actor.user_name, &at.to_string()));
    }
    let mut story = Story::new(run);
    let oversight = access::is_oversight(&permit);
    let version = current.version;
    story.tell(RunEvent::EntryChecked { at: at.clone(), version, oversight });
    timing(&mut story, spot.step, at, current.at, stamp.at, None);
    Ok(story.ends(permit, &format!("{at} was checked")))
}

/// Everyone who took part in what an entry's versions say: by current values *and* all before.
fn performers(spot: &Spot<'_>) -> BTreeSet<PersonId> {
    let mut people = spot.step_run.map(|step| step.performers.clone()).unwrap_or_default();
    if let Some(entry) = spot.entry {
        people.extend(entry.versions.iter().filter_map(|version| version.by.person));
        people.extend(entry.versions.iter().filter_map(|version| version.performer));
        people.extend(entry.trail.iter().filter_map(|point| point.by.person));
        people.extend(entry.attempts.iter().filter_map(|attempt| attempt.by.person));
    }
    people
}

/// The witness of an occurrence's beginning, as long as they have done nothing of it since.
#[must_use]
pub fn standing_witness(state: &StepRun) -> Option<&Signed> {
    state.witness.as_ref().filter(|signed| !state.performers.contains(&signed.person))
}

/// The verification an occurrence still owes, if any. A witness who could not sign before (found
/// running), who went on to perform, or whose signature lapsed, is made up for by a verification.
#[must_use]
pub fn owes_check(step: &Step, state: &StepRun) -> Option<SecondPerson> {
    let second = access::second_person(step)?;
    let witnessed =
        second.mode == SecondPersonMode::WitnessBefore && standing_witness(state).is_some();
    (state.phase == StepPhase::Complete && state.checked.is_none() && !witnessed).then_some(second)
}

/// Verifies a completed occurrence, signed by the session's person. Later than the limit, or faster
/// than possible, it stands with an exception.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `record-final`, `step-not-complete`, `already-checked`,
/// `no-check-asked`, a missing or stale version, `witness-is-performer`, `signature-required`.
pub fn check_step(
    run: &Run,
    facts: &RunFacts<'_>,
    key: &StepKey,
    expected: Option<u64>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let (operation, step) = spot::step(run, key)?;
    let permit = access::request(run, facts, operation, &[access::checking(Some(step))])?;
    not_final(run)?;
    let done = run.steps.get(key).filter(|state| state.phase == StepPhase::Complete);
    let state =
        done.ok_or_else(|| Refusal::new(&STEP_NOT_COMPLETE, format!("{key} is not complete")))?;
    if let Some(signed) = &state.checked {
        let detail =
            format!("{} {} {key} at {}", signed.printed_name, signed.meaning.as_str(), signed.at);
        return Err(Refusal::new(&ALREADY_CHECKED, detail));
    }
    let second = owes_check(step, state)
        .ok_or_else(|| Refusal::new(&NO_CHECK_ASKED, format!("step {}", step.id)))?;
    seen(expected, state.version, &key.to_string())?;
    if state.performers.contains(&facts.actor.key.id) {
        return Err(access::is_performer(&facts.actor.user_name, &key.to_string()));
    }
    let signatures = sign(facts, stamp, &permit, Meaning::Verified)?;
    let mut story = Story::new(run);
    let oversight = access::is_oversight(&permit);
    story.tell_signed(RunEvent::StepChecked { step: key.clone(), oversight }, signatures);
    let since = state.completed_at.unwrap_or(stamp.at);
    let at = EntryKey::whole(key.clone());
    timing(&mut story, Some(step), &at, since, stamp.at, second.within_minutes);
    Ok(story.ends(permit, &format!("{key} was verified")))
}

/// A check faster than possible or later than its limit opens an exception.
fn timing(
    story: &mut Story<'_>,
    step: Option<&Step>,
    at: &EntryKey,
    since: Instant,
    now: Instant,
    within: Option<u32>,
) {
    let limit = within.map(|minutes| since.plus_minutes(i64::from(minutes)));
    let detail = if now.since(since) < TOO_FAST {
        format!("{at} was checked within 3 seconds")
    } else if let Some(limit) = limit.filter(|limit| now > *limit) {
        format!("{at} was to be checked by {limit} and was checked at {now}")
    } else {
        return;
    };
    let opened = story.exception(ExceptionKind::CheckTiming, Severity::Minor, step, at, detail);
    story.open(vec![opened]);
}
