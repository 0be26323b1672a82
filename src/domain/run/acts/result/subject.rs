//! What a determination was made on: a sample or an item, and of which lot of the run.

use super::sampled;
use crate::domain::alike::alike;
use crate::domain::clock::Instant;
use crate::domain::entry::EntryValue;
use crate::domain::entry::reportable::Per;
use crate::domain::entry::result::{Spec, item_of, lot_of, sample_of};
use crate::domain::entry::sample::taken_at;
use crate::domain::run::acts::sample::called;
use crate::domain::run::testing::DeterminationRun;
use crate::domain::run::{EntryRun, LotLink, Run};
use crate::domain::words::EntryKey;

/// Whether a result is owed for each lot: a release specification, unless it is one of the run.
#[must_use]
pub fn per_lot(at: &EntryKey, spec: &Spec) -> bool {
    at.step.is_none() && spec.per != Some(Per::Run)
}

/// The lot that a determination says it is of: by its own word, by its sample's, or because the item is the
/// lot itself. Spelled as the run spells it, where the run knows it.
#[must_use]
pub fn lot(run: &Run, at: &EntryKey, spec: &Spec, value: &EntryValue) -> Option<String> {
    if !per_lot(at, spec) {
        return None;
    }
    let known = |said: &str| run.lots.iter().find(|lot| alike(&lot.number, said));
    let of_item = || item_of(value).filter(|item| known(item).is_some()).map(str::to_owned);
    let said =
        lot_of(value).map(str::to_owned).or_else(|| of_sample(run, value)).or_else(of_item)?;
    Some(known(&said).map_or(said, |lot| lot.number.clone()))
}

/// The lot that a determination's sample was taken of, where the sample says so.
fn of_sample(run: &Run, value: &EntryValue) -> Option<String> {
    let named = sample_of(value)?;
    let (_, taken) = called(run, named).into_iter().next()?;
    taken.value.data["lot"].as_str().map(str::to_owned)
}

/// Why a determination cannot speak for what it was made for: it names nothing that was tested, a sample that
/// the run does not know, or one that is of something else.
#[must_use]
pub fn unfounded(
    run: &Run,
    at: &EntryKey,
    spec: &Spec,
    tested: &DeterminationRun,
) -> Option<String> {
    let (no, value) = (tested.told.no, &tested.value());
    let (sample, item) = (sample_of(value), item_of(value));
    let owed = per_lot(at, spec) || spec.sample.is_some() || spec.item.is_some();
    if owed && sample.is_none() && item.is_none() {
        return Some(format!("determination {no} names neither a sample nor the item tested"));
    }
    let wrong = (sample.is_some() || spec.sample.is_some())
        .then(|| sampled::wrong(run, spec, at, no, value))
        .flatten();
    if wrong.is_some() {
        return wrong;
    }
    elsewhere(run, at, spec, tested)
}

/// Why a determination does not speak for the lot for which it was recorded: by its word, its sample or its item,
/// as they stand now, it is of another, or nobody can tell of which.
#[must_use]
pub fn elsewhere(
    run: &Run,
    at: &EntryKey,
    spec: &Spec,
    tested: &DeterminationRun,
) -> Option<String> {
    if !per_lot(at, spec) {
        return None;
    }
    let (no, value) = (tested.told.no, tested.value());
    let used: Vec<&str> = used(run).map(|lot| lot.number.as_str()).collect();
    let only = match used.as_slice() {
        [only] => Some(*only),
        [] | [_, _, ..] => None,
    };
    let own = tested.told.of.as_deref().or(only)?;
    let of_item = item_of(value).filter(|item| run.lots.iter().any(|lot| alike(&lot.number, item)));
    let said = [
        ("it names", lot_of(value).map(str::to_owned)),
        ("its sample is of", of_sample(run, value)),
        ("the item is", of_item.map(str::to_owned)),
    ];
    for (how, lot) in said {
        if let Some(lot) = lot.filter(|lot| !alike(lot, own)) {
            return Some(format!("determination {no} is said to be of {own}, and {how} {lot}"));
        }
    }
    let silent = sample_of(value).filter(|_| used.len() > 1 && of_sample(run, value).is_none())?;
    Some(format!(
        "determination {no} is said to be of {own}, and sample {silent} does not say of which of {} lots it is",
        used.len()
    ))
}

/// Why the item that was tested cannot speak for two lots, where it was named for both.
#[must_use]
pub fn shared(entry: &EntryRun, tested: &DeterminationRun) -> Option<String> {
    let (own, item) = (tested.told.of.as_deref()?, item_of(tested.value())?);
    let others = entry.determinations.iter().filter(|other| other.invalidated.is_none());
    let mut others =
        others.filter(|other| item_of(other.value()).is_some_and(|it| alike(it, item)));
    let of = others.find_map(|other| other.told.of.as_deref().filter(|of| !alike(of, own)))?;
    Some(format!("{item} is named as the item tested of {own} and of {of}"))
}

/// Products and side products of the run.
pub fn used(run: &Run) -> impl Iterator<Item = &LotLink> {
    run.lots.iter().filter(|lot| lot.class.is_used())
}

/// When the sample that a determination names was taken: as it says, else when it was recorded first.
#[must_use]
pub fn taken(run: &Run, value: &EntryValue) -> Option<Instant> {
    let named = sample_of(value)?;
    let (place, taken) = called(run, named).into_iter().next()?;
    let first = || {
        let entry = run.steps.get(place.step.as_ref()?)?.entries.get(&place.entry)?;
        let first = entry.versions.first()?;
        Some(first.performed_at.unwrap_or(first.at))
    };
    taken_at(taken.value).or_else(first)
}
