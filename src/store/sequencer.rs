//! The sequencer: after commit it gives every entry and access row its leaf, in order of insertion,
//! and signs checkpoints. One thread a process; its writing runs in the lane's groups, so that leaves
//! of several processes never mix.

use super::clock::Clock;
use super::db::Db;
use super::fault::StoreError;
use super::lanes::{Door, Task};
use super::schema::{checkpoints, log_pending, tree_leaves};
use super::submission::Outcome;
use crate::seal::checkpoint::Checkpoint;
use crate::seal::digest::Hash;
use crate::seal::key::PrivateKey;
use crate::seal::tree::Tree;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use diesel::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Leaves of one group: small, so that commands never wait long behind them.
const LEAVES: i64 = 1000;
/// How often leaves are appended while something is new.
const TICK: Duration = Duration::from_secs(1);

/// A command's answer that waits for a checkpoint.
pub(in crate::store) type Waiting = (oneshot::Sender<Outcome>, Outcome);

/// What the sequencer is told.
pub(in crate::store) enum Notice {
    /// A group with entries is durable; these answers wait for a checkpoint.
    Committed(Vec<Waiting>),
    /// Somebody asks for a checkpoint now.
    Now(Sender<Result<Option<Checkpoint>, StoreError>>),
    /// The last checkpoint, then the end.
    Stop,
}

/// What the sequencer is made of.
pub(in crate::store) struct Sequencer {
    pub(in crate::store) notices: Receiver<Notice>,
    pub(in crate::store) door: Door,
    pub(in crate::store) origin: String,
    pub(in crate::store) signer: Option<PrivateKey>,
    pub(in crate::store) clock: Clock,
    pub(in crate::store) every: Duration,
    pub(in crate::store) file: Option<PathBuf>,
    pub(in crate::store) log: Log,
}

/// The tree in memory and how far the pending rows are in it.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct Log(Arc<Mutex<LogState>>);

#[derive(Debug, Default)]
struct LogState {
    tree: Tree,
    /// The pending row of the newest leaf.
    last_pending: i64,
    /// Leaves were pushed by a group whose commit is not known yet.
    unsure: bool,
}

impl Sequencer {
    /// Works until it is told to stop.
    pub(in crate::store) fn run(self) {
        // What an earlier process left without leaf or checkpoint is due at once.
        let mut checkpoint_due = Some(Instant::now());
        loop {
            let wait = match checkpoint_due {
                Some(due) => due.saturating_duration_since(Instant::now()).min(TICK),
                None => Duration::from_secs(3600),
            };
            match self.notices.recv_timeout(wait) {
                Ok(Notice::Committed(waiting)) => {
                    if !waiting.is_empty() {
                        self.report(self.cover());
                        answer(waiting);
                        checkpoint_due = None;
                    } else if checkpoint_due.is_none() {
                        checkpoint_due = Some(Instant::now() + self.every);
                    }
                }
                Ok(Notice::Now(reply)) => {
                    let _ = reply.send(self.cover());
                    checkpoint_due = None;
                }
                Err(RecvTimeoutError::Timeout) => {
                    let due = checkpoint_due.is_some_and(|due| Instant::now() >= due);
                    if due {
                        self.report(self.cover());
                        checkpoint_due = None;
                    } else {
                        self.report(self.append().map(|()| None));
                    }
                }
                Ok(Notice::Stop) | Err(RecvTimeoutError::Disconnected) => {
                    self.report(self.cover());
                    return;
                }
            }
        }
    }

    fn report(&self, done: Result<Option<Checkpoint>, StoreError>) {
        if let Err(fault) = done {
            tracing::error!(%fault, "the log could not be brought up to date; it is tried again");
        }
    }

    /// Leaves for everything pending, then a checkpoint over them.
    fn cover(&self) -> Result<Option<Checkpoint>, StoreError> {
        self.append()?;
        let Some(signer) = self.signer.clone() else { return Ok(None) };
        let (origin, clock, log) = (self.origin.clone(), self.clock.clone(), self.log.clone());
        let made = self.in_lane(move |conn| sign(conn, &log, &origin, &clock, &signer))?;
        if let (Some(checkpoint), Some(file)) = (&made, &self.file) {
            write_note(file, &checkpoint.note)?;
        }
        Ok(made)
    }

