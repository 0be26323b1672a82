//! Correcting a value: a new version with its reason; the old one stays, its exception too (F4).

use super::act::seen;
use super::judge::Findings;
use super::record::{canonical, is_confirmed, lapse_check, malformed, not_final};
use super::source;
use super::spot::{self, Spot};
use super::story::{Story, numbers};
use super::{RunFacts, access, result, sample};
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::command::Stamp;
use crate::domain::entry::Input;
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::ids::StepKey;
use crate::domain::limits::implausible;
use crate::domain::refusal::{REASON_REQUIRED, Refusal, words};
use crate::domain::ruling::Ruling;
use crate::domain::run::event::{Absence, EntryKey, RunEvent};
use crate::domain::run::refusal::{NOT_A_SLIP, NOTHING_RECORDED};
use crate::domain::run::{Content, EntryVersion, Run};

/// Within this time its author corrects a slip without a sentence.
pub const SLIP: i64 = MINUTE;

/// A correction that somebody reports.
#[derive(Debug, Clone, Copy)]
pub struct Correction<'a> {
    /// Where.
    pub at: &'a EntryKey,
    /// The new value as sent.
    pub input: &'a Input,
    /// Why.
    pub reason: Option<&'a str>,
    /// A slip: the coded reason.
    pub slip: bool,
    /// The person has seen that the value is implausible and means it.
    pub confirmed: bool,
    /// The version that was seen.
    pub expected: Option<u64>,
}

/// Records a new version of a value. Of an implausible one confirmation is asked, as of a first value, and both
/// attempts stay. Acts already done on the old value are listed as executed on a
/// superseded value; a verification of the step and a standing review lapse.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `record-final`, `nothing-recorded`, a missing or stale
/// version, `reason-required`, `not-a-slip`, `malformed`.
pub fn correct(
    run: &Run,
    facts: &RunFacts<'_>,
    correction: &Correction<'_>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let at = correction.at;
    let spot = spot::entry(run, at)?;
    let (permit, qualified) = access::report(run, facts, &spot)?;
    not_final(run)?;
    result::not_corrected(&spot, at)?;
    let current = spot
        .current()
        .ok_or_else(|| Refusal::new(&NOTHING_RECORDED, format!("{at} has no value")))?;
    seen(correction.expected, current.seq, &at.to_string())?;
    let uses = uses(run, &spot, at, current);
    // Overriding a device is no slip: it has its reason and its checker.
    let overrides = source::overrides(&spot, current);
    let slip = correction.slip && !overrides && is_slip(facts, &spot, current, &uses, stamp.at);
    let reason = reason(correction, current, slip)?;
    let value = spot.spec.parse(correction.input).map_err(|detail| malformed(at, &detail))?;
    let verdicts = spot.spec.judge(&value);
    let raw = canonical(correction.input);
    let mut story = Story::new(run);
    if implausible(&verdicts) && !is_confirmed(&spot, correction.confirmed, &raw) {
        let shown = value.shown;
        story.tell(RunEvent::ImplausibleValueKept { at: at.clone(), raw, shown, verdicts });
        return Ok(story.ends(permit, &format!("a correction of {at} was attempted")));
    }
    let mut findings = Findings::new(&mut story, &spot, at);
    findings.value(&value.shown, &verdicts);
    findings.person(qualified, facts.actor);
    sample::twin(run, at, &value, &mut findings);
    if !uses.is_empty() {
        let detail = format!("{at} was corrected after use: {}", uses.join("; "));
        findings.also(ExceptionKind::Correction, Severity::Minor, detail);
    }
    let slip = slip && !spot.spec.kind.as_kind().owes_check(&value);
    if overrides {
        findings.source(vec![source::by_hand(at, "was corrected", Some(&reason))], true);
    }
    let opened = findings.done();
    story.tell(RunEvent::EntryCorrected {
        at: at.clone(),
        version: current.version + 1,
        old: before(current),
        value,
        raw,
        verdicts,
        reason,
        slip,
        superseded_uses: uses,
        check_owed: !slip,
        exceptions: numbers(&opened),
    });
    story.open(opened);
    lapse_check(&spot, at, &mut story);
    Ok(story.ends(permit, &format!("{at} was corrected")))
}

