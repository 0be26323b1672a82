//! Looking ahead: preflight, and the handover from shift to shift.

use super::act::Asking;
use super::told::{Asked, Shown};
use crate::app::shown::ahead::{HandoverView, PreflightView};
use actix_web::web;
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

pub async fn preflight(
    asking: Asking,
    number: web::Path<String>,
    query: web::Query<AheadQuery>,
) -> Asked<PreflightView> {
    let hours = query.hours.unwrap_or(HOURS);
    let ahead = asking.ask(move |desk, caller| desk.preflight(caller, &number, hours)).await?;
    Ok(Shown::of(PreflightView::from(&ahead)))
}

pub async fn handover(asking: Asking, number: web::Path<String>) -> Asked<HandoverView> {
    let handing = asking.ask(move |desk, caller| desk.handover(caller, &number)).await?;
    Ok(Shown::of(HandoverView::from(&handing)))
}
