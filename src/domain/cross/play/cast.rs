//! Invented persons for a play: several for each role that a site is founded with, so that whoever a recipe asks
//! for is there, and somebody else beside.

use crate::domain::clock::{ClockKind, Instant, Zone};
use crate::domain::command::Stamp;
use crate::domain::facts::{Account, SiteFacts};
use crate::domain::policy::{Actor, Grant, Role, shipped_roles};
use crate::domain::signing::{Components, Signer};
use uuid::Uuid;

/// How many there are of each role, in the order in which they are asked: who is of quality comes late, so that
/// somebody is left who took no part.
const ROLES: [(&str, u128); 8] = [
    ("operator", 3),
    ("supervisor", 2),
    ("qc-analyst", 2),
    ("qc-supervisor", 2),
    ("process-engineer", 2),
    ("qa", 4),
    ("qualified-person", 2),
    ("administrator", 1),
];

/// Fresh ids of one stamp: enough for any order.
const IDS: u128 = 16;

/// One of them.
#[derive(Debug)]
pub(super) struct Hand {
    id: Uuid,
    name: String,
    grants: Vec<Grant>,
}

/// All of them, and the site that they work at.
#[derive(Debug)]
pub(super) struct Cast {
    pub hands: Vec<Hand>,
    roles: Vec<Role>,
}

impl Cast {
    pub(super) fn new() -> Self {
        let each = ROLES.iter().flat_map(|(role, many)| (1..=*many).map(move |no| (*role, no)));
        let hand = |(index, (role, no)): (u128, (&str, u128))| Hand {
            id: Uuid::from_u128(index),
            name: format!("{role} {no}"),
            grants: vec![Grant { role: role.to_owned(), product: None, area: None }],
        };
        Self { hands: (1..).zip(each).map(hand).collect(), roles: shipped_roles() }
    }

    pub(super) fn site(&self) -> SiteFacts<'_> {
        SiteFacts { roles: &self.roles, accountability: 1 }
    }
}

impl Hand {
    pub(super) fn account(&self) -> Account<'_> {
        Account {
            id: self.id,
            user_name: &self.name,
            printed_name: &self.name,
            grants: &self.grants,
            active: true,
            locked: None,
            must_change_password: false,
            accountability: Some(1),
            enrolled: true,
            service: false,
        }
    }

    pub(super) fn actor(&self) -> Actor {
        let (user_name, printed_name) = (self.name.clone(), self.name.clone());
        Actor { person: self.id, user_name, printed_name }
    }

    fn signer(&self) -> Signer {
        Signer { person: self.id, components: Components::Both }
    }

    /// A stamp of an act of this person, who signs with both components, as a second one does.
    pub(super) fn stamp(&self, second: Option<&Self>, at: Instant, fresh: u128) -> Stamp {
        Stamp {
            at,
            zone: Zone::utc(),
            clock: ClockKind::System,
            actor: Some(self.actor()),
            session: Some(Uuid::from_u128(1)),
            station: None,
            signer: Some(self.signer()),
            second: second.map(Self::signer),
            ids: (fresh..fresh + IDS).map(Uuid::from_u128).collect(),
        }
    }
}
