//! Persons: one file per command. Passwords and keys are handled here; the rules see only what follows.

pub mod acknowledge;
pub mod change_password;
pub mod create;
pub mod deactivate;
pub mod enrol;
pub mod grant;
pub mod list;
pub mod rename;
pub mod reset;
pub mod unlock;

pub use crate::identity::password_policy::temporary_password;
pub use change_password::ChangePassword;
pub use create::Create;
pub use enrol::Enrol;
pub use grant::ChangeGrants;

use super::answer::{Core, PersonAnswer, Tells, told};
use super::desk::{Desk, Done, Failure};
use crate::domain::alike::forms;
use crate::domain::command::{Decision, Stamp};
use crate::domain::ids::{Key, PersonId, RecordKey, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::person::Person;
use crate::domain::person::command::PersonCommand;
use crate::domain::person::decide::{Facts, decide, taken_by};
use crate::domain::refusal::{NOT_FOUND, Refusal};
use crate::domain::state::State;
use crate::identity::password::{PasswordRecord, Standing};
use crate::identity::user_name::UserName;
use zeroize::Zeroizing;

/// A command about a person, as the lane takes it.
pub struct PersonAct {
    name: &'static str,
    command: PersonCommand,
    about: Key,
    /// The identity of a person who begins.
    begins: Option<PersonId>,
}

impl PersonAct {
    /// About somebody who is there.
    #[must_use]
    pub fn about(name: &'static str, id: PersonId, command: PersonCommand) -> Self {
        let about = Key::Id(RecordKey::new(RecordKind::Person, id));
        Self { name, command, about, begins: None }
    }

    /// About somebody who begins under a normalised user name, with a chosen identity.
    #[must_use]
    pub fn beginning(id: PersonId, number: &str, command: PersonCommand) -> Self {
        Self { name: "create-person", command, about: taken_by(number), begins: Some(id) }
    }
}

impl PersonAct {
    fn twin_key(&self) -> Option<Key> {
        let PersonCommand::Create { number, .. } = &self.command else { return None };
        Some(Key::Alike(RecordKind::Person, number.clone()))
    }

    /// Somebody whose user name is drawn like the one that begins; names are written in small letters, where an I
    /// is no one.
    fn twin<'a>(&self, loaded: &'a Loaded) -> Option<&'a Person> {
        let PersonCommand::Create { number, .. } = &self.command else { return None };
        let twin = loaded.get(&self.twin_key()?)?.as_person()?;
        (forms(&twin.number).drawn == forms(number).drawn).then_some(twin)
    }
}

impl Command for PersonAct {
    fn name(&self) -> &'static str {
        self.name
    }

    fn reads(&self) -> Vec<Key> {
        std::iter::once(self.about.clone()).chain(self.twin_key()).collect()
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let actor = match &stamp.actor {
            None => None,
            Some(actor) => Some(loaded.person(actor.person)?),
        };
        let subject = loaded.get(&self.about).and_then(|state| state.as_person());
        let subject = subject.or_else(|| self.twin(loaded));
        let (site, second) = (loaded.site()?.facts(), loaded.second(stamp));
        let facts = Facts { site, actor, second, subject };
        let ruling = decide(&self.command, facts, stamp)?;
        let permit = ruling.permit.clone();
        let begun = if let PersonCommand::Create { number, .. } = &self.command {
            self.begins.map(|id| (id, number.clone()))
        } else {
            None
        };
        let (id, number) = begun
            .or_else(|| subject.map(|person| (person.key.id, person.number.clone())))
            .ok_or_else(|| Refusal::new(&NOT_FOUND, "there is no such person"))?;
        let record = RecordKey::new(RecordKind::Person, id);
        let head = subject.map_or(0, |person| person.seq);
        let events = ruling.into_planned(record, "person", None);
        let answer = PersonAnswer::new(Core::of(record, (Some(&number), head), loaded, &events));
        Ok(Decision { permit, events, answer: told::<Self>(&answer) })
    }
}

impl Tells for PersonAct {
    type Answer = PersonAnswer;
}

impl Desk {
    /// A person by user name, in any case and Unicode form.
    ///
    /// # Errors
    /// `not-found`, or `Broken` when the store fails.
    pub fn person_named(&self, user_name: &str) -> Result<Person, Failure> {
        let nobody = || Refusal::new(&NOT_FOUND, format!("there is no person {user_name:?}"));
        let name = UserName::parse(user_name).map_err(|_| nobody())?;
        let state = self.find(&taken_by(name.skeleton()))?;
        Ok(state.as_deref().and_then(State::as_person).cloned().ok_or_else(nobody)?)
    }

    /// A password record, made when its turn comes at the turnstile.
    fn hashed(&self, password: &str, standing: Standing) -> Result<PasswordRecord, Failure> {
        Ok(self.turnstile.pass(|| PasswordRecord::enrol(password, self.cost, standing))?.0)
    }
}

/// A command that issued a temporary password: told once, never kept.
#[derive(Debug)]
pub struct Issued {
    /// What the command brought about.
    pub done: Done<PersonAnswer>,
    /// The password that was drawn; `None` when the request named one, or when this is the answer of an
    /// earlier request, whose password cannot be told again.
    pub temporary_password: Option<Zeroizing<String>>,
}

impl Issued {
    /// The answer with the password in it.
    #[must_use]
    pub fn told(self) -> Done<PersonAnswer> {
        let Self { mut done, temporary_password } = self;
        if let Some(password) = temporary_password {
            done.answer["temporary_password"] = password.as_str().into();
        }
        done
    }
}
