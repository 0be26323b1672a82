//! What was written down of the site; the header's name is `site.` and the kebab-case variant.

use super::{Environment, SiteKey};
use crate::domain::clock::ClockKind;
use crate::domain::policy::Role;
use crate::domain::words::{Enclosure, Place};
use serde::{Deserialize, Serialize};

/// Events of the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", content = "data", rename_all = "kebab-case")]
pub enum SiteEvent {
    /// `SiteFounded`: the first entry of the database; nothing changes it.
    Founded {
        /// Name.
        site_name: String,
        /// C2SP log origin.
        origin: String,
        environment: Environment,
        clock: ClockKind,
        /// IANA zone.
        zone: String,
        /// Public halves of all site keys.
        keys: Vec<SiteKey>,
        /// Founding key's signature over the rest, base64 (Ed25519).
        founding_signature: String,
    },
    /// A site key took another's place; the entry carries a statement by the key it replaces, and that
    /// is what verification looks for.
    KeyAnnounced {
        /// The new key.
        #[serde(flatten)]
        key: SiteKey,
        /// Fingerprint of the one it replaces.
        replaces: String,
    },
    /// Roles were set.
    RolesChanged {
        /// After.
        roles: Vec<Role>,
        /// Why.
        reason: String,
    },
    /// The accountability statement has a new version; signing waits for its acknowledgement.
    AccountabilityStated {
        /// From 1.
        version: u32,
        text: String,
    },
    /// Reference of the letter that signatures are binding.
    BindingLetterFiled {
        /// Reference and date.
        reference: String,
    },
    /// Something happened in an area or at a piece of equipment, and concerned no running run.
    HappeningReported {
        /// Where.
        place: Place,
        /// What, in the person's words.
        what: String,
        /// Photos.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        enclosures: Vec<Enclosure>,
    },
    /// The database was replaced by an older copy; whoever holds the log key takes the log from there.
    Restored {
        /// Why.
        reason: String,
        /// How many entries and attempts the log had by the head kept beside its key, where that is readable.
        was: Option<u64>,
        /// How many it has in this copy.
        is: u64,
    },
    /// A node's clock was found apart from site time: what it writes from then on is marked, until that is settled.
    ClockJumped {
        /// The clock less site time in microseconds, negative: behind.
        by: i64,
    },
    /// A small step forward stood for a minute: site time follows it.
    ClockStepped {
        /// Microseconds.
        by: i64,
    },
    /// Administrator and quality had site time follow the clock forward.
    ClockSetForward {
        /// Microseconds.
        by: i64,
        /// Why.
        reason: String,
    },
    /// Administrator and quality had site time follow the clock back: the only entry whose time may be earlier than one
    /// before it.
    ClockSetBack {
        /// Microseconds, negative.
        by: i64,
        /// Why.
        reason: String,
    },
}
