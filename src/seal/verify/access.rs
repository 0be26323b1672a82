//! The access log's rows: bytes, copies, and places in their one chain.

use super::Verifier;
use super::finding::{Code, Finding};
use super::journal::differing;
use super::place::ACCESS_LOG;
use super::rows::AccessRowStored;
use crate::seal::access::{self, AccessFault, AccessRow, SealedAccess};
use crate::seal::digest::{self, Hash, NO_PREVIOUS};

impl Verifier {
    /// Takes a row of the access log, in order of sequence.
    pub fn access(&mut self, row: &AccessRowStored) {
        self.counts.access_rows += 1;
        let named = |code, detail: &str| Finding {
            row: Some(row.row.clone()),
            seq: Some(row.seq),
            ..Finding::new(code, ACCESS_LOG, detail)
        };
        let stored = Hash::try_from(row.link.as_slice()).unwrap_or_default();
        let link = match SealedAccess::open(&row.bytes, &row.link) {
            Ok(opened) => {
                self.check_access(row, &opened, &named);
                access::link_of(&row.bytes)
            }
            Err(fault) => {
                let code = match fault {
                    AccessFault::Link => Code::HeaderChanged,
                    _ => Code::HeaderUnreadable,
                };
                self.add(named(code, &fault.to_string()));
                stored
            }
        };
        if row.seq > self.log.access_seq + 1 {
            let gap = (self.log.access_seq + 1, row.seq - 1);
            self.log.access_gaps.push(gap);
            let detail = format!("access rows {} to {} are missing", gap.0, gap.1);
            self.add(Finding {
                seq: Some(gap.0),
                ..Finding::new(Code::EntriesMissing, ACCESS_LOG, &detail)
            });
        } else if row.seq <= self.log.access_seq {
            self.add(named(
                Code::EntrySwapped,
                "the access row stands after a later one, or twice",
            ));
        }
        self.log.access_seq = self.log.access_seq.max(row.seq);
        self.log.access_link = Some(link);
        self.log.access.insert(row.seq, link);
    }

    fn check_access(
        &mut self,
        row: &AccessRowStored,
        opened: &AccessRow,
        named: &dyn Fn(Code, &str) -> Finding,
    ) {
        let person = opened.user_name.clone();
        let named = |code, detail: &str| Finding {
            person: person.clone(),
            at: Some(opened.at),
            event: Some(opened.what.clone()),
            ..named(code, detail)
        };
        if opened.seq != row.seq {
            let finding = named(Code::ColumnDiffers, "the column seq is not what was hashed");
            self.add(finding.values(opened.seq.to_string(), row.seq.to_string()));
        }
        let original = serde_json::to_value(opened).unwrap_or_default();
        for copy in &row.copies {
            if let Some((detail, expected, found)) = differing(&original, copy) {
                self.add(named(Code::ColumnDiffers, &detail).values(expected, found));
            }
        }
        let before = self.log.access_link.unwrap_or(NO_PREVIOUS);
        let follows = row.seq == self.log.access_seq + 1;
        if follows && opened.previous != digest::to_hex(&before) {
            let finding = named(Code::ChainBroken, "the access row names another previous link");
            self.add(finding.values(opened.previous.clone(), digest::to_hex(&before)));
        }
        let template = || named(Code::EntryForeign, "");
        self.name_site(opened.site, opened.clock, &template);
    }
}
