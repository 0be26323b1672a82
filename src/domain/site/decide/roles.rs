//! Roles: site-named sets of authorities. A change may make nobody hold what no person may hold.

use super::super::Site;
use super::super::event::SiteEvent;
use super::super::refusal::{
    NO_ADMINISTRATOR, ROLE_FORBIDDEN, ROLE_REMOVED, ROLES_COLLIDE, ROLES_MALFORMED, UNCHANGED,
};
use crate::domain::act::reason;
use crate::domain::facts::Account;
use crate::domain::policy::{Authority, Permit, Role, forbidden};
use crate::domain::refusal::{Refusal, STALE};
use crate::domain::ruling::Ruling;
use std::collections::BTreeSet;

pub(super) fn change(
    site: &Site,
    (actor, permit): (Account<'_>, Permit),
    roles: &[Role],
    why: &str,
    expected: Option<u64>,
) -> Result<Ruling<SiteEvent>, Refusal> {
    if let Some(seen) = expected.filter(|seen| *seen != site.seq) {
        let detail = format!("you saw entry {seen}, {} is the newest", site.seq);
        return Err(Refusal::new(&STALE, detail));
    }
    if roles == site.roles {
        return Err(Refusal::new(&UNCHANGED, "these are the roles in force"));
    }
    well_formed(roles)?;
    for role in roles {
        if let Some((a, b, why)) = forbidden(&role.authorities) {
            let detail = format!("{}: {} and {}: {why}", role.name, a.as_str(), b.as_str());
            return Err(Refusal::new(&ROLE_FORBIDDEN, detail));
        }
    }
    if let Some(gone) = site.roles.iter().find(|old| named(roles, &old.name).is_none()) {
        return Err(Refusal::new(&ROLE_REMOVED, format!("{} is missing", gone.name)));
    }
    collide(&site.roles, roles)?;
    let keeps = actor.grants.iter().filter_map(|grant| named(roles, &grant.role));
    if !keeps.into_iter().any(|role| role.authorities.contains(&Authority::Administer)) {
        return Err(Refusal::new(&NO_ADMINISTRATOR, "you would not administer any more"));
    }
    let event = SiteEvent::RolesChanged { roles: roles.to_vec(), reason: reason(why)? };
    Ok(Ruling::of(permit, event))
}

fn named<'a>(roles: &'a [Role], name: &str) -> Option<&'a Role> {
    roles.iter().find(|role| role.name == name)
}

fn well_formed(roles: &[Role]) -> Result<(), Refusal> {
    let mut names = BTreeSet::new();
    for Role { name, .. } in roles {
        let letters =
            name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if name.is_empty() || name.len() > 40 || !letters {
            let detail = format!("{name:?}: use 1 to 40 of a-z, 0-9 and '-'");
            return Err(Refusal::new(&ROLES_MALFORMED, detail));
        }
        if !names.insert(name) {
            return Err(Refusal::new(&ROLES_MALFORMED, format!("{name} stands twice")));
        }
    }
    Ok(())
}

/// The site's record does not know who holds which roles together. So two roles that one person may
/// hold today must stay so: then no grant in force can come to hold a forbidden pair.
fn collide(before: &[Role], after: &[Role]) -> Result<(), Refusal> {
    let clash = |a: &Role, b: &Role| {
        let both: BTreeSet<Authority> = a.authorities.union(&b.authorities).copied().collect();
        forbidden(&both)
    };
    for (i, first) in before.iter().enumerate() {
        for second in before.iter().skip(i + 1).filter(|second| clash(first, second).is_none()) {
            let (Some(a), Some(b)) = (named(after, &first.name), named(after, &second.name)) else {
                continue;
            };
            if let Some((x, y, why)) = clash(a, b) {
                let (x, y) = (x.as_str(), y.as_str());
                let detail = format!("{} and {} would hold {x} and {y}: {why}", a.name, b.name);
                return Err(Refusal::new(&ROLES_COLLIDE, detail));
            }
        }
    }
    Ok(())
}
