//! If-Match and Idempotency-Key: which version was decided on, and which request is the same.

use super::problem::{Porch, Problem};
pub use crate::app::shown::etag;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use std::future::{Ready, ready};

/// The version somebody decided on: `If-Match: "17"`; absent is judged by the rules (428).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub Option<u64>);

/// The key of a POST: the same key with the same request gives the same answer once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(pub String);

fn if_match(request: &HttpRequest) -> Result<IfMatch, Problem> {
    let Some(header) = request.headers().get("If-Match") else { return Ok(IfMatch(None)) };
    let text = header.to_str().unwrap_or_default().trim();
    let version = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
    // Written in one way: `"17"`, never `"017"` or `"+17"`.
    let parse = |v: &str| v.parse().ok().filter(|number: &u64| number.to_string() == v);
    version.and_then(parse).map(|v| IfMatch(Some(v))).ok_or_else(|| {
        Porch::Unreadable.problem("If-Match must be one ETag that this server gave, as in \"17\"")
    })
}

fn idempotency_key(request: &HttpRequest) -> Result<IdempotencyKey, Problem> {
    let mut keys = request.headers().get_all("Idempotency-Key");
    let text = keys.next().and_then(|h| h.to_str().ok()).unwrap_or_default();
    let fits = (8..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    if fits && keys.next().is_none() {
        return Ok(IdempotencyKey(text.to_owned()));
    }
    Err(Porch::KeyMissing.problem(format!("{text:?} is not a key")))
}

macro_rules! from_request {
    ($name:ident, $read:ident) => {
        impl FromRequest for $name {
            type Error = Problem;
            type Future = Ready<Result<Self, Problem>>;
            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                ready($read(request))
            }
        }
    };
}
from_request!(IfMatch, if_match);
from_request!(IdempotencyKey, idempotency_key);

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    // shows: T34.a
    #[test]
    fn keys_and_versions_are_read_strictly() {
        let with = |name: &'static str, value: &'static str| {
            TestRequest::default().insert_header((name, value)).to_http_request()
        };
        assert_eq!(if_match(&with("If-Match", "\"17\"")), Ok(IfMatch(Some(17))));
        assert!(if_match(&with("If-Match", "17")).is_err());
        assert!(if_match(&with("If-Match", "*")).is_err());
        assert!(if_match(&with("If-Match", "\"017\"")).is_err());
        assert!(if_match(&with("If-Match", "\"+17\"")).is_err());
        assert_eq!(if_match(&TestRequest::default().to_http_request()), Ok(IfMatch(None)));
        assert!(idempotency_key(&with("Idempotency-Key", "3f2a9c10-1")).is_ok());
        assert!(idempotency_key(&with("Idempotency-Key", "short")).is_err());
        assert!(idempotency_key(&with("Idempotency-Key", "spaces are no key")).is_err());
    }
}
