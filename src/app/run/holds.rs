//! Holds over all batches.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::policy::Authority;
use crate::store::journal::Page;
use crate::store::noun::hold::list::list_holds;
pub use crate::store::noun::hold::list::{HoldFilter, HoldOfRun};

impl Desk {
    /// Holds of batches in the caller's scope, the newest first; `batch` names one of them. Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *read*; `not-found` for a batch that is none in the caller's scope.
    pub fn holds(
        &self,
        caller: &Caller,
        batch: Option<&str>,
        filter: HoldFilter,
    ) -> Result<Page<HoldOfRun>, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let within = self.scope(caller)?.products().cloned();
        let run = batch.map(|number| self.run(caller, number)).transpose()?;
        let filter = HoldFilter { run: run.map(|state| state.key().id), within, ..filter };
        self.read(|db| list_holds(db, &filter))
    }
}
