//! Sessions: signing in, going on, signing out.

use super::act::{Asking, blocking, read_body};
use super::credentials::{Body, Secret};
use super::told::{Asked, Created, Shown};
use crate::app::desk::{Caller, Desk};
use crate::app::session::sign_in::SignIn;
use crate::app::session::{Entered, Standing};
use crate::http::problem::Problem;
use crate::http::request_id;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::pin::Pin;
use utoipa::ToSchema;

/// What somebody types to sign in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInSent {
    /// User name, in any case.
    user_name: String,
    /// Password.
    #[schema(value_type = String, format = Password)]
    password: Secret,
    /// What this terminal is called; absent: its address.
    #[serde(default)]
    station: Option<String>,
}

/// A refresh token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// As it was given; good once.
    #[schema(value_type = String)]
    refresh_token: Secret,
}

impl Body for SignInSent {}
impl Body for Refresh {}

/// Somebody, as a session knows them.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonOfSession {
    /// User name.
    user_name: String,
    /// Printed name.
    printed_name: String,
    /// Names of the roles held.
    roles: Vec<String>,
}

/// A session that was opened or goes on.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// For `Authorization: Bearer`, good for minutes.
    access_token: String,
    /// Always `Bearer`.
    token_type: String,
    /// When the access token is worthless (RFC 3339).
    #[schema(format = DateTime)]
    expires_at: String,
    /// Exchanged for the next pair, once.
    refresh_token: String,
    /// The session.
    session: String,
    /// Who.
    person: PersonOfSession,
    /// The password was issued by somebody else: choose an own one first, nothing else is possible.
    must_change_password: bool,
    /// The accountability statement in force is not acknowledged: nothing can be signed.
    accountability_owed: bool,
}

/// The session of the caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct CurrentSession {
    /// The session.
    session: String,
    /// The station where it was opened.
    station: String,
    /// Who.
    person: PersonOfSession,
    /// The password was issued by somebody else.
    must_change_password: bool,
    /// The accountability statement in force is not acknowledged.
    accountability_owed: bool,
}

/// The session is over.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ended {
    /// Which.
    session: String,
}

fn person(who: &Standing) -> PersonOfSession {
    PersonOfSession {
        user_name: who.user_name.clone(),
        printed_name: who.printed_name.clone(),
        roles: who.roles.clone(),
    }
}

fn view(entered: &Entered) -> SessionView {
    SessionView {
        access_token: entered.access_token.clone(),
        token_type: "Bearer".into(),
        expires_at: entered.expires_at.to_rfc3339(),
        refresh_token: entered.refresh_token.text().to_owned(),
        session: entered.session.to_string(),
        person: person(&entered.who),
        must_change_password: entered.who.must_change_password,
        accountability_owed: entered.who.accountability_owed,
    }
}

/// Somebody with a session who may have to choose a password first.
pub struct Newcomer(Asking);

impl FromRequest for Newcomer {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Asking::newcomer(&request).await.map(Self) })
    }
}

/// A body of a request without a session.
pub struct Open<T>(T);

impl<T: Body> FromRequest for Open<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move { Ok(Self(read_body(&request, &mut payload).await?.0)) })
    }
}

fn station(given: Option<String>, request: &HttpRequest) -> Result<String, Problem> {
    let address =
        || request.peer_addr().map_or("unknown".into(), |address| address.ip().to_string());
    match given.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()) {
        None => Ok(address()),
        Some(text) if text.chars().count() <= 64 && !text.chars().any(char::is_control) => Ok(text),
        Some(_) => Err(super::act::malformed("station: 1 to 64 printable characters").into()),
    }
}

pub async fn sign_in(
    desk: web::Data<Desk>,
    request: HttpRequest,
    body: Open<SignInSent>,
) -> Result<Shown<SessionView, Created>, Problem> {
    let (id, Open(given)) = (request_id::of(&request), body);
    let station = station(given.station, &request)?;
    let typed = SignIn {
        user_name: given.user_name,
        password: given.password.take(),
        station,
        request_id: id.clone(),
    };
    let entered = blocking(&id, move || desk.sign_in(&typed)).await?;
    Ok(Shown::of(view(&entered)))
}

pub async fn refresh(
    desk: web::Data<Desk>,
    request: HttpRequest,
    body: Open<Refresh>,
) -> Asked<SessionView> {
    let (id, Open(given)) = (request_id::of(&request), body);
    let (text, of) = (given.refresh_token.take(), id.clone());
    let entered = blocking(&id, move || desk.refresh(&text, &of)).await?;
    Ok(Shown::of(view(&entered)))
}

pub async fn sign_out(who: Newcomer) -> Asked<Ended> {
    let Newcomer(asking) = who;
    let (session, id) = (asking.caller.session.to_string(), asking.request_id.clone());
    asking.ask(move |desk, caller: &Caller| desk.sign_out(caller, &id)).await?;
    Ok(Shown::of(Ended { session }))
}

pub async fn current(who: Newcomer) -> Asked<CurrentSession> {
    let Newcomer(asking) = who;
    let (session, station) = (asking.caller.session.to_string(), asking.caller.station.clone());
    let standing = asking.ask(|desk, caller| desk.caller_standing(caller)).await?;
    Ok(Shown::of(CurrentSession {
        session,
        station,
        person: person(&standing),
        must_change_password: standing.must_change_password,
        accountability_owed: standing.accountability_owed,
    }))
}
