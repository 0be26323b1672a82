//! What a sample's value and its chain of custody are held against: other samples, what was planned,
//! the time of its taking. Nothing is refused for it; each finding opens an exception.

use super::super::judge::Findings;
use super::super::spot::Spot;
use super::{all, overdrawn};
use crate::domain::alike::{alike, differs};
use crate::domain::calc::unit::in_unit;
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::entry::EntryValue;
use crate::domain::entry::sample::{Spec, is_sample, reserve, taken, taken_at};
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::facts::Account;
use crate::domain::quantity::Quantity;
use crate::domain::refusal::words;
use crate::domain::run::acts::report::Report;
use crate::domain::run::{Content, EntryVersion, Run};
use crate::domain::words::EntryKey;

const DAY: i64 = 24 * 60 * MINUTE;

/// Judges a sample as it is recorded first.
pub fn first(
    run: &Run,
    spot: &Spot<'_>,
    report: &Report<'_>,
    value: &EntryValue,
    now: Instant,
    findings: &mut Findings<'_, '_>,
) {
    let Some(spec) = spot.spec.as_sample() else { return };
    let (at, done) = (report.at, report.performed_at);
    let said = taken_at(value);
    twin(run, at, value, findings);
    quantities(spec, at, value, said.or(done).unwrap_or(now), findings);
    let (Some(said), Some(done)) = (said, done) else { return };
    if said != done {
        let (taken, reported) = (run.local(said), run.local(done));
        let detail = format!(
            "{at}: the sample is said to be taken at {taken}, and reported as done at {reported}"
        );
        findings.also(ExceptionKind::OutOfOrder, Severity::Minor, detail);
        findings.check_owed = true;
    }
    // What was reported as done was judged with the report.
    if said < done {
        let reason = report.reason.map(words).filter(|reason| !reason.is_empty());
        findings.time(Some(said), now, reason);
    }
}

/// Judges a sample's new value: as the first one, and what it does to its reserve and its time.
pub fn once_more(
    run: &Run,
    spot: &Spot<'_>,
    at: &EntryKey,
    value: &EntryValue,
    reason: &str,
    findings: &mut Findings<'_, '_>,
) {
    let Some(spec) = spot.spec.as_sample() else { return };
    twin(run, at, value, findings);
    let Some((entry, first)) = spot.entry.and_then(|entry| Some((entry, entry.beginning()?)))
    else {
        return;
    };
    quantities(spec, at, value, of(value, first), findings);
    if let Some(why) = overdrawn(entry, value) {
        let detail = format!("{at}: {why}");
        findings.also(ExceptionKind::OutOfAcceptance, Severity::Major, detail);
    }
    let Some((was, is)) = moved(spot, value) else { return };
    let detail = format!("{at}: the time of its taking was corrected from {was} to {is}");
    findings.also(ExceptionKind::Correction, Severity::Minor, detail);
    if is > first.at {
        let recorded = first.at;
        let detail = format!("{at} is said to be taken at {is}, and was recorded at {recorded}");
        findings.also(ExceptionKind::OutOfOrder, Severity::Major, detail);
    }
    findings.time(Some(is), first.at, Some(reason));
}

/// When a sample was taken, as a value of it says; else as its first one does.
fn of(value: &EntryValue, first: &EntryVersion) -> Instant {
    taken_at(value).or(first.performed_at).unwrap_or(first.at)
}

/// When a sample was taken before and after a correction, if the correction moves it.
pub fn moved(spot: &Spot<'_>, value: &EntryValue) -> Option<(Instant, Instant)> {
    let first = spot.entry?.beginning().filter(|_| is_sample(value))?;
    let Content::Value(old) = &spot.current()?.content else { return None };
    Some((of(old, first), of(value, first))).filter(|(was, is)| was != is)
}

/// Two samples of one run have one identity: somebody will test the wrong one.
fn twin(run: &Run, at: &EntryKey, value: &EntryValue, findings: &mut Findings<'_, '_>) {
    let own = value.data["id"].as_str().unwrap_or_default();
    let twin = all(run).find(|(other, taken)| other != at && alike(taken.id(), own));
    if let Some((other, taken)) = twin {
        let detail = format!("{at}: sample {own} has the identity of {} at {other}", taken.id());
        if own == taken.id() {
            findings.also(ExceptionKind::UnknownReference, Severity::Major, detail);
        } else {
            let detail = format!("{detail}: {}", differs(own, taken.id()));
            findings.also(ExceptionKind::LookAlike, Severity::Major, detail);
        }
    }
}

/// How much was taken and kept, and until when, against what was planned.
fn quantities(
    spec: &Spec,
    at: &EntryKey,
    value: &EntryValue,
    done: Instant,
    findings: &mut Findings<'_, '_>,
) {
    let whole = taken(value);
    if let (Some(whole), Some(planned)) = (&whole, &spec.quantity)
        && is_less(whole, planned)
    {
        let detail = format!("{at}: {whole} were taken, and planned are {planned}");
        findings.also(ExceptionKind::OutOfAcceptance, Severity::Minor, detail);
    }
    let Some(kept) = reserve(value) else { return };
    let taken = findings.local(done);
    let mut found = |detail: String| {
        let detail = format!("{at}: {detail}");
        findings.also(ExceptionKind::OutOfAcceptance, Severity::Major, detail);
    };
    let planned = spec.reserve.as_ref().map(|reserve| &reserve.quantity);
    if let Some(planned) = planned.filter(|planned| is_less(&kept, planned)) {
        found(format!("the reserve is {kept}, and planned are {planned}"));
    }
    if let Some(whole) = whole.as_ref().filter(|whole| is_less(whole, &kept)) {
        found(format!("the reserve is {kept}, and {whole} were taken"));
    }
    let until = value.data["reserve"]["keep_until"].as_str().unwrap_or_default();
    let ends = Instant::parse(&format!("{until}T00:00:00Z")).ok();
    if ends.is_some_and(|ends| done.since(ends) >= DAY) {
        found(format!("the reserve is kept until {until}, and was taken at {taken}"));
    }
}

/// Whether a quantity is less than another, or cannot be held against it.
fn is_less(quantity: &Quantity, than: &Quantity) -> bool {
    in_unit(quantity, &than.unit).is_none_or(|value| value < than.value)
}

/// A sample is received by another person than handed it over, and after they did.
pub fn custody(
    spot: &Spot<'_>,
    at: &EntryKey,
    point: &str,
    by: Account<'_>,
    findings: &mut Findings<'_, '_>,
) {
    if spot.spec.as_sample().is_none() || point != "received" {
        return;
    }
    let passed = |kind: &str| kind == "handed-over" || kind == "received";
    let last = spot.entry.and_then(|e| e.trail.iter().rev().find(|point| passed(&point.kind)));
    let why = match last.filter(|last| last.kind == "handed-over") {
        Some(last) if last.by.person != Some(by.id) => return,
        Some(_) => "who had handed it over",
        None => "and nobody had handed it over",
    };
    let detail = format!("{at} was received by {}, {why}", by.printed_name);
    findings.also(ExceptionKind::OutOfOrder, Severity::Major, detail);
}
