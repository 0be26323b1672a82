//! Runs for screens: lists, and one run as it stands.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::ids::{Key, RecordKind};
use crate::domain::policy::Authority;
use crate::domain::state::State;
use crate::store::journal::Page;
pub use crate::store::lists::Paging;
use crate::store::noun::run::list_runs;
pub use crate::store::noun::run::{RunFilter, RunRow};
use std::sync::Arc;

impl Desk {
    /// Runs in the caller's scope, the newest issue first. Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *read*.
    pub fn runs(&self, caller: &Caller, filter: &RunFilter) -> Result<Page<RunRow>, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let scope = self.scope(caller)?;
        let mut page = self.read(|db| list_runs(db, filter))?;
        page.items.retain(|row| scope.reaches(&row.product));
        Ok(page)
    }

    /// A run of a product in the caller's scope. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn run(&self, caller: &Caller, number: &str) -> Result<Arc<State>, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let state = self.state(&Key::Number(RecordKind::Run, number.to_owned()))?;
        let product = state.as_run().map(|run| run.recipe.product.code.as_str());
        self.may_read(caller, &[Authority::Read], product)?;
        Ok(state)
    }
}
