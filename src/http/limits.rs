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

/// Largest JSON body of a command, in bytes.
pub const BODY: usize = 256 * 1024;

/// Largest master record, in bytes.
pub const MASTER_BODY: usize = 4 * 1024 * 1024;

/// How often one address may call, and how often it may try a password.
#[derive(Debug, Clone)]
pub struct Limits {
    all: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    sign_in: Arc<DefaultKeyedRateLimiter<IpAddr>>,
}

impl Limits {
    /// `all` requests a second from one address, and `sign_in` sign-ins a minute.
    #[must_use]
    pub fn new(all: NonZeroU32, sign_in: NonZeroU32) -> Self {
        Self {
            all: Arc::new(RateLimiter::keyed(Quota::per_second(all))),
            sign_in: Arc::new(RateLimiter::keyed(Quota::per_minute(sign_in))),
        }
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
