//! Folds a person's entries into its state. No rule lives here.

use super::event::PersonEvent;
use super::{IdentityCheck, Person, SigningKey};
use crate::domain::clock::Instant;
use crate::domain::command::{EvolveFault, Happened};
use crate::domain::ruling::typed;

/// Folds one entry of a person.
///
/// # Errors
/// A fault naming an entry that cannot be.
pub fn evolve(current: Option<Person>, happened: &Happened<'_>) -> Result<Person, EvolveFault> {
    let event: PersonEvent = typed(happened, "person")?;
    let mut person = match (current, &event) {
        (None, PersonEvent::Created { user_name, number, printed_name, service }) => {
            created(happened, user_name, number, printed_name, *service)
        }
        (Some(person), _) => person,
        (None, _) => return Err(EvolveFault::of(happened, "the person was never created")),
    };
    person.seq = happened.seq;
    person.head = happened.link;
    apply(&mut person, event, happened);
    Ok(person)
}

fn created(
    happened: &Happened<'_>,
    user_name: &str,
    number: &str,
    printed_name: &str,
    service: bool,
) -> Person {
    Person {
        key: happened.record,
        user_name: user_name.to_owned(),
        number: number.to_owned(),
        printed_name: printed_name.to_owned(),
        grants: Vec::new(),
        active: true,
        locked: None,
        must_change_password: true,
        identity: None,
        signing_key: None,
        former_keys: Vec::new(),
        accountability: None,
        service,
        seq: happened.seq,
        head: happened.link,
    }
}

fn apply(person: &mut Person, event: PersonEvent, happened: &Happened<'_>) {
    match event {
        PersonEvent::Created { .. } => {}
        PersonEvent::IdentityVerified { method } => {
            person.identity = Some(IdentityCheck {
                by: happened.actor.map(|actor| actor.person),
                method,
                at: happened.at,
                signed: happened.signatures.first().cloned(),
            });
        }
        PersonEvent::KeyEnrolled { key, public_key } => {
            retire_key(person, happened.at);
            person.signing_key =
                Some(SigningKey { fingerprint: key, public_key, since: happened.at, until: None });
        }
        PersonEvent::KeyDestroyed { .. } => retire_key(person, happened.at),
        PersonEvent::GrantsChanged { new, .. } => person.grants = new,
        PersonEvent::PasswordChanged {} => person.must_change_password = false,
        PersonEvent::PasswordReset { .. } => person.must_change_password = true,
        PersonEvent::AccountabilityAcknowledged { version } => {
            person.accountability = Some((version, happened.at));
        }
        PersonEvent::LockedOut { .. } => person.locked = Some(happened.at),
        PersonEvent::Unlocked { .. } => person.locked = None,
        PersonEvent::Deactivated { .. } => person.active = false,
        PersonEvent::Renamed { new, .. } => person.printed_name = new,
    }
}

/// The key in force, if any, becomes a former one: signatures made with it stay verifiable.
fn retire_key(person: &mut Person, at: Instant) {
    if let Some(mut key) = person.signing_key.take() {
        key.until = Some(at);
        person.former_keys.push(key);
    }
}
