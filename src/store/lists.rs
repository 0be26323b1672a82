//! Lists for screens, from the derived tables.

use super::db::Db;
use super::derived::row::{DeviationRow, LotRow, MasterRow, PersonRow, RunRow};
use super::fault::StoreError;
use super::journal::cursor::{Number, Within};
use super::journal::{Page, cursor};
use super::schema::{deviations, journal, lots, masters, persons, records, runs};
use crate::domain::clock::Instant;
use diesel::dsl::{max, not};
use diesel::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Which part of a list.
#[derive(Debug, Clone, Default)]
pub struct Paging {
    /// After this cursor.
    pub cursor: Option<String>,
    /// At most so many (1 to 500; 0: 100).
    pub limit: usize,
}

/// Which runs.
#[derive(Debug, Clone, Default)]
pub struct RunFilter {
    /// With this purpose, as in `production`.
    pub purpose: Option<String>,
    /// In this phase, as in `running`.
    pub phase: Option<String>,
    /// Of this product code.
    pub product: Option<String>,
    /// Issued from this version of a master record: code and version.
    pub master: Option<(String, i64)>,
    /// Which part.
    pub paging: Paging,
}

/// Which master records.
#[derive(Debug, Clone)]
pub struct MasterFilter {
    /// With this code.
    pub code: Option<String>,
    /// In this phase, as in `effective`, at the moment `at`.
    pub phase: Option<String>,
    /// The moment at which the phase is asked for: dates bring versions into effect.
    pub at: Instant,
    /// Which part.
    pub paging: Paging,
}

/// Which lots.
#[derive(Debug, Clone, Default)]
pub struct LotFilter {
    /// Of this batch.
    pub batch: Option<String>,
    /// Of this product code.
    pub product: Option<String>,
    /// Of this class, as in `side-product`.
    pub class: Option<String>,
    /// With this disposition, as in `released`.
    pub disposition: Option<String>,
    /// Which part.
    pub paging: Paging,
}

fn page<T>(found: Vec<T>, limit: i64, place: impl Fn(&T) -> String) -> Result<Page<T>, StoreError> {
    let with_place = found.into_iter().map(|row| {
        let at = place(&row);
        Ok((row, at))
    });
    Page::of(with_place, limit)
}

/// Runs, the newest issue first.
///
/// # Errors
/// The engine's.
pub fn list_runs(conn: &mut Db, filter: &RunFilter) -> Result<Page<RunRow>, StoreError> {
    let mut query = runs::table.order(runs::issue_no.desc()).into_boxed();
    if let Some(purpose) = &filter.purpose {
        query = query.filter(runs::purpose.eq(purpose));
    }
    if let Some(phase) = &filter.phase {
        query = query.filter(runs::phase.eq(phase));
    }
    if let Some(product) = &filter.product {
        query = query.filter(runs::product.eq(product));
    }
    if let Some((code, version)) = &filter.master {
        let is = runs::master_code.eq(code).and(runs::master_version.eq(version));
        query = query.filter(is);
    }
    if let Some(before) = cursor::read::<i64>(filter.paging.cursor.as_deref())? {
        query = query.filter(runs::issue_no.lt(before));
    }
    let limit = cursor::limit(filter.paging.limit);
    page(query.limit(limit + 1).load(conn)?, limit, |row: &RunRow| row.issue_no.to_string())
}

/// A run in which something may run out, with the sequence of its newest entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatchedRun {
    /// Its identity.
    pub id: Uuid,
    /// Sequence of its newest entry.
    pub head: i64,
}

/// Runs that are neither closed nor aborted.
///
/// # Errors
/// The engine's.
pub fn watched_runs(conn: &mut Db) -> Result<Vec<WatchedRun>, StoreError> {
    let head = journal::table.filter(journal::record_id.eq(records::id));
    let query = records::table
        .filter(records::kind.eq("run"))
        .filter(records::phase.ne("closed"))
        .filter(records::phase.ne("aborted"))
        .select((records::id, head.select(max(journal::seq)).single_value()));
    let found: Vec<(Vec<u8>, Option<i64>)> = query.load(conn)?;
    let run = |(id, head): (Vec<u8>, Option<i64>)| {
        Some(WatchedRun { id: Uuid::from_slice(&id).ok()?, head: head? })
    };
    Ok(found.into_iter().filter_map(run).collect())
}

