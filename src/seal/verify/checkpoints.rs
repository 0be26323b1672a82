//! Checkpoints: numbered without gaps, rising, signed, and each with the root of the leaves it covers.

use super::Verifier;
use super::finding::{Code, Finding};
use super::place::CHECKPOINTS;
use super::rows::CheckpointRow;
use crate::seal::checkpoint::{Checkpoint, CheckpointFault};
use crate::seal::digest;
use crate::seal::key::PublicKey;
use crate::seal::site::KeyUse;

impl Verifier {
    /// Takes a checkpoint, in order of number.
    pub fn checkpoint(&mut self, row: &CheckpointRow) {
        self.counts.checkpoints += 1;
        self.log.checkpoints.push(row.clone());
    }

    pub(super) fn finish_checkpoints(&mut self) {
        let keys: Vec<PublicKey> =
            self.site.of(KeyUse::Log).map(|key| key.public.clone()).collect();
        let origin = self.site.origin.clone().unwrap_or_default();
        let rows = std::mem::take(&mut self.log.checkpoints);
        let (mut number, mut size, mut key) = (0, 0, 0);
        let mut wrong_roots: Option<(u64, Finding)> = None;
        for row in &rows {
            if row.number != number + 1 {
                let finding = checkpoint_finding(
                    Code::CheckpointMissing,
                    row.number,
                    "a checkpoint is missing, or out of order",
                );
                self.add(finding.values((number + 1).to_string(), row.number.to_string()));
            }
            if row.size <= size {
                let finding = checkpoint_finding(
                    Code::CheckpointSize,
                    row.number,
                    "the size must rise from one checkpoint to the next",
                );
                self.add(finding.values(format!("more than {size}"), row.size.to_string()));
            }
            (number, size) = (row.number, size.max(row.size));
            if let Some(signed_by) = self.check_note(row, &origin, &keys) {
                self.check_log_key(row, key, signed_by);
                key = key.max(signed_by);
            }
            if let Some(finding) = self.check_root(row) {
                wrong_roots.get_or_insert((0, finding)).0 += 1;
            }
        }
        if let Some((count, mut finding)) = wrong_roots {
            finding.detail = format!("{} ({count} checkpoints, this is the first)", finding.detail);
            self.add(finding);
        }
        self.counts.covered = size;
        self.check_kept(&rows, &origin, &keys);
        self.check_settled(size);
        self.count_uncovered(size);
    }

    /// Opens a checkpoint's note and compares its columns; gives the index of the key that signed.
    fn check_note(
        &mut self,
        row: &CheckpointRow,
        origin: &str,
        keys: &[PublicKey],
    ) -> Option<usize> {
        match Checkpoint::open(&row.note, origin, keys) {
            Ok((signed, key)) => {
                let columns = [
                    ("number", signed.number.to_string(), row.number.to_string()),
                    ("size", signed.size.to_string(), row.size.to_string()),
                    ("root", digest::to_hex(&signed.root), hex::encode(&row.root)),
                    ("at", signed.at.to_string(), row.at.to_string()),
                ];
                for (name, expected, found) in columns {
                    if expected != found {
                        let detail = format!("the column {name} is not what was signed");
                        let finding = checkpoint_finding(Code::ColumnDiffers, row.number, &detail);
                        self.add(finding.values(expected, found));
                    }
                }
                Some(key)
            }
            Err(fault) => {
                self.add(checkpoint_finding(
                    Code::CheckpointForged,
                    row.number,
                    &fault.to_string(),
                ));
                None
            }
        }
    }

    /// An old log key may not return, and a new one signs only once its rotation is covered.
    fn check_log_key(&mut self, row: &CheckpointRow, before: usize, signed_by: usize) {
        let stated = self.site.of(KeyUse::Log).nth(signed_by).map(|key| key.place.clone());
        let leaf = stated
            .and_then(|place| self.journal.entries.get(&(place.record, place.seq)))
            .and_then(|kept| kept.leaf);
        let covered = signed_by == 0 || leaf.is_some_and(|leaf| leaf < row.size);
        if signed_by < before || !covered {
            self.add(checkpoint_finding(
                Code::CheckpointKey,
                row.number,
                "the checkpoint is signed by a log key that was not in force",
            ));
        }
    }

