//! Output lots: questions, the decision what a lot may be used for, and what went into it.

pub mod dispose;
pub mod lineage;
pub mod list;
pub mod parents;

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::ids::{Key, RecordKind};
use crate::domain::policy::Authority;
use crate::domain::state::State;
use list::ListedLot;
use std::sync::Arc;

impl Desk {
    /// A lot of a product in the caller's scope with its parents as they stand, and how it stands itself. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn lot_as_it_stands(&self, caller: &Caller, number: &str) -> Result<ListedLot, Failure> {
        let state = self.lot(caller, number)?;
        let listed = self.listed(caller, &[state])?.pop();
        listed.ok_or_else(|| Failure::Broken("no lot".into()))
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
