//! A person: user name, grants, signing key, standing. Names are never reused (21 CFR 11.100(a)).

pub mod command;
pub mod decide;
pub mod event;
pub mod evolve;
pub mod refusal;

pub use decide::decide;
pub use evolve::evolve;

use super::clock::Instant;
use super::facts::Account;
use super::ids::{PersonId, RecordKey};
use super::policy::{Actor, Grant};
use super::signing::Signed;

/// The state of a person.
#[derive(Debug, Clone)]
pub struct Person {
    /// The record; its id is the person's id.
    pub key: RecordKey,
    /// User name as shown.
    pub user_name: String,
    /// Normalised user name: the business number.
    pub number: String,
    /// Printed name now; signatures keep the one of their time.
    pub printed_name: String,
    /// Grants in force.
    pub grants: Vec<Grant>,
    /// Whether the account is active.
    pub active: bool,
    /// Locked since, after failed sign-ins or signings; only a holder of *unlock* lifts it.
    pub locked: Option<Instant>,
    /// The password was set by somebody else and must be changed before anything.
    pub must_change_password: bool,
    /// Who reset the password, until somebody else has vouched for a new key: that person knew it.
    pub reset_by: Option<PersonId>,
    /// Who verified the identity, how (21 CFR 11.100(b)).
    pub identity: Option<IdentityCheck>,
    /// The signing key in force.
    pub signing_key: Option<SigningKey>,
    /// Keys that were in force before.
    pub former_keys: Vec<SigningKey>,
    /// Accountability statement acknowledged: version and when.
    pub accountability: Option<(u32, Instant)>,
    /// Not human: may not sign (F27).
    pub service: bool,
    /// Sequence of the newest entry.
    pub seq: u64,
    /// Link of the newest entry.
    pub head: [u8; 32],
}

/// Identity verification before a signing key is enrolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityCheck {
    /// By whom (never the person).
    pub by: Option<PersonId>,
    /// How, as in `passport seen`.
    pub method: String,
    /// When.
    pub at: Instant,
    /// The verifier's signature; absent only for the first administrator, vouched for by the founding entry.
    pub signed: Option<Signed>,
}

/// A person's public signing key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Fingerprint: SHA-256 of the SPKI, hex.
    pub fingerprint: String,
    /// SPKI, base64.
    pub public_key: String,
    /// From.
    pub since: Instant,
    /// Until, when destroyed.
    pub until: Option<Instant>,
}

impl Person {
    /// What the guards ask of this person.
    #[must_use]
    pub fn account(&self) -> Account<'_> {
        Account {
            id: self.key.id,
            user_name: &self.user_name,
            printed_name: &self.printed_name,
            grants: &self.grants,
            active: self.active,
            locked: self.locked,
            must_change_password: self.must_change_password,
            accountability: self.accountability.map(|(version, _)| version),
            enrolled: self.signing_key.is_some(),
            service: self.service,
        }
    }

    /// The person as an actor.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor {
            person: self.key.id,
            user_name: self.user_name.clone(),
            printed_name: self.printed_name.clone(),
        }
    }
}
