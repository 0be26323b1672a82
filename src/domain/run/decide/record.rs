//! Recording a value: a report. Stored first, then judged; refused only where there is no such
//! entry, nothing legible, nobody who may record here, or a value already (ARCHITECTURE.md, principle 1).

use super::access::Performer;
use super::judge::Findings;
use super::order::open_numbers;
use super::source::{self, Judged};
use super::spot::{self, Spot};
use super::story::{Story, numbers};
use super::{access, clearance, result, sample};
use crate::domain::clock::Instant;
use crate::domain::command::Stamp;
use crate::domain::entry::spec::Due;
use crate::domain::entry::{EntryValue, Input};
use crate::domain::limits::{Verdict, implausible};
use crate::domain::policy::Permit;
use crate::domain::refusal::{MALFORMED, Refusal, words};
use crate::domain::ruling::Ruling;
use crate::domain::run::event::RunEvent;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::quality_refusal::RECORD_FINAL;
use crate::domain::run::refusal::{ALREADY_RECORDED, PERFORMED_IN_FUTURE, PERFORMER_UNKNOWN};
use crate::domain::run::{Phase, Run};
use crate::domain::words::{Basis, EntryKey};

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

/// Records a first value. An implausible one is kept and confirmation asked
/// ([`asks_confirmation`]); sent again with `confirmed` it is recorded, and both attempts stay.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `malformed`, `already-recorded`,
/// `performed-in-the-future`, `performer-unknown`.
pub fn record(
    run: &Run,
    facts: &RunFacts<'_>,
    report: &Report<'_>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let spot = spot::entry(run, report.at)?;
    not_computed(report)?;
    if result::is_result(&spot) {
        return result::determine(run, facts, report, stamp);
    }
    let (permit, qualified) = access::report(run, facts, &spot)?;
    if spot.spec.kind.as_kind().inputs().is_some() {
        return Err(malformed(report.at, COMPUTED));
    }
    let value = spot.spec.parse(report.input).map_err(|detail| malformed(report.at, &detail))?;
    let again = clearance::again(&spot);
    if let Some(current) = spot.current().filter(|_| !again) {
        // The refusal stands in the access log, and what was sent with it.
        let detail = format!(
            "{} has version {} by {} of {}; sent was {}",
            report.at,
            current.version,
            current.by.printed_name,
            current.at,
            canonical(report.input)
        );
        return Err(Refusal::new(&ALREADY_RECORDED, detail));
    }
    sample::not_ahead(&value, stamp)?;
    let report = &Report { performed_at: sample::taken(report, &value), ..*report };
    let performer = performed(run, facts, &spot, report, stamp)?;
    let judged = source::judge(run, facts, &spot, report, &value, stamp.at)?;
    let verdicts = spot.spec.judge(&value);
    let mut story = Story::new(run);
    let under_exceptions = open_numbers(run);
    arrive(run, facts, &spot, report.at, &mut story);
    let raw = canonical(report.input);
    if implausible(&verdicts) && !is_confirmed(&spot, report.confirmed, &raw) {
        let shown = value.shown;
        story.tell(RunEvent::ImplausibleValueKept { at: report.at.clone(), raw, shown, verdicts });
        return Ok(story.ends(permit));
    }
    let seen = Seen { value, raw, verdicts, performer, judged, under_exceptions, qualified };
    Ok(tell(run, facts, &spot, report, seen, stamp, story, permit))
}

/// What has been read of a report.
struct Seen {
    value: EntryValue,
    raw: String,
    verdicts: Vec<Verdict>,
    performer: Performer,
    judged: Judged,
    under_exceptions: Vec<u32>,
    qualified: bool,
}