    fn append(&self) -> Result<(), StoreError> {
        loop {
            let log = self.log.clone();
            let appended = self.in_lane(move |conn| append(conn, &log))?;
            self.log.0.lock().unwrap_or_else(PoisonError::into_inner).unsure = false;
            if appended < LEAVES {
                return Ok(());
            }
        }
    }

    fn in_lane<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Db) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        run_in_lane(&self.door, work)
    }
}

/// Has work done in the lane and hands back what it gave.
pub(in crate::store) fn run_in_lane<T: Send + 'static>(
    door: &Door,
    mut work: impl FnMut(&mut Db) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let given = Arc::new(Mutex::new(None));
    let slot = Arc::clone(&given);
    let task: Task = Box::new(move |conn| {
        let done = work(conn)?;
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
        Ok(())
    });
    door.run(task)?;
    let taken = given.lock().unwrap_or_else(PoisonError::into_inner).take();
    taken.ok_or(StoreError::Closed)
}

fn answer(waiting: Vec<Waiting>) {
    for (reply, outcome) in waiting {
        // Who asked may have gone away; what was done is done.
        let _ = reply.send(outcome);
    }
}

type PendingRow = (i64, Vec<u8>, String, Option<String>, Option<Vec<u8>>, i64);

#[derive(Insertable)]
#[diesel(table_name = tree_leaves)]
struct LeafRow {
    leaf_index: i64,
    link: Vec<u8>,
    source: String,
    record_kind: Option<String>,
    record_id: Option<Vec<u8>>,
    seq: i64,
}

/// Appends leaves for the next pending rows. Gives how many.
fn append(conn: &mut Db, log: &Log) -> Result<i64, StoreError> {
    let mut log = log.0.lock().unwrap_or_else(PoisonError::into_inner);
    catch_up(conn, &mut log)?;
    let pending: Vec<PendingRow> = log_pending::table
        .filter(log_pending::id.gt(log.last_pending))
        .order(log_pending::id)
        .limit(LEAVES)
        .load(conn)?;
    log.unsure = true;
    let mut rows = Vec::with_capacity(pending.len());
    for (id, link, source, record_kind, record_id, seq) in pending {
        let index = log.tree.push(&hash_of("log_pending", id, &link)?);
        let leaf_index = i64::try_from(index).map_err(|e| StoreError::Decision(e.to_string()))?;
        rows.push(LeafRow { leaf_index, link, source, record_kind, record_id, seq });
        log.last_pending = id;
    }
    match conn {
        Db::Sqlite(conn) => {
            for row in &rows {
                diesel::insert_into(tree_leaves::table).values(row).execute(conn)?;
            }
        }
        Db::Postgres(conn) => {
            diesel::insert_into(tree_leaves::table).values(&rows).execute(conn)?;
        }
    }
    Ok(i64::try_from(rows.len()).unwrap_or(LEAVES))
}

/// Makes the tree in memory the one that is stored: after a start, after a group that was undone, and
/// when another process has appended.
fn catch_up(conn: &mut Db, log: &mut LogState) -> Result<(), StoreError> {
    if log.unsure {
        *log = LogState::default();
    }
    let stored = stored_size(conn)?;
    let known = i64::try_from(log.tree.size()).unwrap_or(i64::MAX);
    if stored == known && log.last_pending != 0 {
        return Ok(());
    }
    if stored < known {
        *log = LogState::default();
    }
    let from = i64::try_from(log.tree.size()).unwrap_or(i64::MAX);
    let links: Vec<(i64, Vec<u8>)> = tree_leaves::table
        .filter(tree_leaves::leaf_index.ge(from))
        .order(tree_leaves::leaf_index)
        .select((tree_leaves::leaf_index, tree_leaves::link))
        .load(conn)?;
    for (index, link) in links {
        if log.tree.push(&hash_of("tree_leaves", index, &link)?) != index.unsigned_abs() {
            return Err(StoreError::Broken {
                table: "tree_leaves",
                row: format!("leaf {index}"),
                detail: "a leaf before it is missing".into(),
            });
        }
    }
    // Pending rows leave when a checkpoint covers them: the first of them are the leaves after it.
    let covered = newest(conn)?.map_or(0, |checkpoint| checkpoint.1);
    let leaves = stored - covered;
    log.last_pending = if leaves > 0 {
        let ids = log_pending::table.select(log_pending::id).order(log_pending::id);
        ids.offset(leaves - 1).first(conn).optional()?.unwrap_or(0)
    } else {
        0
    };
    Ok(())
}

