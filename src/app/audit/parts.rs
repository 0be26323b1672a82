//! Who took which part in a batch, and in which batches somebody did.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::ids::PersonId;
use crate::domain::policy::Authority;
use crate::store::journal::Page;
use crate::store::lists::Paging;
pub use crate::store::parts::{RunOf, Took};
use crate::store::parts::{people, runs_of};

/// Somebody in a batch.
#[derive(Debug, Clone)]
pub struct Participant {
    pub user_name: String,
    pub printed_name: String,
    /// Whether they had a part in the work: who had one does not review the batch nor decide on its lots.
    pub took_part: bool,
    /// In which parts they stand in its entries, the earliest first.
    pub parts: Vec<Took>,
}

impl Desk {
    /// Everybody in the record of a batch in the caller's scope, in the order in which they came. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn participants(&self, caller: &Caller, batch: &str) -> Result<Vec<Participant>, Failure> {
        let state = self.run(caller, batch)?;
        let run = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
        let mut all: Vec<(PersonId, Vec<Took>)> = Vec::new();
        for (person, took) in self.read(|db| people(db, run.key))? {
            match all.iter_mut().find(|(known, _)| *known == person) {
                Some((_, parts)) => parts.push(took),
                None => all.push((person, vec![took])),
            }
        }
        let participant = |(id, parts)| {
            let state = self.person_state(id)?;
            let person = state.as_person().ok_or_else(|| Failure::Broken("no person".into()))?;
            Ok(Participant {
                user_name: person.user_name.clone(),
                printed_name: person.printed_name.clone(),
                took_part: run.participants.contains(&id),
                parts,
            })
        };
        all.into_iter().map(participant).collect()
    }

    /// The batches in the caller's scope in whose records somebody stands, the newest first. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn batches_of(
        &self,
        caller: &Caller,
        user_name: &str,
        paging: &Paging,
    ) -> Result<Page<RunOf>, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let person = self.person_named(user_name)?;
        let scope = self.scope(caller)?;
        let mut page = self.read(|db| runs_of(db, person.key.id, paging))?;
        page.items.retain(|run| scope.reaches(&run.product));
        Ok(page)
    }
}
