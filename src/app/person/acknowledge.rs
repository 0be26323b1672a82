//! The accountability statement: read, then acknowledged, before anything can be signed.

use super::PersonAct;
use crate::app::answer::PersonAnswer;
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::domain::person::command::PersonCommand;

impl Desk {
    /// Acknowledges the statement in a version, for the caller (21 CFR 11.10(j)). Blocks.
    ///
    /// # Errors
    /// `statement-not-current`, `statement-already-acknowledged`.
    pub fn acknowledge_accountability(
        &self,
        envelope: Envelope,
        version: u32,
    ) -> Result<Done<PersonAnswer>, Failure> {
        let (person, command) = (envelope.caller.person, PersonCommand::Acknowledge { version });
        let act = PersonAct::about("acknowledge-accountability", person, command);
        self.order(envelope, Box::new(act))
    }
}
