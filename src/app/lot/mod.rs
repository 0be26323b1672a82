//! Output lots: questions, the decision what a lot may be used for, and what went into it.

pub mod dispose;
pub mod lineage;
pub mod list;
pub mod parents;

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::ids::{Key, RecordKind};
use crate::domain::lot::Lot;
use crate::domain::lot::genealogy::Stands;
use crate::domain::policy::Authority;
use crate::domain::state::State;
use std::sync::Arc;

impl Desk {
    /// How the parents of a lot stand, the ones taken away too.
    pub(in crate::app) fn parents_of(&self, lot: &Lot) -> Result<Vec<Stands>, Failure> {
        let state = self.state(&Key::Id(lot.run.0))?;
        let run = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
        let link = run.lots.iter().find(|link| link.record == lot.key);
        let link = link.ok_or_else(|| Failure::Broken("a lot its run does not know".into()))?;
        let related = self.related(run)?;
        Ok(related.genealogy(run).standing(run, link))
    }

    /// A lot of a product in the caller's scope with its parents as they stand. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn lot_with_parents(
        &self,
        caller: &Caller,
        number: &str,
    ) -> Result<(Arc<State>, Vec<Stands>), Failure> {
        let state = self.lot(caller, number)?;
        let lot = state.as_lot().ok_or_else(|| Failure::Broken("no lot".into()))?;
        let parents = self.parents_of(lot)?;
        Ok((state, parents))
    }

    /// A lot of a product in the caller's scope. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn lot(&self, caller: &Caller, number: &str) -> Result<Arc<State>, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let state = self.state(&Key::Number(RecordKind::Lot, number.to_owned()))?;
        let product = state.as_lot().map(|lot| lot.product.as_str());
        self.may_read(caller, &[Authority::Read], product)?;
        Ok(state)
    }
}
