//! The list of holds over all runs.

use super::{HoldRow, holds};
use crate::store::db::Db;
use crate::store::fault::StoreError;
use crate::store::journal::Page;
use crate::store::journal::cursor::{self, InRun};
use crate::store::lists::{Paging, page};
use crate::store::noun::run::runs;
use diesel::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

diesel::allow_tables_to_appear_in_same_query!(holds, runs);

/// Which holds.
#[derive(Debug, Clone, Default)]
pub struct HoldFilter {
    /// Those that stand, or those that were lifted.
    pub standing: Option<bool>,
    /// Of this run.
    pub run: Option<Uuid>,
    /// Of this product code.
    pub product: Option<String>,
    /// Of these product codes alone.
    pub within: Option<BTreeSet<String>>,
    /// Placed from this moment on.
    pub from: Option<i64>,
    /// Placed before this moment.
    pub to: Option<i64>,
    /// Which part.
    pub paging: Paging,
}

/// A hold, and the number and product code of its run.
pub type HoldOfRun = (HoldRow, (String, String));

/// Holds, the newest first.
///
/// # Errors
/// The engine's.
pub fn list_holds(conn: &mut Db, filter: &HoldFilter) -> Result<Page<HoldOfRun>, StoreError> {
    let mut query = holds::table
        .inner_join(runs::table.on(runs::id.eq(holds::run)))
        .select((holds::all_columns, (runs::number, runs::product)))
        .order((holds::at.desc(), holds::run.desc(), holds::no.desc()))
        .into_boxed();
    if let Some(standing) = filter.standing {
        query = query.filter(holds::standing.eq(standing));
    }
    if let Some(run) = filter.run {
        // Within a run the number says the order.
        query = query.filter(holds::run.eq(run.as_bytes().to_vec())).order(holds::no.desc());
    }
    if let Some(product) = &filter.product {
        query = query.filter(runs::product.eq(product));
    }
    if let Some(within) = &filter.within {
        query = query.filter(runs::product.eq_any(within.iter().cloned().collect::<Vec<_>>()));
    }
    if let Some(from) = filter.from {
        query = query.filter(holds::at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(holds::at.lt(to));
    }
    if let Some(place) = cursor::read::<InRun>(filter.paging.cursor.as_deref())? {
        if filter.run.is_some() {
            query = query.filter(holds::no.lt(place.no));
        } else {
            let earlier = holds::run.lt(place.run.clone());
            let same = holds::run.eq(place.run).and(holds::no.lt(place.no));
            let behind = holds::at.lt(place.at).or(holds::at.eq(place.at).and(earlier.or(same)));
            query = query.filter(holds::at.le(place.at)).filter(behind);
        }
    }
    let limit = cursor::limit(filter.paging.limit);
    let found: Vec<HoldOfRun> = query.limit(limit + 1).load(conn)?;
    page(found, limit, |(row, _)| InRun::text(row.at, &row.run, row.no, ""))
}
