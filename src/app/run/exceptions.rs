//! Exceptions of all batches for screens.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::policy::Authority;
use crate::store::journal::Page;
use crate::store::noun::exception::list_exceptions;
pub use crate::store::noun::exception::{ExceptionFilter, ExceptionRow};

impl Desk {
    /// Exceptions of batches in the caller's scope, the newest first; `person` is the user name of whose act opened
    /// them. Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *read*; `not-found` for a person who is named and is not there.
    pub fn exceptions(
        &self,
        caller: &Caller,
        filter: &ExceptionFilter,
        person: Option<&str>,
    ) -> Result<Page<ExceptionRow>, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let scope = self.scope(caller)?;
        let filter = ExceptionFilter { person: self.somebody(person)?, ..filter.clone() };
        let mut page = self.read(|db| list_exceptions(db, &filter))?;
        page.items.retain(|row| scope.reaches(&row.product));
        Ok(page)
    }
}
