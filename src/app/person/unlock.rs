//! Unlocking after an identity check: the counter begins anew, password and key stay.

use super::PersonAct;
use crate::app::answer::PersonAnswer;
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::domain::person::command::PersonCommand;
use crate::store::operational::Alongside;

impl Desk {
    /// Unlocks an account. A supervisor signs and has a second person sign; an administrator needs
    /// neither. Blocks.
    ///
    /// # Errors
    /// `account-not-locked`, `identity-check-missing`, `unlock-needs-second-person`, `own-account`.
    pub fn unlock_person(
        &self,
        mut envelope: Envelope,
        user_name: &str,
        identity_check: String,
        reason: String,
    ) -> Result<Done<PersonAnswer>, Failure> {
        let person = self.person_named(user_name)?.key.id;
        let command = PersonCommand::Unlock { identity_check, reason };
        envelope.alongside.push(Alongside::PutLockout { person, failures: 0, locked_at: None });
        self.order(envelope, Box::new(PersonAct::about("unlock-person", person, command)))
    }
}
