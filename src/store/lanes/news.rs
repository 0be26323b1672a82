//! What others wrote since this lane's newest entry: another node of the cluster, a second process, or
//! this lane itself in a commit whose answer was lost.
//!
//! Times rise along the whole journal, so what is new stands behind the newest entry that was known.
//! That entry must still be there; where it is not, this is another database (one that was restored),
//! and nothing of what was known is true of it.

use super::knowledge::Knowledge;
use crate::domain::ids::{RecordKey, RecordKind};
use crate::seal::digest::Hash;
use crate::store::access_log;
use crate::store::db::{Db, on_engine};
use crate::store::fault::StoreError;
use crate::store::schema::journal;
use diesel::dsl::max;
use diesel::prelude::*;
use std::collections::HashSet;
use uuid::Uuid;

/// So many new entries are looked through; behind more than that every state is compared when it is
/// next needed.
const LOOKED_THROUGH: i64 = 4000;

/// Time, link, kind and identity of an entry.
type Row = (i64, Vec<u8>, String, Vec<u8>);

/// Doubts the states of what others wrote, and takes up time and access log where they left them.
pub(super) fn hear(conn: &mut Db, known: &mut Knowledge) -> Result<(), StoreError> {
    if let Some((at, link)) = known.anchor {
        let rows = since(conn, at)?;
        let many = i64::try_from(rows.len()).is_ok_and(|rows| rows > LOOKED_THROUGH);
        if !rows.iter().any(|row| row.0 == at && row.1 == link) {
            tracing::warn!("the newest entry that was known is gone: everything is read again");
            known.forget();
        } else if many {
            known.shelf.doubt_all();
            known.anchor = None;
        } else {
            let new = rows.iter().filter(|row| row.0 > at);
            let records: HashSet<RecordKey> = new.map(record).collect::<Result<_, _>>()?;
            known.shelf.doubt(records);
            known.anchor = rows.last().map(anchor).transpose()?;
        }
    }
    if known.anchor.is_none() {
        known.anchor = newest(conn)?;
    }
    if known.site.is_none() {
        known.site = super::load::site_record(conn)?;
    }
    let (seq, link, at) = access_log::head(conn)?;
    known.pace.access = (seq, link);
    known.pace.last_at = known.anchor.map_or(i64::MIN + 1, |(at, _)| at).max(at);
    Ok(())
}

/// The entries from a time on, and one more than is looked through at most.
fn since(conn: &mut Db, at: i64) -> Result<Vec<Row>, StoreError> {
    Ok(on_engine!(conn, conn => {
        journal::table
            .filter(journal::at.ge(at))
            .order(journal::at)
            .limit(LOOKED_THROUGH + 1)
            .select((journal::at, journal::link, journal::record_kind, journal::record_id))
            .load(conn)?
    }))
}

/// Time and link of the newest entry.
fn newest(conn: &mut Db) -> Result<Option<(i64, Hash)>, StoreError> {
    let at: Option<i64> = on_engine!(conn, conn => {
        journal::table.select(max(journal::at)).get_result(conn)?
    });
    let Some(at) = at else { return Ok(None) };
    since(conn, at)?.last().map(anchor).transpose()
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
        row: format!("{} {} at {}", row.2, hex::encode(&row.3), row.0),
        detail: detail.to_string(),
    }
}
