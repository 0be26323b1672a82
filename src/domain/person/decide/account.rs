//! Accounts: created once, renamed, held accountable, ended for ever.

use super::super::event::PersonEvent;
use super::super::refusal::{
    NAME_MALFORMED, STATEMENT_KNOWN, STATEMENT_STALE, UNCHANGED, USER_NAME_TAKEN,
};
use super::Facts;
use super::credentials::reset_by;
use super::grants::allowed;
use crate::domain::act::reason;
use crate::domain::policy::{Authority, Grant, Place};
use crate::domain::refusal::{Refusal, SIGNING_KEY_MISSING, words};
use crate::domain::ruling::Ruling;

pub(super) fn created(
    user_name: &str,
    number: &str,
    printed_name: &str,
    service: bool,
) -> Result<PersonEvent, Refusal> {
    Ok(PersonEvent::Created {
        user_name: user_name.to_owned(),
        number: number.to_owned(),
        printed_name: name(printed_name)?,
        service,
    })
}

pub(super) fn create(
    facts: Facts<'_>,
    created: PersonEvent,
    grants: &[Grant],
    why: &str,
) -> Result<Ruling<PersonEvent>, Refusal> {
    let actor = facts.actor()?;
    let permit = actor.account().permit(facts.site, &[Authority::Administer], Place::default())?;
    if let Some(holder) = facts.subject {
        // A deactivated holder too: the name means that person for ever (P11-100a).
        let PersonEvent::Created { number, .. } = &created else {
            return Err(Refusal::new(&USER_NAME_TAKEN, ""));
        };
        let detail = match *number == holder.number {
            true => format!("{} has or had it", holder.user_name),
            false => format!("it reads like {}, whose name it is or was", holder.user_name),
        };
        return Err(Refusal::new(&USER_NAME_TAKEN, detail));
    }
    let service = matches!(created, PersonEvent::Created { service: true, .. });
    let ruling = Ruling::of(permit, created);
    if grants.is_empty() {
        return Ok(ruling);
    }
    let mut new = grants.to_vec();
    new.sort();
    new.dedup();
    allowed(&new, facts.site.roles, service)?;
    Ok(ruling.and(PersonEvent::GrantsChanged { old: Vec::new(), new, reason: reason(why)? }))
}

pub(super) fn rename(
    facts: Facts<'_>,
    printed_name: &str,
    why: &str,
) -> Result<Ruling<PersonEvent>, Refusal> {
    let (person, permit) = facts.over_another(&[Authority::Administer])?;
    let (old, new) = (person.printed_name.clone(), name(printed_name)?);
    if old == new {
        return Err(Refusal::new(&UNCHANGED, format!("the printed name is {old}")));
    }
    Ok(Ruling::of(permit, PersonEvent::Renamed { old, new, reason: reason(why)? }))
}

pub(super) fn acknowledge(facts: Facts<'_>, version: u32) -> Result<Ruling<PersonEvent>, Refusal> {
    let (person, permit) = facts.own_account()?;
    person.account().in_standing()?;
    if reset_by(person).is_some() {
        // Whoever reset the password may sit there: first somebody vouches for the person.
        let detail =
            format!("{}'s password was reset, and no key was enrolled since", person.user_name);
        return Err(Refusal::new(&SIGNING_KEY_MISSING, detail));
    }
    let current = facts.site.accountability;
    if version != current {
        let detail = format!("version {current} is in force, not {version}");
        return Err(Refusal::new(&STATEMENT_STALE, detail));
    }
    if person.accountability.is_some_and(|(known, _)| known == current) {
        return Err(Refusal::new(&STATEMENT_KNOWN, format!("version {current}")));
    }
    Ok(Ruling::of(permit, PersonEvent::AccountabilityAcknowledged { version }))
}

pub(super) fn deactivate(facts: Facts<'_>, why: &str) -> Result<Ruling<PersonEvent>, Refusal> {
    let (person, permit) = facts.over_another(&[Authority::Administer])?;
    let reason = reason(why)?;
    let mut ruling = Ruling { permit, events: Vec::new() };
    if let Some(key) = &person.signing_key {
        let key = key.fingerprint.clone();
        ruling =
            ruling.and(PersonEvent::KeyDestroyed { key, reason: "account deactivated".into() });
    }
    Ok(ruling.and(PersonEvent::Deactivated { reason }))
}

/// A printed name as it will stand beside signatures.
pub(super) fn name(text: &str) -> Result<String, Refusal> {
    let text = words(text);
    let length = text.chars().count();
    if (1..=100).contains(&length) && !text.chars().any(steers) {
        return Ok(text.to_owned());
    }
    let detail = format!("{length} characters, or one in it that breaks or turns the line");
    Err(Refusal::new(&NAME_MALFORMED, detail))
}

/// Whether a character steers a line instead of standing in it: controls, and the marks of direction
/// that print a name in another order than it is stored (a signature must read as it was made).
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
