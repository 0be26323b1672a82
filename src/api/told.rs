//! What handlers answer, typed: the type that is sent is the type that the OpenAPI document shows.

use crate::app::desk::Done;
use crate::http::preconditions::etag;
use crate::http::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, Responder};
use serde::Serialize;
use std::marker::PhantomData;

/// The status of a success, as a type.
pub trait Success {
    /// The status.
    const STATUS: StatusCode;
    /// What it says.
    const SAYS: &'static str;
}

/// 200.
pub struct Okay;

/// 201.
pub struct Created;

impl Success for Okay {
    const STATUS: StatusCode = StatusCode::OK;
    const SAYS: &'static str = "Done";
}

impl Success for Created {
    const STATUS: StatusCode = StatusCode::CREATED;
    const SAYS: &'static str = "Done: something is there that was not";
}

/// An order that was carried out.
pub struct Carried<A, S> {
    done: Done<A>,
    status: PhantomData<S>,
}

/// The answer to an order that changes something.
pub type Changed<A> = Result<Carried<A, Okay>, Problem>;

/// The answer to an order that makes something.
pub type Made<A> = Result<Carried<A, Created>, Problem>;

impl<A, S> From<Done<A>> for Carried<A, S> {
    fn from(done: Done<A>) -> Self {
        Self { done, status: PhantomData }
    }
}

impl<A, S> Carried<A, S> {
    /// The same, told as an answer that has every member which this one has.
    pub fn told_as<B>(self) -> Carried<B, S> {
        self.done.told_as().into()
    }
}

fn tagged(mut building: HttpResponseBuilder, tag: Option<String>) -> HttpResponseBuilder {
    if let Some(tag) = tag.and_then(|tag| HeaderValue::from_str(&tag).ok()) {
        building.insert_header((ETAG, tag));
    }
    building
}

impl<A, S: Success> Responder for Carried<A, S> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let Done { answer, replayed, .. } = self.done;
        let tag = answer["etag"].as_str().map(str::to_owned);
        let mut building = tagged(HttpResponse::build(S::STATUS), tag);
        if replayed {
            let name = HeaderName::from_static("idempotency-replayed");
            building.insert_header((name, HeaderValue::from_static("true")));
        }
        building.json(answer)
    }
}

/// What was asked for.
pub struct Shown<V, S = Okay> {
    view: V,
    version: Option<u64>,
    status: PhantomData<S>,
}

/// The answer to a question.
pub type Asked<V> = Result<Shown<V>, Problem>;

impl<V, S> Shown<V, S> {
    /// Something without a version.
    pub fn of(view: V) -> Self {
        Self { view, version: None, status: PhantomData }
    }

    /// Something with the version that it shows.
    pub fn at(view: V, version: u64) -> Self {
        Self { version: Some(version), ..Self::of(view) }
    }
}

impl<V: Serialize, S: Success> Responder for Shown<V, S> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        tagged(HttpResponse::build(S::STATUS), self.version.map(etag)).json(self.view)
    }
}

/// A media type, as a type.
pub trait Media {
    /// Its name, or a range where each file has its own.
    const RANGE: &'static str;
}

/// Bytes that are sent as they were kept.
pub struct Kept<M> {
    response: HttpResponse,
    media: PhantomData<M>,
}

impl<M: Media> Kept<M> {
    /// As this response says.
    pub fn as_of(response: HttpResponse) -> Self {
        Self { response, media: PhantomData }
    }
}

impl<M: Media> Responder for Kept<M> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.response
    }
}
