//! Limits at the door: how much at once, how often.

use super::problem::Porch;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError, web};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Largest JSON body of a command, in bytes.
pub const BODY: usize = 256 * 1024;

/// Largest JSON body of a report that files come with: two of the largest, in base64, and their report.
pub const FILES_BODY: usize = 24 * 1024 * 1024;

/// Largest master record, in bytes.
pub const MASTER_BODY: usize = 4 * 1024 * 1024;

/// A body beyond this is large, in bytes: few such are held at once.
pub const LARGE_BODY: usize = 1024 * 1024;

/// So many large bodies are held at once, from their reading to the end of their act.
pub const LARGE_AT_ONCE: usize = 4;

/// The place of one large body among those held at once; it is free again when this is dropped.
#[derive(Debug)]
pub struct LargePlace(#[expect(dead_code, reason = "held, never read")] OwnedSemaphorePermit);

/// How often one address may call, and how often it may try a password.
#[derive(Debug, Clone)]
pub struct Limits {
    all: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    sign_in: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    large: Arc<Semaphore>,
}

impl Limits {
    /// `all` requests a second from one address, and `sign_in` sign-ins a minute.
    #[must_use]
    pub fn new(all: NonZeroU32, sign_in: NonZeroU32) -> Self {
        Self {
            all: Arc::new(RateLimiter::keyed(Quota::per_second(all))),
            sign_in: Arc::new(RateLimiter::keyed(Quota::per_minute(sign_in))),
            large: Arc::new(Semaphore::new(LARGE_AT_ONCE)),
        }
    }

    /// A place for a large body, or none while all are taken: memory has an end, whoever sends.
    #[must_use]
    pub fn large_place(&self) -> Option<LargePlace> {
        self.large.clone().try_acquire_owned().ok().map(LargePlace)
    }

    fn admits(&self, address: IpAddr, path: &str, post: bool) -> bool {
        let sign_in = post && path == "/api/v1/sessions";
        self.all.check_key(&address).is_ok()
            && (!sign_in || self.sign_in.check_key(&address).is_ok())
    }
}

/// Refuses with 429 what comes too often. Loopback demos and gateways are addresses like any other.
///
/// # Errors
/// Whatever the inner service returns.
pub async fn admit<B: MessageBody>(
    limits: web::Data<Limits>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let address = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |a| a.ip());
    let post = request.method() == actix_web::http::Method::POST;
    if limits.admits(address, request.path(), post) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let problem = Porch::TooMany.problem("this address calls too often");
    Ok(request.into_response(problem.error_response()).map_into_right_body())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_large_bodies_are_held_at_once_and_a_place_is_free_again_afterwards() {
        let limits = Limits::new(NonZeroU32::MIN, NonZeroU32::MIN);
        let mut held: Vec<_> = (0..LARGE_AT_ONCE).map(|_| limits.large_place()).collect();
        assert!(held.iter().all(Option::is_some));
        assert!(limits.clone().large_place().is_none(), "every worker counts the same places");
        held.pop();
        assert!(limits.large_place().is_some());
    }
}
