//! Credentials as the journal knows them: identity verified, key enrolled or destroyed, password changed.

use super::super::event::PersonEvent;
use super::super::refusal::{
    ALREADY_ENROLLED, KEY_MALFORMED, METHOD_MISSING, PASSWORD_NOT_OWN, SERVICE_ENROL, VOUCHER_RESET,
};
use super::Facts;
use crate::domain::act::{reason, require_signer};
use crate::domain::command::Stamp;
use crate::domain::ids::PersonId;
use crate::domain::person::Person;
use crate::domain::policy::Authority;
use crate::domain::refusal::{PERSON_INACTIVE, Refusal, SIGNING_KEY_MISSING, words};
use crate::domain::ruling::Ruling;
use crate::domain::signing::Meaning;
use crate::domain::signing::refusal::LOCKED_OUT;

/// The verifier signs both that the identity was checked and that this key is the person's, so that
/// trust in every later signature leads back to the founding entry (21 CFR 11.100(b)).
pub(super) fn enrol(
    facts: Facts<'_>,
    stamp: &Stamp,
    method: &str,
    key: &str,
    public_key: &str,
) -> Result<Ruling<PersonEvent>, Refusal> {
    let (person, permit) = facts.over_another(&[Authority::Enrol])?;
    enrollable(person)?;
    let verifier = facts.actor()?;
    if reset_by(person) == Some(verifier.key.id) {
        let detail = format!("{} reset {}'s password", verifier.user_name, person.user_name);
        return Err(Refusal::new(&VOUCHER_RESET, detail));
    }
    let method = identity_method(method)?;
    fresh(person, key, public_key)?;
    let meaning = Meaning::IdentityVerified;
    let signature = require_signer(stamp, verifier.account(), facts.site, meaning, &permit.role)?;
    let enrolled = PersonEvent::KeyEnrolled { key: key.into(), public_key: public_key.into() };
    let events = vec![
        (PersonEvent::IdentityVerified { method }, vec![signature.clone()]),
        (enrolled, vec![signature]),
    ];
    Ok(Ruling { permit, events })
}

/// Who reset the password of somebody who could sign before, until another has vouched for a new key:
/// two people stand between a forgotten password and the next signature (21 CFR 11.200(a)(3)). A new
/// account, which never had a key, has its first password from whoever brings it in.
pub(super) fn reset_by(person: &Person) -> Option<PersonId> {
    person.reset_by.filter(|_| !person.former_keys.is_empty())
}

fn enrollable(person: &Person) -> Result<(), Refusal> {
    let who = &person.user_name;
    if person.service {
        return Err(Refusal::new(&SERVICE_ENROL, format!("{who} is a service account")));
    }
    if let Some(key) = &person.signing_key {
        return Err(Refusal::new(&ALREADY_ENROLLED, format!("{who} has {}", key.fingerprint)));
    }
    if person.must_change_password {
        return Err(Refusal::new(&PASSWORD_NOT_OWN, format!("{who} has not chosen one yet")));
    }
    person.account().in_standing()
}

pub(super) fn identity_method(text: &str) -> Result<String, Refusal> {
    let text = words(text);
    if text.is_empty() {
        let refusal = Refusal::new(&METHOD_MISSING, "no word says how");
        return Err(refusal.missing(vec!["method".into()]));
    }
    Ok(text.to_owned())
}

/// A key that this person never had, in the form the journal keeps.
fn fresh(person: &Person, key: &str, public_key: &str) -> Result<(), Refusal> {
    let hex = key.len() == 64 && key.bytes().all(|b| b.is_ascii_digit() || b"abcdef".contains(&b));
    if !hex || public_key.is_empty() {
        return Err(Refusal::new(&KEY_MALFORMED, "its fingerprint is not 64 hex digits"));
    }
    if person.former_keys.iter().any(|former| former.fingerprint == key) {
        return Err(Refusal::new(&KEY_MALFORMED, "the person had this key before"));
    }
    Ok(())
}

/// One's own password, also the change that is owed after a reset. The key stays the same.
pub(super) fn change_password(facts: Facts<'_>) -> Result<Ruling<PersonEvent>, Refusal> {
    let (person, permit) = facts.own_account()?;
    if !person.active {
        return Err(Refusal::new(&PERSON_INACTIVE, format!("{} is over", person.user_name)));
    }
    if person.locked.is_some() {
        return Err(Refusal::new(&LOCKED_OUT, format!("{} is locked", person.user_name)));
    }
    Ok(Ruling::of(permit, PersonEvent::PasswordChanged {}))
}

/// Whoever resets must not be able to sign as the person: the key is gone with the old password, and
/// somebody else vouches for the next. Nobody resets in the name of an account that waits for its own key.
pub(super) fn reset_password(facts: Facts<'_>, why: &str) -> Result<Ruling<PersonEvent>, Refusal> {
    let (person, permit) = facts.over_another(&[Authority::Administer])?;
    let actor = facts.actor()?;
    if actor.signing_key.is_none() {
        // Whoever reset this administrator's password could act here in their name.
        let detail = format!("{} is not enrolled and resets no password", actor.user_name);
        return Err(Refusal::new(&SIGNING_KEY_MISSING, detail));
    }
    let reason = reason(why)?;
    let mut ruling = Ruling { permit, events: Vec::new() };
    if let Some(key) = &person.signing_key {
        let key = key.fingerprint.clone();
        ruling = ruling.and(PersonEvent::KeyDestroyed { key, reason: "password reset".into() });
    }
    Ok(ruling.and(PersonEvent::PasswordReset { reason }))
}
