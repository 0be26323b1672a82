//! The access log: sign-ins, refusals and other attempts, one chain for the whole site (P11-300d, A11D-12.1).
//!
//! A row is one canonical JSON object; `link = SHA-256("batchwright/access/1\0" ‖ row)`.
//! Its leaves stand in the same tree as those of the journal.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::canon::{self, CanonError};
use super::digest::{self, ACCESS_TAG, Hash};
use super::entry::{ClockKind, Zone};

/// The name of the row's format.
pub const ACCESS_FORMAT: &str = "batchwright.access/1";
/// The most bytes a row may have.
pub const MAX_ROW: usize = 64 * 1024;

/// One row of the access log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessRow {
    /// Always [`ACCESS_FORMAT`].
    pub format: String,
    pub site: Uuid,
    /// Position in the access log, from 1 without gaps.
    pub seq: u64,
    /// The link of the row before, in hex; 64 zeros for the first.
    pub previous: String,
    /// The site's clock, µs since 1970-01-01 UTC.
    pub at: i64,
    /// The site's zone then.
    pub zone: Zone,
    /// The kind of clock.
    pub clock: ClockKind,
    /// What was attempted: `sign-in`, `run.start`, …
    pub what: String,
    /// The user name as typed or as in the session.
    pub user_name: Option<String>,
    /// The person, when known.
    pub person: Option<Uuid>,
    /// The session, when there is one.
    pub session: Option<Uuid>,
    /// The request's id.
    pub request_id: Option<String>,
    /// The station named by the client.
    pub station: Option<String>,
    /// `allowed`, `refused`, `failed`, …
    pub outcome: String,
    /// The refusal's code.
    pub code: Option<String>,
    /// The refusal's rule id.
    pub rule: Option<String>,
    /// More, for example the value that a refused second recording held; `null` when nothing.
    pub detail: Value,
}

/// An access row's content: everything but format, place in the chain and previous link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessParts {
    /// See [`AccessRow::site`].
    pub site: Uuid,
    /// See [`AccessRow::at`].
    pub at: i64,
    /// See [`AccessRow::zone`].
    pub zone: Zone,
    /// See [`AccessRow::clock`].
    pub clock: ClockKind,
    /// See [`AccessRow::what`].
    pub what: String,
    /// See [`AccessRow::user_name`].
    pub user_name: Option<String>,
    /// See [`AccessRow::person`].
    pub person: Option<Uuid>,
    /// See [`AccessRow::session`].
    pub session: Option<Uuid>,
    /// See [`AccessRow::request_id`].
    pub request_id: Option<String>,
    /// See [`AccessRow::station`].
    pub station: Option<String>,
    /// See [`AccessRow::outcome`].
    pub outcome: String,
    /// See [`AccessRow::code`].
    pub code: Option<String>,
    /// See [`AccessRow::rule`].
    pub rule: Option<String>,
    /// See [`AccessRow::detail`].
    pub detail: Value,
}

/// A sealed row: exactly the bytes to store, and their link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedAccess {
    /// The row's canonical bytes.
    pub row: Vec<u8>,
    /// What the next row names, and what the tree's leaf holds.
    pub link: Hash,
}

/// Why a row cannot be sealed, or why stored bytes are not a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessFault {
    /// Not canonical JSON.
    #[error("the row: {0}")]
    Row(#[from] CanonError),
    /// Its members are not those of the format.
    #[error("the row does not have the shape of {ACCESS_FORMAT}: {0}")]
    Shape(String),
    /// The row is too large.
    #[error("the row has {0} bytes, more than {MAX_ROW}")]
    TooLarge(usize),
    /// The row was changed, or belongs to another link.
    #[error("the row does not hash to its link")]
    Link,
}

/// The link of a row's bytes.
#[must_use]
pub fn link_of(row: &[u8]) -> Hash {
    digest::sha256(&[ACCESS_TAG, row])
}

/// What strangers may type cannot keep an attempt out of the log: U+0000 becomes U+FFFD.
fn harmless(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

impl SealedAccess {
    /// Seals a row at place `seq` after the link `previous` ([`digest::NO_PREVIOUS`] for the first).
    /// U+0000 in texts that come from outside is replaced, not refused.
    ///
    /// # Errors
    /// [`AccessFault::Row`] when `detail` cannot be canonical, [`AccessFault::TooLarge`].
    pub fn seal(parts: AccessParts, seq: u64, previous: &Hash) -> Result<Self, AccessFault> {
        let row = AccessRow {
            format: ACCESS_FORMAT.into(),
            site: parts.site,
            seq,
            previous: digest::to_hex(previous),
            at: parts.at,
            zone: parts.zone,
            clock: parts.clock,
            what: harmless(parts.what),
            user_name: parts.user_name.map(harmless),
            person: parts.person,
            session: parts.session,
            request_id: parts.request_id.map(harmless),
            station: parts.station.map(harmless),
            outcome: parts.outcome,
            code: parts.code,
            rule: parts.rule,
            detail: parts.detail,
        };
        let row = canon::canonical_of(&row)?;
        if row.len() > MAX_ROW {
            return Err(AccessFault::TooLarge(row.len()));
        }
        let link = link_of(&row);
        Ok(Self { row, link })
    }

    /// Opens stored bytes, checking everything that one row can show by itself.
    ///
    /// # Errors
    /// The first [`AccessFault`] met.
    pub fn open(row: &[u8], link: &[u8]) -> Result<AccessRow, AccessFault> {
        if row.len() > MAX_ROW {
            return Err(AccessFault::TooLarge(row.len()));
        }
        if link_of(row) != link {
            return Err(AccessFault::Link);
        }
        let value = canon::parse_canonical(row)?;
        let opened: AccessRow =
            serde_json::from_value(value).map_err(|fault| AccessFault::Shape(fault.to_string()))?;
        if canon::canonical_of(&opened)? != row {
            return Err(AccessFault::Row(CanonError::NotCanonical));
        }
        if opened.format != ACCESS_FORMAT
            || opened.seq == 0
            || digest::from_hex(&opened.previous).is_none()
        {
            return Err(AccessFault::Shape("format, seq or previous".into()));
        }
        Ok(opened)
    }
}

#[cfg(test)]
mod tests;
