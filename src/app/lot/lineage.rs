//! How lots stand, with all that is upstream of them: the rules' own function, fed from the store or from
//! what the lane loaded. Nothing is kept beyond one walk; it is found each time somebody looks.

use crate::app::desk::{Caller, Desk, Failure};
use crate::app::run::facts::{of_run, refusals};
use crate::domain::cross::question::{named, standing};
use crate::domain::disposition::standing::Standing;
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::loaded::Loaded;
use crate::domain::lot::Lot;
use crate::domain::run::Run;
use crate::domain::run::genealogy::{Genealogy, Stands};
use crate::domain::run::obligations::ObligationFacts;
use crate::domain::run::parents::numbers;
use crate::domain::state::State;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

type Found<E> = Result<Option<Arc<State>>, E>;

/// Everything upstream of a run.
#[derive(Default)]
pub struct Upstream {
    /// Own lots that went in, each with its run where that is found.
    lots: Vec<(Arc<State>, Option<Arc<State>>)>,
    /// Runs in which quality decided on the same lots of others.
    foreign: Vec<Arc<State>>,
}

impl Upstream {
    /// What the rules ask about what went into the run's lots.
    #[must_use]
    pub fn genealogy(&self, run: &Run) -> Genealogy<'_> {
        let mut genealogy = Genealogy::default();
        for (lot, run) in &self.lots {
            if let Some(lot) = lot.as_lot() {
                genealogy.put(lot.facts(), run.as_deref().and_then(State::as_run));
            }
        }
        let elsewhere = self.foreign.iter().filter_map(|state| state.as_run());
        elsewhere.filter(|other| other.key != run.key).for_each(|run| genealogy.put_foreign(run));
        genealogy
    }
}

/// A walk upstream: each record is looked for once, and each lot judged once.
pub struct Lineage<'a, E> {
    find: &'a dyn Fn(&Key) -> Found<E>,
    seen: BTreeMap<Key, Option<Arc<State>>>,
    upstream: BTreeMap<RecordKey, Rc<Upstream>>,
    /// `None`: it is being judged, further down on this way.
    known: BTreeMap<RecordKey, Option<Standing>>,
}

impl<'a, E> Lineage<'a, E> {
    /// Begins at nothing; `find` leads to records.
    #[must_use]
    pub fn new(find: &'a dyn Fn(&Key) -> Found<E>) -> Self {
        let (seen, upstream, known) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { find, seen, upstream, known }
    }

    fn look(&mut self, key: Key) -> Found<E> {
        if let Some(known) = self.seen.get(&key) {
            return Ok(known.clone());
        }
        let found = (self.find)(&key)?;
        self.seen.insert(key, found.clone());
        Ok(found)
    }

    /// How a lot stands.
    ///
    /// # Errors
    /// Those of finding records.
    pub fn standing(&mut self, lot: &Lot) -> Result<Option<Standing>, E> {
        let Some(state) = self.look(Key::Id(lot.run.0))? else { return Ok(None) };
        let Some(run) = state.as_run() else { return Ok(None) };
        self.of_run(lot, run)
    }

    /// How the lots stand that went into a lot.
    ///
    /// # Errors
    /// Those of finding records.
    pub fn parents(&mut self, lot: &Lot) -> Result<Vec<Standing>, E> {
        let mut parents = Vec::new();
        let Some(origin) = self.look(Key::Id(lot.run.0))? else { return Ok(parents) };
        let Some(run) = origin.as_run() else { return Ok(parents) };
        for number in named(lot, run) {
            let Some(state) = self.look(Key::Alike(RecordKind::Lot, number))? else { continue };
            let Some(parent) = state.as_lot().filter(|parent| parent.key != lot.key) else {
                continue;
            };
            parents.extend(self.standing(parent)?);
        }
        Ok(parents)
    }

    /// What went into a lot, as it stands, the parents taken away too.
    ///
    /// # Errors
    /// Those of finding records.
    pub fn stands(&mut self, lot: &Lot) -> Result<Vec<Stands>, E> {
        let Some(origin) = self.look(Key::Id(lot.run.0))? else { return Ok(Vec::new()) };
        let Some(run) = origin.as_run() else { return Ok(Vec::new()) };
        let Some(link) = run.lots.iter().find(|link| link.record == lot.key) else {
            return Ok(Vec::new());
        };
        let upstream = self.upstream(run)?;
        Ok(upstream.genealogy(run).standing(run, link))
    }

