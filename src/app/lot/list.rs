//! Lots for screens, each with its parents as they stand.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::ids::{Key, RecordKind};
use crate::domain::lot::genealogy::Stands;
use crate::domain::lot::question::Standing;
use crate::domain::policy::Authority;
use crate::domain::state::State;
use crate::store::journal::Page;
pub use crate::store::lists::LotFilter;
use crate::store::lists::list_lots;
use std::sync::Arc;

/// A lot of a list.
pub struct ListedLot {
    /// The lot, as a state that is one.
    pub state: Arc<State>,
    /// Its parents as they stand.
    pub parents: Vec<Stands>,
    /// How it stands itself: in question, blocked.
    pub standing: Standing,
}

impl Desk {
    /// Lots in the caller's scope, by number. Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *read*.
    pub fn lots(&self, caller: &Caller, filter: &LotFilter) -> Result<Page<ListedLot>, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let scope = self.scope(caller)?;
        let page = self.read(|db| list_lots(db, filter))?;
        let mut items = Vec::with_capacity(page.items.len());
        for row in page.items.iter().filter(|row| scope.reaches(&row.product)) {
            let state = self.state(&Key::Number(RecordKind::Lot, row.number.clone()))?;
            let lot = state.as_lot().ok_or_else(|| Failure::Broken("no lot".into()))?;
            let parents = self.parents_of(lot)?;
            let standing = self.standing_of(lot)?;
            items.push(ListedLot { state, parents, standing });
        }
        Ok(Page { items, next: page.next })
    }
}
