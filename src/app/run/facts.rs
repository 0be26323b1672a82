//! What a run's rules know from other records, taken from what the lane loaded.

use crate::domain::command::{Loaded, Stamp};
use crate::domain::deviation::Deviation;
use crate::domain::ids::Key;
use crate::domain::lot::Lot;
use crate::domain::person::Person;
use crate::domain::refusal::Refusal;
use crate::domain::run::Run;
use crate::domain::run::decide::RunFacts;

/// The keys of a run's lots and deviations, for the second round of reading.
#[must_use]
pub fn of_run(run: &Run) -> Vec<Key> {
    let deviations = run.deviations.values().map(|link| Key::Id(link.record));
    deviations.chain(run.lots.iter().map(|lot| Key::Id(lot.record))).collect()
}

/// The deviations and lots of a run that were loaded.
pub struct Linked<'a> {
    /// Deviations.
    pub deviations: Vec<&'a Deviation>,
    /// Lots.
    pub lots: Vec<&'a Lot>,
}

impl<'a> Linked<'a> {
    /// Of this run.
    #[must_use]
    pub fn of(run: &Run, loaded: &'a Loaded) -> Self {
        let deviations = run.deviations.values();
        Self {
            deviations: deviations
                .filter_map(|link| loaded.get(&Key::Id(link.record))?.as_deviation())
                .collect(),
            lots: run
                .lots
                .iter()
                .filter_map(|lot| loaded.get(&Key::Id(lot.record))?.as_lot())
                .collect(),
        }
    }

    /// The facts for a decision.
    ///
    /// # Errors
    /// Nobody is signed in, or not in standing.
    pub fn facts(
        &'a self,
        loaded: &'a Loaded,
        stamp: &Stamp,
        performer: Option<&'a Person>,
    ) -> Result<RunFacts<'a>, Refusal> {
        let (site, actor) = (loaded.site()?, loaded.actor(stamp)?);
        Ok(RunFacts {
            performer,
            deviations: &self.deviations,
            lots: &self.lots,
            ..RunFacts::new(site, actor, loaded.second(stamp))
        })
    }
}
