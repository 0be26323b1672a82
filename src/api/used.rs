//! Where a lot, a sample, a piece of equipment or a device was used.

use super::act::{Asking, malformed};
use super::told::{Asked, Shown};
use crate::app::audit::used::Sort;
use crate::app::run::list::Paging;
use crate::app::shown::listed::WhereUsedView;
use crate::domain::refusal::Refusal;
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

fn meant(query: &mut UsedQuery) -> Result<(Sort, String), Refusal> {
    let asked = [
        (Sort::Lot, query.lot.take()),
        (Sort::Sample, query.sample.take()),
        (Sort::Equipment, query.equipment.take()),
        (Sort::Device, query.device.take()),
    ];
    let mut asked = asked.into_iter().filter_map(|(sort, what)| Some((sort, what?)));
    match (asked.next(), asked.next()) {
        (Some((sort, what)), None) if !what.trim().is_empty() => Ok((sort, what)),
        _ => Err(malformed("say what is looked for: one of lot, sample, equipment, device")),
    }
}

pub async fn where_used(asking: Asking, query: web::Query<UsedQuery>) -> Asked<WhereUsedView> {
    let mut query = query.into_inner();
    let (sort, what) = meant(&mut query)?;
    let paging = Paging { cursor: query.after, limit: query.limit.unwrap_or(0) };
    let found =
        asking.ask(move |desk, caller| desk.where_used(caller, sort, &what, &paging)).await?;
    Ok(Shown::of(WhereUsedView::from(&found)))
}
