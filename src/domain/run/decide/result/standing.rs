//! How a laboratory result stands: which determinations count, what is still planned, what is reported.
//!
//! Whatever was found outside its limits stands against the result until an assignable cause sets it
//! aside, also where nobody had approved the test: a repeat can never help, only hurt.

use crate::domain::entry::result::{Spec, outside};
use crate::domain::run::testing::{DeterminationRun, InvestigationRun, InvestigationStep};
use crate::domain::run::{Content, EntryRun, EntryVersion};

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
    /// A result with what was recorded of it.
    #[must_use]
    pub fn new(spec: &'r Spec, entry: Option<&'r EntryRun>) -> Self {
        Self { spec, entry }
    }

    /// Every determination, in order.
    #[must_use]
    pub fn all(&self) -> &'r [DeterminationRun] {
        self.entry.map_or(&[], |entry| &entry.determinations)
    }

    /// Every step of the investigation, in order.
    #[must_use]
    pub fn steps(&self) -> &'r [InvestigationRun] {
        self.entry.map_or(&[], |entry| &entry.investigation)
    }

    /// Planned or approved, and not set aside.
    pub fn counting(&self) -> impl Iterator<Item = &'r DeterminationRun> {
        self.all().iter().filter(|tested| tested.invalidated.is_none() && !tested.told.repeat)
    }

    /// Outside, and not set aside.
    pub fn against(&self) -> impl Iterator<Item = &'r DeterminationRun> {
        self.entry.into_iter().flat_map(against)
    }

    /// What a report may name: what counts, and what stands against the result.
    pub fn candidates(&self) -> impl Iterator<Item = &'r DeterminationRun> {
        let aside = |tested: &DeterminationRun| tested.told.repeat && !failed(tested);
        self.all().iter().filter(move |tested| tested.invalidated.is_none() && !aside(tested))
    }

    /// What the next determination is. One that was set aside is not done again without a plan.
    #[must_use]
    pub fn room(&self) -> Room {
        let original =
            |tested: &&DeterminationRun| tested.told.plan.is_none() && !tested.told.repeat;
        if count(self.all().iter().filter(original)) < self.spec.planned() {
            return Room::Original;
        }
        for (index, step) in (0..).zip(self.steps()) {
            let InvestigationStep::RetestPlan { retests, .. } = step.step else { continue };
            let under = |tested: &&DeterminationRun| tested.told.plan == Some(index);
            if count(self.all().iter().filter(under)) < retests {
                return Room::Plan(index);
            }
        }
        Room::None
    }

    /// The reported value that stands.
    #[must_use]
    pub fn reported(&self) -> Option<&'r EntryVersion> {
        let current = self.entry.and_then(EntryRun::current);
        current.filter(|version| matches!(version.content, Content::Value(_)))
    }

    /// Whether something is to be investigated: nothing is reported, and a determination stands
    /// outside or an investigation has begun.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let asks = !self.steps().is_empty() || self.against().next().is_some();
        self.reported().is_none() && asks
    }

    /// Whether a first phase was concluded after every determination that stands outside.
    #[must_use]
    pub fn is_examined(&self) -> bool {
        let first = |step: &&InvestigationRun| {
            matches!(step.step, InvestigationStep::AssignableCause { .. })
        };
        let last = self.steps().iter().filter(first).map(|step| step.seq).max();
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
