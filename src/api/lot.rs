//! Output lots and what they may be used for.

use super::act::{Act, Answer, Asking, malformed, shown};
use super::credentials::{Reason, body};
use super::query::known;
use super::views::Acted;
use super::views::lot::{LotPage, LotView};
use crate::app::desk::Failure;
use crate::app::lot::list::LotFilter;
use crate::app::run::list::Paging;
use crate::domain::lot::Disposition;
use crate::domain::lot::command::{LotCommand, ParentOrder};
use crate::domain::quantity::{Quantity, parse_decimal};
use crate::domain::recipe::OutputClass;
use crate::domain::run::command::RunCommand;
use crate::domain::run::parents::ForeignDecided;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

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

body! {
    /// A lot that went in, said later.
    NewParent {
        /// Its number, as on its label.
        parent: String,
        /// Why it is named now.
        reason: String,
    }
}

/// A lot of somebody else's.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeignLot {
    /// Its number, as an entry or a lot names it.
    lot: String,
    /// Whose lot it is.
    supplier: String,
    /// The document on which it is decided: certificate, incoming inspection.
    document: String,
}

body! {
    /// Quality's decision on lots of others that went in.
    ForeignLots {
        /// Which, each with supplier and document; each becomes an entry of its own.
        lots: Vec<ForeignLot>,
        /// Accepted, or refused.
        accepted: bool,
    }
}

/// Which lots.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LotQuery {
    /// Of this batch.
    batch: Option<String>,
    /// Of this product code.
    product: Option<String>,
    /// `product`, `side-product` or `waste`.
    class: Option<String>,
    /// `quarantined`, `released`, `rejected` or `withdrawn`.
    disposition: Option<String>,
    /// The next part's cursor.
    cursor: Option<String>,
    /// At most so many (1 to 500).
    limit: Option<usize>,
}

/// Lots by number, with their parents as they stand.
#[utoipa::path(tag = "lots", params(LotQuery),
    responses((status = 200, description = "By number", body = LotPage)))]
#[get("/lots")]
pub async fn list(asking: Asking, query: web::Query<LotQuery>) -> Answer {
    let LotQuery { batch, product, class, disposition, cursor, limit } = query.into_inner();
    known::<OutputClass>("class", class.as_deref())?;
    known::<Disposition>("disposition", disposition.as_deref())?;
    let paging = Paging { cursor, limit: limit.unwrap_or(0) };
    let filter = LotFilter { batch, product, class, disposition, paging };
    let page = asking.ask(move |desk, caller| desk.lots(caller, &filter)).await?;
    let of = |listed: &crate::app::lot::list::ListedLot| {
        listed.state.as_lot().map(|lot| LotView::of(lot, &listed.parents, &listed.standing))
    };
    let lots = page.items.iter().filter_map(of).collect();
    Ok(HttpResponse::Ok().json(LotPage { lots, next: page.next }))
}

/// A lot with every decision on it and its parents as they stand.
#[utoipa::path(tag = "lots", responses((status = 200, description = "The lot", body = LotView)))]
#[get("/lots/{number}")]
pub async fn one(asking: Asking, number: web::Path<String>) -> Answer {
    let (view, seq) = asking
        .ask(move |desk, caller| {
            let found = desk.lot_as_it_stands(caller, &number)?;
            let lot = found.state.as_lot().ok_or_else(|| Failure::Broken("no lot".into()))?;
            Ok((LotView::of(lot, &found.parents, &found.standing), lot.seq))
        })
        .await?;
    Ok(shown(&view, Some(seq)))
}

/// Something else went into a lot: a report, with its reason.
#[utoipa::path(tag = "lots", request_body = NewParent,
    responses((status = 201, description = "Named", body = Acted)))]
#[post("/lots/{number}/parents")]
pub async fn add_parent(act: Act<NewParent>, number: web::Path<String>) -> Answer {
    act.order(StatusCode::CREATED, move |desk, envelope, given| {
        let NewParent { parent, reason, .. } = given.body;
        desk.change_parents(envelope, &number, ParentOrder::Add { parent, reason })
    })
    .await
}

/// Something did not go into a lot: quality takes it away, signed; it stays readable.
#[utoipa::path(tag = "lots", request_body = Reason,
    responses((status = 200, description = "Taken away", body = Acted)))]
#[post("/lots/{number}/parents/{parent}/removal")]
pub async fn remove_parent(act: Act<Reason>, path: web::Path<(String, String)>) -> Answer {
    let (number, parent) = path.into_inner();
    act.order(StatusCode::OK, move |desk, envelope, given| {
        let reason = given.body.reason;
        desk.change_parents(envelope, &number, ParentOrder::Remove { parent, reason })
    })
    .await
}

/// Accept or refuse lots of others that went into a batch: quality, one signing for all that are listed.
#[utoipa::path(tag = "lots", request_body = ForeignLots,
    responses((status = 200, description = "Decided", body = Acted)))]
#[post("/batches/{number}/foreign-lots")]
pub async fn decide_foreign(act: Act<ForeignLots>, number: web::Path<String>) -> Answer {
    act.on_run(StatusCode::OK, number.into_inner(), |given| {
        let ForeignLots { lots, accepted, .. } = given.body;
        let told = lots.into_iter().map(|sent| {
            let ForeignLot { lot, supplier, document } = sent;
            ForeignDecided { lot, supplier, document, accepted }
        });
        Ok(RunCommand::DecideForeignLots { lots: told.collect() })
    })
    .await
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
