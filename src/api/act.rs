//! From a request to the desk and back: authenticate, read, hand over, answer.

use super::credentials::Body;
use super::told::Carried;
use super::version::Expected;
use crate::app::answer::RunAnswer;
use crate::app::desk::{Caller, Desk, Done, Envelope, Failure, Sent};
use crate::app::enclosure::Ordered;
use crate::app::reading::{Unread, strict};
use crate::app::run::act::RunAct;
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::http::limits::{BODY, FILES_BODY, LARGE_AT_ONCE, LARGE_BODY, LargePlace, Limits};
use crate::http::preconditions::{IdempotencyKey, IfMatch};
use crate::http::problem::{Porch, Problem};
use crate::http::request_id;
use actix_web::dev::{Decompress, Payload};
use actix_web::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest, web};
use std::any::Any;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;

/// The desk in every handler.
pub type Door = web::Data<Desk>;

type Reading<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

/// Why nothing was done, as a problem. What broke inside stands in the log, not in the answer.
pub fn problem_of(failure: Failure, request_id: &str) -> Problem {
    match failure {
        Failure::Refused(refusal) => refusal.into(),
        Failure::Busy => Porch::Busy.problem("the queue is full, or another server writes"),
        Failure::Unreadable(detail) => Porch::Unreadable.problem(detail),
        Failure::Broken(detail) => {
            tracing::error!(request_id, detail, "failed inside");
            Porch::Failed.problem(format!("request {request_id}"))
        }
    }
}

/// Runs blocking work on the pool for it. What panics there is broken inside: it has its incident in the log and is no
/// reason to say that the server stops.
pub async fn blocking<T: Send + 'static>(
    request_id: &str,
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Problem> {
    let guarded = || catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|why| Err(broken(&*why)));
    match web::block(guarded).await {
        Ok(done) => done.map_err(|failure| problem_of(failure, request_id)),
        Err(_) => Err(Porch::Busy.problem("the server is stopping")),
    }
}

/// What a panic said, for the log.
fn broken(why: &(dyn Any + Send)) -> Failure {
    let text = why.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| why.downcast_ref::<String>().cloned());
    Failure::Broken(format!("a panic: {}", text.unwrap_or_else(|| "it says nothing".to_owned())))
}

fn bearer(request: &HttpRequest) -> Result<String, Problem> {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|text| text.strip_prefix("Bearer "));
    token
        .map(str::to_owned)
        .ok_or_else(|| Porch::NotSignedIn.problem("the request carries no access token"))
}

fn desk_of(request: &HttpRequest) -> Result<Door, Problem> {
    let desk = request.app_data::<Door>().cloned();
    desk.ok_or_else(|| Porch::Failed.problem("the server has no desk"))
}

/// Who orders something: whoever was seen a moment ago is not looked up here, for the lane reads
/// session and person again.
async fn orderer(request: &HttpRequest) -> Result<(Door, Caller), Problem> {
    let desk = desk_of(request)?;
    match desk.recollect(&bearer(request)?) {
        Some(caller) => Ok((desk, caller)),
        None => caller(request).await,
    }
}

async fn caller(request: &HttpRequest) -> Result<(Door, Caller), Problem> {
    let token = bearer(request)?;
    let desk = desk_of(request)?;
    let (inner, id) = (desk.clone(), request_id::of(request));
    let caller = blocking(&id, move || inner.authenticate(&token)).await?;
    Ok((desk, caller))
}

/// Somebody who asks a question.
pub struct Asking {
    /// The desk.
    pub desk: Door,
    /// Who.
    pub caller: Caller,
    /// The request's id.
    pub request_id: String,
}

impl FromRequest for Asking {
    type Error = Problem;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let asking = Self::newcomer(&request).await?;
            asking.caller.at_work()?;
            Ok(asking)
        })
    }
}

impl Asking {
    /// Somebody who may have to choose a password before anything else.
    pub async fn newcomer(request: &HttpRequest) -> Result<Self, Problem> {
        let (desk, caller) = caller(request).await?;
        Ok(Self { desk, caller, request_id: request_id::of(request) })
    }

