//! The head of the log, signed anew by every commit, and a note kept elsewhere.

use super::Verifier;
use super::finding::{Code, Finding};
use super::place::LOG_HEAD;
use super::rows::HeadRow;
use crate::seal::checkpoint::{Checkpoint, CheckpointFault, Head};
use crate::seal::digest::{self, Hash};
use crate::seal::key::PublicKey;
use crate::seal::site::KeyUse;

/// A note kept elsewhere, signed by the site's log key.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    size: u64,
    root: Hash,
    /// Its number and text, when it is a numbered checkpoint.
    numbered: Option<(u64, String)>,
    /// The root was compared.
    met: bool,
}

impl Verifier {
    /// Takes the head, before the first leaf and after [`Verifier::settle`].
    pub fn head(&mut self, row: HeadRow) {
        let (origin, keys) = self.log_keys();
        match Head::open(&row.note, &origin, &keys) {
            Ok((signed, key)) => {
                self.log.head_key = key;
                let columns = [
                    ("checkpoint", signed.checkpoint.to_string(), row.checkpoint.to_string()),
                    ("size", signed.size.to_string(), row.size.to_string()),
                    ("root", digest::to_hex(&signed.root), hex::encode(&row.root)),
                    ("at", signed.at.to_string(), row.at.to_string()),
                ];
                self.check_signed(columns, head_finding);
                self.log.signed = Some(signed);
            }
            Err(fault) => self.add(head_finding(Code::HeadForged, &fault.to_string())),
        }
        self.log.head = Some(row);
    }

    /// The origin of the log and all log keys there ever were.
    pub(super) fn log_keys(&self) -> (String, Vec<PublicKey>) {
        let keys = self.site.of(KeyUse::Log).map(|key| key.public.clone()).collect();
        (self.site.origin.clone().unwrap_or_default(), keys)
    }

    /// Compares what a note signs with the columns that are copied from it: name, signed, stored.
    pub(super) fn check_signed(
        &mut self,
        columns: [(&str, String, String); 4],
        finding: impl Fn(Code, &str) -> Finding,
    ) {
        for (name, expected, found) in columns {
            if expected != found {
                let detail = format!("the column {name} is not what was signed");
                self.add(finding(Code::ColumnDiffers, &detail).values(expected, found));
            }
        }
    }

    pub(super) fn finish_head(&mut self) {
        self.finish_kept();
        let (found, size) = (self.log.frontier.clone(), self.leaves());
        let Some(row) = self.log.head.take() else {
            if size > 0 {
                let detail = "the head of the log is not there";
                self.add(head_finding(Code::HeadMissing, detail));
            }
            return;
        };
        let Some(signed) = self.log.signed.clone() else { return };
        if size < signed.size {
            let detail = "the head covers more rows than there are: the end of the log was cut off";
            let finding = head_finding(Code::TreeCut, detail);
            self.add(finding.values(signed.size.to_string(), size.to_string()));
        } else if self.is_sound_to(signed.size) && found.root() != signed.root {
            let finding =
                head_finding(Code::TreeDiffers, "the rows do not lead to the root that was signed");
            let values = (digest::to_hex(&signed.root), digest::to_hex(&found.root()));
            self.add(finding.values(values.0, values.1));
        } else if self.is_sound_to(signed.size) && found.to_bytes() != row.frontier {
            let finding =
                head_finding(Code::ColumnDiffers, "the column frontier is not that of the log");
            self.add(finding.values(hex::encode(found.to_bytes()), hex::encode(&row.frontier)));
        }
        if self.log.head_key < self.log.checkpoint.key {
            let detail = "the head is signed by a log key that was not in force";
            self.add(head_finding(Code::CheckpointKey, detail));
        }
        let newest = self.log.checkpoint.number;
        if newest != signed.checkpoint {
            let detail =
                "the head names another checkpoint as the newest: one was removed or added";
            let finding = head_finding(Code::CheckpointMissing, detail);
            self.add(finding.values(signed.checkpoint.to_string(), newest.to_string()));
        }
        if self.log.forged > 0 {
            let detail = format!("{} rows stand behind the signed head", self.log.forged);
            let finding = head_finding(Code::RowForged, &detail);
            self.add(
                finding
                    .values(signed.size.to_string(), (signed.size + self.log.forged).to_string()),
            );
        }
    }

    /// Opens the note kept elsewhere: a numbered checkpoint, or a head.
    pub(super) fn open_kept(&mut self) {
        let Some(note) = self.options.kept_checkpoint.take() else { return };
        let (origin, keys) = self.log_keys();
        if let Ok((head, _)) = Head::open(&note, &origin, &keys) {
            let (size, root) = (head.size, head.root);
            self.log.kept = Some(Kept { size, root, numbered: None, met: false });
            return self.meet_kept();
        }
        match Checkpoint::open(&note, &origin, &keys) {
            Ok((kept, _)) => {
                let Checkpoint { number, size, root, note, .. } = kept;
                self.log.kept =
                    Some(Kept { size, root, numbered: Some((number, note)), met: false });
                self.meet_kept();
            }
            Err(CheckpointFault::Malformed(why)) => {
                let detail = format!("the file given is not a checkpoint: {why}");
                self.add(given(Code::KeptCheckpoint, &detail));
            }
            Err(fault) => {
                let detail = format!("the kept checkpoint is not of this log: {fault}");
                self.add(given(Code::KeptCheckpoint, &detail));
            }
        }
    }

    /// Holds the kept note against the log, when just its leaves have come.
    pub fn meet_kept(&mut self) {
        let sound = self.is_sound_to(self.log.frontier.size());
        let Some(kept) = &mut self.log.kept else { return };
        if kept.met || kept.size != self.log.frontier.size() || !sound {
            return;
        }
        kept.met = true;
        let (expected, found) = (kept.root, self.log.frontier.root());
        if expected != found {
            let finding = given(Code::KeptCheckpointDiffers, "the log was rewritten since");
            self.add(finding.values(digest::to_hex(&expected), digest::to_hex(&found)));
        }
    }

    /// A stored checkpoint that is just the kept one.
    pub(super) fn meet_kept_note(&mut self, number: u64, note: &str) {
        if let Some(kept) = &mut self.log.kept
            && kept.numbered.as_ref().is_some_and(|(n, text)| *n == number && text == note)
        {
            kept.numbered = None;
        }
    }

    fn finish_kept(&mut self) {
        self.meet_kept();
        let Some(kept) = self.log.kept.take() else { return };
        if !kept.met {
            let finding = given(Code::KeptCheckpointDiffers, "the log was cut back since");
            self.add(finding.values(kept.size.to_string(), self.leaves().to_string()));
        }
        if let Some((number, _)) = kept.numbered {
            let detail = "the checkpoint itself was removed or replaced since";
            let finding =
                Finding { seq: Some(number), ..given(Code::KeptCheckpointDiffers, detail) };
            self.add(finding.values(number.to_string(), "another or none"));
        }
    }
}

fn given(code: Code, detail: &str) -> Finding {
    Finding::new(code, "the kept checkpoint", detail)
}

fn head_finding(code: Code, detail: &str) -> Finding {
    Finding { row: Some("1".into()), ..Finding::new(code, LOG_HEAD, detail) }
}
