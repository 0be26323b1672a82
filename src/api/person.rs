//! Persons: accounts, roles, passwords, enrolment.

use super::act::{Act, Asking};
use super::credentials::{Credentials, Reason, Secret, body};
use super::query::moment;
use super::told::{Asked, Changed, Made, Shown};
use super::version::May;
use crate::app::answer::PersonAnswer;
use crate::app::desk::Failure;
use crate::app::person::Issued;
use crate::app::person::change_password::ChangePassword;
use crate::app::person::create::Create;
use crate::app::person::enrol::Enrol;
use crate::app::person::grant::ChangeGrants;
use crate::app::run::list::Paging;
use crate::app::shown::listed::{BatchesOf, ParticipantsView};
use crate::app::shown::person::{GrantView, PersonPage, PersonView};
use crate::domain::refusal::{Refusal, SECOND_PERSON_REQUIRED};
use actix_web::web;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Which persons.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PersonQuery {
    /// As they stood at this moment, with the roles as they were then (RFC 3339).
    #[param(example = "2026-01-01T00:00:00Z")]
    as_of: Option<String>,
    /// The next part's cursor, as `next` gave it.
    #[serde(alias = "cursor")]
    after: Option<String>,
    /// At most so many (1 to 500).
    limit: Option<usize>,
}

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PartQuery {
    /// The next part's cursor, as `next` gave it.
    #[serde(alias = "cursor")]
    after: Option<String>,
    /// At most so many (1 to 500).
    limit: Option<usize>,
}

/// A new account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// User name: 2 to 40 of a-z, 0-9, `.`, `_` and `-`; never used twice.
    user_name: String,
    /// Name as it stands beside signatures.
    printed_name: String,
    /// A temporary password; absent: one is drawn and told once.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password)]
    temporary_password: Option<Secret>,
    /// Roles with their scopes.
    roles: Vec<GrantView>,
    /// Why.
    reason: String,
    /// Not human: may not sign.
    #[serde(default)]
    service: bool,
}

/// A change of one's own password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The one in use.
    #[schema(value_type = String, format = Password)]
    old_password: Secret,
    /// The new one.
    #[schema(value_type = String, format = Password)]
    new_password: Secret,
}

/// A temporary password for somebody.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reset {
    /// The password; absent: one is drawn and told once.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password)]
    temporary_password: Option<Secret>,
    /// Why.
    reason: String,
}

impl super::credentials::Body for NewPerson {}
impl super::credentials::Body for PasswordChange {}
impl super::credentials::Body for Reset {}

/// An identity that was verified; both sign: the verifier in `signature`, the person as second person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// How the identity was verified.
    method: String,
    /// The verifier's credentials.
    #[serde(default)]
    signature: Option<Credentials>,
    /// The person's own credentials: the signing key is closed under this password.
    #[serde(default)]
    second_person: Option<Credentials>,
}

impl super::credentials::Body for Enrolment {
    fn credentials(
        &mut self,
    ) -> (
        Option<crate::app::signing::SigningCredentials>,
        Option<crate::app::signing::SigningCredentials>,
    ) {
        // The person has no key yet: their password opens nothing and is handed to the enrolment.
        (self.signature.take().map(Into::into), None)
    }
}

body! {
    /// All roles of a person anew.
    Grants {
        /// Roles with their scopes.
        roles: Vec<GrantView>,
        /// Why.
        reason: String,
    }
}

body! {
    /// Lifting a lock.
    Unlocking {
        /// How the person's identity was checked.
        identity_check: String,
        /// Why.
        reason: String,
    }
}

body! {
    /// Another printed name.
    NewName {
        /// Name as it stands beside signatures from now on.
        printed_name: String,
        /// Why.
        reason: String,
    }
}

body! {
    /// The accountability statement, read.
    Acknowledgement {
        /// The version that was read.
        version: u32,
    }
}

pub async fn list(asking: Asking, query: web::Query<PersonQuery>) -> Asked<PersonPage> {
    let PersonQuery { as_of, after, limit } = query.into_inner();
    let as_of = moment("as_of", as_of)?;
    let paging = Paging { cursor: after, limit: limit.unwrap_or(0) };
    let page = asking.ask(move |desk, caller| desk.persons(caller, &paging, as_of)).await?;
    let persons = page.items.iter().map(Into::into).collect();
    let as_of = as_of.map(|at| at.to_rfc3339());
    Ok(Shown::of(PersonPage { persons, as_of, next: page.next }))
}

