//! The first administrator: vouched for by the founding entry, because nobody else is there yet.

use super::super::event::PersonEvent;
use super::account::name;
use super::credentials::identity_method;
use super::grants::allowed;
use crate::domain::policy::{Authority, Grant, Role};
use crate::domain::refusal::{AUTHORITY_MISSING, Refusal};

/// Who becomes the first administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAdministrator {
    /// User name as shown.
    pub user_name: String,
    /// Its normal form.
    pub number: String,
    pub printed_name: String,
    /// How whoever founds the site knows who this is.
    pub method: String,
    /// Fingerprint of the signing key.
    pub key: String,
    /// SPKI of the signing key.
    pub public_key: String,
}

/// The events with which the first administrator's record begins, in the founding command.
///
/// # Errors
/// `printed-name-malformed`, `identity-method-missing`; `authority-missing` when no role administers.
pub fn first_administrator(
    first: &FirstAdministrator,
    roles: &[Role],
) -> Result<Vec<PersonEvent>, Refusal> {
    let role = roles
        .iter()
        .find(|role| role.authorities.contains(&Authority::Administer))
        .ok_or_else(|| Refusal::new(&AUTHORITY_MISSING, "no role of the site administers"))?;
    let grants = vec![Grant { role: role.name.clone(), product: None, area: None }];
    allowed(&grants, roles, false)?;
    Ok(vec![
        PersonEvent::Created {
            user_name: first.user_name.clone(),
            number: first.number.clone(),
            printed_name: name(&first.printed_name)?,
            service: false,
        },
        PersonEvent::IdentityVerified { method: identity_method(&first.method)? },
        PersonEvent::KeyEnrolled { key: first.key.clone(), public_key: first.public_key.clone() },
        // Typed by the person at the founding: nobody else knows it.
        PersonEvent::PasswordChanged {},
        PersonEvent::GrantsChanged {
            old: Vec::new(),
            new: grants,
            reason: "first administrator, by the founding of the site".into(),
        },
    ])
}