    /// Asks the desk on the blocking pool.
    pub async fn ask<T: Send + 'static>(
        self,
        question: impl FnOnce(&Desk, &Caller) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Problem> {
        let Self { desk, caller, request_id } = self;
        blocking(&request_id, move || question(&desk, &caller)).await
    }
}

/// Somebody who orders something: authenticated first, then key, version and body are read.
pub struct Act<T, V = ()> {
    desk: Door,
    caller: Caller,
    request_id: String,
    sent: Sent,
    /// Whether so much came that taking it in is work for the pool.
    heavy: bool,
    /// Held until the act has ended, where the body is large.
    place: Option<LargePlace>,
    version: PhantomData<fn() -> V>,
    /// The body.
    pub body: T,
}

/// What an order came with, besides its envelope.
pub struct Given<T, V = ()> {
    /// The body.
    pub body: T,
    /// The version decided on.
    pub expected: V,
}

impl<T: Body, V: Expected> FromRequest for Act<T, V> {
    type Error = Problem;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let (desk, caller) = orderer(&request).await?;
            if !request.path().ends_with("/persons/current/password") {
                caller.at_work()?;
            }
            let IdempotencyKey(key) = IdempotencyKey::extract(&request).await?;
            let IfMatch(if_match) = IfMatch::extract(&request).await?;
            let place = large_place(&request, T::LIMIT)?;
            let (body, raw) = read_body::<T>(&request, &mut payload).await?;
            let path = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
            let sent = Sent { key, path, if_match, body: raw };
            let heavy = length(&request).is_none_or(|length| length > BODY);
            Ok(Self {
                desk,
                caller,
                request_id: request_id::of(&request),
                sent,
                heavy,
                place,
                version: PhantomData,
                body,
            })
        })
    }
}

/// How long a body says it is.
fn length(request: &HttpRequest) -> Option<usize> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A place for a body that may be large: says so, or does not say how long it is once unpacked. Where
/// none is free nothing is read.
fn large_place(request: &HttpRequest, limit: usize) -> Result<Option<LargePlace>, Problem> {
    let packed = request.headers().contains_key(CONTENT_ENCODING);
    let small = length(request).is_some_and(|length| length <= LARGE_BODY) && !packed;
    if limit <= LARGE_BODY || small {
        return Ok(None);
    }
    let limits = request.app_data::<web::Data<Limits>>();
    let limits = limits.ok_or_else(|| Porch::Failed.problem("the server has no limits"))?;
    let full = || Porch::Busy.problem(format!("{LARGE_AT_ONCE} large requests are being read"));
    limits.large_place().map(Some).ok_or_else(full)
}

/// Reads a body of at most so many bytes, unpacked; no more of it is ever held.
async fn read_bytes(
    request: &HttpRequest,
    payload: &mut Payload,
    limit: usize,
) -> Result<web::Bytes, Problem> {
    let too_large =
        || Porch::TooLarge.problem(format!("more than {limit} bytes, which are the limit here"));
    if length(request).is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let unpacked = Decompress::from_headers(payload.take(), request.headers());
    let mut unpacked: Payload = Payload::Stream { payload: Box::pin(unpacked) };
    let unread = |_| Porch::Unreadable.problem("the body broke off or cannot be unpacked");
    let body = web::Payload::from_request(request, &mut unpacked).await.map_err(unread)?;
    body.to_bytes_limited(limit).await.map_err(|_| too_large())?.map_err(unread)
}

