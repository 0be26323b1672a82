//! Lists that values are computed from, summed up as each entry leaves them: a mean over twenty thousand readings
//! costs what a mean over ten does.
//!
//! A list is all occurrences of one entry. Each occurrence of its operation has a tree over the numbers of the step's
//! occurrences whose nodes sum up what is below them ([`Summary`]); an entry changes the nodes above its own.

use super::state::Map;
use super::{Content, EntryRun, EntryVersion, Run};
use crate::domain::calc::eval::in_list;
use crate::domain::calc::exact::Exact;
use crate::domain::calc::summary::{Summary, middle};
use crate::domain::entry::computing::KnownEntry;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::plan::Kept;
use crate::domain::words::EntryKey;
use rust_decimal::Decimal;
use std::sync::Arc;

/// Every list of a run that something is computed from, by step and entry.
#[derive(Debug, Clone, Default)]
pub struct Tallies(Map<(String, String), Tally>);

/// One list.
#[derive(Debug, Clone, Default)]
struct Tally {
    kept: Kept,
    of: Map<OperationKey, Tree>,
    /// Its numbers in order of size, where its middle is asked.
    sorted: Map<(Decimal, StepKey), Exact>,
}

/// A binary tree over numbers from 0 whose nodes share what did not change.
#[derive(Debug, Clone, Default)]
struct Tree {
    root: Option<Arc<Node>>,
    /// Bits of a number at most.
    height: u32,
}

#[derive(Debug)]
struct Node {
    all: Summary,
    low: Option<Arc<Node>>,
    high: Option<Arc<Node>>,
}

impl Tree {
    /// Puts in what stands at a number, or takes it out.
    fn set(&mut self, k: u32, one: Option<Summary>) {
        while self.height < u32::BITS - k.leading_zeros() {
            let low = self.root.take();
            self.root = low.map(|low| join(Some(low), None));
            self.height += 1;
        }
        self.root = put(self.root.as_ref(), self.height, k, one);
    }

    fn get(&self, k: u32) -> Option<&Summary> {
        if self.height < u32::BITS - k.leading_zeros() {
            return None;
        }
        let mut node = self.root.as_ref()?;
        for bit in (0..self.height).rev() {
            node = if k >> bit & 1 == 1 { node.high.as_ref() } else { node.low.as_ref() }?;
        }
        Some(&node.all)
    }

    /// What stands at the numbers up to one.
    fn up_to(&self, most: u32) -> Summary {
        let mut found = Summary::default();
        if self.height < u32::BITS - most.leading_zeros() {
            return self.root.as_ref().map(|root| root.all.clone()).unwrap_or_default();
        }
        let mut node = self.root.as_ref();
        for bit in (0..self.height).rev() {
            let Some(inner) = node else { return found };
            if most >> bit & 1 == 1 {
                found = inner.low.as_ref().map_or(found.clone(), |low| found.with(&low.all));
                node = inner.high.as_ref();
            } else {
                node = inner.low.as_ref();
            }
        }
        node.map_or(found.clone(), |last| found.with(&last.all))
    }
}

fn join(low: Option<Arc<Node>>, high: Option<Arc<Node>>) -> Arc<Node> {
    let all = match (&low, &high) {
        (Some(low), Some(high)) => low.all.clone().with(&high.all),
        (Some(one), None) | (None, Some(one)) => one.all.clone(),
        (None, None) => Summary::default(),
    };
    Arc::new(Node { all, low, high })
}

fn put(node: Option<&Arc<Node>>, height: u32, k: u32, one: Option<Summary>) -> Option<Arc<Node>> {
    let Some(bit) = height.checked_sub(1) else {
        return one.map(|all| Arc::new(Node { all, low: None, high: None }));
    };
    let (mut low, mut high) =
        node.map_or((None, None), |node| (node.low.clone(), node.high.clone()));
    let side = if k >> bit & 1 == 1 { &mut high } else { &mut low };
    *side = put(side.as_ref(), bit, k, one);
    (low.is_some() || high.is_some()).then(|| join(low, high))
}

impl Tally {
    fn set(&mut self, key: &StepKey, one: Option<Summary>) {
        let mut tree = self.of.get(&key.operation).cloned().unwrap_or_default();
        if self.kept.sorted {
            if let Some(old) = tree.get(key.k).and_then(Summary::only) {
                self.sorted.remove(&(old.decimal(), key.clone()));
            }
            if let Some(new) = one.as_ref().and_then(Summary::only) {
                self.sorted.insert((new.decimal(), key.clone()), new.clone());
            }
        }
        tree.set(key.k, one);
        self.of.insert(key.operation.clone(), tree);
    }
}

