//! How lots stand, with all that is upstream of them: the rules' own function, fed from the store or from
//! what the lane loaded. Nothing is kept; it is found each time somebody looks.

use crate::app::desk::{Desk, Failure};
use crate::domain::command::Loaded;
use crate::domain::deviation::Deviation;
use crate::domain::ids::{Key, RecordKey};
use crate::domain::lot::Lot;
use crate::domain::lot::alike::skeleton;
use crate::domain::lot::genealogy::Genealogy;
use crate::domain::lot::question::{Standing, named, standing};
use crate::domain::run::Run;
use crate::domain::run::obligations::ObligationFacts;
use crate::domain::run::parents::numbers;
use crate::domain::state::State;
use std::collections::BTreeMap;
use std::sync::Arc;

type Found<E> = Result<Option<Arc<State>>, E>;

/// A lot that went in, and its run where that is found.
type Upstream = (Arc<State>, Option<Arc<State>>);

/// A walk upstream: each lot is judged once, and none twice on one way.
pub struct Lineage<'a, E> {
    find: &'a dyn Fn(&Key) -> Found<E>,
    /// `None`: it is being judged, further down on this way.
    known: BTreeMap<RecordKey, Option<Standing>>,
}

impl<'a, E> Lineage<'a, E> {
    /// Begins at nothing; `find` leads to records.
    #[must_use]
    pub fn new(find: &'a dyn Fn(&Key) -> Found<E>) -> Self {
        Self { find, known: BTreeMap::new() }
    }

    /// How a lot stands.
    ///
    /// # Errors
    /// Those of finding records.
    pub fn standing(&mut self, lot: &Lot) -> Result<Option<Standing>, E> {
        let Some(state) = (self.find)(&Key::Id(lot.run.0))? else { return Ok(None) };
        let Some(run) = state.as_run() else { return Ok(None) };
        self.of_run(lot, run)
    }

    /// How the lots stand that went into a lot.
    ///
    /// # Errors
    /// Those of finding records.
    pub fn parents(&mut self, lot: &Lot) -> Result<Vec<Standing>, E> {
        let mut parents = Vec::new();
        let Some(origin) = (self.find)(&Key::Id(lot.run.0))? else { return Ok(parents) };
        let Some(run) = origin.as_run() else { return Ok(parents) };
        for number in named(lot, run) {
            let key = Key::Alike(skeleton(&number));
            let Some(state) = (self.find)(&key)? else { continue };
            let Some(parent) = state.as_lot().filter(|parent| parent.key != lot.key) else {
                continue;
            };
            parents.extend(self.standing(parent)?);
        }
        Ok(parents)
    }

    /// Every lot upstream of a run, with the run it came out of.
    fn ancestors(&self, run: &Run) -> Result<Vec<Upstream>, E> {
        let mut found: Vec<Upstream> = Vec::new();
        let mut open: Vec<String> = numbers(run);
        while let Some(number) = open.pop() {
            let Some(state) = (self.find)(&Key::Alike(skeleton(&number)))? else { continue };
            let Some(lot) = state.as_lot() else { continue };
            if found.iter().any(|(known, _)| known.key() == lot.key) {
                continue;
            }
            let origin = (self.find)(&Key::Id(lot.run.0))?;
            open.extend(origin.as_deref().and_then(State::as_run).map(numbers).unwrap_or_default());
            found.push((state, origin));
        }
        Ok(found)
    }

    fn of_run(&mut self, lot: &Lot, run: &Run) -> Result<Option<Standing>, E> {
        if let Some(known) = self.known.get(&lot.key) {
            return Ok(known.clone());
        }
        self.known.insert(lot.key, None);
        let parents = self.parents(lot)?;
        let related = related(run, self.find)?;
        let deviations: Vec<&Deviation> = related.iter().filter_map(|s| s.as_deviation()).collect();
        let lots: Vec<&Lot> = related.iter().filter_map(|s| s.as_lot()).collect();
        let ancestors = self.ancestors(run)?;
        let mut genealogy = Genealogy::default();
        for (lot, run) in &ancestors {
            if let Some(lot) = lot.as_lot() {
                genealogy.put(lot, run.as_deref().and_then(State::as_run));
            }
        }
        let owed = ObligationFacts {
            deviations: &deviations,
            lots: &lots,
            genealogy: Some(&genealogy),
            standings: &parents,
        };
        let standing = standing(lot, run, &owed);
        self.known.insert(lot.key, Some(standing.clone()));
        Ok(Some(standing))
    }
}

/// A run's deviations and lots.
fn related<E>(run: &Run, find: &dyn Fn(&Key) -> Found<E>) -> Result<Vec<Arc<State>>, E> {
    let mut states = Vec::new();
    for key in crate::app::run::facts::of_run(run) {
        states.extend(find(&key)?);
    }
    Ok(states)
}

/// How the lots stand that went into these, from what the lane loaded.
#[must_use]
pub fn parents_loaded(loaded: &Loaded, lots: &[&Lot]) -> Vec<Standing> {
    let find = |key: &Key| -> Found<std::convert::Infallible> { Ok(loaded.get(key).cloned()) };
    let mut lineage = Lineage::new(&find);
    let mut standings = Vec::new();
    for lot in lots {
        match lineage.parents(lot) {
            Ok(parents) => standings.extend(parents),
            Err(never) => match never {},
        }
    }
    standings
}

impl Desk {
    /// How a lot stands now. Blocks.
    ///
    /// # Errors
    /// A lot whose run is not there.
    pub fn standing_of(&self, lot: &Lot) -> Result<Standing, Failure> {
        let find = |key: &Key| -> Found<Failure> { self.find(key) };
        let standing = Lineage::new(&find).standing(lot)?;
        standing.ok_or_else(|| Failure::Broken(format!("lot {} has no run", lot.number)))
    }

    /// How these lots stand now, without what went into them. Blocks.
    pub(in crate::app) fn standings_of_lots(
        &self,
        lots: &[&Lot],
    ) -> Result<Vec<Standing>, Failure> {
        let all = self.standings_of(lots)?.into_iter();
        Ok(all.filter(|one| lots.iter().any(|lot| lot.key == one.record)).collect())
    }

    /// How lots of a run stand now, and every lot that went into them. Blocks.
    ///
    /// # Errors
    /// Those of reading records.
    pub fn standings_of(&self, lots: &[&Lot]) -> Result<Vec<Standing>, Failure> {
        let find = |key: &Key| -> Found<Failure> { self.find(key) };
        let mut lineage = Lineage::new(&find);
        let mut standings: Vec<Standing> = Vec::new();
        for lot in lots {
            let own = lineage.standing(lot)?;
            for standing in own.into_iter().chain(lineage.parents(lot)?) {
                if !standings.iter().any(|known| known.record == standing.record) {
                    standings.push(standing);
                }
            }
        }
        Ok(standings)
    }
}
