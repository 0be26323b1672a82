//! Folds the site's entries into its state. No rule lives here.

use super::event::SiteEvent;
use super::refusal;
use super::{Site, SiteKey};
use crate::domain::clock::Instant;
use crate::domain::command::{EvolveFault, Happened};
use crate::domain::ids::RecordKey;
use crate::domain::noun::{Frozen, Noun, Reach, text_in, variant};
use crate::domain::permits::{Admitted, GMP, Row, by, in_rows, or_key, or_system};
use crate::domain::policy::Authority;
use crate::domain::refusal::Rule;
use crate::domain::ruling::typed;
use serde_json::Value;

/// Folds one entry of the site.
///
/// # Errors
/// A fault naming an entry that cannot be.
pub fn evolve(current: Option<Site>, happened: &Happened<'_>) -> Result<Site, EvolveFault> {
    let event: SiteEvent = typed(happened, "site")?;
    let begins = matches!(event, SiteEvent::Founded { .. });
    let mut site = match current {
        None if begins => return founding(event, happened),
        None => return Err(EvolveFault::of(happened, "the site was never founded")),
        Some(_) if begins => {
            return Err(EvolveFault::of(happened, "the site was founded before"));
        }
        Some(site) => site,
    };
    apply(&mut site, event, happened.at);
    site.seq = happened.seq;
    site.head = happened.link;
    site.last_at = happened.at;
    Ok(site)
}

fn founding(event: SiteEvent, happened: &Happened<'_>) -> Result<Site, EvolveFault> {
    let SiteEvent::Founded { site_name, origin, environment, clock, zone, keys, .. } = event else {
        return Err(EvolveFault::of(happened, "is not a founding"));
    };
    Ok(Site {
        key: happened.record,
        name: site_name,
        origin,
        environment,
        clock,
        zone,
        founded_at: happened.at,
        keys,
        roles: Vec::new(),
        accountability: (0, String::new()),
        binding_letter: None,
        clock_jump: None,
        last_at: happened.at,
        seq: happened.seq,
        head: happened.link,
    })
}

fn apply(site: &mut Site, event: SiteEvent, at: Instant) {
    match event {
        SiteEvent::Founded { .. }
        | SiteEvent::Restored { .. }
        | SiteEvent::HappeningReported { .. } => {}
        SiteEvent::ClockJumped { by }
        | SiteEvent::ClockStepped { by }
        | SiteEvent::ClockSetForward { by, .. }
        | SiteEvent::ClockSetBack { by, .. } => site.clock_jump = Some((at, by)),
        SiteEvent::KeyAnnounced { key, .. } => replace_key(&mut site.keys, key),
        SiteEvent::RolesChanged { roles, .. } => site.roles = roles,
        SiteEvent::AccountabilityStated { version, text } => site.accountability = (version, text),
        SiteEvent::BindingLetterFiled { reference } => site.binding_letter = Some(reference),
    }
}

fn replace_key(keys: &mut Vec<SiteKey>, new: SiteKey) {
    keys.retain(|key| key.purpose != new.purpose);
    keys.push(new);
}

/// How each of its events may come about.
const ADMITTED: &[Row] = &[
    (&["founded", "restored", "key-announced"], or_key(&[])),
    (&["clock-jumped", "clock-stepped"], or_system(&[])),
    (&["roles-changed", "accountability-stated"], or_key(&[Authority::Administer])),
    (&["binding-letter-filed"], by(&[Authority::Administer])),
    (
        &["clock-set-forward", "clock-set-back"],
        by(&[Authority::Administer, Authority::Review, Authority::Triage, Authority::Release]),
    ),
    (&["happening-reported"], by(GMP)),
];

impl Noun for Site {
    fn key(&self) -> RecordKey {
        self.key
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn head(&self) -> [u8; 32] {
        self.head
    }

    fn number(&self) -> Option<String> {
        None
    }

    fn called(&self) -> String {
        self.name.clone()
    }

    fn number_in(data: &Value) -> String {
        text_in(data, "site_name")
    }

    fn phase(&self) -> String {
        "founded".to_owned()
    }

    fn reach(&self) -> Reach<'_> {
        Reach::Everybody
    }

    fn rules() -> Vec<&'static Rule> {
        refusal::ALL.to_vec()
    }

    /// Setting the clock: who holds the database makes no other act of quality by it.
    fn is_signed(event: &str) -> bool {
        matches!(event, "site.clock-set-forward" | "site.clock-set-back")
    }

    fn admitted(event: &str) -> Admitted {
        in_rows(ADMITTED, event)
    }

    fn has_event(name: &str) -> Result<(), String> {
        variant::<SiteEvent>(name)
    }

    fn evolve(
        current: Option<Self>,
        happened: &Happened<'_>,
        _frozen: Frozen,
    ) -> Result<Self, EvolveFault> {
        evolve(current, happened)
    }
}
