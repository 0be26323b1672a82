//! What the events of an act change that values may be computed from, and which computed entries, at which
//! occurrences, are therefore computed anew.

use crate::domain::entry::computing::Which;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::plan::{Named, Reader, Reads};
use crate::domain::run::{Run, StepPhase};
use crate::domain::words::EntryKey;
use std::collections::BTreeSet;

/// What an event changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'e> {
    /// Nothing that anything is computed from.
    Nothing,
    Entry(&'e EntryKey),
    /// When an occurrence of a step began or ended.
    Step(&'e StepKey),
    /// An occurrence of a step, with all that was recorded there.
    WholeStep(&'e StepKey),
    /// When an occurrence of an operation began or ended.
    Operation(&'e OperationKey),
    /// Something beside the process: alarms, lots.
    Beside,
    Recipe,
}

/// What an event changes that values may be computed from, and in words; without words where it follows itself.
pub type Moves<'e> = (Change<'e>, Option<String>);

/// An entry, which was changed as the word says.
#[must_use]
pub fn entry<'e>(at: &'e EntryKey, word: &str) -> Moves<'e> {
    (Change::Entry(at), Some(format!("{at} was {word}")))
}

/// When an occurrence of a step began or ended.
#[must_use]
pub fn step<'e>(key: &'e StepKey, word: &str) -> Moves<'e> {
    (Change::Step(key), Some(format!("{key} was {word}")))
}

/// When an occurrence of an operation began or ended.
#[must_use]
pub fn operation<'e>(key: &'e OperationKey, word: &str) -> Moves<'e> {
    (Change::Operation(key), Some(format!("{key} was {word}")))
}

/// What is to be computed: index in the order of computing and occurrence, so inputs come first.
#[derive(Debug, Default)]
pub(super) struct Work(BTreeSet<(usize, Option<StepKey>)>);

impl Work {
    /// What is to be computed first, as the place of its entry.
    pub(super) fn next(&mut self, reads: &Reads) -> Option<EntryKey> {
        let (index, step) = self.0.pop_first()?;
        let entry = reads.computed.get(index)?.entry.clone();
        Some(EntryKey { step, entry })
    }

    /// One place of a computed entry.
    pub(super) fn one(&mut self, run: &Run, at: &EntryKey) {
        let computed = &run.recipe.plan().reads.computed;
        let step = at.step.as_ref().map(|key| key.step.as_str());
        let is = |named: &Named| named.entry == at.entry && named.step.as_deref() == step;
        let index = computed.iter().position(is);
        self.0.extend(index.map(|index| (index, at.step.clone())));
    }

    /// What reads a computed entry.
    pub(super) fn readers_of(&mut self, run: &Run, at: &EntryKey) {
        let step = at.step.as_ref();
        let reads = &run.recipe.plan().reads;
        for reader in reads.entry(step.map(|key| key.step.as_str()), &at.entry) {
            // Lists, and what stands before, are read as they are written down.
            if !matches!(reader.which, Which::All | Which::Previous) {
                self.readers(run, *reader, step);
            }
        }
    }

    /// Everything that the server computes.
    pub(super) fn everything(&mut self, run: &Run) {
        for index in 0..run.recipe.plan().reads.computed.len() {
            self.all(run, index);
        }
    }

    /// What is computed for release: nothing that it reads need ever come.
    pub(super) fn release(&mut self, run: &Run) {
        let all = run.recipe.plan().reads.computed.iter().enumerate();
        let release = all.filter(|(_, named)| named.step.is_none());
        self.0.extend(release.map(|(index, _)| (index, None)));
    }