impl Tallies {
    /// The lists that a run's recipe computes from, with all that was recorded of them.
    #[must_use]
    pub fn whole(run: &Run) -> Self {
        let mut tallies = Self::default();
        for ((step, entry), kept) in &run.recipe.plan().reads.lists {
            let mut tally = Tally { kept: *kept, ..Tally::default() };
            let of = run.recipe.step(step).map_or("", |(operation, _)| operation.id.as_str());
            for (key, state) in run.steps.of(of, step) {
                let one = state.entries.get(entry).and_then(|found| one(key, entry, found, *kept));
                tally.set(key, one);
            }
            tallies.0.insert((step.clone(), entry.clone()), tally);
        }
        tallies
    }

    /// Takes over what an entry says now; of an occurrence that is not there any more nothing.
    pub fn entry(run: &mut Run, key: &StepKey, entry: &str) {
        let place = (key.step.clone(), entry.to_owned());
        let Some(tally) = run.tallies.0.get(&place) else { return };
        let mut tally = tally.clone();
        let found = run.steps.get(key).and_then(|state| state.entries.get(entry));
        let one = found.and_then(|found| one(key, entry, found, tally.kept));
        tally.set(key, one);
        run.tallies.0.insert(place, tally);
    }

    /// Takes over what every entry of an occurrence says now.
    pub fn step(run: &mut Run, key: &StepKey) {
        let of_step = run.tallies.0.keys().filter(|(step, _)| *step == key.step);
        let entries: Vec<String> = of_step.map(|(_, entry)| entry.clone()).collect();
        for entry in entries {
            Self::entry(run, key, &entry);
        }
    }

    /// A list as something sees it: in one occurrence of the operation or in all, up to one number or whole.
    #[must_use]
    pub fn list(
        &self,
        step: &str,
        entry: &str,
        own: Option<&OperationKey>,
        most: Option<u32>,
    ) -> Option<Summary> {
        let tally = self.0.get(&(step.to_owned(), entry.to_owned()))?;
        let tree = |tree: &Tree| tree.up_to(most.unwrap_or(u32::MAX));
        match own {
            Some(own) => Some(tally.of.get(own).map(tree).unwrap_or_default()),
            None => {
                let all = tally.of.values().map(tree);
                Some(all.fold(Summary::default(), |all, one| all.with(&one)))
            }
        }
    }

    /// Whether the logarithms of a list are summed.
    #[must_use]
    pub fn has_logarithms(&self, step: &str, entry: &str) -> bool {
        self.0.get(&(step.to_owned(), entry.to_owned())).is_some_and(|it| it.kept.logarithms)
    }

    /// The middle of a whole list, where it is kept sorted and nobody sees a part of it only.
    #[must_use]
    pub fn median(&self, step: &str, entry: &str, own: Option<&OperationKey>) -> Option<Exact> {
        let tally = self.0.get(&(step.to_owned(), entry.to_owned()))?;
        let whole = own.is_none_or(|own| tally.of.keys().all(|key| key == own));
        if !tally.kept.sorted || !whole {
            return None;
        }
        let nth = |nth: usize| tally.sorted.iter().nth(nth).map(|(_, number)| number.clone());
        middle(tally.sorted.len(), nth)
    }
}

fn one(key: &StepKey, entry: &str, found: &EntryRun, kept: Kept) -> Option<Summary> {
    let at = EntryKey { step: Some(key.clone()), entry: entry.to_owned() };
    Some(in_list(&stored(&at, found)?, kept.logarithms))
}

/// The value of an entry that counts, as it is written down.
#[must_use]
pub fn stored(at: &EntryKey, entry: &EntryRun) -> Option<KnownEntry> {
    known(at, entry.current()?)
}

/// The value of an entry that counted before a place in the journal.
#[must_use]
pub fn stood(at: &EntryKey, entry: &EntryRun, before: u64) -> Option<KnownEntry> {
    known(at, entry.versions.iter().rev().find(|version| version.seq < before)?)
}

fn known(at: &EntryKey, of: &EntryVersion) -> Option<KnownEntry> {
    let Content::Value(value) = &of.content else { return None };
    let (version, seq) = (of.version, of.seq);
    Some(KnownEntry { at: at.to_string(), version, seq, value: value.clone() })
}