    /// How lots of a run stand, and every lot that went into them.
    ///
    /// # Errors
    /// Those of finding records.
    pub fn standings(&mut self, lots: &[&Lot]) -> Result<Vec<Standing>, E> {
        let mut standings: Vec<Standing> = Vec::new();
        for lot in lots {
            let own = self.standing(lot)?;
            for standing in own.into_iter().chain(self.parents(lot)?) {
                if !standings.iter().any(|known| known.record == standing.record) {
                    standings.push(standing);
                }
            }
        }
        Ok(standings)
    }

    /// Every lot upstream of a run, with the run it came out of.
    ///
    /// # Errors
    /// Those of finding records.
    pub fn upstream(&mut self, run: &Run) -> Result<Rc<Upstream>, E> {
        if let Some(known) = self.upstream.get(&run.key) {
            return Ok(Rc::clone(known));
        }
        let mut found = Upstream::default();
        let of = |run: &Run| -> Vec<(String, Vec<Key>)> {
            let all = numbers(run).into_iter();
            all.map(|number| (number.clone(), refusals(run, &number))).collect()
        };
        let mut open = of(run);
        while let Some((number, refusals)) = open.pop() {
            for key in refusals {
                found.foreign.extend(self.look(key)?);
            }
            let Some(state) = self.look(Key::Alike(RecordKind::Lot, number))? else { continue };
            let Some(lot) = state.as_lot() else { continue };
            if found.lots.iter().any(|(known, _)| known.key() == lot.key) {
                continue;
            }
            let origin = self.look(Key::Id(lot.run.0))?;
            open.extend(origin.as_deref().and_then(State::as_run).map(of).unwrap_or_default());
            found.lots.push((state, origin));
        }
        let found = Rc::new(found);
        self.upstream.insert(run.key, Rc::clone(&found));
        Ok(found)
    }

    fn of_run(&mut self, lot: &Lot, run: &Run) -> Result<Option<Standing>, E> {
        if let Some(known) = self.known.get(&lot.key) {
            return Ok(known.clone());
        }
        self.known.insert(lot.key, None);
        let parents = self.parents(lot)?;
        let related = self.related(run)?;
        let deviations = related.iter().filter_map(|state| Some(state.as_deviation()?.facts()));
        let deviations: Vec<_> = deviations.collect();
        let lots: Vec<_> =
            related.iter().filter_map(|state| Some(state.as_lot()?.facts())).collect();
        let upstream = self.upstream(run)?;
        let owed = ObligationFacts {
            deviations: &deviations,
            lots: &lots,
            genealogy: Some(&upstream.genealogy(run)),
            standings: &parents,
        };
        let standing = standing(lot, run, &owed);
        self.known.insert(lot.key, Some(standing.clone()));
        Ok(Some(standing))
    }

    /// A run's deviations and lots.
    fn related(&mut self, run: &Run) -> Result<Vec<Arc<State>>, E> {
        let mut states = Vec::new();
        for key in of_run(run) {
            states.extend(self.look(key)?);
        }
        Ok(states)
    }
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
    /// Every lot that a run names, as it stands for a lot that comes out now. Blocks.
    pub(in crate::app) fn components(&self, run: &Run) -> Result<Vec<Stands>, Failure> {
        let find = |key: &Key| -> Found<Failure> { self.find(key) };
        let upstream = Lineage::new(&find).upstream(run)?;
        Ok(upstream.genealogy(run).named(run))
    }

    /// How lots stand, with what went into them; for a reader of a lot of a product beyond their scope only its
    /// number and whether it is fit. Blocks.
    pub(in crate::app) fn shown_of_lots(
        &self,
        caller: Option<&Caller>,
        lots: &[&Lot],
    ) -> Result<Vec<(Vec<Stands>, Standing)>, Failure> {
        let scope = caller.map(|caller| self.scope(caller)).transpose()?;
        let reaches = |product: &str| scope.as_ref().is_none_or(|scope| scope.reaches(product));
        let find = |key: &Key| -> Found<Failure> { self.find(key) };
        let mut lineage = Lineage::new(&find);
        let mut shown = Vec::with_capacity(lots.len());
        for lot in lots {
            let parents = lineage.stands(lot)?.into_iter();
            let parents = parents.map(|stands| stands.within(&reaches));
            let standing = lineage
                .standing(lot)?
                .ok_or_else(|| Failure::Broken(format!("lot {} has no run", lot.number)))?;
            let standing = standing.within(&reaches);
            shown.push((parents.collect(), standing));
        }
        Ok(shown)
    }
}