pub async fn batches(
    asking: Asking,
    name: web::Path<String>,
    query: web::Query<PartQuery>,
) -> Asked<BatchesOf> {
    let PartQuery { after, limit } = query.into_inner();
    let paging = Paging { cursor: after, limit: limit.unwrap_or(0) };
    let page = asking.ask(move |desk, caller| desk.batches_of(caller, &name, &paging)).await?;
    let batches = page.items.iter().map(Into::into).collect();
    Ok(Shown::of(BatchesOf { batches, next: page.next }))
}

pub async fn participants(asking: Asking, batch: web::Path<String>) -> Asked<ParticipantsView> {
    let all = asking.ask(move |desk, caller| desk.participants(caller, &batch)).await?;
    Ok(Shown::of(ParticipantsView { participants: all.iter().map(Into::into).collect() }))
}

pub async fn one(asking: Asking, name: web::Path<String>) -> Asked<PersonView> {
    let person = asking.ask(move |desk, caller| desk.person(caller, &name)).await?;
    Ok(Shown::at(PersonView::from(&person), person.seq))
}

pub async fn create(act: Act<NewPerson>) -> Made<PersonAnswer> {
    act.order(|desk, envelope, given| {
        let new = given.body;
        let order = Create {
            user_name: new.user_name,
            printed_name: new.printed_name,
            service: new.service,
            grants: new.roles.iter().map(Into::into).collect(),
            reason: new.reason,
            temporary_password: new.temporary_password.map(Secret::take),
        };
        desk.create_person(envelope, order).map(Issued::told)
    })
    .await
}

pub async fn enrol(act: Act<Enrolment>, name: web::Path<String>) -> Made<PersonAnswer> {
    act.order(move |desk, envelope, given| {
        let person = given.body.second_person.ok_or_else(|| {
            let detail = "the person to be enrolled gives user name and password";
            let missing = vec!["second_person".to_owned()];
            Failure::from(Refusal::new(&SECOND_PERSON_REQUIRED, detail).missing(missing))
        })?;
        let order = Enrol {
            user_name: name.into_inner(),
            method: given.body.method,
            person: person.into(),
        };
        desk.enrol_person(envelope, order)
    })
    .await
}

pub async fn grant(act: Act<Grants, May>, name: web::Path<String>) -> Changed<PersonAnswer> {
    act.order(move |desk, envelope, given| {
        let order = ChangeGrants {
            user_name: name.into_inner(),
            grants: given.body.roles.iter().map(Into::into).collect(),
            reason: given.body.reason,
            expected: given.expected.0,
        };
        desk.change_grants(envelope, order)
    })
    .await
}

pub async fn reset(act: Act<Reset>, name: web::Path<String>) -> Changed<PersonAnswer> {
    act.order(move |desk, envelope, given| {
        let Reset { temporary_password, reason } = given.body;
        let password = temporary_password.map(Secret::take);
        desk.reset_password(envelope, &name, password, reason).map(Issued::told)
    })
    .await
}

pub async fn unlock(act: Act<Unlocking>, name: web::Path<String>) -> Changed<PersonAnswer> {
    act.order(move |desk, envelope, given| {
        let Unlocking { identity_check, reason, .. } = given.body;
        desk.unlock_person(envelope, &name, identity_check, reason)
    })
    .await
}

pub async fn deactivate(act: Act<Reason>, name: web::Path<String>) -> Changed<PersonAnswer> {
    act.order(move |desk, envelope, given| {
        desk.deactivate_person(envelope, &name, given.body.reason)
    })
    .await
}

pub async fn rename(act: Act<NewName>, name: web::Path<String>) -> Changed<PersonAnswer> {
    act.order(move |desk, envelope, given| {
        let NewName { printed_name, reason, .. } = given.body;
        desk.rename_person(envelope, &name, printed_name, reason)
    })
    .await
}

pub async fn change_password(act: Act<PasswordChange>) -> Changed<PersonAnswer> {
    act.order(|desk, envelope, given| {
        let PasswordChange { old_password, new_password } = given.body;
        let order = ChangePassword { old: old_password.take(), new: new_password.take() };
        desk.change_password(envelope, &order)
    })
    .await
}

pub async fn acknowledge(act: Act<Acknowledgement>) -> Changed<PersonAnswer> {
    act.order(|desk, envelope, given| desk.acknowledge_accountability(envelope, given.body.version))
        .await
}
