//! The header: everything about an act but its content.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{ENTRY_FORMAT, EntryFault};
use crate::seal::canon::{self, CanonError};
use crate::seal::digest::{self, Hash};

/// A time zone as it was at the act: a later change of the site's zone changes no record (A11D-13.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// IANA name, for example `Europe/Copenhagen`.
    pub name: String,
    /// Minutes east of UTC at the instant of the act.
    pub offset_minutes: i32,
}

/// Who acted, as they were called then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// The person's record; `None` when the system itself acted.
    pub person: Option<Uuid>,
    /// User name; `system` when the system itself acted.
    pub user_name: String,
    /// Printed name at that time (P11-50a).
    pub printed_name: String,
}

impl Actor {
    /// The system itself: timers, the founding.
    #[must_use]
    pub fn system() -> Self {
        Self { person: None, user_name: "system".into(), printed_name: "System".into() }
    }
}

/// Which command an entry came from: all entries of one command share its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandPart {
    /// The command's id.
    pub id: Uuid,
    /// 0 for the command's first entry, 1 for its second, …
    pub part: u32,
}

/// The site's kind of clock; fixed by the founding entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClockKind {
    /// The server's clock.
    System,
    /// The server's clock while it was apart from site time; printed at every entry.
    Unsettled,
    /// A demo site's clock; printed as SIMULATED TIME everywhere.
    Simulated,
}

/// An event's name and version, for example `run.issued` 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventName {
    /// `noun.past-tense`.
    pub name: String,
    /// From 1; every released version stays readable for ever.
    pub version: u32,
}

/// An entry's header. Its canonical JSON bytes are what the link hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Always [`ENTRY_FORMAT`].
    pub format: String,
    /// The site whose log this is.
    pub site: Uuid,
    /// `run`, `master`, `person`, `site`, …
    pub record_kind: String,
    /// The record's identity.
    pub record_id: Uuid,
    /// Position in the record's own chain, from 1 without gaps.
    pub seq: u64,
    /// The link of the entry before, in hex; 64 zeros for the first.
    pub previous: String,
    /// The site's clock, µs since 1970-01-01 UTC.
    pub at: i64,
    /// The zone of the act.
    pub zone: Zone,
    /// Who acted.
    pub actor: Actor,
    /// The role the permit was granted by.
    pub role: String,
    /// The authority of that role that the act asked for, as in `execute`; none where it asks for no authority: on
    /// one's own account, by the system, by a key of the site.
    pub authority: Option<String>,
    /// The station (tablet, terminal) named by the client.
    pub station: Option<String>,
    /// The area the act took place in.
    pub area: Option<String>,
    /// The session of the act.
    pub session: Option<Uuid>,
    /// The command this came from.
    pub command: CommandPart,
    /// The HTTP request's id, also in the server's own logs.
    pub request_id: Option<String>,
    /// The program's version.
    pub software: String,
    /// The kind of clock `at` was read from.
    pub clock: ClockKind,
    /// What happened.
    pub event: EventName,
    /// The body's hash in hex.
    pub body_hash: String,
}

/// A header without what [`Entry::seal`](super::Entry::seal) adds: format and body hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderParts {
    /// See [`Header::site`].
    pub site: Uuid,
    /// See [`Header::record_kind`].
    pub record_kind: String,
    /// See [`Header::record_id`].
    pub record_id: Uuid,
    /// See [`Header::seq`].
    pub seq: u64,
    /// The link of the entry before; [`digest::NO_PREVIOUS`] for the first.
    pub previous: Hash,
    /// See [`Header::at`].
    pub at: i64,
    /// See [`Header::zone`].
    pub zone: Zone,
    /// See [`Header::actor`].
    pub actor: Actor,
    /// See [`Header::role`].
    pub role: String,
    /// See [`Header::authority`].
    pub authority: Option<String>,
    /// See [`Header::station`].
    pub station: Option<String>,
    /// See [`Header::area`].
    pub area: Option<String>,
    /// See [`Header::session`].
    pub session: Option<Uuid>,
    /// See [`Header::command`].
    pub command: CommandPart,
    /// See [`Header::request_id`].
    pub request_id: Option<String>,
    /// See [`Header::software`].
    pub software: String,
    /// See [`Header::clock`].
    pub clock: ClockKind,
    /// See [`Header::event`].
    pub event: EventName,
}

impl Header {
    /// Reads a header's canonical bytes (without checking a link).
    ///
    /// # Errors
    /// [`EntryFault::Header`], [`EntryFault::HeaderShape`] or [`EntryFault::Format`].
    pub fn read(bytes: &[u8]) -> Result<Self, EntryFault> {
        // Bytes that are the canonical ones of what they read as need no second look.
        match serde_json::from_slice::<Self>(bytes) {
            Ok(header)
                if header.format == ENTRY_FORMAT
                    && header.is_whole()
                    && canon::canonical_of(&header).is_ok_and(|canonical| canonical == bytes) =>
            {
                Ok(header)
            }
            _ => Self::read_closely(bytes),
        }
    }

    /// Reads in steps, each of which has its own fault.
    fn read_closely(bytes: &[u8]) -> Result<Self, EntryFault> {
        let value = canon::parse_canonical(bytes).map_err(EntryFault::Header)?;
        let format = value.get("format").and_then(Value::as_str).unwrap_or_default();
        if format != ENTRY_FORMAT {
            return Err(EntryFault::Format(format.to_owned()));
        }
        let header: Self = serde_json::from_value(value)
            .map_err(|fault| EntryFault::HeaderShape(fault.to_string()))?;
        // An absent member for a null one, or an identity in capitals, would mean the same in other bytes.
        if canon::canonical_of(&header).map_err(EntryFault::Header)? != bytes {
            return Err(EntryFault::Header(CanonError::NotCanonical));
        }
        if header.is_whole() {
            return Ok(header);
        }
        Err(EntryFault::HeaderShape("seq, previous or body_hash".into()))
    }

    fn is_whole(&self) -> bool {
        self.seq > 0
            && self.previous_link().is_some()
            && digest::from_hex(&self.body_hash).is_some()
    }

    /// The link of the entry before; `None` only in a header not made by [`Header::read`].
    #[must_use]
    pub fn previous_link(&self) -> Option<Hash> {
        digest::from_hex(&self.previous)
    }
}

impl HeaderParts {
    pub(super) fn with_body_hash(self, hash: &Hash) -> Header {
        Header {
            format: ENTRY_FORMAT.into(),
            site: self.site,
            record_kind: self.record_kind,
            record_id: self.record_id,
            seq: self.seq,
            previous: digest::to_hex(&self.previous),
            at: self.at,
            zone: self.zone,
            actor: self.actor,
            role: self.role,
            authority: self.authority,
            station: self.station,
            area: self.area,
            session: self.session,
            command: self.command,
            request_id: self.request_id,
            software: self.software,
            clock: self.clock,
            event: self.event,
            body_hash: digest::to_hex(hash),
        }
    }
}
