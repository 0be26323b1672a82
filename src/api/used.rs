//! Where a lot, a sample, a piece of equipment or a device was used.

use super::act::Asking;
use super::told::{Asked, Shown};
use crate::app::audit::used::Wanted;
use crate::app::run::list::Paging;
use crate::app::shown::listed::WhereUsedView;
use actix_web::web;
use serde::Deserialize;
use utoipa::IntoParams;

/// What is looked for: one of the four.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UsedQuery {
    /// Number of a lot, of this house or of others.
    #[param(example = "WCB-0017/03")]
    lot: Option<String>,
    /// Identifier of a sample.
    sample: Option<String>,
    /// Identifier of a piece of equipment.
    equipment: Option<String>,
    /// Id of a device.
    device: Option<String>,
    /// The cursor of the next entries, as `next` gave it.
    #[serde(alias = "cursor")]
    after: Option<String>,
    /// At most so many entries (1 to 500).
    limit: Option<usize>,
}

pub async fn where_used(asking: Asking, query: web::Query<UsedQuery>) -> Asked<WhereUsedView> {
    let UsedQuery { lot, sample, equipment, device, after, limit } = query.into_inner();
    let wanted = Wanted { lot, sample, equipment, device };
    let paging = Paging { cursor: after, limit: limit.unwrap_or(0) };
    let found = asking.ask(move |desk, caller| desk.where_used(caller, &wanted, &paging)).await?;
    Ok(Shown::of(WhereUsedView::from(&found)))
}
