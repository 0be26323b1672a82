//! Looking ahead: preflight, and the handover from shift to shift.

use super::act::{Act, Answer, Asking};
use super::credentials::body;
use super::views::Acted;
use super::views::ahead::{HandoverView, PreflightView};
use crate::domain::run::command::RunCommand;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use serde::Deserialize;
use utoipa::IntoParams;

/// How far ahead, where nothing is said.
pub const HOURS: u32 = 24;

/// How far to look ahead.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AheadQuery {
    /// Hours, 1 to 336; absent: 24.
    #[param(minimum = 1, maximum = 336)]
    hours: Option<u32>,
}

body! {
    /// The work is handed over: the session's person signs as handed over, the second person as taken
    /// over.
    Handing {
        /// What the outgoing person adds to what is computed.
        #[serde(default)]
        remark: String,
    }
}

/// What the rules will say: possible, refused, due or overdue, when, and who could act.
///
/// Nothing is decided here: the rules that decide are asked about each moment at which a limit of time
/// changes what they say.
#[utoipa::path(tag = "batches", params(AheadQuery),
    responses((status = 200, description = "In order of time", body = PreflightView)))]
#[get("/batches/{number}/preflight")]
pub async fn preflight(
    asking: Asking,
    number: web::Path<String>,
    query: web::Query<AheadQuery>,
) -> Answer {
    let hours = query.hours.unwrap_or(HOURS);
    let ahead = asking.ask(move |desk, caller| desk.preflight(caller, &number, hours)).await?;
    Ok(HttpResponse::Ok().json(PreflightView::from(&ahead)))
}

/// What would be handed over now, computed; and the handovers so far.
#[utoipa::path(tag = "batches",
    responses((status = 200, description = "Sections with their lines", body = HandoverView)))]
#[get("/batches/{number}/handover")]
pub async fn handover(asking: Asking, number: web::Path<String>) -> Answer {
    let handing = asking.ask(move |desk, caller| desk.handover(caller, &number)).await?;
    Ok(HttpResponse::Ok().json(HandoverView::from(&handing)))
}

/// Hand the work over: what is computed is kept, and two people sign it.
#[utoipa::path(tag = "execution", request_body = Handing,
    responses((status = 201, description = "Handed over", body = Acted)))]
#[post("/batches/{number}/handovers")]
pub async fn hand_over(act: Act<Handing>, number: web::Path<String>) -> Answer {
    act.on_run(StatusCode::CREATED, number.into_inner(), |given| {
        Ok(RunCommand::HandOver { remark: given.body.remark })
    })
    .await
}
