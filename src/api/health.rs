//! Whether the server lives, and whether it can do its work.

use super::act::{Door, blocking};
use crate::app::desk::Desk;
use crate::app::health::Readiness;
use crate::http::request_id;
use actix_web::{HttpRequest, HttpResponse, get};
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
    /// The clock is not behind the newest entry.
    clock: String,
    /// When the server's clock was last found to have jumped; the journal tells by how much.
    clock_jumped_at: Option<String>,
    /// By how many seconds it jumped then; negative: back.
    clock_jumped_by_seconds: Option<i64>,
}

/// Whether the process lives.
#[utoipa::path(tag = "health", responses((status = 200, description = "Alive", body = Alive)))]
#[get("/health/live")]
pub async fn live() -> HttpResponse {
    let software = env!("CARGO_PKG_VERSION").to_owned();
    HttpResponse::Ok().json(Alive { status: "alive".into(), software })
}

/// Whether the server can do its work: database, checkpoints, clock.
#[utoipa::path(tag = "health", responses((status = 200, description = "Ready", body = Ready),
    (status = 503, description = "Not ready", body = Ready)))]
#[get("/health/ready")]
pub async fn ready(desk: Door, request: HttpRequest) -> HttpResponse {
    let judged = blocking(&request_id::of(&request), move || Ok(Desk::readiness(&desk))).await;
    let Readiness { database, fault, clock, checkpoint_age_seconds, clock_jump } = match judged {
        Ok(judged) => judged,
        Err(_) => Readiness {
            database: false,
            fault: None,
            clock: true,
            checkpoint_age_seconds: None,
            clock_jump: None,
        },
    };
    let word = |good: bool| if good { "ok" } else { "failed" }.to_owned();
    let view = Ready {
        status: if database && clock { "ready" } else { "not-ready" }.into(),
        database: word(database),
        fault,
        checkpoint_age_seconds,
        clock: word(clock),
        clock_jumped_at: clock_jump.map(|jump| jump.at.to_rfc3339()),
        clock_jumped_by_seconds: clock_jump.map(|jump| jump.by / 1_000_000),
    };
    if database && clock {
        return HttpResponse::Ok().json(view);
    }
    HttpResponse::ServiceUnavailable().json(view)
}
