//! The site.

use super::{etag, word};
use crate::app::report::issue::founding;
use crate::domain::clock::Instant;
use crate::domain::policy::{Authority, Role};
use crate::domain::site::Site;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A role of the site.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleView {
    /// Name.
    pub name: String,
    /// Words of the authorities it gives.
    pub authorities: Vec<String>,
}

/// Public half of a site key.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteKeyView {
    /// `founding`, `log`, `seal` or `token`.
    r#use: String,
    /// SHA-256 of the SPKI, hex.
    pub fingerprint: String,
    /// SPKI, base64.
    pub public: String,
}

/// The accountability statement in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatementView {
    /// From 1.
    pub version: u32,
    /// Text.
    pub text: String,
}

/// The site.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteView {
    pub name: String,
    pub environment: String,
    /// `system`, or `simulated` at a demo.
    pub clock: String,
    /// IANA zone.
    pub zone: String,
    /// The site's time (UTC).
    pub now: String,
    pub keys: Vec<SiteKeyView>,
    /// What `verify --trust` compares.
    pub founding_fingerprint: String,
    pub accountability: StatementView,
    pub roles: Vec<RoleView>,
    pub binding_letter: Option<String>,
    pub seq: u64,
    pub etag: String,
}

impl RoleView {
    /// The role, if every word names an authority.
    ///
    /// # Errors
    /// A sentence naming the unknown word.
    pub fn role(&self) -> Result<Role, String> {
        let authorities =
            self.authorities.iter().map(|word| Authority::parse(word)).collect::<Result<_, _>>()?;
        Ok(Role { name: self.name.clone(), authorities })
    }
}

/// The site at this moment.
pub fn site(site: &Site, now: Instant) -> SiteView {
    let key = |key: &crate::domain::site::SiteKey| SiteKeyView {
        r#use: key.purpose.clone(),
        fingerprint: key.fingerprint.clone(),
        public: key.public.clone(),
    };
    let role = |role: &Role| RoleView {
        name: role.name.clone(),
        authorities: role.authorities.iter().map(|a| a.as_str().to_owned()).collect(),
    };
    SiteView {
        name: site.name.clone(),
        environment: word(&site.environment),
        clock: word(&site.clock),
        zone: site.zone.clone(),
        now: now.to_rfc3339(),
        keys: site.keys.iter().map(key).collect(),
        founding_fingerprint: founding(site),
        accountability: StatementView {
            version: site.accountability.0,
            text: site.accountability.1.clone(),
        },
        roles: site.roles.iter().map(role).collect(),
        binding_letter: site.binding_letter.clone(),
        seq: site.seq,
        etag: etag(site.seq),
    }
}
