//! Persons.

use super::{at, etag};
use crate::app::person::list::{Granted, ListedPerson};
use crate::domain::person::Person;
use crate::domain::policy::Grant;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A role given to a person, scoped to a product and an area.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantView {
    /// The role's name.
    pub role: String,
    /// Product code it is limited to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Area it is limited to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
}

/// A person as a line of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonLine {
    /// User name.
    pub user_name: String,
    /// Printed name.
    pub printed_name: String,
    /// Whether the account is active.
    pub active: bool,
    /// Locked since.
    #[schema(format = DateTime)]
    pub locked_since: Option<String>,
    /// Whether a signing key is enrolled.
    pub enrolled: bool,
    /// Whether it is no human's, and may not sign.
    pub service: bool,
    /// Roles, each with what it lets them do.
    pub roles: Vec<RoleOf>,
}

/// A role that somebody has, with what it lets them do.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleOf {
    /// The role's name.
    pub role: String,
    /// Product code it is limited to.
    pub product: Option<String>,
    /// Area it is limited to.
    pub area: Option<String>,
    /// Its authorities.
    pub authorities: Vec<&'static str>,
}

/// Part of a list of persons.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonPage {
    /// By user name.
    pub persons: Vec<PersonLine>,
    /// The moment as of which they stand so; null: now.
    pub as_of: Option<String>,
    /// The next part's cursor.
    pub next: Option<String>,
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonView {
    pub user_name: String,
    pub printed_name: String,
    pub roles: Vec<GrantView>,
    pub active: bool,
    pub service: bool,
    #[schema(format = DateTime)]
    pub locked_since: Option<String>,
    pub must_change_password: bool,
    /// How the identity was verified.
    pub identity: Option<String>,
    /// Fingerprint of the signing key in force.
    pub signing_key: Option<String>,
    /// Version of the accountability statement acknowledged.
    pub accountability: Option<u32>,
    pub seq: u64,
    pub etag: String,
}

impl From<&GrantView> for Grant {
    fn from(view: &GrantView) -> Self {
        Self { role: view.role.clone(), product: view.product.clone(), area: view.area.clone() }
    }
}

impl From<&ListedPerson> for PersonLine {
    fn from(listed: &ListedPerson) -> Self {
        let person = &listed.person;
        let role = |granted: &Granted| RoleOf {
            role: granted.grant.role.clone(),
            product: granted.grant.product.clone(),
            area: granted.grant.area.clone(),
            authorities: granted.authorities.iter().map(|it| it.as_str()).collect(),
        };
        Self {
            user_name: person.user_name.clone(),
            printed_name: person.printed_name.clone(),
            active: person.active,
            locked_since: person.locked.map(at),
            enrolled: person.signing_key.is_some(),
            service: person.service,
            roles: listed.granted.iter().map(role).collect(),
        }
    }
}

impl From<&Person> for PersonView {
    fn from(person: &Person) -> Self {
        let grant = |grant: &Grant| GrantView {
            role: grant.role.clone(),
            product: grant.product.clone(),
            area: grant.area.clone(),
        };
        Self {
            user_name: person.user_name.clone(),
            printed_name: person.printed_name.clone(),
            roles: person.grants.iter().map(grant).collect(),
            active: person.active,
            service: person.service,
            locked_since: person.locked.map(at),
            must_change_password: person.must_change_password,
            identity: person.identity.as_ref().map(|identity| identity.method.clone()),
            signing_key: person.signing_key.as_ref().map(|key| key.fingerprint.clone()),
            accountability: person.accountability.map(|(version, _)| version),
            seq: person.seq,
            etag: etag(person.seq),
        }
    }
}
