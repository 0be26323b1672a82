//! Persons and a site for tests of rules: able to do all that their roles allow. `tests/rules` includes this file.

use crate::domain::clock::{ClockKind, Instant, Zone};
use crate::domain::command::Stamp;
use crate::domain::ids::{RecordKey, RecordKind};
use crate::domain::person::{IdentityCheck, Person, SigningKey};
use crate::domain::policy::{Grant, shipped_roles};
use crate::domain::signing::{Components, Signer};
use crate::domain::site::{Environment, Site};
use uuid::Uuid;

/// The moment at which these scenes play.
pub const AT: Instant = Instant(1_772_330_000_000_000);

/// A person in good standing with these roles, enrolled and accountable.
#[must_use]
pub fn person(user_name: &str, id: u128, roles: &[&str]) -> Person {
    let grant = |role: &&str| Grant { role: (*role).to_owned(), product: None, area: None };
    Person {
        key: RecordKey::new(RecordKind::Person, Uuid::from_u128(id)),
        user_name: user_name.to_owned(),
        number: user_name.to_owned(),
        printed_name: format!("Printed {user_name}"),
        grants: roles.iter().map(grant).collect(),
        active: true,
        locked: None,
        must_change_password: false,
        reset_by: None,
        identity: Some(IdentityCheck {
            by: None,
            method: "passport seen".into(),
            at: Instant(0),
            signed: None,
        }),
        signing_key: Some(SigningKey {
            fingerprint: format!("{id:064x}"),
            public_key: "AAAA".into(),
            since: Instant(0),
            until: None,
        }),
        former_keys: Vec::new(),
        accountability: Some((1, Instant(0))),
        service: false,
        seq: 6,
        head: [0; 32],
    }
}

/// A founded site with the shipped roles.
#[must_use]
pub fn site() -> Site {
    Site {
        key: RecordKey::new(RecordKind::Site, Uuid::from_u128(0xF)),
        name: "Test site".into(),
        origin: "example.test/log".into(),
        environment: Environment::Training,
        clock: ClockKind::System,
        zone: "UTC".into(),
        founded_at: Instant(0),
        keys: Vec::new(),
        roles: shipped_roles(),
        accountability: (1, "I answer for what I sign.".into()),
        binding_letter: None,
        clock_jump: None,
        last_at: Instant(0),
        seq: 3,
        head: [0; 32],
    }
}

/// A stamp of an act in which this person gave both components.
#[must_use]
pub fn stamp_of(person: &Person) -> Stamp {
    Stamp {
        at: AT,
        zone: Zone::utc(),
        clock: ClockKind::System,
        actor: Some(person.actor()),
        session: Some(Uuid::from_u128(0x5E)),
        station: None,
        signer: Some(Signer { person: person.key.id, components: Components::Both }),
        second: None,
        ids: (0x100..0x110).map(Uuid::from_u128).collect(),
    }
}
