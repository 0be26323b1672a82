//! How a laboratory result stands: which determinations count, what is still planned, what is reported.
//!
//! Whatever was found outside its limits stands against the result until an assignable cause sets it
//! aside, also where nobody had approved the test: a repeat can never help, only hurt.

use crate::domain::entry::result::{Spec, outside};
use crate::domain::run::testing::{DeterminationRun, InvestigationRun, InvestigationStep};
use crate::domain::run::{Content, EntryRun, EntryVersion};
use std::collections::BTreeSet;

/// What the next determination is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// One of those that the method asks for.
    Original,
    /// One of an approved retest plan, by its index in the investigation.
    Plan(u32),
    /// None: nobody has planned or approved it.
    None,
}

/// A result as it stands.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'r> {
    /// What the master record says of it.
    pub spec: &'r Spec,
    entry: Option<&'r EntryRun>,
    /// The lot whose result it is, where the determinations name one.
    pub of: Option<&'r str>,
}

/// Whether a determination was outside its specification when it was judged.
#[must_use]
pub fn failed(tested: &DeterminationRun) -> bool {
    outside(&tested.told.verdicts)
}

/// Determinations that stand against a result: outside, and not set aside.
pub fn against(entry: &EntryRun) -> impl Iterator<Item = &DeterminationRun> {
    entry.determinations.iter().filter(|tested| tested.invalidated.is_none() && failed(tested))
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

impl<'r> Standing<'r> {
    /// A result with what was recorded of it; of one lot, where determinations name one.
    #[must_use]
    pub fn new(spec: &'r Spec, entry: Option<&'r EntryRun>, of: Option<&'r str>) -> Self {
        Self { spec, entry, of }
    }

    /// The result of each lot that a determination names, and of what names none.
    #[must_use]
    pub fn each(spec: &'r Spec, entry: &'r EntryRun) -> Vec<Self> {
        let named = entry.determinations.iter().map(|tested| tested.told.of.as_deref());
        let distinct: BTreeSet<_> = named.collect();
        distinct.into_iter().map(|of| Self::new(spec, Some(entry), of)).collect()
    }

    /// How many determinations the entry has, of whatever lot.
    #[must_use]
    pub fn numbered(&self) -> usize {
        self.entry.map_or(0, |entry| entry.determinations.len())
    }

    /// Every determination of it, in order.
    pub fn all(&self) -> impl Iterator<Item = &'r DeterminationRun> + use<'r> {
        let of = self.of;
        let entry = self.entry.into_iter().flat_map(|entry| &entry.determinations);
        entry.filter(move |tested| tested.told.of.as_deref() == of)
    }

    /// A determination of it by number.
    #[must_use]
    pub fn find(&self, no: u32) -> Option<&'r DeterminationRun> {
        self.all().find(|tested| tested.told.no == no)
    }

    /// Every step of its investigation, in order, with its index in the entry's.
    pub fn steps(&self) -> impl Iterator<Item = (u32, &'r InvestigationRun)> + use<'r> {
        let of = self.of;
        let entry = self.entry.into_iter().flat_map(|entry| (0..).zip(&entry.investigation));
        entry.filter(move |(_, step)| step.of.as_deref() == of)
    }

    /// Planned or approved, and not set aside.
    pub fn counting(&self) -> impl Iterator<Item = &'r DeterminationRun> {
        self.all().filter(|tested| tested.invalidated.is_none() && !tested.told.repeat)
    }

    /// Outside, and not set aside.
    pub fn against(&self) -> impl Iterator<Item = &'r DeterminationRun> {
        self.all().filter(|tested| tested.invalidated.is_none() && failed(tested))
    }

    /// What a report may name: what counts, and what stands against the result.
    pub fn candidates(&self) -> impl Iterator<Item = &'r DeterminationRun> {
        let aside = |tested: &DeterminationRun| tested.told.repeat && !failed(tested);
        self.all().filter(move |tested| tested.invalidated.is_none() && !aside(tested))
    }

    /// What the next determination is. One that was set aside is not done again without a plan.
    #[must_use]
    pub fn room(&self) -> Room {
        let original =
            |tested: &&DeterminationRun| tested.told.plan.is_none() && !tested.told.repeat;
        if count(self.all().filter(original)) < self.spec.planned() {
            return Room::Original;
        }
        for (index, step) in self.steps() {
            let InvestigationStep::RetestPlan { retests, .. } = step.step else { continue };
            let under = |tested: &&DeterminationRun| tested.told.plan == Some(index);
            if count(self.all().filter(under)) < retests {
                return Room::Plan(index);
            }
        }
        Room::None
    }

    /// The reported value that stands.
    #[must_use]
    pub fn reported(&self) -> Option<&'r EntryVersion> {
        let versions = self.entry?.versions.iter().rev();
        let of = self.of;
        let current = versions.clone().find(|version| version.of.as_deref() == of);
        current.filter(|version| matches!(version.content, Content::Value(_)))
    }

    /// Whether something is to be investigated: nothing is reported, and a determination stands
    /// outside or an investigation has begun.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let asks = self.steps().next().is_some() || self.against().next().is_some();
        self.reported().is_none() && asks
    }

    /// Whether a first phase was concluded after every determination that stands outside.
    #[must_use]
    pub fn is_examined(&self) -> bool {
        let first = |(_, step): &(u32, &InvestigationRun)| {
            matches!(step.step, InvestigationStep::AssignableCause { .. })
        };
        let last = self.steps().filter(first).map(|(_, step)| step.seq).max();
        last.is_some_and(|last| self.against().all(|tested| tested.seq < last))
    }

    /// What must still be tested before a result is reported.
    #[must_use]
    pub fn unfinished(&self) -> Option<String> {
        let tested = count(self.counting());
        match self.room() {
            Room::Original => Some(format!("{tested} of {} determinations", self.spec.planned())),
            Room::Plan(index) => Some(format!("retests of the plan at step {}", index + 1)),
            // Conforming needs as many that count as the method asks; failing needs one.
            Room::None if self.against().next().is_none() && tested < self.spec.planned() => {
                Some(format!("{tested} of {} determinations that count", self.spec.planned()))
            }
            Room::None => None,
        }
    }

    /// Those that are reported, if a report were made now: the worst of the candidates and what is
    /// exactly as bad.
    #[must_use]
    pub fn worst(&self) -> Vec<&'r DeterminationRun> {
        let judged =
            |tested: &DeterminationRun| (!failed(tested), self.spec.margin(&tested.told.value));
        let Some(least) = self.candidates().map(judged).min() else { return Vec::new() };
        self.candidates().filter(|tested| judged(tested) == least).collect()
    }
}
