//! Lots for screens, each with its parents as they stand.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::disposition::standing::Standing;
use crate::domain::ids::{Key, RecordKind};
use crate::domain::lot::Lot;
use crate::domain::policy::Authority;
use crate::domain::run::genealogy::Stands;
use crate::domain::state::State;
use crate::store::journal::Page;
pub use crate::store::noun::lot::LotFilter;
use crate::store::noun::lot::list_lots;
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
        let rows = page.items.iter().filter(|row| scope.reaches(&row.product));
        let states = rows
            .map(|row| self.state(&Key::Number(RecordKind::Lot, row.number.clone())))
            .collect::<Result<Vec<_>, _>>()?;
        let lots: Vec<&Lot> = states.iter().filter_map(|state| state.as_lot()).collect();
        let shown = self.shown_of_lots(Some(caller), &lots)?;
        let items = states.iter().cloned().zip(shown);
        let items = items
            .map(|(state, (parents, standing))| ListedLot { state, parents, standing })
            .collect();
        Ok(Page { items, next: page.next })
    }
}
