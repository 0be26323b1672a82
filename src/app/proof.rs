//! What is proved in an act, and who was recognised by a password.

use super::words::Caller;
use crate::domain::person::Person;
use crate::domain::state::State;
use crate::identity::lockout;
use crate::identity::password::{Standing, WrappingKey};
use crate::store::operational::Alongside;
use crate::store::submission::UnlockedKey;
use std::sync::Arc;

/// What was proved in an act: keys unlocked, and rows that go with the command.
#[derive(Default)]
pub struct Proof {
    /// Keys, wiped when the command is done.
    pub keys: Vec<UnlockedKey>,
    /// Rows.
    pub alongside: Vec<Alongside>,
}

/// Somebody whose password was right.
pub struct Recognised {
    /// Who.
    pub state: Arc<State>,
    /// Opens their signing key.
    pub wrapping: WrappingKey,
    /// Whether they chose the password themselves.
    pub standing: Standing,
}

impl Recognised {
    /// The person.
    #[must_use]
    pub fn person(&self) -> &Person {
        self.state.as_person().expect("whoever was recognised was found as a person")
    }
}

/// An attempt to give a password: where, by whom in which session, for which act.
#[derive(Debug, Clone, Copy)]
pub struct Try<'a> {
    /// Sign-in or signing.
    pub attempt: lockout::Attempt,
    /// The session it is given in.
    pub caller: Option<&'a Caller>,
    /// The request's id.
    pub request_id: &'a str,
    /// The act, as the access log names it.
    pub what: &'a str,
}
