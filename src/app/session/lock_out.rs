//! The system locks an account after failures; only a holder of *unlock* lifts it.

use crate::domain::command::{Decision, Stamp};
use crate::domain::ids::{Key, RecordKey};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::person::command::PersonCommand;
use crate::domain::person::decide::{Facts, decide};
use crate::domain::refusal::Refusal;
use serde_json::json;

/// Locks a person out.
pub struct LockOut {
    /// Whom.
    pub person: RecordKey,
    /// After how many failures.
    pub failures: u32,
    /// `sign-in` or `signing`.
    pub last: &'static str,
}

impl Command for LockOut {
    fn name(&self) -> &'static str {
        "lock-out"
    }

    fn reads(&self) -> Vec<Key> {
        vec![Key::Id(self.person)]
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let subject = loaded.person(self.person.id)?;
        let facts = Facts {
            site: loaded.site()?.facts(),
            actor: None,
            second: None,
            subject: Some(subject),
        };
        let order = PersonCommand::LockOut { failures: self.failures, last: self.last.to_owned() };
        let ruling = decide(&order, facts, stamp)?;
        Ok(Decision {
            permit: ruling.permit.clone(),
            events: ruling.into_planned(self.person, "person", None),
            answer: json!({}),
        })
    }
}
