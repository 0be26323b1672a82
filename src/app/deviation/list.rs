//! Deviations for screens.

use crate::app::desk::{Caller, Desk, Failure};
use crate::app::session::attempt_of;
use crate::domain::ids::{Key, RecordKind};
use crate::domain::policy::Authority;
use crate::domain::refusal::{NOT_FOUND, Refusal};
use crate::domain::state::State;
use crate::store::journal::Page;
pub use crate::store::noun::deviation::DeviationFilter;
use crate::store::noun::deviation::list_deviations;
use std::sync::Arc;

/// What is asked of deviations; people by their user names.
#[derive(Debug, Clone, Default)]
pub struct DeviationQuestion {
    /// All but people.
    pub filter: DeviationFilter,
    /// Who opened it.
    pub opener: Option<String>,
    /// Whose it is.
    pub owner: Option<String>,
    /// Who signed the investigation in force.
    pub investigator: Option<String>,
    /// Who stands in its record with any part.
    pub person: Option<String>,
}

impl Desk {
    /// Deviations in the caller's scope, each as a state that is one. Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *read*; `not-found` for a person who is named and is not there.
    pub fn deviations(
        &self,
        caller: &Caller,
        question: &DeviationQuestion,
    ) -> Result<Page<Arc<State>>, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let scope = self.scope(caller)?;
        let filter = DeviationFilter {
            opener: self.somebody(question.opener.as_deref())?,
            owner: self.somebody(question.owner.as_deref())?,
            investigator: self.somebody(question.investigator.as_deref())?,
            person: self.somebody(question.person.as_deref())?,
            ..question.filter.clone()
        };
        let page = self.read(|db| list_deviations(db, &filter))?;
        let mut items = Vec::with_capacity(page.items.len());
        for row in page.items {
            let state = self.state(&Key::Number(RecordKind::Deviation, row.number))?;
            if self.in_scope(&scope, state.key())? {
                items.push(state);
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