/// Why, in words, or `slip`.
///
/// # Errors
/// `reason-required`, `not-a-slip`.
fn reason(
    correction: &Correction<'_>,
    current: &EntryVersion,
    slip: bool,
) -> Result<String, Refusal> {
    let at = correction.at;
    if slip {
        return Ok("slip".to_owned());
    }
    if let Some(said) = correction.reason.map(words).filter(|said| !said.is_empty()) {
        return Ok(said.to_owned());
    }
    let (rule, detail) = if correction.slip {
        let who = &current.by.printed_name;
        (&NOT_A_SLIP, format!("{at} was recorded by {who} at {}", current.at))
    } else {
        (&REASON_REQUIRED, format!("{at} is corrected without a reason"))
    };
    Err(Refusal::new(rule, detail).missing(vec!["reason".into()]))
}

/// What stands there now, as people read it.
fn before(current: &EntryVersion) -> String {
    match &current.content {
        Content::Value(value) => value.shown.clone(),
        Content::Absent(Absence::NotApplicable) => "not applicable".to_owned(),
        Content::Absent(Absence::NotPerformed) => "not performed".to_owned(),
        Content::Absent(Absence::NotAvailable) => "not available".to_owned(),
    }
}

/// Within a minute, by who recorded it, unsigned and unused. A value that opened an exception has
/// been used: the way around a limit is not a slip (F4).
fn is_slip(
    facts: &RunFacts<'_>,
    spot: &Spot<'_>,
    current: &EntryVersion,
    uses: &[String],
    now: Instant,
) -> bool {
    let own = current.by.person == Some(facts.actor.key.id);
    let unsigned =
        spot.step_run.is_none_or(|step| step.performed.is_none() && step.checked.is_none());
    own && unsigned
        && uses.is_empty()
        && current.exceptions.is_empty()
        && current.checked.is_none()
        && now.since(current.at) <= SLIP
}

/// What was done since, relying on the value: executed on a superseded value.
pub(super) fn uses(
    run: &Run,
    spot: &Spot<'_>,
    at: &EntryKey,
    current: &EntryVersion,
) -> Vec<String> {
    let mut uses = Vec::new();
    if let Some((_, who)) = &current.checked {
        uses.push(format!("checked by {}", who.printed_name));
    }
    let (Some(key), Some(step)) = (&at.step, spot.step_run) else { return uses };
    if let (Some(when), Some(who)) = (step.completed_at, &step.completed_by)
        && when >= current.at
    {
        uses.push(format!("{key} completed by {} at {when}", who.printed_name));
    }
    if let Some(signed) = step.checked.as_ref().filter(|signed| signed.seq > current.seq) {
        uses.push(format!("{key} {} by {}", signed.meaning.as_str(), signed.printed_name));
    }
    if let Some((when, signed)) = spot.operation_run.and_then(|op| op.closed.as_ref())
        && signed.seq > current.seq
    {
        uses.push(format!("{} closed by {} at {when}", key.operation, signed.printed_name));
    }
    for (gate, state) in &run.gates {
        for (when, signed) in state.passages.iter().filter(|(_, s)| s.seq > current.seq) {
            uses.push(format!("gate {gate} passed by {} at {when}", signed.printed_name));
        }
    }
    uses.extend(later_steps(run, key, current));
    uses
}

/// Occurrences begun since that come after this step, or after its operation.
fn later_steps(run: &Run, key: &StepKey, current: &EntryVersion) -> Vec<String> {
    run.steps
        .iter()
        .filter(|(other, state)| *other != key && state.started_at >= current.at)
        .filter(|(other, _)| {
            run.recipe.step(&other.step).is_some_and(|(operation, step)| {
                let mut after = step.order.after.iter().chain(&operation.order.after);
                after.any(|id| *id == key.step || *id == key.operation.op)
            })
        })
        .map(|(other, state)| format!("{other} started by {}", state.started_by.printed_name))
        .collect()
}
