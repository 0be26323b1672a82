//! The log of the site as the lane keeps it: its frontier, its signed head, and the numbered checkpoints.
//!
//! Every commit that adds a leaf signs the head anew in its own transaction, so an entry is in the log when
//! it is in the database. What the lane knows of the log is only what it wrote itself or verified when it
//! took the lane (`lanes::head`); the memory it takes does not grow with the log.

use super::clock::Clock;
use super::db::{Db, on_engine};
use super::fault::{LogFault, StoreError};
use super::kept::Kept;
use super::schema::{checkpoints, log_head};
use crate::seal::checkpoint::{Checkpoint, CheckpointFault, Head, LogSigner};
use crate::seal::digest::Hash;
use crate::seal::frontier::Frontier;
use crate::seal::key::PrivateKey;
use diesel::prelude::*;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Without the key there is no signed head, and without that no entry.
const NO_KEY: &str = "this process holds no log key, and no entry is written without it";

/// The one row of `log_head`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = log_head, treat_none_as_default_value = false)]
pub(in crate::store) struct HeadRow {
    pub(in crate::store) id: i64,
    pub(in crate::store) checkpoint: i64,
    pub(in crate::store) size: i64,
    pub(in crate::store) root: Vec<u8>,
    pub(in crate::store) frontier: Vec<u8>,
    pub(in crate::store) at: i64,
    pub(in crate::store) note: String,
}

#[derive(Insertable)]
#[diesel(table_name = checkpoints)]
struct CheckpointRow<'a> {
    number: i64,
    size: i64,
    root: &'a [u8],
    at: i64,
    note: &'a str,
}

/// The log up to a head that this process wrote or verified.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct Known {
    pub(in crate::store) frontier: Frontier,
    /// None only while the log is empty.
    pub(in crate::store) head: Option<Head>,
    /// The newest numbered checkpoint.
    pub(in crate::store) checkpoint: Option<Checkpoint>,
}

impl Known {
    /// The row that holds this head.
    pub(in crate::store) fn row(&self) -> Result<Option<HeadRow>, StoreError> {
        let Some(head) = &self.head else { return Ok(None) };
        Ok(Some(HeadRow {
            id: 1,
            checkpoint: whole(head.checkpoint)?,
            size: whole(head.size)?,
            root: head.root.to_vec(),
            frontier: self.frontier.to_bytes(),
            at: head.at,
            note: head.note.clone(),
        }))
    }
}

/// What the lane, the desk and the keeper of checkpoints share of the log.
#[derive(Debug, Clone)]
pub(in crate::store) struct Log(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<LogState>,
    /// Why this process writes nothing any more. Apart from the state, which waits for the engine: who asks
    /// whether the server is ready does not.
    fault: OnceLock<LogFault>,
}

/// See [`Log`].
#[derive(Debug)]
pub(in crate::store) struct LogState {
    key: Option<PrivateKey>,
    clock: Clock,
    /// The key with the origin of this site's log, once that is known.
    pub(in crate::store) signer: Option<LogSigner>,
    /// The newest head that was committed; none before the lane was taken for the first time.
    pub(in crate::store) known: Option<Known>,
    /// The head of the transaction that is open.
    written: Option<Known>,
    /// A numbered checkpoint is asked for.
    due: bool,
    /// The transaction that is open knew that, and makes one where there is something new.
    heard: bool,
    /// The head kept beside the key: held against the database when the lane is first taken.
    pub(in crate::store) kept: Option<Kept>,
}

impl Log {
    /// A log that nothing is known of yet.
    pub(in crate::store) fn new(key: Option<PrivateKey>, clock: Clock, kept: Option<Kept>) -> Self {
        let state = LogState {
            key,
            clock,
            signer: None,
            known: None,
            written: None,
            due: false,
            heard: false,
            kept,
        };
        Self(Arc::new(Shared { state: Mutex::new(state), fault: OnceLock::new() }))
    }

