//! The access log: appended by the lane only, chained, searched by who and when.

use super::db::Db;
use super::fault::StoreError;
use super::journal::{Page, cursor};
use super::schema::access_log;
use crate::domain::clock::Instant;
use crate::domain::ids::PersonId;
use crate::seal::access::{self, AccessRow, SealedAccess};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

/// An attempt to be kept: a sign-in, a refusal, a misuse.
#[derive(Debug, Clone, Default)]
pub struct Attempt {
    /// What was attempted: `sign-in`, `record-entry`, …
    pub what: String,
    /// User name as typed or as in the session.
    pub user_name: Option<String>,
    /// The person, when known.
    pub person: Option<PersonId>,
    /// The session, when there is one.
    pub session: Option<Uuid>,
    /// The request's id.
    pub request_id: Option<String>,
    /// The station named by the client.
    pub station: Option<String>,
    /// `allowed`, `refused`, `failed`, …
    pub outcome: String,
    /// The refusal's code.
    pub code: Option<String>,
    /// The refusal's rule id.
    pub rule: Option<String>,
    /// More, never a credential.
    pub detail: Value,
}

/// Which rows of the access log.
#[derive(Debug, Clone, Default)]
pub struct AccessFilter {
    /// Of this person.
    pub person: Option<PersonId>,
    /// Under this user name: attempts under a name are somebody's before it is known whose.
    pub user_name: Option<String>,
    /// With this outcome.
    pub outcome: Option<String>,
    /// Of this attempt.
    pub what: Option<String>,
    /// From this moment on.
    pub from: Option<Instant>,
    /// Before this moment.
    pub to: Option<Instant>,
    /// After this cursor.
    pub cursor: Option<String>,
    /// At most so many (1 to 500; 0: 100).
    pub limit: usize,
}

#[derive(Debug, Insertable)]
#[diesel(table_name = access_log, treat_none_as_default_value = false)]
pub(in crate::store) struct Columns {
    /// Its place in the log; in the unit, once that is written.
    pub(in crate::store) leaf: i64,
    pub(in crate::store) link: Vec<u8>,
    pub(in crate::store) at: i64,
    pub(in crate::store) what: String,
    pub(in crate::store) user_name: Option<String>,
    pub(in crate::store) person: Option<Vec<u8>>,
    pub(in crate::store) outcome: String,
    pub(in crate::store) row: String,
}

impl Columns {
    /// The stored form of a sealed row: every column but the row is a copy of a part of it.
    pub(in crate::store) fn of(sealed: &SealedAccess, leaf: i64) -> Result<Self, StoreError> {
        let broken = |detail: String| StoreError::Broken {
            table: "access_log",
            row: "the new row".into(),
            detail,
        };
        let row =
            SealedAccess::open(&sealed.row, &sealed.link).map_err(|e| broken(e.to_string()))?;
        Ok(Self {
            leaf,
            row: String::from_utf8_lossy(&sealed.row).into_owned(),
            link: sealed.link.to_vec(),
            at: row.at,
            what: row.what,
            user_name: row.user_name,
            person: row.person.map(|id| id.as_bytes().to_vec()),
            outcome: row.outcome,
        })
    }
}

/// The newest row: place, link, leaf, time.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct NewestAccess {
    /// 0 before the first.
    pub(in crate::store) seq: u64,
    /// Zeros before the first.
    pub(in crate::store) link: [u8; 32],
    pub(in crate::store) leaf: i64,
    pub(in crate::store) at: i64,
}

/// The newest row.
pub(in crate::store) fn head(conn: &mut Db) -> Result<NewestAccess, StoreError> {
    let newest = access_log::table.select((access_log::leaf, access_log::row, access_log::link));
    let newest = newest.order(access_log::leaf.desc()).first::<Stored>(conn).optional()?;
    let Some(newest) = newest else {
        return Ok(NewestAccess { seq: 0, link: [0; 32], leaf: -1, at: i64::MIN });
    };
    let link = access::link_of(newest.1.as_bytes());
    let (row, leaf) = open(newest)?;
    Ok(NewestAccess { seq: row.seq, link, leaf, at: row.at })
}

type Stored = (i64, String, Vec<u8>);

/// Opens a stored row (law 7), with its place in the log.
fn open((leaf, row, link): Stored) -> Result<(AccessRow, i64), StoreError> {
    let opened = SealedAccess::open(row.as_bytes(), &link).map_err(|e| StoreError::Broken {
        table: "access_log",
        row: format!("leaf {leaf}"),
        detail: e.to_string(),
    })?;
    Ok((opened, leaf))
}

/// Rows of the access log, newest first.
///
/// # Errors
/// The engine's, or a row that cannot be.
pub fn search(conn: &mut Db, filter: &AccessFilter) -> Result<Page<AccessRow>, StoreError> {
    let mut query = access_log::table
        .select((access_log::leaf, access_log::row, access_log::link))
        .order(access_log::leaf.desc())
        .into_boxed();
    let name = filter.user_name.clone();
    match (filter.person.map(|id| id.as_bytes().to_vec()), name) {
        (Some(id), Some(name)) => {
            let is = access_log::person.eq(id).or(access_log::user_name.eq(name));
            query = query.filter(is.assume_not_null());
        }
        (Some(id), None) => query = query.filter(access_log::person.eq(id)),
        (None, Some(name)) => query = query.filter(access_log::user_name.eq(name)),
        (None, None) => {}
    }
    if let Some(outcome) = &filter.outcome {
        query = query.filter(access_log::outcome.eq(outcome));
    }
    if let Some(what) = &filter.what {
        query = query.filter(access_log::what.eq(what));
    }
    if let Some(from) = filter.from {
        query = query.filter(access_log::at.ge(from.0));
    }
    if let Some(to) = filter.to {
        query = query.filter(access_log::at.lt(to.0));
    }
    if let Some(before) = cursor::read::<i64>(filter.cursor.as_deref())? {
        query = query.filter(access_log::leaf.lt(before));
    }
    let limit = cursor::limit(filter.limit);
    let found: Vec<Stored> = query.limit(limit + 1).load(conn)?;
    let opened = |stored| open(stored).map(|(row, leaf)| (row, leaf.to_string()));
    Page::of(found.into_iter().map(opened), limit)
}
