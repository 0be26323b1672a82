//! Grants: roles with scopes. What one person may not hold together is fixed in code.

use super::super::event::PersonEvent;
use super::super::refusal::{COMBINATION_FORBIDDEN, ROLE_UNKNOWN, SERVICE_GRANT, UNCHANGED};
use super::Facts;
use crate::domain::act::reason;
use crate::domain::policy::{Authority, Family, Grant, Role, excludes};
use crate::domain::refusal::{Refusal, STALE};
use crate::domain::ruling::Ruling;

pub(super) fn change(
    facts: Facts<'_>,
    grants: &[Grant],
    why: &str,
    expected: Option<u64>,
) -> Result<Ruling<PersonEvent>, Refusal> {
    let (person, permit) = facts.over_another(&[Authority::Administer])?;
    if let Some(seen) = expected.filter(|seen| *seen != person.seq) {
        let detail = format!("you saw entry {seen}, {} is the newest", person.seq);
        return Err(Refusal::new(&STALE, detail));
    }
    let (mut old, mut new) = (person.grants.clone(), grants.to_vec());
    old.sort();
    new.sort();
    new.dedup();
    allowed(&new, facts.site.roles, person.service)?;
    if old == new {
        let detail = format!("{} holds exactly these", person.user_name);
        return Err(Refusal::new(&UNCHANGED, detail));
    }
    Ok(Ruling::of(permit, PersonEvent::GrantsChanged { old, new, reason: reason(why)? }))
}

/// Whether these grants may be one account's.
pub(super) fn allowed(grants: &[Grant], roles: &[Role], service: bool) -> Result<(), Refusal> {
    for grant in grants {
        let role = find(roles, &grant.role).ok_or_else(|| {
            let names: Vec<_> = roles.iter().map(|role| role.name.clone()).collect();
            let detail = format!("no role is called {:?}", grant.role);
            Refusal::new(&ROLE_UNKNOWN, detail).missing(names)
        })?;
        let signing = role.authorities.iter().find(|authority| !for_services(**authority));
        if let Some(authority) = signing.filter(|_| service) {
            let detail = format!("{} gives {}", role.name, authority.as_str());
            return Err(Refusal::new(&SERVICE_GRANT, detail));
        }
    }
    match forbidden_together(grants, roles) {
        None => Ok(()),
        Some(detail) => Err(Refusal::new(&COMBINATION_FORBIDDEN, detail)),
    }
}

/// What a program may do: report and read. Everything else is answered for by a signature.
fn for_services(authority: Authority) -> bool {
    authority.records() && authority != Authority::Supervise
        || authority.family() == Family::Reading
}

fn find<'a>(roles: &'a [Role], name: &str) -> Option<&'a Role> {
    roles.iter().find(|role| role.name == name)
}

/// The first pair of authorities that one person would hold and may not, in words.
/// Scopes do not separate: a release looks at the whole batch, in whichever areas it was made, so who
/// works in one area is not quality in another (stricter than ICH Q7 2.1 asks).
#[must_use]
pub fn forbidden_together(grants: &[Grant], roles: &[Role]) -> Option<String> {
    let held: Vec<(&Grant, Authority)> = grants
        .iter()
        .filter_map(|grant| Some((grant, find(roles, &grant.role)?)))
        .flat_map(|(grant, role)| role.authorities.iter().map(move |a| (grant, *a)))
        .collect();
    held.iter().find_map(|(first, a)| {
        held.iter().find_map(|(other, b)| {
            let why = excludes(*a, *b)?;
            let (ra, rb) = (&first.role, &other.role);
            Some(format!("{} ({ra}) and {} ({rb}): {why}", a.as_str(), b.as_str()))
        })
    })
}