/// Numbers of the runs that were issued before the later of two moments and have an entry after the
/// earlier one: those in which something can have happened between them.
///
/// # Errors
/// The engine's.
pub fn runs_between(
    conn: &mut Db,
    from: Instant,
    to: Instant,
) -> Result<BTreeSet<String>, StoreError> {
    let newest = journal::table
        .filter(journal::record_id.eq(runs::id))
        .order(journal::seq.desc())
        .limit(1)
        .select(journal::at)
        .single_value();
    let query =
        runs::table.filter(runs::issued_at.le(to.0)).filter(newest.ge(from.0)).select(runs::number);
    Ok(query.load::<String>(conn)?.into_iter().collect())
}

/// Master records by code, the newest version first.
///
/// # Errors
/// The engine's.
pub fn list_masters(conn: &mut Db, filter: &MasterFilter) -> Result<Page<MasterRow>, StoreError> {
    let mut query = masters::table.order((masters::code, masters::version.desc())).into_boxed();
    if let Some(code) = &filter.code {
        query = query.filter(masters::code.eq(code));
    }
    if let Some(phase) = &filter.phase {
        let at = filter.at.0;
        let begun = masters::effective_from
            .is_not_null()
            .and(masters::effective_from.assume_not_null().le(at));
        let over = masters::superseded_from
            .is_not_null()
            .and(masters::superseded_from.assume_not_null().le(at));
        let approved = ["approved", "effective"];
        query = match phase.as_str() {
            "effective" => query.filter(masters::phase.eq_any(approved).and(begun).and(not(over))),
            "approved" => {
                query.filter(masters::phase.eq_any(approved).and(not(begun)).and(not(over)))
            }
            "suspended" => query.filter(masters::phase.eq("suspended").and(not(over))),
            "superseded" => {
                let was = masters::phase.eq_any(["approved", "effective", "suspended"]);
                query.filter(was.and(over))
            }
            other => query.filter(masters::phase.eq(other.to_owned())),
        };
    }
    if let Some(Within(code, version)) = cursor::read(filter.paging.cursor.as_deref())? {
        let same = masters::code.eq(code.clone()).and(masters::version.lt(version));
        query = query.filter(masters::code.gt(code).or(same));
    }
    let limit = cursor::limit(filter.paging.limit);
    page(query.limit(limit + 1).load(conn)?, limit, |row: &MasterRow| {
        format!("{}~{}", row.code, row.version)
    })
}

/// Persons by normalised user name.
///
/// # Errors
/// The engine's.
pub fn list_persons(conn: &mut Db, paging: &Paging) -> Result<Page<PersonRow>, StoreError> {
    let mut query = persons::table.order(persons::number).into_boxed();
    if let Some(Number(after)) = cursor::read(paging.cursor.as_deref())? {
        query = query.filter(persons::number.gt(after));
    }
    let limit = cursor::limit(paging.limit);
    page(query.limit(limit + 1).load(conn)?, limit, |row: &PersonRow| row.number.clone())
}

/// Deviations, the newest number first; `phase` as in `open`.
///
/// # Errors
/// The engine's.
pub fn list_deviations(
    conn: &mut Db,
    phase: Option<&str>,
    paging: &Paging,
) -> Result<Page<DeviationRow>, StoreError> {
    let mut query = deviations::table.order(deviations::number.desc()).into_boxed();
    if let Some(phase) = phase {
        query = query.filter(deviations::phase.eq(phase.to_owned()));
    }
    if let Some(Number(before)) = cursor::read(paging.cursor.as_deref())? {
        query = query.filter(deviations::number.lt(before));
    }
    let limit = cursor::limit(paging.limit);
    page(query.limit(limit + 1).load(conn)?, limit, |row: &DeviationRow| row.number.clone())
}

/// Lots by number.
///
/// # Errors
/// The engine's.
pub fn list_lots(conn: &mut Db, filter: &LotFilter) -> Result<Page<LotRow>, StoreError> {
    let mut query = lots::table.order(lots::number).into_boxed();
    if let Some(batch) = &filter.batch {
        query = query.filter(lots::run_number.eq(batch));
    }
    if let Some(product) = &filter.product {
        query = query.filter(lots::product.eq(product));
    }
    if let Some(class) = &filter.class {
        query = query.filter(lots::class.eq(class));
    }
    if let Some(disposition) = &filter.disposition {
        query = query.filter(lots::disposition.eq(disposition));
    }
    if let Some(Number(after)) = cursor::read(filter.paging.cursor.as_deref())? {
        query = query.filter(lots::number.gt(after));
    }
    let limit = cursor::limit(filter.paging.limit);
    page(query.limit(limit + 1).load(conn)?, limit, |row: &LotRow| row.number.clone())
}
