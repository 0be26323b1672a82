//! The site: founding, keys, roles. One database is one site's log.

pub mod command;
pub mod decide;
pub mod event;
pub mod evolve;
pub mod refusal;
pub mod time;

pub use decide::decide;
pub use evolve::evolve;

use super::clock::{ClockKind, Instant};
use super::facts::SiteFacts;
use super::ids::RecordKey;
use super::policy::Role;
use serde::{Deserialize, Serialize};

/// What a site is for: fixed at its founding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// Real product.
    Production,
    Training,
    /// Demonstration: marked on every rendition, answers on loopback only.
    Demo,
}

/// Public half of a site key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteKey {
    /// `founding`, `log`, `seal` or `token`.
    #[serde(rename = "use")]
    pub purpose: String,
    /// SHA-256 of the SPKI, hex.
    pub fingerprint: String,
    /// SPKI, base64.
    pub public: String,
}

/// The state of the site.
#[derive(Debug, Clone)]
pub struct Site {
    /// The record.
    pub key: RecordKey,
    /// Name, printed.
    pub name: String,
    /// C2SP log origin.
    pub origin: String,
    pub environment: Environment,
    pub clock: ClockKind,
    /// IANA zone name.
    pub zone: String,
    pub founded_at: Instant,
    /// Keys in force.
    pub keys: Vec<SiteKey>,
    pub roles: Vec<Role>,
    /// Accountability statement: version and text (P11-10j).
    pub accountability: (u32, String),
    /// Reference of the letter to the authority that signatures are binding (P11-100c).
    pub binding_letter: Option<String>,
    /// The newest jump of the server's clock: its entry's time, and by how many microseconds (negative: back).
    pub clock_jump: Option<(Instant, i64)>,
    /// Newest entry's time on the site record: clock jumps are seen against it.
    pub last_at: Instant,
    /// Sequence of the newest entry.
    pub seq: u64,
    /// Link of the newest entry.
    pub head: [u8; 32],
}

impl Site {
    /// What the guards ask of the site.
    #[must_use]
    pub fn facts(&self) -> SiteFacts<'_> {
        SiteFacts { roles: &self.roles, accountability: self.accountability.0 }
    }
}
