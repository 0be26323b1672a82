//! Another printed name; what was signed keeps the old one.

use super::PersonAct;
use crate::app::answer::PersonAnswer;
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::app::printable;
use crate::domain::person::command::PersonCommand;

impl Desk {
    /// Renames a person. Blocks.
    ///
    /// # Errors
    /// `printed-name-malformed`, `own-account`, `authority-missing`, `reason-required`, `unchanged`.
    pub fn rename_person(
        &self,
        envelope: Envelope,
        user_name: &str,
        printed_name: String,
        reason: String,
    ) -> Result<Done<PersonAnswer>, Failure> {
        let person = self.person_named(user_name)?.key.id;
        let printed_name = printable::name(&printed_name)?;
        let command = PersonCommand::Rename { printed_name, reason };
        self.order(envelope, Box::new(PersonAct::about("rename-person", person, command)))
    }
}
