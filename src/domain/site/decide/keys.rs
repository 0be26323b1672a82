//! Rotation of the site's keys: the old key makes a statement over the entry that announces the new.

use super::super::event::SiteEvent;
use super::super::refusal::KEY_ROTATION;
use super::super::{Site, SiteKey};
use super::{administrator, system};
use crate::domain::facts::Account;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;

pub(super) fn rotate(
    site: &Site,
    actor: Option<Account<'_>>,
    new: &SiteKey,
    replaces: &str,
) -> Result<Ruling<SiteEvent>, Refusal> {
    let permit = match actor {
        // At the command line whoever holds the key files acts; the old key's signature shows it.
        None => system(),
        Some(_) => administrator(site, actor)?.1,
    };
    let refused = |detail: String| Err(Refusal::new(&KEY_ROTATION, detail));
    if new.purpose == "founding" {
        return refused("the founding key says whose record this is, for ever".into());
    }
    let Some(current) = site.keys.iter().find(|key| key.purpose == new.purpose) else {
        return refused(format!("the site has no key for {}", new.purpose));
    };
    if current.fingerprint != replaces {
        return refused(format!("the {} key in force is {}", new.purpose, current.fingerprint));
    }
    if site.keys.iter().any(|key| key.fingerprint == new.fingerprint) {
        return refused("the new key is in force already".into());
    }
    let (key, replaces) = (new.clone(), replaces.to_owned());
    Ok(Ruling::of(permit, SiteEvent::KeyAnnounced { key, replaces }))
}
