//! The log by its leaves: both tables merged, each checkpoint where its leaves end, the head at the end.

use super::tables::{
    Raw, access_row, access_select, checkpoint_row, checkpoint_select, head_row, id_text,
    leaf_select, load, number, text,
};
use crate::seal::verify::{AccessRowStored, CheckpointRow, LeafTable, Seen, Verifier};
use crate::store::db::Db;
use crate::store::fault::StoreError;
use std::collections::VecDeque;

/// How many rows are held at once.
const PAGE: usize = 4096;

/// Feeds the whole log to the verifier.
pub(super) fn read(conn: &mut Db, verifier: &mut Verifier) -> Result<(), StoreError> {
    head_row(conn, verifier)?;
    let mut entries = Stream::new(|raw: Raw, verifier: &mut Verifier| {
        let leaf = leaf_of("journal", &raw, verifier)?;
        Some((leaf, raw))
    });
    let mut attempts = Stream::new(|raw: Raw, verifier: &mut Verifier| {
        let row = access_row(raw, verifier)?;
        Some((row.leaf, row))
    });
    let mut checkpoints = Stream::new(|raw: Raw, verifier: &mut Verifier| {
        let row = checkpoint_row(raw, verifier)?;
        Some((row.size, row))
    });
    loop {
        let entry = entries.peek(conn, verifier, leaf_select)?;
        let attempt = attempts.peek(conn, verifier, access_select)?;
        let checkpoint = checkpoints.peek(conn, verifier, checkpoint_select)?;
        let next = entry.into_iter().chain(attempt).min();
        if let Some(size) = checkpoint
            && (size <= verifier.leaves() || next.is_none())
        {
            take_checkpoint(&mut checkpoints, verifier);
            continue;
        }
        match next {
            None => return Ok(()),
            Some(leaf) if entry == Some(leaf) => {
                let Some((leaf, row)) = entries.rows.pop_front() else { continue };
                let seen = Seen {
                    link: row.b0.as_deref().unwrap_or_default(),
                    entry: Some((row.b2.as_deref().unwrap_or_default(), row.i2)),
                };
                verifier.leaf(LeafTable::Journal, leaf, seen, || name(&row, leaf));
            }
            Some(_) => take_attempt(&mut attempts, verifier),
        }
    }
}

fn take_checkpoint<R>(checkpoints: &mut Stream<CheckpointRow, R>, verifier: &mut Verifier) {
    if let Some((_, row)) = checkpoints.rows.pop_front() {
        verifier.checkpoint(&row);
    }
}

fn take_attempt<R>(attempts: &mut Stream<AccessRowStored, R>, verifier: &mut Verifier) {
    if let Some((leaf, row)) = attempts.rows.pop_front() {
        let seen = Seen { link: &row.link, entry: None };
        verifier.leaf(LeafTable::AccessLog, leaf, seen, || format!("leaf {leaf}"));
        verifier.access(&row);
    }
}

/// What names an entry, for people.
fn name(row: &Raw, leaf: u64) -> String {
    let (kind, id) = (text(&row.b1), id_text(&row.b2));
    format!("leaf {leaf}: {kind} {id} entry {}", row.i1.unwrap_or(-1))
}

fn leaf_of(table: &str, raw: &Raw, verifier: &mut Verifier) -> Option<u64> {
    let leaf = number(raw.i0);
    if leaf.is_none() {
        verifier.unreadable(table, &format!("leaf {:?}", raw.i0), "the leaf is not one");
    }
    leaf
}

/// Rows of one table in order of their key, a page at a time.
struct Stream<T, R> {
    read: R,
    rows: VecDeque<(u64, T)>,
    /// The key of the last row read; rows stand above it.
    after: Option<i64>,
    ended: bool,
}

impl<T, R: FnMut(Raw, &mut Verifier) -> Option<(u64, T)>> Stream<T, R> {
    fn new(read: R) -> Self {
        Self { read, rows: VecDeque::new(), after: None, ended: false }
    }

    /// The place of the next row.
    fn peek(
        &mut self,
        conn: &mut Db,
        verifier: &mut Verifier,
        select: fn(&Db, Option<i64>, usize) -> String,
    ) -> Result<Option<u64>, StoreError> {
        while self.rows.is_empty() && !self.ended {
            let query = select(conn, self.after, PAGE);
            let raws = load(conn, query)?;
            self.ended = raws.len() < PAGE;
            self.after = raws.last().and_then(|raw| raw.i0).or(self.after);
            for raw in raws {
                self.rows.extend((self.read)(raw, verifier));
            }
        }
        Ok(self.rows.front().map(|(place, _)| *place))
    }
}
