//! What can be known of a database before it is opened as a store.

use super::db::{Access, Address};
use super::fault::StoreError;
use super::journal::{self, columns};
use super::kept::Kept;
use super::schema::journal as table;
use crate::domain::clock::ClockKind;
use crate::seal::entry::ClockKind as SealedClock;
use diesel::prelude::*;
use std::path::Path;

/// The clock a site was founded with: a demo site's is simulated, every other is the system's.
///
/// # Errors
/// When the database cannot be read, holds no site, or its founding entry cannot be.
pub fn founding_clock(url: &str) -> Result<ClockKind, StoreError> {
    let mut conn = Address::parse(url)?.connect(Access::Read)?;
    let stored = table::table
        .filter(table::record_kind.eq("site").and(table::seq.eq(1)))
        .select(columns())
        .get_result(&mut conn)
        .optional()?;
    let stored = stored.ok_or(StoreError::Founding(
        "this database holds no site yet: found it with `batchwright found`",
    ))?;
    Ok(match journal::open(stored)?.header.clock {
        SealedClock::System | SealedClock::Unsettled => ClockKind::System,
        SealedClock::Simulated => ClockKind::Simulated,
    })
}

/// How many leaves the log had by the head that is kept in this file; `None` when there is none.
///
/// # Errors
/// When the file holds no such head.
pub fn kept_leaves(file: &Path) -> Result<Option<u64>, StoreError> {
    Ok(Kept::read(file)?.and_then(|kept| kept.leaves()))
}
