//! Deviations for screens.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::ids::{Key, RecordKind};
use crate::domain::policy::Authority;
use crate::domain::state::State;
pub use crate::store::derived::row::DeviationRow;
use crate::store::journal::Page;
use crate::store::lists::{Paging, list_deviations};
use std::sync::Arc;

impl Desk {
    /// Deviations, the newest number first. Blocks.
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
        self.read(|db| list_deviations(db, phase, paging))
    }

    /// A deviation that concerns a run in the caller's scope. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn deviation(&self, caller: &Caller, number: &str) -> Result<Arc<State>, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let state = self.state(&Key::Number(RecordKind::Deviation, number.to_owned()))?;
        let deviation = state.as_deviation().ok_or_else(|| Failure::Broken("none".into()))?;
        let mut judged = Ok(());
        for run in deviation.runs.keys() {
            let run = self.state(&Key::Id(*run))?;
            let product = run.as_run().map(|run| run.recipe.product.code.as_str());
            judged = self.may_read(caller, &[Authority::Read], product);
            if judged.is_ok() {
                break;
            }
        }
        judged.map(|()| state)
    }
}