    /// What reads what an event changed, in the run as it is with it.
    pub(super) fn touch(&mut self, run: &Run, change: Change<'_>) {
        let reads = &run.recipe.plan().reads;
        match change {
            Change::Nothing => {}
            Change::Entry(at) => {
                let step = at.step.as_ref();
                let of = reads.entry(step.map(|key| key.step.as_str()), &at.entry);
                of.iter().for_each(|reader| self.readers(run, *reader, step));
                let itself = |index: &&usize| reads.computed[**index].entry == at.entry;
                match step {
                    Some(key) => {
                        let own = reads.of_step(&key.step).iter().find(itself);
                        self.0.extend(own.map(|index| (*index, Some(key.clone()))));
                    }
                    None => self.release(run),
                }
            }
            Change::Step(key) => self.step(run, key),
            Change::WholeStep(key) => {
                self.step(run, key);
                for reader in reads.entries(&key.step) {
                    self.readers(run, reader, Some(key));
                }
            }
            Change::Operation(key) => {
                for reader in reads.moment(&key.op) {
                    self.in_operation(run, reader.computed, key);
                }
            }
            Change::Beside => reads.run().iter().for_each(|it| self.all(run, it.computed)),
            Change::Recipe => self.everything(run),
        }
    }

    /// What stands on the occurrence itself, and what reads when it began or ended.
    fn step(&mut self, run: &Run, key: &StepKey) {
        let reads = &run.recipe.plan().reads;
        let own = reads.of_step(&key.step).iter();
        self.0.extend(own.map(|index| (*index, Some(key.clone()))));
        for reader in reads.moment(&key.step) {
            self.readers(run, *reader, Some(key));
        }
    }

    /// The occurrences of a reader that see what changed at an occurrence of a step.
    fn readers(&mut self, run: &Run, reader: Reader, changed: Option<&StepKey>) {
        let named = &run.recipe.plan().reads.computed[reader.computed];
        let (Some(own), Some(key)) = (&named.step, changed) else {
            return self.all(run, reader.computed);
        };
        let (Some((of, step)), Some((at, other))) =
            (run.recipe.step(own), run.recipe.step(&key.step))
        else {
            return self.all(run, reader.computed);
        };
        if of.id != at.id || key.operation.op != of.id {
            return self.all(run, reader.computed);
        }
        let pairs = step.id == other.id || step.order.repeats() && other.order.repeats();
        let sees = |k: u32| match reader.which {
            Which::Current => k == key.k,
            Which::Previous => k.checked_sub(1) == Some(key.k),
            Which::First | Which::Last | Which::All => k >= key.k,
        };
        // Of growing series the newest occurrences are looked at first, and no older one than can see it.
        let within = run.steps.within(&key.operation, own).rev();
        let within = within.take_while(|(at, _)| !pairs || at.k >= key.k);
        let places =
            within.filter(|(at, state)| is_computed_on(state.phase) && (!pairs || sees(at.k)));
        self.0.extend(places.map(|(at, _)| (reader.computed, Some(at.clone()))));
    }

    /// Occurrences of a computed entry that see a moment of an operation's occurrence.
    fn in_operation(&mut self, run: &Run, computed: usize, key: &OperationKey) {
        let step = run.recipe.plan().reads.computed[computed].step.as_deref();
        let of = step.and_then(|step| run.recipe.step(step));
        match of.filter(|(operation, _)| operation.id == key.op) {
            Some((_, step)) => {
                let places = run.steps.within(key, &step.id);
                let places = places.filter(|(_, state)| is_computed_on(state.phase));
                self.0.extend(places.map(|(at, _)| (computed, Some(at.clone()))));
            }
            None => self.all(run, computed),
        }
    }

    /// Every place of a computed entry.
    fn all(&mut self, run: &Run, computed: usize) {
        let named = &run.recipe.plan().reads.computed[computed];
        let places = places(run, named.step.as_deref());
        self.0.extend(places.into_iter().map(|step| (computed, step)));
    }
}

/// Where a computed entry stands: on every occurrence of its step that has begun.
pub(super) fn places(run: &Run, step: Option<&str>) -> Vec<Option<StepKey>> {
    let Some(step) = step else { return vec![None] };
    let Some((operation, _)) = run.recipe.step(step) else { return Vec::new() };
    let begun = run.steps.of(&operation.id, step);
    let begun = begun.filter(|(_, state)| is_computed_on(state.phase));
    begun.map(|(key, _)| Some(key.clone())).collect()
}

fn is_computed_on(phase: StepPhase) -> bool {
    phase != StepPhase::NotPerformed
}
