//! What others wrote since this lane's newest entry: another node of the cluster, a second process, or
//! this lane itself in a commit whose answer was lost.
//!
//! Leaves rise along the whole journal, so what is new stands behind the newest entry that was known.
//! That entry must still be there; where it is not, this is another database (one that was restored),
//! and nothing of what was known is true of it.

use super::knowledge::Knowledge;
use crate::domain::ids::{RecordKey, RecordKind};
use crate::seal::digest::Hash;
use crate::store::access_log;
use crate::store::db::{Db, on_engine};
use crate::store::fault::StoreError;
use crate::store::schema::journal;
use diesel::prelude::*;
use std::collections::HashSet;
use uuid::Uuid;

/// So many new entries are looked through; behind more than that every state is compared when it is
/// next needed.
const LOOKED_THROUGH: i64 = 4000;

/// Leaf, link, kind and identity of an entry.
type Row = (i64, Vec<u8>, String, Vec<u8>);

/// Doubts the states of what others wrote, and takes up time and access log where they left them.
pub(super) fn hear(conn: &mut Db, known: &mut Knowledge) -> Result<(), StoreError> {
    if let Some((leaf, link)) = known.anchor {
        let rows = since(conn, leaf)?;
        let many = i64::try_from(rows.len()).is_ok_and(|rows| rows > LOOKED_THROUGH);
        if !rows.iter().any(|row| row.0 == leaf && row.1 == link) {
            tracing::warn!("the newest entry that was known is gone: everything is read again");
            known.forget();
        } else if many {
            known.shelf.doubt_all();
            known.anchor = None;
        } else {
            let new = rows.iter().filter(|row| row.0 > leaf);
            let records: HashSet<RecordKey> = new.map(record).collect::<Result<_, _>>()?;
            known.shelf.doubt(records);
            known.anchor = rows.last().map(anchor).transpose()?;
        }
    }
    let newest = newest(conn)?;
    if known.anchor.is_none() {
        known.anchor = newest.as_ref().map(|(row, _)| anchor(row)).transpose()?;
    }
    if known.site.is_none() {
        known.site = super::load::site_record(conn)?;
    }
    let access = access_log::head(conn)?;
    known.pace.access = (access.seq, access.link);
    // The later of the two by its place: after the clock was set back an earlier one may have a later time.
    known.pace.last_at = match newest {
        Some((row, at)) if row.0 > access.leaf => at,
        Some(_) | None => access.at.max(i64::MIN + 1),
    };
    Ok(())
}

/// The entries from a leaf on, and one more than is looked through at most.
fn since(conn: &mut Db, leaf: i64) -> Result<Vec<Row>, StoreError> {
    Ok(on_engine!(conn, conn => {
        journal::table
            .filter(journal::leaf.ge(leaf))
            .order(journal::leaf)
            .limit(LOOKED_THROUGH + 1)
            .select((journal::leaf, journal::link, journal::record_kind, journal::record_id))
            .load(conn)?
    }))
}

/// The newest entry, and its time.
fn newest(conn: &mut Db) -> Result<Option<(Row, i64)>, StoreError> {
    let columns = (journal::leaf, journal::link, journal::record_kind, journal::record_id);
    Ok(on_engine!(conn, conn => {
        journal::table
            .order(journal::leaf.desc())
            .limit(1)
            .select((columns, journal::at))
            .get_result(conn)
            .optional()?
    }))
}

fn anchor(row: &Row) -> Result<(i64, Hash), StoreError> {
    let link = Hash::try_from(row.1.as_slice()).map_err(|e| broken(row, e))?;
    Ok((row.0, link))
}

fn record(row: &Row) -> Result<RecordKey, StoreError> {
    let kind: RecordKind = row.2.parse().map_err(|e| broken(row, e))?;
    Ok(RecordKey::new(kind, Uuid::from_slice(&row.3).map_err(|e| broken(row, e))?))
}

fn broken(row: &Row, detail: impl ToString) -> StoreError {
    StoreError::Broken {
        table: "journal",
        row: format!("{} {}, leaf {}", row.2, hex::encode(&row.3), row.0),
        detail: detail.to_string(),
    }
}
