//! Deviations for screens.

use crate::app::desk::{Caller, Desk, Failure};
use crate::app::session::attempt_of;
use crate::domain::ids::{Key, RecordKind};
use crate::domain::policy::Authority;
use crate::domain::refusal::{NOT_FOUND, Refusal};
use crate::domain::state::State;
use crate::store::journal::Page;
use crate::store::lists::Paging;
pub use crate::store::noun::deviation::DeviationRow;
use crate::store::noun::deviation::list_deviations;
use std::sync::Arc;

impl Desk {
    /// Deviations in the caller's scope, the newest number first. Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *read*.
    pub fn deviations(
        &self,
        caller: &Caller,
        phase: Option<&str>,
        paging: &Paging,
    ) -> Result<Page<DeviationRow>, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let scope = self.scope(caller)?;
        let page = self.read(|db| list_deviations(db, phase, paging))?;
        let mut items = Vec::with_capacity(page.items.len());
        for row in page.items {
            let key = Key::Number(RecordKind::Deviation, row.number.clone());
            if self.in_scope(&scope, self.state(&key)?.key())? {
                items.push(row);
            }
        }
        Ok(Page { items, next: page.next })
    }

    /// A deviation that concerns a run in the caller's scope. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn deviation(&self, caller: &Caller, number: &str) -> Result<Arc<State>, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let state = self.state(&Key::Number(RecordKind::Deviation, number.to_owned()))?;
        if self.in_scope(&self.scope(caller)?, state.key())? {
            return Ok(state);
        }
        let refusal = Refusal::new(&NOT_FOUND, format!("there is no deviation {number}"));
        self.note(attempt_of(caller, "read", &refusal))?;
        Err(refusal.into())
    }
}
