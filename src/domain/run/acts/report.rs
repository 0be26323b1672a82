//! A report as it comes, of a value or of its correction, and what is asked of every one.

use super::{access, stated};
use crate::domain::clock::Instant;
use crate::domain::command::Stamp;
use crate::domain::entry::Input;
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::access::Performer;
use crate::domain::run::acts::check_lapse::StepCheckLapsed;
use crate::domain::run::acts::spot::Spot;
use crate::domain::run::acts::story::Story;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::quality_refusal::RECORD_FINAL;
use crate::domain::run::refusal::PERFORMER_UNKNOWN;
use crate::domain::run::{Attempt, Phase, Run};
use crate::domain::words::{AlarmPriority, Basis, EntryKey};
/// A value that somebody reports.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// Where.
    pub at: &'a EntryKey,
    /// As sent.
    pub input: &'a Input,
    /// When it was done, where that is not now.
    pub performed_at: Option<Instant>,
    /// Where the knowledge comes from.
    pub basis: &'a Basis,
    /// Why late, or why an implausible value stands.
    pub reason: Option<&'a str>,
    /// The person has been asked and means it.
    pub confirmed: bool,
}

/// A report on an occurrence that was not started opens it as found running.
pub(super) fn arrive(
    run: &Run,
    facts: &RunFacts<'_>,
    spot: &Spot<'_>,
    at: &EntryKey,
    story: &mut Story<'_>,
) {
    if let (Some(key), Some(step)) = (&at.step, spot.step)
        && !run.steps.contains_key(key)
    {
        story.found_running(key, step, facts.actor.printed_name);
    }
}

/// The verification of a step lapses when what it covered changed.
pub(super) fn lapse_check(spot: &Spot<'_>, at: &EntryKey, story: &mut Story<'_>) {
    if let (Some(key), Some(_)) = (&at.step, spot.step_run.and_then(|s| s.checked.as_ref())) {
        let cause = format!("{at} changed");
        story.tell(RunEvent::StepCheckLapsed(StepCheckLapsed { step: key.clone(), cause }));
    }
}

/// What is said to whoever sends a value as computed.
pub(super) const COMPUTED: &str = "the server computes this value; nobody sends it";

/// Nobody sends a value on the server's own basis.
///
/// # Errors
/// `malformed`.
pub(super) fn not_computed(report: &Report<'_>) -> Result<(), Refusal> {
    if *report.basis == Basis::Computed {
        return Err(malformed(report.at, COMPUTED));
    }
    Ok(())
}

/// A request comes too late for a closed record; a fact never does ([`super::addendum`]).
///
/// # Errors
/// `record-final`.
pub fn not_final(run: &Run) -> Result<(), Refusal> {
    if run.phase == Phase::Closed {
        return Err(Refusal::new(&RECORD_FINAL, format!("run {} is closed", run.number)));
    }
    Ok(())
}

/// `malformed` naming the entry and what is wrong.
pub(super) fn malformed(at: &EntryKey, detail: &str) -> Refusal {
    Refusal::new(&MALFORMED, format!("{at}: {detail}"))
}

/// The input as sent, in one canonical text.
pub(super) fn canonical(input: &Input) -> String {
    // `Value`'s maps are sorted by key, and an input holds no float: numbers come as text.
    serde_json::to_value(input).map(|value| value.to_string()).unwrap_or_default()
}

/// Confirmation counts only for a value that was kept before of the same person: who sends `confirmed` at
/// once has not been asked, and nobody confirms what another typed.
pub(super) fn is_confirmed(
    spot: &Spot<'_>,
    facts: &RunFacts<'_>,
    confirmed: bool,
    raw: &str,
) -> bool {
    let own = Some(facts.actor.id);
    let asked = |kept: &Attempt| kept.raw == raw && kept.by.person == own;
    confirmed && spot.entry.is_some_and(|entry| entry.attempts.iter().any(asked))
}

/// Who did it, and not in the future. That somebody named cannot have done it is no reason to lose
/// the report: it is judged ([`access::performer`]).
///
/// # Errors
/// `performed-in-the-future`, `performer-unknown`.
pub(super) fn performed(
    run: &Run,
    facts: &RunFacts<'_>,
    spot: &Spot<'_>,
    report: &Report<'_>,
    stamp: &Stamp,
) -> Result<Performer, Refusal> {
    stated::not_ahead(report.performed_at, stamp)?;
    let Basis::Scribe { performed_by } = report.basis else { return Ok(Performer::default()) };
    let person = facts.performer.filter(|person| person.id != facts.actor.id);
    let person = person.ok_or_else(|| {
        Refusal::new(&PERFORMER_UNKNOWN, format!("performed_by is {performed_by:?}"))
    })?;
    Ok(access::performer(run, facts, spot, person))
}

/// A correction that somebody reports.
#[derive(Debug, Clone, Copy)]
pub struct Correction<'a> {
    /// Where.
    pub at: &'a EntryKey,
    /// The new value as sent.
    pub input: &'a Input,
    /// When it was done, where that was said wrong.
    pub performed_at: Option<Instant>,
    /// Why.
    pub reason: Option<&'a str>,
    /// A slip: the coded reason.
    pub slip: bool,
    /// The person has seen that the value is implausible and means it.
    pub confirmed: bool,
    /// The version that was seen.
    pub expected: Option<u64>,
}

impl<'a> Correction<'a> {
    /// One that corrects when it was done, never a slip.
    #[must_use]
    pub fn of_time(
        (at, input, reason): (&'a EntryKey, &'a Input, Option<&'a str>),
        performed_at: Instant,
        confirmed: bool,
        expected: Option<u64>,
    ) -> Self {
        let performed_at = Some(performed_at);
        Self { at, input, performed_at, reason, slip: false, confirmed, expected }
    }
}

/// An alarm as it is told.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The occurrence it concerns, if one is named.
    pub at: Option<&'a EntryKey>,
    /// Tag of its source.
    pub tag: &'a str,
    pub priority: AlarmPriority,
    pub text: &'a str,
    /// When its source raised it, where that is not now.
    pub raised_at: Option<Instant>,
    /// The device that sent it, where one did: its own signed text proves that.
    pub device: Option<&'a str>,
}
