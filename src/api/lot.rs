//! Output lots and what they may be used for.

use super::act::{Act, Asking, malformed};
use super::credentials::{Reason, body};
use super::query::known;
use super::told::{Asked, Changed, Made, Shown};
use super::version::Must;
use crate::app::answer::{LotAnswer, RunAnswer};
use crate::app::desk::Failure;
use crate::app::lot::list::{Attention, LotFilter};
use crate::app::run::list::Paging;
use crate::app::shown::lot::{LotPage, LotView};
use crate::domain::lot::Disposition;
use crate::domain::lot::command::{LotCommand, ParentOrder};
use crate::domain::quantity::{Quantity, parse_decimal};
use crate::domain::recipe::OutputClass;
use crate::domain::run::acts::{DecideForeignLots, RunCommand, YieldLot};
use crate::domain::run::parents::ForeignDecided;
use actix_web::web;
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
        /// Lot number as the plant writes it, as in `mfc/ib 041.09`; the answer tells its key.
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
        #[schema(value_type = Disposition)]
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
    #[param(example = "AMAB-26-001")]
    batch: Option<String>,
    /// Of this product code.
    #[param(example = "AMAB")]
    product: Option<String>,
    /// `product`, `side-product` or `waste`.
    #[param(example = "product")]
    class: Option<String>,
    /// `quarantined`, `released`, `rejected` or `withdrawn`.
    #[param(example = "released")]
    disposition: Option<String>,
    /// Released lots that need a look: `questioned`, `blocked`, `open` (their batch has something open), `changed`
    /// (something that bears on them came since they were released), or `any` of these. A part may hold fewer than
    /// asked for: go on as long as there is a `next`.
    #[param(example = "any")]
    attention: Option<String>,
    /// The next part's cursor, as `next` gave it.
    #[serde(alias = "cursor")]
    after: Option<String>,
    /// At most so many (1 to 500).
    limit: Option<usize>,
}

pub async fn list(asking: Asking, query: web::Query<LotQuery>) -> Asked<LotPage> {
    let LotQuery { batch, product, class, disposition, attention, after, limit } =
        query.into_inner();
    known::<OutputClass>("class", class.as_deref())?;
    known::<Disposition>("disposition", disposition.as_deref())?;
    let attention = known::<Attention>("attention", attention.as_deref())?;
    let paging = Paging { cursor: after, limit: limit.unwrap_or(0) };
    let filter = LotFilter { batch, product, class, disposition, paging };
    let page = asking.ask(move |desk, caller| desk.lots(caller, &filter, attention)).await?;
    let lots = page.items.iter().filter_map(LotView::of).collect();
    Ok(Shown::of(LotPage { lots, next: page.next }))
}

pub async fn one(asking: Asking, number: web::Path<String>) -> Asked<LotView> {
    let view = asking
        .ask(move |desk, caller| {
            let found = desk.lot_as_it_stands(caller, &number)?;
            LotView::of(&found).ok_or_else(|| Failure::Broken("no lot".into()))
        })
        .await?;
    let seq = view.seq;
    Ok(Shown::at(view, seq))
}

pub async fn add_parent(act: Act<NewParent>, number: web::Path<String>) -> Made<LotAnswer> {
    act.order(move |desk, envelope, given| {
        let NewParent { parent, reason, .. } = given.body;
        desk.change_parents(envelope, &number, ParentOrder::Add { parent, reason })
    })
    .await
}

pub async fn remove_parent(
    act: Act<Reason>,
    path: web::Path<(String, String)>,
) -> Changed<LotAnswer> {
    let (number, parent) = path.into_inner();
    act.order(move |desk, envelope, given| {
        let reason = given.body.reason;
        desk.change_parents(envelope, &number, ParentOrder::Remove { parent, reason })
    })
    .await
}

pub async fn decide_foreign(
    act: Act<ForeignLots>,
    number: web::Path<String>,
) -> Changed<RunAnswer> {
    act.on_run(number.into_inner(), |given| {
        let ForeignLots { lots, accepted, .. } = given.body;
        let told = lots.into_iter().map(|sent| {
            let ForeignLot { lot, supplier, document } = sent;
            ForeignDecided { lot, supplier, document, accepted }
        });
        Ok(RunCommand::DecideForeignLots(DecideForeignLots { lots: told.collect() }))
    })
    .await
}

pub async fn yielded(act: Act<NewLot>, number: web::Path<String>) -> Made<RunAnswer> {
    act.on_run(number.into_inner(), |given| {
        let NewLot { number, material, output, quantity, parents, .. } = given.body;
        let value =
            parse_decimal(&quantity.value).map_err(|e| malformed(format!("quantity: {e}")))?;
        let quantity = Quantity { value, unit: quantity.unit };
        Ok(RunCommand::YieldLot(YieldLot { number, material, output, quantity, parents }))
    })
    .await
}

pub async fn dispose(act: Act<Disposal, Must>, number: web::Path<String>) -> Changed<LotAnswer> {
    act.order(move |desk, envelope, given| {
        let Disposal { disposition, reason, .. } = given.body;
        let disposition: Disposition = serde_json::from_value(disposition.as_str().into())
            .map_err(|_| malformed(format!("disposition: {disposition:?} is none")))?;
        let order = LotCommand::Decide { disposition, reason, expected: given.expected.0 };
        desk.dispose(envelope, &number, order)
    })
    .await
}
