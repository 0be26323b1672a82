//! The frozen shape of a command: what it reads, and what it decides.
//!
//! `reads() -> keys`, `decide(&loaded, stamp) -> decision | refusal`. The lane loads, decides, seals,
//! signs and commits; the same decision code runs everywhere.

use super::clock::{ClockKind, Instant, Zone};
use super::ids::RecordKey;
use super::policy::{Actor, Permit};
use super::signing::{SignatureRequest, Signed, Signer};
use serde_json::Value;
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

/// An event that a command brings about, with the signatures it asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// On which record (a fresh id begins a new record).
    pub record: RecordKey,
    /// The event's name in the header, as in `run.entry-recorded`.
    pub name: String,
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

/// The data of an event, as they come.
#[derive(Debug, Clone, Copy)]
pub enum Data<'a> {
    /// Read as JSON.
    Read(&'a Value),
    /// Their canonical text: the event is read straight out of it.
    Text(&'a str),
}

impl<'a> From<&'a Value> for Data<'a> {
    fn from(data: &'a Value) -> Self {
        Self::Read(data)
    }
}

/// An entry of a record's journal as `evolve` sees it: the event and what its header says.
#[derive(Debug, Clone)]
pub struct Happened<'a> {
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
    pub data: Data<'a>,
    /// The signatures it carries.
    pub signatures: &'a [Signed],
    /// This entry's link: the record's new head.
    pub link: [u8; 32],
}

/// Why an entry could not be folded into a state: load is verify (law 7).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{record:?} entry {seq} ({name}): {detail}")]
pub struct EvolveFault {
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
