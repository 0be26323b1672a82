//! Output lots and what they may be used for.

use super::act::{Act, Answer, Asking, malformed, shown};
use super::credentials::body;
use super::views::Acted;
use super::views::lot::LotView;
use crate::app::desk::Failure;
use crate::domain::lot::Disposition;
use crate::domain::lot::command::LotCommand;
use crate::domain::quantity::{Quantity, parse_decimal};
use crate::domain::run::command::RunCommand;
use actix_web::http::StatusCode;
use actix_web::{get, post, web};
use serde::Deserialize;
use utoipa::ToSchema;

/// A number with its unit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuantityBody {
    /// A decimal as text.
    value: String,
    /// Unit code.
    unit: String,
}

body! {
    /// A lot that comes out of a batch.
    NewLot {
        /// Lot number.
        number: String,
        /// Material: the name or the id of an output of the master record, or its material.
        material: String,
        /// Id of the output, where several are of that material.
        #[serde(default)]
        output: Option<String>,
        /// Quantity.
        quantity: QuantityBody,
        /// Lot numbers that went in.
        #[serde(default)]
        parents: Vec<String>,
    }
}

body! {
    /// What a lot may be used for.
    Disposal {
        /// `released`, `rejected`, `withdrawn` or `quarantined`.
        disposition: String,
        /// Why.
        reason: String,
    }
}

/// A lot with every decision on it.
#[utoipa::path(tag = "lots", responses((status = 200, description = "The lot", body = LotView)))]
#[get("/lots/{number}")]
pub async fn one(asking: Asking, number: web::Path<String>) -> Answer {
    let (view, seq) = asking
        .ask(move |desk, caller| {
            let state = desk.lot(caller, &number)?;
            let lot = state.as_lot().ok_or_else(|| Failure::Broken("no lot".into()))?;
            Ok((LotView::from(lot), lot.seq))
        })
        .await?;
    Ok(shown(&view, Some(seq)))
}

/// A lot comes out of a batch, into quarantine.
#[utoipa::path(tag = "lots", request_body = NewLot,
    responses((status = 201, description = "In quarantine", body = Acted)))]
#[post("/batches/{number}/lots")]
pub async fn yielded(act: Act<NewLot>, number: web::Path<String>) -> Answer {
    act.on_run(StatusCode::CREATED, number.into_inner(), |given| {
        let NewLot { number, material, output, quantity, parents, .. } = given.body;
        let value =
            parse_decimal(&quantity.value).map_err(|e| malformed(format!("quantity: {e}")))?;
        let quantity = Quantity { value, unit: quantity.unit };
        Ok(RunCommand::YieldLot { number, material, output, quantity, parents })
    })
    .await
}

/// Decide what a lot may be used for. *Yes* needs everything its batch owes; *no* is always possible.
#[utoipa::path(tag = "lots", request_body = Disposal,
    responses((status = 200, description = "Decided", body = Acted)))]
#[post("/lots/{number}/dispositions")]
pub async fn dispose(act: Act<Disposal>, number: web::Path<String>) -> Answer {
    act.order(StatusCode::OK, move |desk, envelope, given| {
        let Disposal { disposition, reason, .. } = given.body;
        let disposition: Disposition = serde_json::from_value(disposition.as_str().into())
            .map_err(|_| malformed(format!("disposition: {disposition:?} is none")))?;
        let order = LotCommand::Decide { disposition, reason, expected: given.expected };
        desk.dispose(envelope, &number, order)
    })
    .await
}
