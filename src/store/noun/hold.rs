//! Holds of runs and their list.

use super::run::runs;
use super::table::prelude::*;
use crate::domain::run::{Hold, Run};
use crate::store::journal::Page;
use crate::store::journal::cursor::{self, InRun};
use crate::store::lists::{Paging, page};
use std::collections::BTreeSet;
use uuid::Uuid;

derived! {
    /// Holds. Read by the list of holds.
    HoldRow in holds by (run, no) of run
            looked up by (at, run, no)
            looked up by (standing, at, run, no) {
        /// The run.
        run: Binary,
        /// Number within it.
        no: BigInt,
        /// Placed at.
        at: BigInt,
        /// It was not lifted.
        standing: Bool,
        /// What it covers: canonical JSON.
        scope: Text,
        /// Why.
        reason: Text,
        /// Which authority lifts it.
        lifted_by_authority: Text,
        /// Who placed it: user name.
        user_name: Text,
        /// Printed name.
        printed_name: Text,
        /// Role.
        role: Text,
        /// Lifted at.
        lifted_at: Nullable<BigInt>,
        /// Why it was lifted.
        lifted: Nullable<Text>,
        /// Who lifted it: user name.
        lifted_user_name: Nullable<Text>,
        /// Printed name.
        lifted_printed_name: Nullable<Text>,
        /// Role.
        lifted_role: Nullable<Text>,
        /// Sequence of its last change.
        version: BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(holds, runs);

/// Visits the rows of a run's holds.
pub(super) fn rows(run: &Run, visit: &mut dyn FnMut(Part<'_>)) {
    for hold in &run.holds {
        let row = || Row::Hold(row(run, hold));
        visit(Part::new(HoldRow::TABLE.name, hold.no, hold.version, &row));
    }
}

fn row(run: &Run, hold: &Hold) -> HoldRow {
    let lifter = hold.lifted.as_ref().map(|(_, by, _)| by);
    HoldRow {
        run: run.key.id.as_bytes().to_vec(),
        no: i64::from(hold.no),
        at: hold.at.0,
        standing: hold.lifted.is_none(),
        scope: serde_json::to_value(&hold.scope).unwrap_or_default().to_string(),
        reason: hold.reason.clone(),
        lifted_by_authority: hold.lifted_by_authority.as_str().to_owned(),
        user_name: hold.by.user_name.clone(),
        printed_name: hold.by.printed_name.clone(),
        role: hold.by.role.clone(),
        lifted_at: hold.lifted.as_ref().map(|(at, _, _)| at.0),
        lifted: hold.lifted.as_ref().map(|(_, _, reason)| reason.clone()),
        lifted_user_name: lifter.map(|by| by.user_name.clone()),
        lifted_printed_name: lifter.map(|by| by.printed_name.clone()),
        lifted_role: lifter.map(|by| by.role.clone()),
        version: i64::try_from(hold.version).unwrap_or(i64::MAX),
    }
}

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
