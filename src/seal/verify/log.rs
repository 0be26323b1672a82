//! The log: every leaf once, from 0 on, in one of the two tables; its root at each checkpoint and at its
//! head. Only the frontier is kept.

use super::Verifier;
use super::finding::{Code, Finding};
use super::head::Kept;
use super::place::{ACCESS_LOG, JOURNAL};
use super::rows::{HeadRow, LeafTable};
use crate::seal::checkpoint::Head;
use crate::seal::digest::Hash;
use crate::seal::frontier::Frontier;

/// Most rows of one sort named: who appended a million needs no million findings.
const NAMED: u64 = 100;

/// What is remembered of the log.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub frontier: Frontier,
    /// The leaf that comes next; beyond a gap more than the frontier has.
    next: u64,
    /// Place, record and time of the newest entry.
    pub at: Option<(u64, Vec<u8>, i64)>,
    /// The first missing leaf: roots beyond it mean nothing, and are not reported again.
    pub broken_at: Option<u64>,
    /// The head as stored, and as signed where its signature stands.
    pub head: Option<HeadRow>,
    pub signed: Option<Head>,
    /// Which of the site's log keys signed the head.
    pub head_key: usize,
    /// Rows behind the head.
    pub forged: u64,
    pub checkpoint: Newest,
    pub kept: Option<Kept>,
    /// Leaves of journal and access log since the newest checkpoint.
    pub uncovered: (u64, u64),
}

/// A row as it becomes a leaf.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    pub link: &'a [u8],
    /// Of an entry: columns of its record and its time.
    pub entry: Option<(&'a [u8], Option<i64>)>,
}

/// The newest checkpoint that came.
#[derive(Debug, Default)]
pub(super) struct Newest {
    pub number: u64,
    pub size: u64,
    /// Which of the site's log keys signed.
    pub key: usize,
    /// How many led to another root, and the first of them.
    pub wrong: Option<(u64, Finding)>,
}

impl Verifier {
    /// Takes a leaf, in order. The checkpoint of each size comes before the leaf with that number.
    pub fn leaf(&mut self, table: LeafTable, leaf: u64, seen: Seen<'_>, name: impl Fn() -> String) {
        let place = match table {
            LeafTable::Journal => JOURNAL,
            LeafTable::AccessLog => ACCESS_LOG,
        };
        let named =
            |code, detail: &str| Finding { row: Some(name()), ..Finding::new(code, place, detail) };
        self.count_leaf(table);
        if self.log.signed.as_ref().is_some_and(|head| leaf >= head.size) {
            self.log.forged += 1;
            if self.log.forged <= NAMED {
                let detail = "the row stands behind the signed head of the log: whoever appended it had no log key";
                self.add(named(Code::RowForged, detail));
            }
            return;
        }
        if leaf < self.log.next {
            let detail = "the row has the place in the log of another one";
            self.add(named(Code::LeafTwice, detail));
            return;
        }
        if leaf > self.log.next {
            let (from, to) = (self.log.next, leaf - 1);
            self.log.broken_at.get_or_insert(from);
            let finding = Finding {
                seq: Some(from),
                ..named(Code::LeafMissing, "rows of the log before this one are missing")
            };
            self.add(
                finding.values(from.to_string(), format!("{leaf}: {from} to {to} are missing")),
            );
        }
        self.log.next = leaf + 1;
        self.check_rises(leaf, &seen, &name);
        let Ok(link) = Hash::try_from(seen.link) else {
            self.log.broken_at.get_or_insert(leaf);
            self.add(named(Code::RowUnreadable, "the link has not 32 bytes"));
            return;
        };
        self.log.frontier.push(&link);
        self.meet_kept();
    }

    /// Entries are written one after the other, whatever their records: none is earlier than the one before it, but
    /// where a signed act set the clock back. Of one record its chain tells.
    fn check_rises(&mut self, leaf: u64, seen: &Seen<'_>, name: impl Fn() -> String) {
        let Some((record, at)) = seen.entry.and_then(|(record, at)| Some((record, at?))) else {
            return;
        };
        let Some((before, other, newest)) = self.log.at.replace((leaf, record.to_vec(), at)) else {
            return;
        };
        if at >= newest || other == record || self.site.was_set_back(before, leaf) {
            return;
        }
        let detail = "an entry is earlier than the one before it in the log, and no signed act set the clock back between them";
        let finding = Finding {
            row: Some(name()),
            seq: Some(leaf),
            ..Finding::new(Code::TimeFalls, JOURNAL, detail)
        };
        self.add(finding.values(format!("{newest} µs or later"), format!("{at} µs")));
    }

    fn count_leaf(&mut self, table: LeafTable) {
        self.counts.leaves += 1;
        match table {
            LeafTable::Journal => {
                self.counts.entries += 1;
                self.log.uncovered.0 += 1;
            }
            LeafTable::AccessLog => {
                self.counts.access_rows += 1;
                self.log.uncovered.1 += 1;
            }
        }
    }

    /// How many leaves came so far: the size of which checkpoints are due.
    #[must_use]
    pub fn leaves(&self) -> u64 {
        self.log.next
    }

    /// Whether roots of this size mean something.
    pub(super) fn is_sound_to(&self, size: u64) -> bool {
        self.log.broken_at.is_none_or(|broken| size <= broken)
    }

    pub(super) fn finish_log(&mut self) {
        self.finish_checkpoints();
        self.finish_head();
        self.counts.entries_uncovered = self.log.uncovered.0;
        self.counts.access_rows_uncovered = self.log.uncovered.1;
    }
}
