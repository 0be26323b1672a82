//! What a run's rules know from other records, taken from what the lane loaded.

use crate::domain::command::Stamp;
use crate::domain::facts::{Account, DeviationFacts, LotFacts};
use crate::domain::ids::{Key, RecordKind};
use crate::domain::loaded::Loaded;
use crate::domain::lot::Lot;
use crate::domain::person::Person;
use crate::domain::refusal::Refusal;
use crate::domain::run::Run;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::genealogy::Genealogy;
use crate::domain::run::parents::{ForeignRun, numbers};

/// The keys of a run's lots and deviations, for the second round of reading.
#[must_use]
pub fn of_run(run: &Run) -> Vec<Key> {
    let deviations = run.deviations.values().map(|link| Key::Id(link.record));
    deviations.chain(run.lots.iter().map(|lot| Key::Id(lot.record))).collect()
}

/// The keys of everything that went into the lots of a run, as far as it is known from what was loaded:
/// own lots, by whatever form they were named in, with the runs that they came out of, and where quality
/// decided on the same lot of somebody else's.
#[must_use]
pub fn ancestry(run: &Run, more: &[String], loaded: &Loaded) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    let (mut runs, mut seen) = (vec![run], vec![run.key]);
    let mut named: Vec<String> = more.to_vec();
    while let Some(run) = runs.pop() {
        named.extend(numbers(run));
        for number in named.drain(..) {
            keys.extend(refusals(run, &number));
            let key = Key::Alike(RecordKind::Lot, number);
            if let Some(lot) = loaded.get(&key).and_then(|state| state.as_lot()) {
                let origin = Key::Id(lot.run.0);
                if let Some(run) = loaded.get(&origin).and_then(|state| state.as_run())
                    && !seen.contains(&run.key)
                {
                    seen.push(run.key);
                    runs.push(run);
                }
                keys.push(origin);
            }
            keys.push(key);
        }
    }
    keys
}

/// Where the lots of others that a run names may have been refused: of each supplier that quality named for it.
#[must_use]
pub fn refusals(run: &Run, number: &str) -> Vec<Key> {
    let decided = run.foreign.values().filter(|decided| decided.answers(number, None));
    let key = |decided: &ForeignRun| Key::Foreign {
        number: number.to_owned(),
        supplier: Some(decided.told.supplier.clone()),
    };
    decided.map(key).collect()
}

/// Everything that went into the lots of a run, from what was loaded.
#[must_use]
pub fn genealogy<'a>(run: &'a Run, more: &[String], loaded: &'a Loaded) -> Genealogy<'a> {
    let mut found = Genealogy::default();
    for key in ancestry(run, more, loaded) {
        if let (Key::Foreign { .. }, Some(other)) =
            (&key, loaded.get(&key).and_then(|s| s.as_run()))
        {
            if other.key != run.key {
                found.put_foreign(other);
            }
            continue;
        }
        if let Some(lot) = loaded.get(&key).and_then(|state| state.as_lot()) {
            let origin = loaded.get(&Key::Id(lot.run.0)).and_then(|state| state.as_run());
            found.put(lot.facts(), origin);
        }
    }
    found
}

/// The deviations and lots of a run that were loaded; none where the order reads none.
#[derive(Default)]
pub struct Linked<'a> {
    /// Whether all that is linked to the run was read.
    pub whole: bool,
    pub deviations: Vec<DeviationFacts<'a>>,
    pub lots: Vec<&'a Lot>,
    /// What the run knows of them.
    known: Vec<LotFacts<'a>>,
    /// Own lots that went in, where they were loaded.
    pub genealogy: Genealogy<'a>,
}

impl<'a> Linked<'a> {
    /// Of this run.
    #[must_use]
    pub fn of(run: &'a Run, more: &[String], loaded: &'a Loaded) -> Self {
        let deviations = run.deviations.values();
        let deviations: Vec<_> = deviations
            .filter_map(|link| Some(loaded.get(&Key::Id(link.record))?.as_deviation()?.facts()))
            .collect();
        let lots = run.lots.iter();
        let lots: Vec<_> =
            lots.filter_map(|lot| loaded.get(&Key::Id(lot.record))?.as_lot()).collect();
        Self {
            whole: deviations.len() == run.deviations.len() && lots.len() == run.lots.len(),
            deviations,
            known: lots.iter().map(|lot| lot.facts()).collect(),
            lots,
            genealogy: genealogy(run, more, loaded),
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
        performer: Option<Account<'a>>,
    ) -> Result<RunFacts<'a>, Refusal> {
        let (site, actor) = (loaded.site()?.facts(), loaded.actor(stamp)?.account());
        Ok(RunFacts {
            performer,
            linked: self.whole,
            deviations: &self.deviations,
            lots: &self.known,
            genealogy: Some(&self.genealogy),
            ..RunFacts::new(site, actor, loaded.second(stamp).map(Person::account))
        })
    }
}
