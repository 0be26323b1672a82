//! Persons for screens: the list, and one account.

use super::PersonRow;
use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::person::Person;
use crate::domain::policy::Authority;
use crate::store::journal::Page;
use crate::store::lists::{Paging, list_persons};

/// Who may look at accounts: whoever runs them, and whoever reads records.
const READERS: &[Authority] =
    &[Authority::Administer, Authority::Unlock, Authority::Enrol, Authority::Read];

impl Desk {
    /// Persons by user name. Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *administer*, *unlock*, *enrol* or *read*.
    pub fn persons(&self, caller: &Caller, paging: &Paging) -> Result<Page<PersonRow>, Failure> {
        self.may_read(caller, READERS, None)?;
        self.read(|db| list_persons(db, paging))
    }

    /// A person; everybody may look at their own account. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing`.
    pub fn person(&self, caller: &Caller, user_name: &str) -> Result<Person, Failure> {
        let found = self.person_named(user_name);
        if found.as_ref().is_ok_and(|person| person.key.id == caller.person) {
            return found;
        }
        self.may_read(caller, READERS, None)?;
        found
    }
}
