//! Persons.

use super::{at, at_micros, etag};
use crate::app::person::PersonRow;
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
}

/// Part of a list of persons.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonPage {
    /// By user name.
    pub persons: Vec<PersonLine>,
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

impl From<&PersonRow> for PersonLine {
    fn from(row: &PersonRow) -> Self {
        Self {
            user_name: row.user_name.clone(),
            printed_name: row.printed_name.clone(),
            active: row.active,
            locked_since: row.locked_at.map(at_micros),
            enrolled: row.signing_key.is_some(),
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