#[allow(clippy::too_many_arguments, reason = "one telling of one report, split for its length")]
fn tell(
    run: &Run,
    facts: &RunFacts<'_>,
    spot: &Spot<'_>,
    report: &Report<'_>,
    seen: Seen,
    stamp: &Stamp,
    mut story: Story<'_>,
    permit: Permit,
) -> Ruling<RunEvent> {
    let by = &facts.actor.printed_name;
    let again = clearance::again(spot);
    let reason = report.reason.map(words).filter(|reason| !reason.is_empty());
    let mut findings = Findings::new(&mut story, spot, report.at);
    findings.value(&seen.value.shown, &seen.verdicts);
    findings.person(seen.qualified, facts.actor);
    findings.performer(&seen.performer);
    let done = seen.judged.done(report.performed_at);
    let Judged { source, found } = seen.judged;
    let owes = spot.spec.kind.as_kind().owes_check(&seen.value);
    findings.source(found, owes);
    findings.time(done, stamp.at, reason);
    findings.basis(report.basis, by);
    findings.place(run, again || spot.spec.due != Due::Step || spot.step.is_none());
    sample::first(run, spot, report, &seen.value, stamp.at, &mut findings);
    let check_owed = findings.check_owed;
    let opened = findings.done();
    let reason = if again {
        Some(clearance::said_again(&seen.verdicts, reason))
    } else {
        reason.map(str::to_owned)
    };
    story.tell(RunEvent::EntryRecorded {
        at: report.at.clone(),
        value: seen.value,
        raw: seen.raw,
        verdicts: seen.verdicts,
        performed_at: report.performed_at,
        basis: report.basis.clone(),
        source,
        performer: seen.performer.id,
        reason,
        under_exceptions: seen.under_exceptions,
        check_owed,
        exceptions: numbers(&opened),
    });
    story.open(opened);
    if spot.spec.due == Due::Step {
        lapse_check(spot, report.at, &mut story);
    }
    story.ends(permit)
}

/// Whether a ruling kept an implausible value and asks to confirm it.
#[must_use]
pub fn asks_confirmation(ruling: &Ruling<RunEvent>) -> bool {
    ruling.events.iter().any(|(event, _)| matches!(event, RunEvent::ImplausibleValueKept { .. }))
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
        story.found_running(key, step, &facts.actor.printed_name);
    }
}

/// The verification of a step lapses when what it covered changed.
pub(super) fn lapse_check(spot: &Spot<'_>, at: &EntryKey, story: &mut Story<'_>) {
    if let (Some(key), Some(_)) = (&at.step, spot.step_run.and_then(|s| s.checked.as_ref())) {
        let cause = format!("{at} changed");
        story.tell(RunEvent::StepCheckLapsed { step: key.clone(), cause });
    }
}

/// What is said to whoever sends a value as computed.
const COMPUTED: &str = "the server computes this value; nobody sends it";

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

/// Confirmation counts only for a value that was kept before: who sends `confirmed` at once has
/// not been asked.
pub(super) fn is_confirmed(spot: &Spot<'_>, confirmed: bool, raw: &str) -> bool {
    let kept = spot.entry.is_some_and(|e| e.attempts.iter().any(|kept| kept.raw == raw));
    confirmed && kept
}

/// Nothing was done at a time that has not come.
///
/// # Errors
/// `performed-in-the-future`.
pub(super) fn not_in_future(done: Option<Instant>, stamp: &Stamp) -> Result<(), Refusal> {
    let Some(done) = done.filter(|done| *done > stamp.at) else { return Ok(()) };
    let detail = format!("it was done at {done}, and now it is {}", stamp.at);
    Err(Refusal::new(&PERFORMED_IN_FUTURE, detail))
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
    not_in_future(report.performed_at, stamp)?;
    let Basis::Scribe { performed_by } = report.basis else { return Ok(Performer::default()) };
    let person = facts.performer.filter(|person| person.key.id != facts.actor.key.id);
    let person = person.ok_or_else(|| {
        Refusal::new(&PERFORMER_UNKNOWN, format!("performed_by is {performed_by:?}"))
    })?;
    Ok(access::performer(run, facts, spot, person))
}
