//! The log by its leaves: both tables merged, each checkpoint where its leaves end, the head at the end.

use super::tables::{
    Raw, access_row, access_select, checkpoint_row, checkpoint_select, head_row, id_text,
    leaf_select, number, text,
};
use crate::seal::verify::{AccessRowStored, CheckpointRow, LeafTable, Verifier};
use crate::store::db::Db;
use crate::store::fault::StoreError;
use diesel::prelude::*;
use std::collections::VecDeque;

/// How many rows are held at once.
const PAGE: usize = 4096;

/// Feeds the whole log to the verifier.
pub(super) fn read(conn: &mut Db, verifier: &mut Verifier) -> Result<(), StoreError> {
    head_row(conn, verifier)?;
    let mut entries = Stream::new(|raw: Raw, verifier: &mut Verifier| {
        let (leaf, link) = leaf_of("journal", &raw, verifier)?;
        Some((leaf, Entry { link, kind: text(&raw.b1), id: id_text(&raw.b2), seq: raw.i1 }))
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
                verifier.leaf(LeafTable::Journal, leaf, &row.link, || row.name(leaf));
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
        verifier.leaf(LeafTable::AccessLog, leaf, &row.link, || format!("leaf {leaf}"));
        verifier.access(&row);
    }
}

/// What names an entry, and its link.
struct Entry {
    link: Vec<u8>,
    kind: String,
    id: String,
    seq: Option<i64>,
}

impl Entry {
    fn name(&self, leaf: u64) -> String {
        format!("leaf {leaf}: {} {} entry {}", self.kind, self.id, self.seq.unwrap_or(-1))
    }
}

fn leaf_of(table: &str, raw: &Raw, verifier: &mut Verifier) -> Option<(u64, Vec<u8>)> {
    let leaf = number(raw.i0);
    if leaf.is_none() {
        verifier.unreadable(table, &format!("leaf {:?}", raw.i0), "the leaf is not one");
    }
    Some((leaf?, raw.b0.clone().unwrap_or_default()))
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
            let raws: Vec<Raw> = diesel::sql_query(select(conn, self.after, PAGE)).load(conn)?;
            self.ended = raws.len() < PAGE;
            self.after = raws.last().and_then(|raw| raw.i0).or(self.after);
            for raw in raws {
                self.rows.extend((self.read)(raw, verifier));
            }
        }
        Ok(self.rows.front().map(|(place, _)| *place))
    }
}
