//! What was entered, over all batches.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::policy::Authority;
use crate::store::journal::Page;
pub use crate::store::noun::entered::list::{EnteredFilter, EnteredOfRun};
use crate::store::noun::entered::list::{list_entered, marks_of};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use uuid::Uuid;

/// An entered thing with what a list says of it beside its row.
#[derive(Debug, Clone)]
pub struct Listed {
    pub row: EnteredOfRun,
    /// By what it stands out.
    pub marks: Vec<String>,
    /// Who recorded it; nobody: the system.
    pub by: Option<Named>,
    /// Who did it, where a scribe recorded it.
    pub performer: Option<Named>,
}

/// Somebody as they are called now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub user_name: String,
    pub printed_name: String,
}

impl Desk {
    /// What was entered in batches in the caller's scope, recorded last first; `batch` names one of them, `who` a
    /// person. Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *read*; `not-found` for a batch that is none in the caller's scope.
    pub fn entered(
        &self,
        caller: &Caller,
        (batch, who): (Option<&str>, Option<&str>),
        filter: EnteredFilter,
    ) -> Result<Page<Listed>, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let within = self.scope(caller)?.products().cloned();
        let run = batch.map(|number| self.run(caller, number)).transpose()?;
        let Some(person) = self.person_of(who)? else {
            return Ok(Page { items: Vec::new(), next: None });
        };
        let filter =
            EnteredFilter { run: run.map(|state| state.key().id), person, within, ..filter };
        let (page, marks) = self.read(|db| {
            let page = list_entered(db, &filter)?;
            let marks = marks_of(db, &page.items)?;
            Ok((page, marks))
        })?;
        let mut names = BTreeMap::new();
        let mut items = Vec::with_capacity(page.items.len());
        for (row, marks) in page.items.into_iter().zip(marks) {
            let by = row.0.person.as_deref().and_then(|id| Uuid::from_slice(id).ok());
            let did = marks.iter().find_map(|mark| mark.strip_prefix("did:"));
            let did = did.and_then(|id| Uuid::parse_str(id).ok());
            let by = self.named(by, &mut names)?;
            let performer = self.named(did, &mut names)?;
            items.push(Listed { row, marks, by, performer });
        }
        Ok(Page { items, next: page.next })
    }

    /// How somebody is called now.
    fn named(
        &self,
        person: Option<Uuid>,
        known: &mut BTreeMap<Uuid, Named>,
    ) -> Result<Option<Named>, Failure> {
        let Some(id) = person else { return Ok(None) };
        if let Entry::Vacant(place) = known.entry(id) {
            let state = self.state(&Key::Id(RecordKey::new(RecordKind::Person, id)))?;
            let person = state.as_person().ok_or_else(|| Failure::Broken("no person".into()))?;
            let (user_name, printed_name) = (person.user_name.clone(), person.printed_name.clone());
            place.insert(Named { user_name, printed_name });
        }
        Ok(known.get(&id).cloned())
    }
}