    fn check_root(&mut self, row: &CheckpointRow) -> Option<Finding> {
        if self.log.broken_at.is_some_and(|broken| row.size > broken) {
            return None;
        }
        match self.log.tree.root_at(row.size) {
            Ok(root) if root.as_slice() == row.root => None,
            Ok(root) => {
                let detail = "the leaves do not lead to the root that was signed";
                let finding = checkpoint_finding(Code::TreeDiffers, row.number, detail);
                Some(finding.values(hex::encode(&row.root), digest::to_hex(&root)))
            }
            Err(_) => {
                let detail = "the checkpoint covers more leaves than there are: the end of the log was cut off";
                let finding = checkpoint_finding(Code::TreeCut, row.number, detail);
                self.add(finding.values(row.size.to_string(), self.log.tree.size().to_string()));
                None
            }
        }
    }

    fn check_kept(&mut self, rows: &[CheckpointRow], origin: &str, keys: &[PublicKey]) {
        let Some(note) = self.options.kept_checkpoint.take() else {
            return;
        };
        let given = |code, detail: &str| Finding::new(code, "the kept checkpoint", detail);
        let kept = match Checkpoint::open(&note, origin, keys) {
            Ok((kept, _)) => kept,
            Err(CheckpointFault::Malformed(why)) => {
                let detail = format!("the file given is not a checkpoint: {why}");
                return self.add(given(Code::KeptCheckpoint, &detail));
            }
            Err(fault) => {
                let detail = format!("the kept checkpoint is not of this log: {fault}");
                return self.add(given(Code::KeptCheckpoint, &detail));
            }
        };
        let differs = |detail: &str, expected: String, found: String| {
            let finding =
                Finding { seq: Some(kept.number), ..given(Code::KeptCheckpointDiffers, detail) };
            finding.values(expected, found)
        };
        let size = self.log.tree.size();
        match self.log.tree.root_at(kept.size) {
            Err(_) => self.add(differs(
                "the log was cut back since",
                kept.size.to_string(),
                size.to_string(),
            )),
            Ok(root) if root != kept.root => {
                let (expected, found) = (digest::to_hex(&kept.root), digest::to_hex(&root));
                self.add(differs("the log was rewritten since", expected, found));
            }
            Ok(_) => {}
        }
        let same = rows.iter().any(|row| row.number == kept.number && row.note == kept.note);
        if !same {
            let number = kept.number.to_string();
            self.add(differs(
                "the checkpoint itself was removed or replaced since",
                number,
                "another or none".into(),
            ));
        }
    }

    /// A leaf waits until a stored checkpoint covers it; one that neither waits nor is covered was covered.
    fn check_settled(&mut self, covered: u64) {
        let Some(leaf) = self.log.settled.filter(|leaf| *leaf >= covered) else { return };
        let detail = "a checkpoint that covered newer leaves was removed";
        let finding = Finding::new(Code::CheckpointMissing, CHECKPOINTS, detail);
        self.add(finding.values(format!("more than {leaf}"), covered.to_string()));
    }

    fn count_uncovered(&mut self, covered: u64) {
        let entries = self.journal.entries.values();
        let uncovered = entries.filter(|kept| kept.leaf.is_none_or(|leaf| leaf >= covered));
        self.counts.entries_uncovered = uncovered.count() as u64;
        let covered = self.log.access_leaves.iter().filter(|leaf| **leaf < covered).count() as u64;
        self.counts.access_rows_uncovered = self.counts.access_rows.saturating_sub(covered);
    }
}

fn checkpoint_finding(code: Code, number: u64, detail: &str) -> Finding {
    Finding {
        row: Some(number.to_string()),
        seq: Some(number),
        ..Finding::new(code, CHECKPOINTS, detail)
    }
}
