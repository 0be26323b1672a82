//! The tree's leaves: in order, each standing for an entry or access row with exactly that link.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::Verifier;
use super::finding::{Code, Finding};
use super::place::{ACCESS_LOG, LEAVES};
use super::rows::{CheckpointRow, LeafRow, LeafSource};
use crate::seal::digest::{self, Hash};
use crate::seal::tree::Tree;

#[derive(Debug)]
struct Leaf {
    hash: Hash,
    source: Option<LeafSource>,
    record_kind: Option<String>,
}

/// What is remembered of the log.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub access: HashMap<u64, Hash>,
    pub access_seq: u64,
    pub access_link: Option<Hash>,
    pub access_gaps: Vec<(u64, u64)>,
    /// Leaves that stand for access rows.
    pub access_leaves: Vec<u64>,
    leaves: Vec<Leaf>,
    pub tree: Tree,
    /// The first missing leaf: roots beyond it mean nothing, and are not reported again.
    pub broken_at: Option<u64>,
    pub checkpoints: Vec<CheckpointRow>,
    /// Links of what waits for a checkpoint, when the store says so.
    pub awaiting: Option<HashSet<Hash>>,
    /// The newest leaf that does not wait: a checkpoint covered it.
    pub settled: Option<u64>,
}

impl Verifier {
    /// Tells what waits for a checkpoint. What no checkpoint covers and does not wait has lost its
    /// checkpoint: somebody removed it.
    pub fn awaiting(&mut self, links: HashSet<Hash>) {
        self.log.awaiting = Some(links);
    }

    /// Takes a leaf, in order of index.
    pub fn leaf(&mut self, row: &LeafRow) {
        self.counts.leaves += 1;
        let expected = self.log.leaves.len() as u64;
        if row.index != expected && self.log.broken_at.is_none() {
            self.log.broken_at = Some(expected);
            let finding = Finding {
                row: Some(row.index.to_string()),
                seq: Some(expected),
                ..Finding::new(Code::LeafMissing, LEAVES, "a leaf is missing, or out of order")
            };
            self.add(finding.values(expected.to_string(), row.index.to_string()));
        }
        let hash = Hash::try_from(row.hash.as_slice()).unwrap_or_else(|_| {
            self.add(leaf_finding(Code::LeafDiffers, row.index, "the leaf is not 32 bytes"));
            Hash::default()
        });
        self.log.tree.push(&hash);
        self.log.leaves.push(Leaf {
            hash,
            source: row.source,
            record_kind: row.record_kind.clone(),
        });
    }

    pub(super) fn finish_leaves(&mut self) {
        let mut seen = HashSet::new();
        let mut last: HashMap<Option<Uuid>, u64> = HashMap::new();
        let mut differing: HashMap<Option<Uuid>, (u64, Finding)> = HashMap::new();
        for (index, leaf) in (0..).zip(std::mem::take(&mut self.log.leaves)) {
            if self.log.awaiting.as_ref().is_some_and(|links| !links.contains(&leaf.hash)) {
                self.log.settled = Some(index);
            }
            let Some(source) = leaf.source else {
                self.add(leaf_finding(
                    Code::LeafSource,
                    index,
                    "the leaf does not say what it stands for",
                ));
                continue;
            };
            if !seen.insert(source) {
                self.add(leaf_finding(
                    Code::LeafSource,
                    index,
                    "the leaf stands for the same as an earlier one",
                ));
                continue;
            }
            let (chain, seq) = match source {
                LeafSource::Entry { record, seq } => (Some(record), seq),
                LeafSource::Access { seq } => (None, seq),
            };
            let before = last.insert(chain, seq).unwrap_or(0);
            if seq != before + 1 {
                let finding = leaf_finding(
                    Code::LeafOrder,
                    index,
                    "the leaves of one chain must follow its sequence",
                );
                let finding = Finding { record: chain, ..finding };
                self.add(finding.values((before + 1).to_string(), seq.to_string()));
            }
            self.check_leaf_kind(index, leaf.record_kind, source);
            if let Some(finding) = self.compare_leaf(index, &leaf.hash, source) {
                match finding.code {
                    // Re-hashing changes every later entry of the chain: the first is the one edited.
                    Code::LeafDiffers => {
                        differing.entry(chain).or_insert((0, finding)).0 += 1;
                    }
                    _ => self.add(finding),
                }
            }
        }
        let mut differing: Vec<_> = differing.into_values().collect();
        differing.sort_by_key(|(_, finding)| (finding.record, finding.seq));
        for (count, mut finding) in differing {
            if count > 1 {
                finding.detail = format!(
                    "{}; so have {} later ones of the same chain",
                    finding.detail,
                    count - 1
                );
            }
            self.add(finding);
        }
    }

    /// The leaf's copy of the record's kind is compared with the journal's.
    fn check_leaf_kind(&mut self, index: u64, stated: Option<String>, source: LeafSource) {
        let expected = match source {
            LeafSource::Entry { record, seq } => match self.journal.entries.get(&(record, seq)) {
                Some(kept) => Some(kept.place.record_kind.to_string()),
                None => return,
            },
            LeafSource::Access { .. } => None,
        };
        if stated != expected {
            let detail = "the column record_kind is not the kind of the record";
            let none = || "none".to_owned();
            let finding = leaf_finding(Code::ColumnDiffers, index, detail);
            self.add(finding.values(expected.unwrap_or_else(none), stated.unwrap_or_else(none)));
        }
    }

    /// What is wrong between a leaf and what it stands for; marks an entry as having its leaf.
    fn compare_leaf(&mut self, index: u64, hash: &Hash, source: LeafSource) -> Option<Finding> {
        let missing = |what: &str, seq| Finding {
            seq: Some(seq),
            ..leaf_finding(
                Code::EntryMissing,
                index,
                &format!("the {what} that the log holds is not there"),
            )
        };
        let differs =
            "the log holds another link for it: it was changed and hashed again, or exchanged";
        let (found, finding) = match source {
            LeafSource::Entry { record, seq } => match self.journal.entries.get_mut(&(record, seq))
            {
                Some(kept) => {
                    kept.leaf = Some(index);
                    (kept.link, kept.place.finding(Code::LeafDiffers, differs))
                }
                None => {
                    let in_gap = |(gapped, from, to): &(Uuid, u64, u64)| {
                        *gapped == record && (*from..=*to).contains(&seq)
                    };
                    let known = self.journal.gaps.iter().any(in_gap);
                    let finding = Finding { record: Some(record), ..missing("entry", seq) };
                    return (!known).then_some(finding);
                }
            },
            LeafSource::Access { seq } => match self.log.access.get(&seq) {
                Some(link) => {
                    self.log.access_leaves.push(index);
                    let finding = Finding::new(Code::LeafDiffers, ACCESS_LOG, differs);
                    (*link, Finding { seq: Some(seq), ..finding })
                }
                None => {
                    let known =
                        self.log.access_gaps.iter().any(|(from, to)| (*from..=*to).contains(&seq));
                    return (!known).then(|| missing("access row", seq));
                }
            },
        };
        (found != *hash).then(|| finding.values(digest::to_hex(hash), digest::to_hex(&found)))
    }
}

fn leaf_finding(code: Code, index: u64, detail: &str) -> Finding {
    Finding { row: Some(index.to_string()), ..Finding::new(code, LEAVES, detail) }
}
