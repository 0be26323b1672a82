//! What callers are shown, by the API as by pages: typed shapes, made from states and from nothing else.

// A member that says everything by its name has no line of its own.

pub mod after;
pub mod ahead;
pub mod audit;
pub mod deviation;
pub mod device;
pub mod entered;
pub mod entry;
pub mod floor;
pub mod hold;
pub mod listed;
pub mod looks;
pub mod lot;
pub mod master;
pub mod obligation;
pub mod parts;
pub mod person;
pub mod quality;
pub mod read;
pub mod run;
pub mod site;
pub mod step;
pub mod testing;
pub mod timer;
pub mod unit;
pub mod used;
pub mod verdict;
pub mod work;

use crate::domain::clock::Instant;
use crate::domain::signing::Signed;
use crate::domain::words::Who;
use serde::Serialize;
use utoipa::ToSchema;

/// The kebab-case word of an enumeration's value.
pub fn word(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value
        .as_str()
        .map_or_else(|| value["kind"].as_str().unwrap_or_default().to_owned(), str::to_owned)
}

/// A version as an `ETag`.
#[must_use]
pub fn etag(version: u64) -> String {
    format!("\"{version}\"")
}

/// A moment, RFC 3339 in UTC.
pub fn at(moment: Instant) -> String {
    moment.to_rfc3339()
}

/// A moment from a stored number, RFC 3339 in UTC.
pub fn at_micros(micros: i64) -> String {
    Instant(micros).to_rfc3339()
}

/// Somebody, as they were called then.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhoView {
    /// User name; `system` for the system itself.
    pub user_name: String,
    /// Printed name.
    pub printed_name: String,
    /// Role in which they acted.
    pub role: String,
}

impl From<&Who> for WhoView {
    fn from(who: &Who) -> Self {
        Self {
            user_name: who.user_name.clone(),
            printed_name: who.printed_name.clone(),
            role: who.role.clone(),
        }
    }
}

/// A signature as it is shown: who, in which role, with which meaning, when, in which zone.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignatureView {
    /// User name.
    pub user_name: String,
    /// Printed name at the act.
    pub printed_name: String,
    /// Role at the act.
    pub role: String,
    /// Meaning.
    pub meaning: String,
    /// When (UTC).
    #[schema(format = DateTime)]
    pub at: String,
    /// When, as people at the site read it.
    pub shown_at: String,
    /// The journal entry it stands in.
    pub seq: u64,
}

impl From<&Signed> for SignatureView {
    fn from(signed: &Signed) -> Self {
        Self {
            user_name: signed.user_name.clone(),
            printed_name: signed.printed_name.clone(),
            role: signed.role.clone(),
            meaning: signed.meaning.as_str().to_owned(),
            at: at(signed.at),
            shown_at: signed.at.shown(&signed.zone),
            seq: signed.seq,
        }
    }
}
