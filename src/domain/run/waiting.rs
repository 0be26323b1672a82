//! What was typed and waits for somebody else to look at it: critical values, corrections, late entries, entries
//! that were struck, values that were sent and not confirmed (rules 2.5 and 2.7).

use super::asked::checking;
use super::{Attempt, EntryRun, EntryVersion, Run, StepRun, looks};
use crate::domain::clock::Instant;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::ids::{PersonId, StepKey};
use crate::domain::policy::Authority;
use crate::domain::recipe::{Operation, Step};
use std::collections::BTreeSet;

/// Something that waits for a look.
#[derive(Debug, Clone, Copy)]
pub struct Look<'r> {
    pub operation: &'r Operation,
    pub step: &'r Step,
    pub key: &'r StepKey,
    pub state: &'r StepRun,
    pub spec: &'r EntrySpec,
    pub entry: &'r EntryRun,
    pub at: Looked<'r>,
}

/// At what.
#[derive(Debug, Clone, Copy)]
pub enum Looked<'r> {
    Version {
        version: &'r EntryVersion,
        /// A second look at a critical value is owed.
        second_look: bool,
        /// The check of a correction, a late entry or a struck one is owed.
        check: bool,
    },
    /// A value that was not confirmed.
    Attempt(&'r Attempt),
}

impl Look<'_> {
    /// Whose look is owed, beside quality's: of a laboratory result the laboratory's.
    #[must_use]
    pub fn authority(&self) -> Authority {
        match self.spec.as_result() {
            Some(_) => Authority::Test,
            None => checking(Some(self.step)),
        }
    }

    /// Since when it waits.
    #[must_use]
    pub fn since(&self) -> Instant {
        match self.at {
            Looked::Version { version, .. } => version.at,
            Looked::Attempt(attempt) => attempt.at,
        }
    }

    /// Everybody who has a part in it and so does not look: of an attempt who typed it and who performed.
    #[must_use]
    pub fn barred(&self) -> BTreeSet<PersonId> {
        match self.at {
            Looked::Version { .. } => self.entry.authors(Some(self.state)),
            Looked::Attempt(attempt) => attempt.authors(),
        }
    }
}

impl EntryRun {
    /// Everyone who took part in what its versions say, by current values *and* all before, and in its step.
    #[must_use]
    pub fn authors(&self, step: Option<&StepRun>) -> BTreeSet<PersonId> {
        let of_step = step.into_iter().flat_map(|step| step.performers.iter().copied());
        let mut people: BTreeSet<PersonId> = of_step.collect();
        people.extend(self.versions.iter().filter_map(|version| version.by.person));
        people.extend(self.versions.iter().filter_map(|version| version.performer));
        people.extend(self.determinations.iter().filter_map(|tested| tested.by.person));
        people.extend(self.determinations.iter().filter_map(|tested| tested.told.performer));
        people.extend(self.trail.iter().filter_map(|point| point.by.person));
        people.extend(self.attempts.iter().flat_map(Attempt::authors));
        people
    }
}

/// Everything of a run's steps that waits for a look, in the order of the process.
#[must_use]
pub fn waiting(run: &Run) -> Vec<Look<'_>> {
    let mut all = Vec::new();
    for (key, state) in &run.steps {
        let Some((operation, step)) = run.recipe.step(&key.step) else { continue };
        for spec in &step.entries {
            let Some(entry) = state.entries.get(&spec.id) else { continue };
            let look = |at| Look { operation, step, key, state, spec, entry, at };
            let struck = entry.versions.iter().filter(|version| version.strikes());
            for version in struck.chain(EntryRun::current(entry)) {
                let second_look = looks::owes(spec, version);
                let second_look = second_look && looks::given(Some(state), version).is_none();
                let check = version.check_owed && version.checked.is_none();
                if second_look || check {
                    all.push(look(Looked::Version { version, second_look, check }));
                }
            }
            let tried = entry.unconfirmed().filter(|attempt| attempt.looked.is_none());
            all.extend(tried.map(|attempt| look(Looked::Attempt(attempt))));
        }
    }
    all
}
