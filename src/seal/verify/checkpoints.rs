//! Checkpoints: numbered without gaps, rising, signed, and each with the root of the leaves it covers.

use super::Verifier;
use super::finding::{Code, Finding};
use super::place::CHECKPOINTS;
use super::rows::CheckpointRow;
use crate::seal::checkpoint::Checkpoint;
use crate::seal::digest;
use crate::seal::site::KeyUse;

impl Verifier {
    /// Takes a checkpoint, in order of number, when just the leaves that it covers have come; the newest
    /// ones may cover more than there are.
    pub fn checkpoint(&mut self, row: &CheckpointRow) {
        self.counts.checkpoints += 1;
        let before = (self.log.checkpoint.number, self.log.checkpoint.size);
        if row.number != before.0 + 1 {
            let detail = "a checkpoint is missing, or out of order";
            let finding = checkpoint_finding(Code::CheckpointMissing, row.number, detail);
            self.add(finding.values((before.0 + 1).to_string(), row.number.to_string()));
        }
        if row.size <= before.1 {
            let detail = "the size must rise from one checkpoint to the next";
            let finding = checkpoint_finding(Code::CheckpointSize, row.number, detail);
            self.add(finding.values(format!("more than {}", before.1), row.size.to_string()));
        }
        if let Some(signed_by) = self.check_note(row) {
            self.check_log_key(row, signed_by);
            self.log.checkpoint.key = self.log.checkpoint.key.max(signed_by);
        }
        self.check_root(row, before.1);
        self.meet_kept_note(row.number, &row.note);
        self.log.checkpoint.number = row.number;
        if row.size > before.1 {
            self.log.checkpoint.size = row.size;
        }
    }

    /// A checkpoint is no earlier than the entries that it covers: an entry from the future is found by it.
    fn check_later(&mut self, row: &CheckpointRow) {
        let covered = self.log.at.as_ref().filter(|(leaf, _, _)| *leaf < row.size);
        let newest = covered.map(|(_, _, newest)| *newest).filter(|newest| *newest > row.at);
        let Some(newest) = newest else { return };
        let detail = "an entry that the checkpoint covers is later than the checkpoint";
        let finding = checkpoint_finding(Code::TimeFalls, row.number, detail);
        self.add(finding.values(format!("{newest} µs or later"), format!("{} µs", row.at)));
    }

    /// Opens a checkpoint's note and compares its columns; gives the index of the key that signed.
    fn check_note(&mut self, row: &CheckpointRow) -> Option<usize> {
        let (origin, keys) = self.log_keys();
        match Checkpoint::open(&row.note, &origin, &keys) {
            Ok((signed, key)) => {
                let columns = [
                    ("number", signed.number.to_string(), row.number.to_string()),
                    ("size", signed.size.to_string(), row.size.to_string()),
                    ("root", digest::to_hex(&signed.root), hex::encode(&row.root)),
                    ("at", signed.at.to_string(), row.at.to_string()),
                ];
                let finding = |code, detail: &str| checkpoint_finding(code, row.number, detail);
                self.check_signed(columns, finding);
                self.check_later(row);
                Some(key)
            }
            Err(fault) => {
                let detail = fault.to_string();
                self.add(checkpoint_finding(Code::CheckpointForged, row.number, &detail));
                None
            }
        }
    }

    /// An old log key may not return, and a new one signs only once its rotation is covered.
    fn check_log_key(&mut self, row: &CheckpointRow, signed_by: usize) {
        let leaf = self.site.of(KeyUse::Log).nth(signed_by).map(|key| key.place.leaf);
        let covered = signed_by == 0 || leaf.is_some_and(|leaf| leaf < row.size);
        if signed_by < self.log.checkpoint.key || !covered {
            let detail = "the checkpoint is signed by a log key that was not in force";
            self.add(checkpoint_finding(Code::CheckpointKey, row.number, detail));
        }
    }

    fn check_root(&mut self, row: &CheckpointRow, before: u64) {
        let size = self.leaves();
        if row.size > size {
            let detail =
                "the checkpoint covers more leaves than there are: the end of the log was cut off";
            let finding = checkpoint_finding(Code::TreeCut, row.number, detail);
            self.add(finding.values(row.size.to_string(), size.to_string()));
            return;
        }
        if row.size != size {
            // Out of order, which has its own finding.
            return;
        }
        self.log.uncovered = (0, 0);
        if !self.is_sound_to(row.size) {
            return;
        }
        let root = self.log.frontier.root();
        if root.as_slice() != row.root {
            let detail = format!(
                "the rows of leaves {before} to {} do not lead to the root that was signed",
                row.size.saturating_sub(1)
            );
            let finding = checkpoint_finding(Code::TreeDiffers, row.number, &detail);
            let finding = finding.values(hex::encode(&row.root), digest::to_hex(&root));
            self.log.checkpoint.wrong.get_or_insert((0, finding)).0 += 1;
        }
    }

    pub(super) fn finish_checkpoints(&mut self) {
        if let Some((count, mut finding)) = self.log.checkpoint.wrong.take() {
            finding.detail = format!("{} ({count} checkpoints, this is the first)", finding.detail);
            self.add(finding);
        }
        self.counts.covered = self.log.checkpoint.size;
    }
}

fn checkpoint_finding(code: Code, number: u64, detail: &str) -> Finding {
    Finding {
        row: Some(number.to_string()),
        seq: Some(number),
        ..Finding::new(code, CHECKPOINTS, detail)
    }
}
