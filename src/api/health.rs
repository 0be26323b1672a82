//! Whether the server lives, and whether it can do its work.

use super::act::{Door, blocking};
use super::describe::{Described, Sends};
use super::told::{Asked, Shown};
use crate::app::desk::Desk;
use crate::app::health::Readiness;
use crate::domain::recipe::timing::shown;
use crate::http::request_id;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use utoipa::ToSchema;

/// Alive.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alive {
    /// Always `alive`.
    status: String,
    /// The program's version.
    software: String,
}

/// How the parts stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ready {
    /// `ready` or `not-ready`.
    status: String,
    /// The database answers and takes commands.
    database: String,
    /// What is wrong with the database, where it is not as it was written: table and row.
    fault: Option<String>,
    /// Seconds of site time since the newest checkpoint.
    checkpoint_age_seconds: Option<i64>,
    /// `ok`, or in words: by how much the server's clock is apart from site time, what that means and who can decide.
    clock: String,
    /// When the server's clock was last found apart, stepped or set; the journal tells by how much.
    #[schema(format = DateTime)]
    clock_jumped_at: Option<String>,
    /// By how many seconds it jumped then; negative: back.
    clock_jumped_by_seconds: Option<i64>,
}

impl Responder for Ready {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        match self.status.as_str() {
            "ready" => HttpResponse::Ok().json(self),
            _ => HttpResponse::ServiceUnavailable().json(self),
        }
    }
}

impl Sends for Ready {
    fn describe(of: &mut Described) {
        of.sends_json::<Self>("200", "Ready");
        of.sends_json::<Self>("503", "Not ready");
    }
}

pub async fn live() -> Asked<Alive> {
    let software = env!("CARGO_PKG_VERSION").to_owned();
    Ok(Shown::of(Alive { status: "alive".into(), software }))
}

pub async fn ready(desk: Door, request: HttpRequest) -> Ready {
    let judged = blocking(&request_id::of(&request), move || Ok(Desk::readiness(&desk))).await;
    let Readiness {
        database,
        fault,
        clock,
        clock_apart,
        clock_stepped,
        checkpoint_age_seconds,
        clock_jump,
    } = match judged {
        Ok(judged) => judged,
        Err(_) => Readiness {
            database: false,
            fault: None,
            clock: true,
            clock_apart: None,
            clock_stepped: None,
            checkpoint_age_seconds: None,
            clock_jump: None,
        },
    };
    let word = |good: bool| if good { "ok" } else { "failed" }.to_owned();
    Ready {
        status: if database && clock { "ready" } else { "not-ready" }.into(),
        database: word(database),
        fault,
        checkpoint_age_seconds,
        clock: clock_words(clock_apart, clock_stepped),
        clock_jumped_at: clock_jump.map(|jump| jump.at.to_rfc3339()),
        clock_jumped_by_seconds: clock_jump.map(|jump| jump.by / 1_000_000),
    }
}

/// How the clock stands, for whoever is on call.
fn clock_words(apart: Option<i64>, stepped: Option<i64>) -> String {
    let length = |by: i64| shown(by.saturating_abs());
    match (apart, stepped) {
        (Some(by), _) => format!(
            "failed: this server's clock is {} {} site time. What is written is marked until the clock is right again, \
             or an administrator and one of quality sign POST /api/v1/site/clock",
            length(by),
            if by < 0 { "behind" } else { "ahead of" },
        ),
        (None, Some(by)) => format!(
            "ok: it stepped forward by {}; site time follows once that has stood for a minute",
            length(by)
        ),
        (None, None) => "ok".to_owned(),
    }
}
