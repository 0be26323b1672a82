//! May this be done to a person's account now, by whom, and what follows.

mod account;
mod credentials;
mod founding;
mod grants;
mod unlock;

pub use founding::{FirstAdministrator, first_administrator};
pub use grants::forbidden_together;

use super::Person;
use super::command::PersonCommand;
use super::event::PersonEvent;
use super::refusal::{INACTIVE_SUBJECT, NOT_OWN_ACCOUNT, OWN_ACCOUNT};
use crate::domain::command::Stamp;
use crate::domain::facts::SiteFacts;
use crate::domain::ids::{Key, RecordKind};
use crate::domain::policy::{Authority, Permit, Place};
use crate::domain::refusal::{NOT_FOUND, PERSON_INACTIVE, Refusal};
use crate::domain::ruling::Ruling;

/// What the decision looks at.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The site: roles, accountability statement.
    pub site: SiteFacts<'a>,
    /// The session's person; `None` for the system's own acts.
    pub actor: Option<&'a Person>,
    /// The second person, if credentials came for one.
    pub second: Option<&'a Person>,
    /// Whom it is about; for a creation, whoever has the user name already.
    pub subject: Option<&'a Person>,
}

/// Decides a command about a person.
///
/// # Errors
/// The rule that forbids.
pub fn decide(
    command: &PersonCommand,
    facts: Facts<'_>,
    stamp: &Stamp,
) -> Result<Ruling<PersonEvent>, Refusal> {
    match command {
        PersonCommand::Create { user_name, number, printed_name, service, grants, reason } => {
            let created = account::created(user_name, number, printed_name, *service)?;
            account::create(facts, created, grants, reason)
        }
        PersonCommand::Enrol { method, key, public_key } => {
            credentials::enrol(facts, stamp, method, key, public_key)
        }
        PersonCommand::ChangeGrants { grants, reason, expected } => {
            grants::change(facts, grants, reason, *expected)
        }
        PersonCommand::ChangePassword => credentials::change_password(facts),
        PersonCommand::ResetPassword { reason } => credentials::reset_password(facts, reason),
        PersonCommand::Acknowledge { version } => account::acknowledge(facts, *version),
        PersonCommand::LockOut { failures, last } => unlock::lock_out(facts, *failures, last),
        PersonCommand::Unlock { identity_check, reason } => {
            unlock::unlock(facts, stamp, identity_check, reason)
        }
        PersonCommand::Deactivate { reason } => account::deactivate(facts, reason),
        PersonCommand::Rename { printed_name, reason } => {
            account::rename(facts, printed_name, reason)
        }
    }
}

impl<'a> Facts<'a> {
    /// Whoever acts; the system cannot do what persons answer for.
    fn actor(&self) -> Result<&'a Person, Refusal> {
        self.actor.ok_or_else(|| Refusal::new(&PERSON_INACTIVE, "nobody is signed in"))
    }

    /// Whom it is about, as long as the account lives.
    fn subject(&self) -> Result<&'a Person, Refusal> {
        let person =
            self.subject.ok_or_else(|| Refusal::new(&NOT_FOUND, "there is no such person"))?;
        if person.active {
            return Ok(person);
        }
        Err(Refusal::new(&INACTIVE_SUBJECT, format!("{} is deactivated", person.user_name)))
    }

    /// Permission to act on somebody else's account: nobody does it to themselves.
    fn over_another(&self, wanted: &[Authority]) -> Result<(&'a Person, Permit), Refusal> {
        let actor = self.actor()?;
        let permit = actor.account().permit(self.site, wanted, Place::default())?;
        let subject = self.subject()?;
        if actor.key == subject.key {
            let detail = format!("{} acts and is concerned", actor.user_name);
            return Err(Refusal::new(&OWN_ACCOUNT, detail));
        }
        Ok((subject, permit))
    }

    /// The person acting on their own account; no role is used for that.
    fn own_account(&self) -> Result<(&'a Person, Permit), Refusal> {
        let (actor, subject) = (self.actor()?, self.subject()?);
        if actor.key != subject.key {
            let detail = format!("the account is {}'s", subject.user_name);
            return Err(Refusal::new(&NOT_OWN_ACCOUNT, detail));
        }
        Ok((subject, Permit { role: OWN.into(), authority: None }))
    }
}

/// The role in which somebody acts on their own account.
pub const OWN: &str = "own account";

/// The keys under which a command finds whoever has a user name already.
#[must_use]
pub fn taken_by(number: &str) -> Key {
    Key::Number(RecordKind::Person, number.to_owned())
}

#[cfg(test)]
mod tests;
