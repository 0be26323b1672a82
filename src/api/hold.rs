//! Holds: placed at once, lifted by whom the hold names.

use super::act::{Act, Answer, malformed};
use super::credentials::{Reason, body};
use super::query::Ordinal;
use super::views::Acted;
use crate::domain::run::command::RunCommand;
use crate::domain::words::HoldScope;
use actix_web::http::StatusCode;
use actix_web::{post, web};
use serde_json::Value;

body! {
    /// A hold.
    NewHold {
        /// `{"kind": "run"}`, `{"kind": "operation", "operation": …}` or `{"kind": "step", "step": …}`.
        #[schema(value_type = Object)]
        scope: Value,
        /// Why.
        reason: String,
    }
}

/// Place a hold: needs no version, because stopping must never wait.
#[utoipa::path(tag = "quality", request_body = NewHold,
    responses((status = 201, description = "Placed", body = Acted)))]
#[post("/batches/{number}/holds")]
pub async fn place(act: Act<NewHold>, number: web::Path<String>) -> Answer {
    act.on_run(StatusCode::CREATED, number.into_inner(), |given| {
        let scope: HoldScope = serde_json::from_value(given.body.scope)
            .map_err(|e| malformed(format!("scope: {e}")))?;
        Ok(RunCommand::PlaceHold { scope, reason: given.body.reason })
    })
    .await
}

/// Lift a hold.
#[utoipa::path(tag = "quality", request_body = Reason,
    responses((status = 200, description = "Lifted", body = Acted)))]
#[post("/batches/{number}/holds/{no}/lifting")]
pub async fn lift(act: Act<Reason>, path: web::Path<(String, Ordinal)>) -> Answer {
    let (run, Ordinal(no)) = path.into_inner();
    act.on_run(StatusCode::OK, run, move |given| {
        Ok(RunCommand::LiftHold { no, reason: given.body.reason, expected: given.expected })
    })
    .await
}
