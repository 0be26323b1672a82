//! Samples: an identity of their own in the run, a time of taking, a reserve that nobody overdraws.

use super::judge::Findings;
use super::record::Report;
use super::spot::Spot;
use crate::domain::clock::Instant;
use crate::domain::entry::sample::{key, reserve, taken_at};
use crate::domain::entry::{EntryValue, KindSpec};
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::quantity::Quantity;
use crate::domain::refusal::Refusal;
use crate::domain::run::event::EntryKey;
use crate::domain::run::testing_refusal::RESERVE_EXCEEDED;
use crate::domain::run::{Content, EntryRun, Run};
use rust_decimal::Decimal;

/// A sample of the run that counts now.
#[derive(Debug, Clone, Copy)]
pub struct Taken<'r> {
    /// Entry id in the master record.
    pub entry: &'r str,
    /// Its value.
    pub value: &'r EntryValue,
}

impl<'r> Taken<'r> {
    /// Its id as typed.
    #[must_use]
    pub fn id(&self) -> &'r str {
        self.value.data["id"].as_str().unwrap_or_default()
    }
}

/// The value of a recorded sample.
#[must_use]
pub fn recorded(entry: &EntryRun) -> Option<&EntryValue> {
    match &entry.current()?.content {
        Content::Value(value) if value.kind == "sample" => Some(value),
        _ => None,
    }
}

/// Every sample of the run that counts now, with its place.
pub fn all(run: &Run) -> impl Iterator<Item = (EntryKey, Taken<'_>)> {
    run.steps.iter().flat_map(|(step, state)| {
        state.entries.iter().filter_map(move |(entry, found)| {
            let at = EntryKey { step: Some(step.clone()), entry: entry.clone() };
            Some((at, Taken { entry, value: recorded(found)? }))
        })
    })
}

/// When it was done: what the report says, else when the sample says that it was taken.
pub(super) fn taken(report: &Report<'_>, value: &EntryValue) -> Option<Instant> {
    let of_sample = || taken_at(value).filter(|_| value.kind == "sample");
    report.performed_at.or_else(of_sample)
}

/// Two samples of one run have one identity: somebody will test the wrong one.
pub(super) fn twin(run: &Run, at: &EntryKey, value: &EntryValue, findings: &mut Findings<'_, '_>) {
    if value.kind != "sample" {
        return;
    }
    let own = value.data["id"].as_str().unwrap_or_default();
    let twin = all(run).find(|(other, taken)| other != at && key(taken.id()) == key(own));
    if let Some((other, taken)) = twin {
        let detail = format!("{at}: sample {own} has the identity of {} at {other}", taken.id());
        findings.also(ExceptionKind::UnknownReference, Severity::Major, detail);
    }
}

/// What is left of a sample's reserve.
#[must_use]
pub fn left(entry: &EntryRun) -> Option<Quantity> {
    let kept = reserve(recorded(entry)?)?;
    let out: Decimal = entry.trail.iter().filter_map(|point| quantity(&point.data)).sum();
    Some(Quantity { value: kept.value - out, unit: kept.unit })
}

fn quantity(data: &serde_json::Value) -> Option<Decimal> {
    let found: Quantity = serde_json::from_value(data["quantity"].clone()).ok()?;
    Some(found.value)
}

/// Nobody withdraws what is not there.
///
/// # Errors
/// `reserve-exceeded`.
pub(super) fn withdrawn(spot: &Spot<'_>, at: &EntryKey, point: &EntryValue) -> Result<(), Refusal> {
    let of_sample = matches!(spot.spec.kind, KindSpec::Sample(_));
    if !of_sample || point.kind != "reserve-withdrawn" {
        return Ok(());
    }
    let Some(left) = spot.entry.and_then(left) else {
        return Err(Refusal::new(&RESERVE_EXCEEDED, format!("{at} keeps no reserve")));
    };
    let fits = quantity(&point.data).is_some_and(|out| out <= left.value);
    if !fits || point.data["quantity"]["unit"] != left.unit.as_str() {
        let detail = format!("{at}: {left} are left, and withdrawn would be {}", point.shown);
        return Err(Refusal::new(&RESERVE_EXCEEDED, detail));
    }
    Ok(())
}
