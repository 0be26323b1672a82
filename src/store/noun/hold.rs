//! Holds of runs.

pub mod list;

use super::table::prelude::*;
use crate::domain::run::{Hold, Run};

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
