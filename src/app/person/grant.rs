//! Grants: what a person may, set anew by another.

use super::PersonAct;
use crate::app::answer::PersonAnswer;
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::domain::person::command::PersonCommand;
use crate::domain::policy::Grant;

/// Grants for a person.
pub struct ChangeGrants {
    /// Whose: user name.
    pub user_name: String,
    /// All of them.
    pub grants: Vec<Grant>,
    /// Why.
    pub reason: String,
    /// The version that was looked at, where the client says it.
    pub expected: Option<u64>,
}

impl Desk {
    /// Sets a person's grants: the person's next call is judged by them. Blocks.
    ///
    /// # Errors
    /// `combination-forbidden`, `own-account`, `reason-required`, `stale-version` and their kin.
    pub fn change_grants(
        &self,
        envelope: Envelope,
        order: ChangeGrants,
    ) -> Result<Done<PersonAnswer>, Failure> {
        let ChangeGrants { user_name, grants, reason, expected } = order;
        let person = self.person_named(&user_name)?.key.id;
        let command = PersonCommand::ChangeGrants { grants, reason, expected };
        self.order(envelope, Box::new(PersonAct::about("change-grants", person, command)))
    }
}
