//! Persons for screens: the list, and one account.

use super::PersonRow;
use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::ids::{Key, RecordKind};
use crate::domain::person::Person;
use crate::domain::policy::{Authority, Place};
use crate::store::journal::Page;
use crate::store::lists::Paging;
use crate::store::noun::person::list_persons;

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

    /// Whether the caller may look at accounts; nothing is refused by asking.
    pub(in crate::app) fn sees_persons(&self, caller: &Caller) -> Result<bool, Failure> {
        let state = self.person_state(caller.person)?;
        let person = state.as_person().ok_or_else(|| Failure::Broken("no person".into()))?;
        self.with_site(|site| {
            person.account().permit(site.facts(), READERS, Place::default()).is_ok()
        })
    }

    /// Every active account, by user name.
    pub(in crate::app) fn active_persons(&self) -> Result<Vec<Person>, Failure> {
        let mut paging = Paging { cursor: None, limit: 500 };
        let mut people = Vec::new();
        loop {
            let page = self.read(|db| list_persons(db, &paging))?;
            for row in page.items.iter().filter(|row| row.active) {
                let state = self.state(&Key::Number(RecordKind::Person, row.number.clone()))?;
                people.extend(state.as_person().cloned());
            }
            match page.next {
                Some(next) => paging.cursor = Some(next),
                None => return Ok(people),
            }
        }
    }
}
