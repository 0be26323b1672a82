//! What was done relying on a value: executed on a superseded value, once it is corrected.

use super::super::sample::recorded;
use super::super::spot::Spot;
use crate::domain::alike::alike;
use crate::domain::clock::Zone;
use crate::domain::entry::EntryValue;
use crate::domain::entry::result::sample_of;
use crate::domain::ids::StepKey;
use crate::domain::run::testing::DeterminationRun;
use crate::domain::run::{EntryRun, EntryVersion, Run};
use crate::domain::words::EntryKey;
use std::collections::BTreeSet;

/// What was done since, relying on the value: executed on a superseded value. Times are the site's.
pub fn uses(
    run: &Run,
    spot: &Spot<'_>,
    at: &EntryKey,
    current: &EntryVersion,
    zone: &Zone,
) -> Vec<String> {
    let mut uses = Vec::new();
    if let Some((_, who)) = &current.checked {
        uses.push(format!("checked by {}", who.printed_name));
    }
    let (Some(key), Some(step)) = (&at.step, spot.step_run) else { return uses };
    if let (Some(when), Some(who)) = (step.completed_at, &step.completed_by)
        && when >= current.at
    {
        let when = when.shown_short(zone);
        uses.push(format!("{key} completed by {} at {when}", who.printed_name));
    }
    if let Some(signed) = step.checked.as_ref().filter(|signed| signed.seq > current.seq) {
        uses.push(format!("{key} {} by {}", signed.meaning.as_str(), signed.printed_name));
    }
    if let Some((when, signed)) = spot.operation_run.and_then(|op| op.closed.as_ref())
        && signed.seq > current.seq
    {
        let when = when.shown_short(&signed.zone);
        uses.push(format!("{} closed by {} at {when}", key.operation, signed.printed_name));
    }
    for (gate, state) in &run.gates {
        for (when, signed) in state.passages.iter().filter(|(_, s)| s.seq > current.seq) {
            let when = when.shown_short(&signed.zone);
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

/// Every entry that anything was recorded of, with its place.
fn entries(run: &Run) -> impl Iterator<Item = (EntryKey, &EntryRun)> {
    let of_steps = run.steps.iter().flat_map(|(step, state)| {
        state.entries.iter().map(move |(entry, found)| {
            (EntryKey { step: Some(step.clone()), entry: entry.clone() }, found)
        })
    });
    let release = run.release_entries.iter();
    of_steps
        .chain(release.map(|(entry, found)| (EntryKey { step: None, entry: entry.clone() }, found)))
}

/// Computed values that stand on this one, directly or through another, and were checked, or verified
/// with their step, by somebody.
pub fn dependants(run: &Run, at: &EntryKey) -> Vec<String> {
    let (mut uses, mut seen) = (Vec::new(), BTreeSet::from([at.to_string()]));
    let mut open = vec![at.to_string()];
    while let Some(input) = open.pop() {
        for (place, entry) in entries(run) {
            let Some(current) = entry.current() else { continue };
            let stands = current.lineage.iter().any(|used| used.at == input);
            if !stands || !seen.insert(place.to_string()) {
                continue;
            }
            open.push(place.to_string());
            if let Some((_, who)) = &current.checked {
                uses.push(format!("{place}, computed from it, checked by {}", who.printed_name));
            }
            let step = place.step.as_ref().filter(|step| Some(*step) != at.step.as_ref());
            let state = step.and_then(|step| run.steps.get(step));
            let signed = state.and_then(|state| state.checked.as_ref());
            if let Some(signed) = signed.filter(|signed| signed.seq > current.seq) {
                let (how, who) = (signed.meaning.as_str(), &signed.printed_name);
                uses.push(format!("{place}, computed from it, {how} with its step by {who}"));
            }
        }
    }
    uses
}

/// What was done with a sample under its identity: every link of its chain of custody, every
/// determination that names it, and what names the identity that it gets now.
pub fn of_sample(run: &Run, spot: &Spot<'_>, value: &EntryValue) -> Vec<String> {
    let Some((entry, old)) = spot.entry.and_then(|entry| Some((entry, recorded(entry)?))) else {
        return Vec::new();
    };
    let id = |value: &EntryValue| value.data["id"].as_str().unwrap_or_default().to_owned();
    let (old, new) = (id(old), id(value));
    let mut uses: Vec<_> = entry
        .trail
        .iter()
        .map(|point| format!("{} by {} at {}", point.kind, point.by.printed_name, point.at))
        .collect();
    let named = |tested: &DeterminationRun, id: &str| {
        sample_of(&tested.told.value).is_some_and(|named| alike(named, id))
    };
    for (place, entry) in entries(run) {
        for tested in &entry.determinations {
            let (no, who) = (tested.told.no, &tested.by.printed_name);
            if named(tested, &old) {
                uses.push(format!("determination {no} of {place} on {old} by {who}"));
            } else if named(tested, &new) {
                uses.push(format!("determination {no} of {place} by {who} names {new} already"));
            }
        }
    }
    uses
}