fn hash_of(table: &'static str, row: i64, link: &[u8]) -> Result<Hash, StoreError> {
    link.try_into().map_err(|_| StoreError::Broken {
        table,
        row: row.to_string(),
        detail: "the link has not 32 bytes".into(),
    })
}

fn stored_size(conn: &mut Db) -> Result<i64, StoreError> {
    let newest = tree_leaves::table.select(tree_leaves::leaf_index);
    let index: Option<i64> = newest.order(tree_leaves::leaf_index.desc()).first(conn).optional()?;
    Ok(index.map_or(0, |index| index + 1))
}

/// Number and size of the newest checkpoint.
fn newest(conn: &mut Db) -> Result<Option<(i64, i64)>, StoreError> {
    let columns = checkpoints::table.select((checkpoints::number, checkpoints::size));
    Ok(columns.order(checkpoints::number.desc()).first(conn).optional()?)
}

/// Signs a checkpoint over all leaves; the newest one, when it covers them already.
fn sign(
    conn: &mut Db,
    log: &Log,
    origin: &str,
    clock: &Clock,
    signer: &PrivateKey,
) -> Result<Option<Checkpoint>, StoreError> {
    let mut log = log.0.lock().unwrap_or_else(PoisonError::into_inner);
    catch_up(conn, &mut log)?;
    let size = i64::try_from(log.tree.size()).unwrap_or(i64::MAX);
    let (number, covered) = newest(conn)?.unwrap_or((0, 0));
    if size == covered {
        return latest(conn);
    }
    let root = log.tree.root();
    let checkpoint = Checkpoint::sign(
        origin,
        (number + 1).unsigned_abs(),
        log.tree.size(),
        root,
        clock.time().0,
        signer,
    )
    .map_err(|e| StoreError::Process(format!("the checkpoint cannot be signed: {e}")))?;
    let columns = (
        checkpoints::number.eq(number + 1),
        checkpoints::size.eq(size),
        checkpoints::root.eq(root.as_slice()),
        checkpoints::at.eq(checkpoint.at),
        checkpoints::note.eq(&checkpoint.note),
    );
    diesel::insert_into(checkpoints::table).values(columns).execute(conn)?;
    let covered = log_pending::table.filter(log_pending::id.le(log.last_pending));
    diesel::delete(covered).execute(conn)?;
    Ok(Some(checkpoint))
}

/// The newest stored checkpoint.
pub(in crate::store) fn latest(conn: &mut Db) -> Result<Option<Checkpoint>, StoreError> {
    let found: Option<(i64, i64, Vec<u8>, i64, String)> =
        checkpoints::table.order(checkpoints::number.desc()).first(conn).optional()?;
    let Some((number, size, root, at, note)) = found else { return Ok(None) };
    let root = hash_of("checkpoints", number, &root)?;
    let (number, size) = (number.unsigned_abs(), size.unsigned_abs());
    Ok(Some(Checkpoint { number, size, root, at, note }))
}

/// Writes the note so that a reader sees the old or the new one, never half of one.
fn write_note(file: &Path, note: &str) -> Result<(), StoreError> {
    let fresh = file.with_extension("new");
    std::fs::write(&fresh, note)
        .and_then(|()| std::fs::rename(&fresh, file))
        .map_err(|e| StoreError::Process(format!("{} cannot be written: {e}", file.display())))
}
