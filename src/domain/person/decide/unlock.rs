//! Locking out, by the system alone; unlocking, by people alone (Annex 11 draft 11.7).

use super::super::event::PersonEvent;
use super::super::refusal::{
    ALREADY_LOCKED, IDENTITY_CHECK_MISSING, NOT_LOCKED, OWN_ACCOUNT, SYSTEM_ONLY, UNLOCK_SECOND,
};
use super::Facts;
use crate::domain::act::{SYSTEM, reason, require_second, require_signer};
use crate::domain::command::Stamp;
use crate::domain::policy::{Authority, Permit};
use crate::domain::refusal::{Refusal, words};
use crate::domain::ruling::Ruling;
use crate::domain::signing::{Meaning, SignatureRequest};

pub(super) fn lock_out(
    facts: Facts<'_>,
    failures: u32,
    last: &str,
) -> Result<Ruling<PersonEvent>, Refusal> {
    if let Some(actor) = facts.actor {
        return Err(Refusal::new(&SYSTEM_ONLY, format!("{} cannot lock", actor.user_name)));
    }
    let person = facts.subject()?;
    if let Some(since) = person.locked {
        return Err(Refusal::new(&ALREADY_LOCKED, format!("since {since}")));
    }
    let permit = Permit { role: SYSTEM.into(), authority: None };
    Ok(Ruling::of(permit, PersonEvent::LockedOut { failures, last: last.to_owned() }))
}

/// A holder of *unlock* alone, or a supervisor whose signature a second person countersigns.
/// No password and no key is touched.
pub(super) fn unlock(
    facts: Facts<'_>,
    stamp: &Stamp,
    identity_check: &str,
    why: &str,
) -> Result<Ruling<PersonEvent>, Refusal> {
    let (person, permit) = facts.over_another(&[Authority::Unlock, Authority::Supervise])?;
    if person.locked.is_none() {
        return Err(Refusal::new(&NOT_LOCKED, format!("{} can sign in", person.user_name)));
    }
    let identity_check = words(identity_check);
    if identity_check.is_empty() {
        let refusal = Refusal::new(&IDENTITY_CHECK_MISSING, "no word says how");
        return Err(refusal.missing(vec!["identity_check".into()]));
    }
    let reason = reason(why)?;
    let signatures = match permit.authority {
        Some(Authority::Unlock) => Vec::new(),
        _ => countersigned(facts, stamp, &permit)?,
    };
    let event = PersonEvent::Unlocked { identity_check: identity_check.to_owned(), reason };
    Ok(Ruling::signed(permit, event, signatures))
}

fn countersigned(
    facts: Facts<'_>,
    stamp: &Stamp,
    permit: &Permit,
) -> Result<Vec<SignatureRequest>, Refusal> {
    let second = facts.second.ok_or_else(|| {
        let detail = "no second person signed";
        Refusal::new(&UNLOCK_SECOND, detail).missing(vec!["second_signature".into()])
    })?;
    if facts.subject.is_some_and(|subject| subject.key == second.key) {
        return Err(Refusal::new(&OWN_ACCOUNT, "the second person is the locked one"));
    }
    let role = second.grants.first().map_or("no role", |grant| &grant.role);
    let (site, meaning) = (facts.site, Meaning::IdentityVerified);
    Ok(vec![
        require_signer(stamp, facts.actor()?.account(), site, meaning, &permit.role)?,
        require_second(stamp, Some(second.account()), site, Meaning::Witnessed, role)?,
    ])
}