    pub(in crate::store) fn lock(&self) -> MutexGuard<'_, LogState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds leaves to the log and signs its new head; gives the number of the first, and the row of the head,
    /// which is to be written in the transaction that is open. `at` is the time of the newest, `origin` what
    /// the founding says in this very group.
    pub(in crate::store) fn append(
        &self,
        conn: &mut Db,
        links: &[Hash],
        at: Option<i64>,
        origin: impl FnOnce() -> Option<String>,
    ) -> Result<(i64, Option<HeadRow>), StoreError> {
        let mut state = self.lock();
        state.heard = state.due;
        if links.is_empty() && !state.due {
            return Ok((0, None));
        }
        if !state.signs() {
            return Err(StoreError::Process(NO_KEY.into()));
        }
        let untaken = || StoreError::Process("the log was not read before it was written".into());
        let known = state.known.clone().ok_or_else(untaken)?;
        let first = whole(known.frontier.size())?;
        let covered = known.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.size);
        let due = state.due && known.frontier.size() + links.len() as u64 > covered;
        if links.is_empty() && !due {
            return Ok((first, None));
        }
        let signer = state.signer(origin)?.clone();
        let mut next = known;
        links.iter().for_each(|link| {
            next.frontier.push(link);
        });
        let (size, root) = (next.frontier.size(), next.frontier.root());
        let before = next.head.as_ref().map_or(i64::MIN, |head| head.at);
        let at = at.unwrap_or_else(|| state.clock.time().0).max(before);
        let mut number = next.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.number);
        if due {
            number += 1;
            let checkpoint = signer.checkpoint(number, size, root, at).map_err(unsigned)?;
            insert(conn, &checkpoint)?;
            next.checkpoint = Some(checkpoint);
        }
        next.head = Some(signer.head(number, size, root, at).map_err(unsigned)?);
        let row = next.row()?;
        state.written = Some(next);
        Ok((first, row))
    }

    /// What was written is durable.
    pub(in crate::store) fn committed(&self) {
        let mut state = self.lock();
        if let Some(written) = state.written.take() {
            state.known = Some(written);
        }
        state.due &= !state.heard;
    }

    /// What was written is undone, or nobody knows: the next taking looks.
    pub(in crate::store) fn undone(&self) {
        self.lock().written = None;
    }

    /// The next transaction makes a numbered checkpoint over everything, unless one covers it already.
    pub(in crate::store) fn ask_checkpoint(&self) {
        self.lock().due = true;
    }

    /// Whether this process can sign.
    pub(in crate::store) fn signs(&self) -> bool {
        self.lock().key.is_some()
    }

    /// The newest head that was committed, with what it stands on.
    pub(in crate::store) fn known(&self) -> Option<Known> {
        self.lock().known.clone()
    }

    /// Why this process writes nothing any more.
    pub(in crate::store) fn fault(&self) -> Option<&LogFault> {
        self.0.fault.get()
    }

    /// From now on this process writes nothing.
    pub(in crate::store) fn ends_with(&self, fault: LogFault) {
        tracing::error!(%fault, "the log is not as it was written");
        // The first fault is the one that is told.
        let _ = self.0.fault.set(fault);
    }
}

impl LogState {
    /// The log key, ready to sign for this site; `origin` says which log it is, where that is not known yet.
    pub(in crate::store) fn signer(
        &mut self,
        origin: impl FnOnce() -> Option<String>,
    ) -> Result<&LogSigner, StoreError> {
        if self.signer.is_none() {
            let key = self.key.as_ref().ok_or_else(|| StoreError::Process(NO_KEY.into()))?;
            let origin =
                origin().ok_or(StoreError::Founding("the origin of the log is unknown"))?;
            self.signer = Some(LogSigner::new(&origin, key).map_err(unsigned)?);
        }
        self.signer.as_ref().ok_or(StoreError::Closed)
    }

    /// Whether there is a key to sign with.
    pub(in crate::store) fn signs(&self) -> bool {
        self.key.is_some()
    }
}

/// A number of leaves as a column.
pub(in crate::store) fn whole(n: u64) -> Result<i64, StoreError> {
    i64::try_from(n).map_err(|e| StoreError::Decision(e.to_string()))
}

fn unsigned(fault: CheckpointFault) -> StoreError {
    StoreError::Process(format!("the head of the log cannot be signed: {fault}"))
}

impl HeadRow {
    /// Writes the head in place of the one before, on SQLite: REPLACE stays prepared; an UPDATE would be
    /// compiled for every commit. On PostgreSQL it goes with the rows it covers (`unit::postgres`).
    pub(in crate::store) fn put(&self, conn: &mut SqliteConnection) -> Result<(), StoreError> {
        diesel::replace_into(log_head::table).values(self).execute(conn)?;
        Ok(())
    }
}

fn insert(conn: &mut Db, checkpoint: &Checkpoint) -> Result<(), StoreError> {
    let row = CheckpointRow {
        number: whole(checkpoint.number)?,
        size: whole(checkpoint.size)?,
        root: &checkpoint.root,
        at: checkpoint.at,
        note: &checkpoint.note,
    };
    on_engine!(conn, conn => {
        diesel::insert_into(checkpoints::table).values(&row).execute(conn)?;
    });
    Ok(())
}

/// The newest stored checkpoint, as its columns say.
pub(in crate::store) fn newest_checkpoint(conn: &mut Db) -> Result<Option<Checkpoint>, StoreError> {
    let newest = checkpoints::table.order(checkpoints::number.desc());
    let found: Option<(i64, i64, Vec<u8>, i64, String)> = newest.first(conn).optional()?;
    let Some((number, size, root, at, note)) = found else { return Ok(None) };
    let broken = || StoreError::Broken {
        table: "checkpoints",
        row: number.to_string(),
        detail: "the root has not 32 bytes".into(),
    };
    let root = Hash::try_from(root.as_slice()).map_err(|_| broken())?;
    let (number, size) = (number.unsigned_abs(), size.unsigned_abs());
    Ok(Some(Checkpoint { number, size, root, at, note }))
}
