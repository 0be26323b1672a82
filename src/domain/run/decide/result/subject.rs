//! What a determination was made on: a sample or an item, and of which lot of the run.

use super::sampled;
use crate::domain::entry::EntryValue;
use crate::domain::entry::identifier::key;
use crate::domain::entry::reportable::Per;
use crate::domain::entry::result::{Spec, item_of, lot_of, sample_of};
use crate::domain::run::Run;
use crate::domain::run::decide::sample::all;
use crate::domain::run::event::EntryKey;
use crate::domain::run::testing::DeterminationRun;

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
    let known = |said: &str| run.lots.iter().find(|lot| key(&lot.number) == key(said));
    let of_item = || item_of(value).filter(|item| known(item).is_some()).map(str::to_owned);
    let said =
        lot_of(value).map(str::to_owned).or_else(|| of_sample(run, value)).or_else(of_item)?;
    Some(known(&said).map_or(said, |lot| lot.number.clone()))
}

/// The lot that a determination's sample was taken of, where the sample says so.
fn of_sample(run: &Run, value: &EntryValue) -> Option<String> {
    let named = sample_of(value)?;
    let (_, taken) = all(run).find(|(_, taken)| key(taken.id()) == key(named))?;
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
    let of = of_sample(run, value);
    let own = tested.told.of.as_deref();
    match (of, own) {
        (Some(of), Some(own)) if key(&of) != key(own) => {
            Some(format!("determination {no} is said to be of {own}, and its sample is of {of}"))
        }
        _ => None,
    }
}
