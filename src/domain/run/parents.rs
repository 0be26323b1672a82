//! What went into a lot: every lot that an entry of its run names, what was named at yielding, what was
//! named later. Nothing of it is forgotten; quality takes away, and that stays too.

pub use super::standing::{ParentLink, Removal};
use super::{Content, EntryRun, LotLink, Run};
use crate::domain::alike::{Forms, alike, forms};
use crate::domain::clock::Instant;
use crate::domain::entry::lot;
use crate::domain::signing::Signed;
use crate::domain::words::EntryKey;
use serde::{Deserialize, Serialize};

/// A parent was named later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParentAdded {
    /// The child.
    pub lot: String,
    /// The parent, as typed.
    pub parent: String,
    /// Why.
    pub reason: String,
}

/// Quality took a parent away; its signature stands in the lot's chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParentRemoved {
    /// The child.
    pub lot: String,
    /// The parent, as it was named.
    pub parent: String,
    /// Why.
    pub reason: String,
}

/// Quality decided on a lot that is not of this house.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignDecided {
    /// The lot, as typed.
    pub lot: String,
    /// Whose lot it is.
    pub supplier: String,
    /// The document on which it was decided: certificate, incoming inspection.
    pub document: String,
    /// Accepted, or refused.
    pub accepted: bool,
}

/// A decision on a foreign lot as the run remembers it; the last one counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignRun {
    /// What was decided.
    pub told: ForeignDecided,
    /// When.
    pub at: Instant,
    /// Whose decision.
    pub signed: Signed,
}

impl ForeignRun {
    /// Whether it is about a lot that reads like this number: as a refusal of this supplier's, or at all.
    #[must_use]
    pub fn answers(&self, number: &str, supplier: Option<&str>) -> bool {
        let refuses = |supplier| !self.told.accepted && alike(&self.told.supplier, supplier);
        alike(&self.told.lot, number) && supplier.is_none_or(refuses)
    }

    /// Under what it is kept: the lot's and the supplier's normal forms.
    #[must_use]
    pub fn place(told: &ForeignDecided) -> String {
        format!("{}\n{}", forms(&told.lot).folded, forms(&told.supplier).folded)
    }
}

/// A lot that an entry of the run names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// As typed or scanned.
    pub number: String,
    /// Where.
    pub at: EntryKey,
    /// Sequence of the entry's version.
    pub seq: u64,
}

/// A parent with everything that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// As first typed.
    pub number: String,
    /// What names it, in words.
    pub named: Vec<String>,
    /// Taken away by quality, and not named since.
    pub removed: Option<Removal>,
    seq: u64,
}

/// Every lot that an entry of the run names, in any version: a correction takes no parent away.
#[must_use]
pub fn inputs(run: &Run) -> Vec<Input> {
    let of_steps = run.reported_steps().flat_map(|(step, state)| {
        state.entries.iter().map(move |(entry, state)| {
            (EntryKey { step: Some(step.clone()), entry: entry.clone() }, state)
        })
    });
    let of_run = run
        .release_entries
        .iter()
        .map(|(entry, state)| (EntryKey { step: None, entry: entry.clone() }, state));
    of_steps.chain(of_run).flat_map(|(at, entry)| named_in(&at, entry)).collect()
}

fn named_in(at: &EntryKey, entry: &EntryRun) -> Vec<Input> {
    let versions = entry.versions.iter().filter_map(|version| match &version.content {
        Content::Value(value) => {
            let number = lot::number_of(value)?.to_owned();
            Some(Input { number, at: at.clone(), seq: version.seq })
        }
        Content::Absent(_) | Content::Struck => None,
    });
    versions.collect()
}

/// The parents of a lot of the run, the ones taken away too, in the order in which they were named.
#[must_use]
pub fn parents(run: &Run, lot: &LotLink) -> Vec<Parent> {
    let own = forms(&lot.number);
    let place = run.lots.iter().position(|other| other.record == lot.record);
    let of_run: Vec<Forms> = run.lots.iter().map(|other| forms(&other.number)).collect();
    // Of the lots of the same run only an earlier one can have gone into it.
    let comes_later = |number: &Forms| {
        let found = of_run.iter().position(|other| other.meet(number));
        found.is_some_and(|found| Some(found) >= place)
    };
    let named = lot.parents.iter().map(|link| {
        let how = link.reason.as_ref().map_or_else(
            || "named at yielding".to_owned(),
            |reason| format!("added by {}: {reason}", link.by.printed_name),
        );
        (forms(&link.number), link.number.clone(), how, link.seq)
    });
    let entries = inputs(run).into_iter().map(|input| {
        (forms(&input.number), input.number, format!("entry {}", input.at), input.seq)
    });
    let entries = entries.filter(|(number, ..)| !comes_later(number));
    let mut found: Vec<(Forms, Parent)> = Vec::new();
    for (key, number, how, seq) in named.chain(entries) {
        if key.meet(&own) {
            continue;
        }
        match found.iter_mut().find(|(known, _)| known.meet(&key)) {
            Some((_, parent)) => {
                parent.named.push(how);
                parent.seq = parent.seq.max(seq);
            }
            None => {
                found.push((key, Parent { number, named: vec![how], removed: None, seq }));
            }
        }
    }
    for (key, parent) in &mut found {
        let removal = lot.removals.iter().rev().find(|removal| forms(&removal.number).meet(key));
        parent.removed = removal.filter(|removal| removal.seq > parent.seq).cloned();
    }
    found.into_iter().map(|(_, parent)| parent).collect()
}

/// Every number that the run names as a lot, for whoever loads what is behind it.
#[must_use]
pub fn numbers(run: &Run) -> Vec<String> {
    let named = run.lots.iter().flat_map(|lot| lot.parents.iter().map(|link| link.number.clone()));
    named.chain(inputs(run).into_iter().map(|input| input.number)).collect()
}
