//! Orders to the site.

use super::{Environment, SiteKey};
use crate::domain::clock::ClockKind;
use crate::domain::policy::Role;

/// The founding: fixed for ever by the first entry of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Name, printed.
    pub site_name: String,
    /// C2SP log origin.
    pub origin: String,
    /// What the site is for.
    pub environment: Environment,
    /// Only a demo's clock may be simulated.
    pub clock: ClockKind,
    /// IANA zone.
    pub zone: String,
    /// Public halves: founding, log, seal, token.
    pub keys: Vec<SiteKey>,
    /// The founding key's signature over the rest, base64.
    pub founding_signature: String,
    /// Text of the first accountability statement.
    pub accountability: String,
    /// Reference of the letter that signatures are binding, where there is one already.
    pub binding_letter: Option<String>,
}

/// The site's commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SiteCommand {
    /// All roles anew.
    ChangeRoles { roles: Vec<Role>, reason: String, expected: Option<u64> },
    /// A new version of the accountability statement: signing waits for its acknowledgement.
    StateAccountability { text: String },
    /// The letter to the authority that signatures are binding (21 CFR 11.100(c)).
    FileBindingLetter { reference: String },
    /// A new key in the place of the one with this fingerprint, which makes a statement over the entry.
    RotateKey { new: SiteKey, replaces: String },
    /// Site time follows the server's clock, which is apart by so many microseconds: an administrator and quality.
    SetClock { by: Option<i64>, reason: String },
}
