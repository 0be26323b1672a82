//! Persons for screens: the list, and one account.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::clock::Instant;
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::person::Person;
use crate::domain::policy::{Authority, Grant, Place, Role};
use crate::domain::state::State;
use crate::store::journal::Page;
use crate::store::lists::Paging;
use crate::store::noun::person::list_persons;
use std::sync::Arc;

/// Who may look at accounts: whoever runs them, and whoever reads records.
const READERS: &[Authority] =
    &[Authority::Administer, Authority::Unlock, Authority::Enrol, Authority::Read];

/// A role that somebody has, with what it lets them do.
#[derive(Debug, Clone)]
pub struct Granted {
    pub grant: Grant,
    pub authorities: Vec<Authority>,
}

/// A person of a list.
#[derive(Debug, Clone)]
pub struct ListedPerson {
    pub person: Person,
    pub granted: Vec<Granted>,
}

/// What a role lets somebody do.
fn authorities(roles: &[Role], name: &str) -> Vec<Authority> {
    let of = roles.iter().filter(|role| role.name == name);
    of.flat_map(|role| role.authorities.iter().copied()).collect()
}

impl Desk {
    /// Persons by user name, with what their roles let them do; as of a moment, as they and the roles were then, and
    /// without those who came later. Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *administer*, *unlock*, *enrol* or *read*.
    pub fn persons(
        &self,
        caller: &Caller,
        paging: &Paging,
        as_of: Option<Instant>,
    ) -> Result<Page<ListedPerson>, Failure> {
        self.may_read(caller, READERS, None)?;
        let page = self.read(|db| list_persons(db, paging))?;
        let then = |key: RecordKey| -> Result<Option<Arc<State>>, Failure> {
            match as_of {
                Some(at) => Ok(self.store.state_as_of(key, at)?.map(Arc::new)),
                None => self.find(&Key::Id(key)),
            }
        };
        let site = then(self.state(&Key::Site)?.key())?;
        let roles = site.as_deref().and_then(State::as_site).map_or(&[][..], |site| &site.roles);
        let mut items = Vec::with_capacity(page.items.len());
        for row in &page.items {
            let now = self.state(&Key::Number(RecordKind::Person, row.number.clone()))?;
            let Some(state) = then(now.key())? else { continue };
            let Some(person) = state.as_person() else { continue };
            let granted = person.grants.iter().map(|grant| Granted {
                grant: grant.clone(),
                authorities: authorities(roles, &grant.role),
            });
            items.push(ListedPerson { person: person.clone(), granted: granted.collect() });
        }
        Ok(Page { items, next: page.next })
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
