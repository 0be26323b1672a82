//! problem+json (RFC 9457) for every error, the framework's own too; which status for which refusal.

use crate::domain::refusal::{Class, Refusal, Rule};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use std::fmt;
use utoipa::ToSchema;

/// The media type of every error.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// An error as the caller reads it: what happened, which rule, what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// A URI reference for the kind of problem: `/problems/` and the code.
    #[schema(example = "/problems/out-of-order")]
    pub r#type: String,
    /// What happened, in one line.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What was found in this case.
    pub detail: String,
    /// Stable kebab-case name; part of the API.
    pub code: String,
    /// Requirement id behind it.
    pub rule: String,
    /// Clause or standard behind it.
    pub clause: String,
    /// What to do, and who can.
    pub resolution: String,
    /// What is missing, one thing a line.
    pub missing: Vec<String>,
}

/// Which status for which class of refusal.
#[must_use]
pub fn status(class: Class) -> StatusCode {
    match class {
        Class::Credentials => StatusCode::UNAUTHORIZED,
        Class::Authority => StatusCode::FORBIDDEN,
        Class::NotFound => StatusCode::NOT_FOUND,
        Class::State => StatusCode::CONFLICT,
        Class::Stale => StatusCode::PRECONDITION_FAILED,
        Class::Malformed => StatusCode::UNPROCESSABLE_ENTITY,
        Class::Final => StatusCode::LOCKED,
        Class::Missing => StatusCode::PRECONDITION_REQUIRED,
    }
}

/// Problems of the porch itself: requests that reach no rule of the trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Porch {
    /// No route there.
    NoRoute,
    /// The verb does not exist on this route.
    NoVerb,
    /// No token, or not one of ours, or expired.
    NotSignedIn,
    /// The request cannot be read.
    Unreadable,
    /// The body is too large.
    TooLarge,
    /// The body's media type is not JSON.
    MediaType,
    /// Idempotency-Key is missing or malformed.
    KeyMissing,
    /// Too many requests.
    TooMany,
    /// The queue is full.
    Busy,
    /// Something failed inside.
    Failed,
}

/// Status, then code, rule, clause, title, resolution.
type Says = (Porch, u16, [&'static str; 5]);

/// What each problem of the porch says.
const SAYS: [Says; 10] = [
    (
        Porch::NoRoute,
        404,
        [
            "no-such-route",
            "P11-10d",
            "21 CFR 11.10(d)",
            "There is nothing here",
            "See /docs for the routes.",
        ],
    ),
    (
        Porch::NoVerb,
        405,
        [
            "no-such-verb",
            "P11-10c",
            "21 CFR 11.10(c)",
            "This verb does not exist here",
            "Records are never deleted or replaced; use a verb named in Allow.",
        ],
    ),
    (
        Porch::NotSignedIn,
        401,
        [
            "not-signed-in",
            "P11-10d",
            "21 CFR 11.10(d)",
            "You are not signed in",
            "Sign in at POST /api/v1/sessions.",
        ],
    ),
    (
        Porch::Unreadable,
        400,
        [
            "unreadable-request",
            "DI-Q1b",
            "FDA Data Integrity Q1(b)",
            "The request cannot be read",
            "Correct it as the detail says; nothing was changed.",
        ],
    ),
    (
        Porch::TooLarge,
        413,
        [
            "request-too-large",
            "P11-10b",
            "21 CFR 11.10(b)",
            "The request is too large",
            "Send less at a time.",
        ],
    ),
    (
        Porch::MediaType,
        415,
        [
            "media-type",
            "A11-05",
            "EU GMP Annex 11 §5",
            "The body must be JSON",
            "Send Content-Type: application/json.",
        ],
    ),
    (
        Porch::KeyMissing,
        400,
        [
            "idempotency-key-missing",
            "MHRA-1",
            "MHRA GXP data integrity 6.12",
            "Idempotency-Key is missing",
            "Send a fresh Idempotency-Key (8 to 64 of A-Z a-z 0-9 . _ -) with every POST; repeat the same key only to repeat the same request.",
        ],
    ),
    (
        Porch::TooMany,
        429,
        [
            "too-many-requests",
            "P11-300d",
            "21 CFR 11.300(d)",
            "Too many requests",
            "Wait as Retry-After says.",
        ],
    ),
    (
        Porch::Busy,
        503,
        [
            "busy",
            "P11-10e1",
            "21 CFR 11.10(e)",
            "The server has too much to write at once",
            "Nothing was changed; try again with the same Idempotency-Key.",
        ],
    ),
    (
        Porch::Failed,
        500,
        [
            "failed",
            "P11-10e1",
            "21 CFR 11.10(e)",
            "Something failed inside",
            "Nothing was changed; tell the administrator the request id.",
        ],
    ),
];

impl Porch {
    /// All of them, for the tests and the catalogue.
    pub const ALL: [Self; 10] = [
        Self::NoRoute,
        Self::NoVerb,
        Self::NotSignedIn,
        Self::Unreadable,
        Self::TooLarge,
        Self::MediaType,
        Self::KeyMissing,
        Self::TooMany,
        Self::Busy,
        Self::Failed,
    ];

    /// The problem, with a sentence about this case.
    #[must_use]
    pub fn problem(self, detail: impl Into<String>) -> Problem {
        let (_, status, [code, rule, clause, title, resolution]) = SAYS[self as usize];
        Problem {
            r#type: format!("/problems/{code}"),
            title: title.into(),
            status,
            detail: detail.into(),
            code: code.into(),
            rule: rule.into(),
            clause: clause.into(),
            resolution: resolution.into(),
            missing: Vec::new(),
        }
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        let Rule { code, class, rule, clause, title, resolution } = refusal.rule;
        Self {
            r#type: format!("/problems/{code}"),
            title: (*title).into(),
            status: status(*class).as_u16(),
            detail: refusal.detail.clone(),
            code: (*code).into(),
            rule: (*rule).into(),
            clause: (*clause).into(),
            resolution: (*resolution).into(),
            missing: refusal.missing.clone(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::from(&refusal)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.title, self.detail, self.code)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((CONTENT_TYPE, MEDIA_TYPE));
        if self.status == 429 || self.status == 503 {
            response.insert_header((RETRY_AFTER, "1"));
        }
        if self.status == 401 {
            response.insert_header((actix_web::http::header::WWW_AUTHENTICATE, "Bearer"));
        }
        response.body(serde_json::to_vec(self).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // shows: L8.a
    #[test]
    fn every_problem_of_the_porch_says_what_to_do() {
        for porch in Porch::ALL {
            let problem = porch.problem("x");
            assert_eq!(SAYS[porch as usize].0, porch);
            assert!(problem.status >= 400 && !problem.resolution.is_empty(), "{problem:?}");
            assert_eq!(problem.error_response().status().as_u16(), problem.status);
        }
    }
}
