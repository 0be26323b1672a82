//! Samples: an identity of their own in the run, a time of taking, a reserve that nobody overdraws unnoticed.

mod judge;
pub mod register;

pub(super) use judge::{custody, first, moved, once_more};
pub use register::{Taken, all, called, recorded};

use super::judge::Findings;
use super::spot::Spot;
use super::stated;
use crate::domain::calc::unit::in_unit;
use crate::domain::clock::Instant;
use crate::domain::command::Stamp;
use crate::domain::entry::EntryValue;
use crate::domain::entry::sample::{is_sample, reserve, taken_at};
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::quantity::Quantity;
use crate::domain::refusal::Refusal;
use crate::domain::run::EntryRun;
use crate::domain::run::acts::report::Report;
use crate::domain::words::EntryKey;
use rust_decimal::Decimal;

/// When it was done: what the report says, else when the sample says that it was taken.
pub(super) fn taken(report: &Report<'_>, value: &EntryValue) -> Option<Instant> {
    let of_sample = || taken_at(value).filter(|_| is_sample(value));
    report.performed_at.or_else(of_sample)
}

/// Nobody has taken a sample at a time that has not come.
///
/// # Errors
/// `performed-in-the-future`.
pub(super) fn not_ahead(value: &EntryValue, stamp: &Stamp) -> Result<(), Refusal> {
    stated::not_ahead(taken_at(value).filter(|_| is_sample(value)), stamp)
}

/// What was withdrawn from the reserve so far.
fn withdrawals(entry: &EntryRun) -> impl Iterator<Item = Quantity> {
    let points = entry.trail.iter().filter(|point| point.kind == "reserve-withdrawn");
    points.filter_map(|point| quantity(&point.data))
}

/// What is left of a sample's reserve, in its unit; less than nothing, where a correction made the
/// reserve smaller than what was withdrawn.
#[must_use]
pub fn left(entry: &EntryRun) -> Option<Quantity> {
    left_of(entry, reserve(recorded(entry)?)?)
}

fn left_of(entry: &EntryRun, kept: Quantity) -> Option<Quantity> {
    let value = withdrawals(entry)
        .try_fold(kept.value, |left, out| left.checked_sub(in_unit(&out, &kept.unit)?))?;
    Some(Quantity { value, unit: kept.unit })
}

/// Why a sample's value cannot be right beside what was withdrawn from its reserve, if it cannot.
#[must_use]
pub fn overdrawn(entry: &EntryRun, value: &EntryValue) -> Option<String> {
    let out: Vec<_> = withdrawals(entry).map(|out| out.to_string()).collect();
    if out.is_empty() {
        return None;
    }
    let out = format!("withdrawn was {}", out.join(" and "));
    match reserve(value) {
        None => Some(format!("no reserve is kept, and {out}")),
        Some(kept) => match left_of(entry, kept.clone()) {
            Some(left) if left.value >= Decimal::ZERO => None,
            Some(_) => Some(format!("the reserve is {kept}, and {out}")),
            None => Some(format!("the reserve is {kept}, another measure than what was withdrawn")),
        },
    }
}

fn quantity(data: &serde_json::Value) -> Option<Quantity> {
    serde_json::from_value(data["quantity"].clone()).ok()
}

/// What was withdrawn is a fact: more than is left, from where nothing is kept, or in another measure, it opens its
/// exception, which says by how much.
pub(super) fn withdrawn(
    spot: &Spot<'_>,
    at: &EntryKey,
    point: &EntryValue,
    findings: &mut Findings<'_, '_>,
) {
    if spot.spec.as_sample().is_none() || point.kind != "reserve-withdrawn" {
        return;
    }
    let kept = spot.entry.and_then(|entry| reserve(recorded(entry)?));
    let Some(out) = quantity(&point.data) else { return };
    let why = match (kept, spot.entry.and_then(left)) {
        (None, _) => format!("{out} were withdrawn, and no reserve is kept"),
        (Some(kept), None) => {
            format!("{out} were withdrawn, and what is left of {kept} cannot be told")
        }
        (Some(_), Some(left)) => match in_unit(&out, &left.unit) {
            None => format!("{out} were withdrawn, another measure than the {left} that are left"),
            Some(value) if value <= left.value => return,
            Some(value) => {
                let more = value.checked_sub(left.value).unwrap_or(value).normalize();
                format!(
                    "{out} were withdrawn, {more} {} more than the {left} that are left",
                    left.unit
                )
            }
        },
    };
    findings.also(ExceptionKind::OutOfAcceptance, Severity::Major, format!("{at}: {why}"));
}
