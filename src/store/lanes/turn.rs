//! Whose turn it is. One transaction is one group; on PostgreSQL the nodes of a cluster take turns.
//!
//! The row lock on `op_lane` is what keeps two lanes apart (`lane::own`). Before it stands an advisory
//! lock, which is handed on in the order of asking: a node with more work keeps it over several
//! commits, for [`KEEP`] at most. While it is kept a transaction is open, so a node that falls silent
//! loses its turn with its session (`idle_in_transaction_session_timeout`).

use crate::store::db::Db;
use crate::store::fault::StoreError;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::{BigInt, Nullable, Text};
use std::time::{Duration, Instant};

/// How long a node with work may keep the lane.
const KEEP: Duration = Duration::from_millis(50);

const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_lock(7162836)";

/// COMMIT would undo a transaction in which a statement failed, without a word: the question before it
/// fails then.
const COMMIT_AND_PASS: &str = "SELECT 1; COMMIT; SELECT pg_advisory_unlock(7162836)";
const COMMIT_AND_KEEP: &str = "SELECT 1; COMMIT; BEGIN ISOLATION LEVEL READ COMMITTED";

/// How long the fate of a commit is asked for: longer than the server lets a silent session stand.
const PATIENCE: Duration = Duration::from_secs(12);

/// What became of a commit that was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was written.
    Written,
    /// It was undone.
    Undone,
    /// The server does not know, or does not answer.
    Unknown,
}

/// A lane's turn.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// When it began, while it is kept.
    began: Option<Instant>,
}

impl Turn {
    /// Waits for the turn and opens the transaction.
    pub(super) fn begin(&mut self, conn: &mut Db) -> Result<(), StoreError> {
        match conn {
            Db::Sqlite(conn) => conn.batch_execute("BEGIN IMMEDIATE").map_err(locked)?,
            // Kept: its transaction is open.
            Db::Postgres(_) if self.began.is_some() => {}
            Db::Postgres(conn) => {
                conn.batch_execute(BEGIN).map_err(held)?;
                self.began = Some(Instant::now());
            }
        }
        Ok(())
    }

    /// Commits; with more work at hand the turn is kept, unless it has lasted long enough.
    pub(super) fn commit(&mut self, conn: &mut Db, more: bool) -> Result<(), StoreError> {
        let keep = more && self.began.is_some_and(|began| began.elapsed() < KEEP);
        match conn {
            Db::Sqlite(conn) => conn.batch_execute("COMMIT")?,
            Db::Postgres(conn) if keep => conn.batch_execute(COMMIT_AND_KEEP)?,
            Db::Postgres(conn) => {
                self.began = None;
                conn.batch_execute(COMMIT_AND_PASS)?;
            }
        }
        Ok(())
    }

    /// Hands the turn on, where it was kept.
    pub(super) fn pass(&mut self, conn: &mut Db) {
        if self.began.is_some() {
            self.clean(conn);
        }
    }

    /// Leaves no transaction and no lock behind. Gives whether the connection can be used again.
    pub(super) fn clean(&mut self, conn: &mut Db) -> bool {
        self.began = None;
        match conn {
            Db::Sqlite(conn) => {
                // SQLite has undone some faults by itself; ROLLBACK then only complains.
                let _ = conn.batch_execute("ROLLBACK");
                conn.batch_execute("BEGIN; ROLLBACK").is_ok()
            }
            Db::Postgres(conn) => {
                conn.batch_execute("ROLLBACK; SELECT pg_advisory_unlock_all()").is_ok()
            }
        }
    }
}

/// What a wait for a lock of PostgreSQL ended with. The server says it in its own language, so whatever
/// is no lost connection counts as having waited too long.
pub(super) fn held(fault: Error) -> StoreError {
    match fault {
        Error::DatabaseError(kind, _) if kind != DatabaseErrorKind::ClosedConnection => {
            StoreError::Held
        }
        fault => fault.into(),
    }
}

/// The same of SQLite, which has one language.
fn locked(fault: Error) -> StoreError {
    match fault {
        Error::DatabaseError(_, told) if told.message().contains("locked") => StoreError::Held,
        fault => fault.into(),
    }
}

#[derive(QueryableByName)]
struct Status {
    #[diesel(sql_type = Nullable<Text>)]
    status: Option<String>,
}

/// What became of a transaction of this cluster whose commit was not answered. While its session
/// stands it is in progress: the server ends a silent one within seconds.
pub(super) fn fate(conn: &mut Db, transaction: i64) -> Fate {
    let Db::Postgres(conn) = conn else { return Fate::Undone };
    let asked = Instant::now();
    while asked.elapsed() < PATIENCE {
        let query = diesel::sql_query("SELECT pg_xact_status($1::text::xid8) AS status");
        let Ok(found) = query.bind::<BigInt, _>(transaction).get_result::<Status>(conn) else {
            return Fate::Unknown;
        };
        match found.status.as_deref() {
            Some("committed") => return Fate::Written,
            Some("aborted") => return Fate::Undone,
            Some(_) => std::thread::sleep(Duration::from_millis(100)),
            None => return Fate::Unknown,
        }
    }
    Fate::Unknown
}
