//! The frozen shape of a command: what it reads, and what it decides.
//!
//! `reads() -> keys`, `decide(&loaded, stamp) -> decision | refusal`. The lane loads, decides, seals,
//! signs and commits; the same decision code runs everywhere.

use super::clock::{ClockKind, Instant, Zone};
use super::ids::{Key, RecordKey};
use super::policy::{Actor, Permit};
use super::refusal::{NOT_FOUND, Refusal};
use super::signing::{SignatureRequest, Signed, Signer};
use super::state::State;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// What the lane knows about the act itself: time, persons, fresh identities.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// The site's clock at the decision.
    pub at: Instant,
    /// The site's zone at that moment.
    pub zone: Zone,
    /// System or simulated.
    pub clock: ClockKind,
    /// The session's person; `None` only for the system's own acts and the command line's founding.
    pub actor: Option<Actor>,
    /// The session.
    pub session: Option<Uuid>,
    /// The station the session is bound to.
    pub station: Option<String>,
    /// The session's person, if they proved their credentials in this act and hold an unlocked key.
    pub signer: Option<Signer>,
    /// A second person, who always gives both components.
    pub second: Option<Signer>,
    /// Fresh UUIDv7s for new records, enough for one command.
    pub ids: Vec<Uuid>,
}

/// The records a command asked for.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    by_key: BTreeMap<Key, Option<Arc<State>>>,
    blobs: BTreeMap<[u8; 32], Arc<Vec<u8>>>,
}

impl Loaded {
    /// Puts what a key led to (`None`: there is no such record).
    pub fn put(&mut self, key: Key, state: Option<Arc<State>>) {
        self.by_key.insert(key, state);
    }

    /// Puts a blob's bytes.
    pub fn put_blob(&mut self, hash: [u8; 32], bytes: Arc<Vec<u8>>) {
        self.blobs.insert(hash, bytes);
    }

    /// A blob that was asked for.
    #[must_use]
    pub fn blob(&self, hash: &[u8; 32]) -> Option<&Arc<Vec<u8>>> {
        self.blobs.get(hash)
    }

    /// What a key led to, or nothing.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&Arc<State>> {
        self.by_key.get(key).and_then(Option::as_ref)
    }

    /// Whether a key was asked for.
    #[must_use]
    pub fn knows(&self, key: &Key) -> bool {
        self.by_key.contains_key(key)
    }

    /// Whether a key was asked for and led nowhere: uniqueness is decided on this.
    #[must_use]
    pub fn is_absent(&self, key: &Key) -> bool {
        matches!(self.by_key.get(key), Some(None))
    }

    /// What a key led to.
    ///
    /// # Errors
    /// `not-found` naming the key.
    pub fn need(&self, key: &Key) -> Result<&Arc<State>, Refusal> {
        self.get(key).ok_or_else(|| {
            let what = match key {
                Key::Site => "the site".to_owned(),
                Key::Id(record) => format!("{} {}", record.kind, record.id),
                Key::Number(kind, number) => format!("{kind} {number}"),
                Key::Alike(number) => format!("lot like {number}"),
                Key::Foreign { number, .. } => {
                    format!("decision on lot {number} of somebody else's")
                }
            };
            Refusal::new(&NOT_FOUND, format!("there is no {what}"))
        })
    }
}

/// An event that a command brings about, with the signatures it asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// On which record (a fresh id begins a new record).
    pub record: RecordKey,
    /// The event's name in the header, as in `run.entry-recorded`.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Its data: canonical JSON, no floats.
    pub data: Value,
    /// Signatures over it; the lane fills them in.
    pub signatures: Vec<SignatureRequest>,
    /// Blobs that must be stored with it, by their SHA-256.
    pub blobs: Vec<(String, Arc<Vec<u8>>)>,
    /// The area, where the act has one.
    pub area: Option<String>,
}

/// What a command decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// By which permission.
    pub permit: Permit,
    /// What happened, in order; consequences are events too.
    pub events: Vec<Planned>,
    /// What the caller is told: small, part of the receipt (never credentials).
    pub answer: Value,
}

/// A command is a value. One file per command in `app`, its rules in `domain/<noun>/decide`.
pub trait Command: Send {
    /// Its name, as in `record-entry`.
    fn name(&self) -> &'static str;

    /// What it is about, for the access log, should it be refused: an object, or nothing. No person.
    fn about(&self) -> Value {
        Value::Null
    }

    /// Own record first, then facts. The actor's and the second person's records and the site are
    /// always loaded by the lane and need not be named.
    fn reads(&self) -> Vec<Key>;

    /// Further rounds, for keys that the records loaded so far name: asked until it names no new one.
    fn reads_further(&self, _loaded: &Loaded) -> Vec<Key> {
        Vec::new()
    }

    /// Decides.
    ///
    /// # Errors
    /// The rule that forbids, with what is missing.
    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal>;
}

/// An entry of a record's journal as `evolve` sees it: the event and what its header says.
#[derive(Debug, Clone)]
pub struct Happened<'a> {
    /// The record.
    pub record: RecordKey,
    /// Sequence in the record, from 1.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// Zone at the act.
    pub zone: &'a Zone,
    /// Who (`None`: the system).
    pub actor: Option<&'a Actor>,
    /// In which role.
    pub role: &'a str,
    /// Event name.
    pub name: &'a str,
    /// Event version.
    pub version: u32,
    /// Event data.
    pub data: &'a Value,
    /// The signatures it carries.
    pub signatures: &'a [Signed],
    /// This entry's link: the record's new head.
    pub link: [u8; 32],
}

/// Why an entry could not be folded into a state: load is verify (law 7).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{record:?} entry {seq} ({name}): {detail}")]
pub struct EvolveFault {
    /// The record.
    pub record: RecordKey,
    /// The entry.
    pub seq: u64,
    /// Event name.
    pub name: String,
    /// What is wrong.
    pub detail: String,
}

impl EvolveFault {
    /// A fault of this entry.
    #[must_use]
    pub fn of(happened: &Happened<'_>, detail: impl Into<String>) -> Self {
        Self {
            record: happened.record,
            seq: happened.seq,
            name: happened.name.to_owned(),
            detail: detail.into(),
        }
    }
}
