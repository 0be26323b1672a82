//! On which sample a determination was made: one of the run, and the one of its own occurrence.

use crate::domain::alike::{Spelling, differs, spelled};
use crate::domain::entry::EntryValue;
use crate::domain::entry::result::{Spec, sample_of};
use crate::domain::entry::spec::EntrySpec;
use crate::domain::recipe::Step;
use crate::domain::run::Run;
use crate::domain::run::acts::condition;
use crate::domain::run::acts::sample::{all, called};
use crate::domain::words::EntryKey;

/// What is wrong with the sample that a determination names, if anything.
pub fn wrong(run: &Run, spec: &Spec, at: &EntryKey, no: u32, value: &EntryValue) -> Option<String> {
    let Some(named) = sample_of(value) else {
        let owed = spec.sample.is_some();
        return owed.then(|| format!("{at}: determination {no} names no sample"));
    };
    let known = called(run, named);
    let fits = |entry: &str| spec.sample.as_ref().is_none_or(|sample| sample == entry);
    let Some((elsewhere, _)) = known.iter().find(|(_, taken)| fits(taken.entry)) else {
        return Some(format!(
            "{at}: determination {no} names sample {named}, which the run does not know here"
        ));
    };
    let own = Own::of(run, spec, at)?;
    if known.iter().any(|(place, _)| own.is(place)) {
        return None;
    }
    let ids: Vec<_> = all(run).filter(|(place, _)| own.is(place)).map(|(_, t)| t.id()).collect();
    if ids.is_empty() && !own.owed {
        return None;
    }
    let ids = if ids.is_empty() { "not recorded yet".to_owned() } else { ids.join(", ") };
    Some(format!(
        "{at}: determination {no} names sample {named}, which belongs to {elsewhere}; its own is {ids}"
    ))
}

/// That a determination names a sample by a number that is only drawn like the one it has: another may be meant.
pub fn drawn(run: &Run, at: &EntryKey, no: u32, value: &EntryValue) -> Option<String> {
    let named = sample_of(value)?;
    let known = called(run, named).into_iter().map(|(_, taken)| taken.id());
    let id = known.into_iter().find(|id| spelled(named, id) == Some(Spelling::Drawn))?;
    let how = differs(named, id);
    Some(format!("{at}: determination {no} names sample {named}, which reads like {id}: {how}"))
}

/// Which samples are a result's own.
struct Own<'r> {
    entry: &'r str,
    at: &'r EntryKey,
    /// Steps that take it, and whether each pairs with the result's step, occurrence by occurrence.
    steps: Vec<(&'r str, bool)>,
    /// Whether there must be one.
    owed: bool,
}

impl<'r> Own<'r> {
    /// Nothing where the result belongs to no occurrence, or its sample is taken in another operation.
    fn of(run: &'r Run, spec: &'r Spec, at: &'r EntryKey) -> Option<Self> {
        let (operation, step) = run.recipe.step(&at.step.as_ref()?.step)?;
        let entry = spec.sample.as_deref().or_else(|| for_test(step, &at.entry))?;
        let takes = |step: &'r Step| {
            step.entries.iter().find(|spec| spec.id == entry && spec.as_sample().is_some())
        };
        if let Some(spec) = takes(step) {
            let place = EntryKey { step: at.step.clone(), entry: entry.to_owned() };
            let asked = condition::entry(run, &place, spec).not_taken().is_none();
            let (steps, owed) = (vec![(step.id.as_str(), true)], spec.mandatory && asked);
            return Some(Self { entry, at, steps, owed });
        }
        let others = operation.steps.iter().filter(|other| takes(other).is_some());
        let pairs = |other: &Step| other.order.repeats() && step.order.repeats();
        let steps: Vec<_> = others.map(|other| (other.id.as_str(), pairs(other))).collect();
        (!steps.is_empty()).then_some(Self { entry, at, steps, owed: false })
    }

    fn is(&self, place: &EntryKey) -> bool {
        let (Some(own), Some(step)) = (&self.at.step, &place.step) else { return false };
        let fits = |(id, pairs): &(&str, bool)| *id == step.step && (!pairs || step.k == own.k);
        place.entry == self.entry && step.operation == own.operation && self.steps.iter().any(fits)
    }
}

/// The sample of a step that is for this test, where the result does not say.
fn for_test<'r>(step: &'r Step, test: &str) -> Option<&'r str> {
    let is_for = |entry: &&EntrySpec| {
        entry.as_sample().is_some_and(|spec| spec.tests.iter().any(|id| id == test))
    };
    step.entries.iter().find(is_for).map(|entry| entry.id.as_str())
}
