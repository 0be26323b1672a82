//! The end of an account: at once, for ever, with its sessions and key.

use super::PersonAct;
use crate::app::answer::PersonAnswer;
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::domain::person::command::PersonCommand;
use crate::store::clock::real_time;
use crate::store::operational::Alongside;

impl Desk {
    /// Deactivates an account: its tokens are worthless from this moment. Blocks.
    ///
    /// # Errors
    /// `own-account`, `authority-missing`, `reason-required`, `account-deactivated`.
    pub fn deactivate_person(
        &self,
        mut envelope: Envelope,
        user_name: &str,
        reason: String,
    ) -> Result<Done<PersonAnswer>, Failure> {
        let person = self.person_named(user_name)?.key.id;
        envelope.alongside.extend([
            Alongside::DropWrappedKey { person },
            Alongside::RevokeSessions { person, except: None, at: real_time() },
        ]);
        let command = PersonCommand::Deactivate { reason };
        self.order(envelope, Box::new(PersonAct::about("deactivate-person", person, command)))
    }
}