/// Reads a body as strict JSON of its shape.
pub async fn read_body<T: Body>(
    request: &HttpRequest,
    payload: &mut Payload,
) -> Result<(T, serde_json::Value), Problem> {
    let bytes = read_bytes(request, payload, T::LIMIT).await?;
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let json = kind.is_some_and(|kind| {
        let essence = kind.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/json")
    });
    if !json && !bytes.is_empty() {
        return Err(Porch::MediaType.problem("Content-Type is not application/json"));
    }
    // Where files may come, the report itself is no larger than elsewhere.
    let most = if T::LIMIT == FILES_BODY { BODY } else { T::LIMIT };
    let read = strict::<T>(&bytes, most);
    // No text holds a NUL, and PostgreSQL keeps none: it is told before anything looks at its shape.
    if bytes.windows(6).any(|six| six == b"\\u0000")
        && let Ok(sent) = serde_json::from_slice::<serde_json::Value>(&bytes)
        && let Some(at) = nul(&sent, String::new())
    {
        let detail = format!("{at} holds the character U+0000, which no text does; leave it out");
        return Err(Refusal::new(&MALFORMED, detail).into());
    }
    read.map_err(|unread| match unread {
        Unread::Broken(detail) => Porch::Unreadable.problem(detail),
        Unread::Shape(detail) => Refusal::new(&MALFORMED, detail).into(),
    })
}

/// Where a text in a body holds a NUL: a JSON pointer.
fn nul(sent: &serde_json::Value, at: String) -> Option<String> {
    match sent {
        serde_json::Value::String(text) => text.contains('\0').then_some(at),
        serde_json::Value::Array(items) => {
            items.iter().enumerate().find_map(|(i, item)| nul(item, format!("{at}/{i}")))
        }
        serde_json::Value::Object(members) => members.iter().find_map(|(name, member)| {
            if name.contains('\0') { Some(at.clone()) } else { nul(member, format!("{at}/{name}")) }
        }),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => None,
    }
}

impl<T: Body + Send, V: Expected> Act<T, V> {
    /// Hands the order over on the blocking pool.
    pub async fn order<A: 'static, S>(
        mut self,
        work: impl FnOnce(&Desk, Envelope, Given<T, V>) -> Result<Done<A>, Failure> + Send + 'static,
    ) -> Result<Carried<A, S>, Problem> {
        let held = self.place.take();
        let (desk, envelope, given) = self.parted();
        let request_id = envelope.request_id.clone();
        let work = move || {
            let _held = held;
            work(&desk, envelope, given)
        };
        Ok(blocking(&request_id, work).await?.into())
    }

    fn parted(mut self) -> (Door, Envelope, Given<T, V>) {
        let (signature, second) = self.body.credentials();
        let Self { desk, caller, request_id, sent, body, .. } = self;
        let given = Given { body, expected: V::of(sent.if_match) };
        let envelope = Envelope::of(caller, &request_id, Some(sent)).signed(signature, second);
        (desk, envelope, given)
    }

    /// An order to a run. Without credentials nothing has to be proved, and no thread waits for it.
    pub async fn on_run<O: Into<Ordered>, S>(
        mut self,
        run: String,
        order: impl FnOnce(Given<T, V>) -> Result<O, Refusal> + Send + 'static,
    ) -> Result<Carried<RunAnswer, S>, Problem> {
        let (heavy, held) = (self.heavy, self.place.take());
        let (desk, envelope, given) = self.parted();
        let request_id = envelope.request_id.clone();
        let done = if envelope.is_unsigned() && !heavy {
            let command = Box::new(RunAct::new(run, order(given)?));
            let done = desk.order_unsigned(envelope, command).await;
            done.map_err(|failure| problem_of(failure, &request_id))?
        } else {
            let work = move || {
                let _held = held;
                desk.order(envelope, Box::new(RunAct::new(run, order(given)?)))
            };
            blocking(&request_id, work).await?
        };
        Ok(done.into())
    }
}

/// A refusal of something malformed.
pub fn malformed(detail: impl Into<String>) -> Refusal {
    Refusal::new(&MALFORMED, detail)
}

/// The desk as shared by handlers.
pub fn door(desk: Arc<Desk>) -> Door {
    Door::from(desk)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn what_panics_inside_is_an_incident_and_no_stop_of_the_server() {
        let done: Result<(), _> = blocking("request-7", || panic!("it breaks")).await;
        let Err(problem) = done else { panic!("it is a problem") };
        let said = format!("{problem:?}");
        assert!(said.contains("request-7"), "{said}");
        assert!(!said.contains("stopping"), "{said}");
    }
}
