//! What a run owes, for now: the same list that release is decided by.

use crate::app::desk::{Caller, Desk, Failure};
use crate::app::lot::lineage::Lineage;
use crate::domain::deviation::Deviation;
use crate::domain::disposition::standing::Standing;
use crate::domain::ids::Key;
use crate::domain::lot::Lot;
use crate::domain::run::Run;
use crate::domain::run::obligations::{
    Conformity, Obligation, ObligationFacts, conformity, conforms, obligations,
};
use crate::domain::state::State;
use std::sync::Arc;

/// A run's own records: its deviations and lots as they stand.
pub struct Related {
    states: Vec<Arc<State>>,
}

impl Related {
    /// The deviations.
    #[must_use]
    pub fn deviations(&self) -> Vec<&Deviation> {
        self.states.iter().filter_map(|state| state.as_deviation()).collect()
    }

    /// The lots.
    #[must_use]
    pub fn lots(&self) -> Vec<&Lot> {
        self.states.iter().filter_map(|state| state.as_lot()).collect()
    }
}

impl Desk {
    /// A run's deviations and lots.
    pub(in crate::app) fn related(&self, run: &Run) -> Result<Related, Failure> {
        let deviations = run.deviations.values().map(|link| link.record);
        let records = deviations.chain(run.lots.iter().map(|lot| lot.record));
        let states =
            records.map(|record| self.state(&Key::Id(record))).collect::<Result<_, _>>()?;
        Ok(Related { states })
    }

    /// How the lots of a run stand, for a reader. Blocks.
    ///
    /// # Errors
    /// Those of reading records.
    pub fn standings_of_run(&self, caller: &Caller, run: &Run) -> Result<Vec<Standing>, Failure> {
        let related = self.related(run)?;
        let shown = self.shown_of_lots(Some(caller), &related.lots())?;
        Ok(shown.into_iter().map(|(_, standing)| standing).collect())
    }

    /// What a run's rules know from other records, handed to a question about it; for a reader without what is
    /// beyond the reader's scope.
    pub(in crate::app) fn knowing<T>(
        &self,
        run: &Run,
        caller: Option<&Caller>,
        ask: impl FnOnce(&ObligationFacts<'_>) -> T,
    ) -> Result<T, Failure> {
        let related = self.related(run)?;
        let (deviations, lots) = (related.deviations(), related.lots());
        let known: Vec<_> = deviations.iter().map(|it| it.facts()).collect();
        let of_run: Vec<_> = lots.iter().map(|lot| lot.facts()).collect();
        let find = |key: &Key| self.find(key);
        let mut lineage = Lineage::new(&find);
        let upstream = lineage.upstream(run)?;
        let mut genealogy = upstream.genealogy(run);
        // What was never released is in no question.
        let released = run.lots.iter().any(|lot| lot.was_released);
        let mut standings = if released { lineage.standings(&lots)? } else { Vec::new() };
        if let Some(caller) = caller {
            let scope = self.scope(caller)?;
            genealogy = genealogy.within(&|product| scope.reaches(product));
            let masked = standings.into_iter();
            standings = masked.map(|it| it.within(&|product| scope.reaches(product))).collect();
        }
        let facts = ObligationFacts {
            deviations: &known,
            lots: &of_run,
            genealogy: Some(&genealogy),
            standings: &standings,
        };
        Ok(ask(&facts))
    }

    /// Everything a run owes at this moment, met or not, and how its judged values stand. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn obligations(
        &self,
        caller: &Caller,
        number: &str,
    ) -> Result<(Vec<Obligation>, Vec<Conformity>), Failure> {
        let state = self.run(caller, number)?;
        let run = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
        let owed = self.knowing(run, Some(caller), |facts| obligations(run, facts, self.time()))?;
        Ok((owed, conformity(run)))
    }

    /// Everything a run owes at this moment.
    pub(in crate::app) fn owed(&self, run: &Run) -> Result<Vec<Obligation>, Failure> {
        self.knowing(run, None, |facts| obligations(run, facts, self.time()))
    }
}

/// What a triage of these exceptions can never let go, if there is anything.
#[must_use]
pub fn never_waived(run: &Run, exceptions: &[u32]) -> Option<Vec<String>> {
    let about = run.exceptions.iter().filter(|it| exceptions.contains(&it.opened.no));
    let said: Vec<_> = about.filter_map(|it| conforms::never_waived(run, it)).collect();
    (!said.is_empty()).then_some(said)
}
