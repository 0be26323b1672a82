//! The access log's rows: bytes, copies, and places in their one chain.

use uuid::Uuid;

use super::Verifier;
use super::finding::{Code, Finding};
use super::journal::differs;
use super::place::ACCESS_LOG;
use super::rows::AccessRowStored;
use crate::seal::access::{self, AccessFault, AccessRow, SealedAccess};
use crate::seal::digest::{self, Hash, NO_PREVIOUS};

/// What is remembered of the access log.
#[derive(Debug, Default)]
pub(super) struct Access {
    /// Place in the chain and link of the row before.
    seq: u64,
    link: Option<Hash>,
}

impl Verifier {
    /// Takes a row of the access log, in order of leaf, which is its order.
    pub fn access(&mut self, row: &AccessRowStored) {
        let named = |code, detail: &str| Finding {
            row: Some(format!("leaf {}", row.leaf)),
            ..Finding::new(code, ACCESS_LOG, detail)
        };
        match SealedAccess::open(&row.bytes, &row.link) {
            Ok(opened) => {
                self.check_access(row, &opened, &named);
                self.access.seq = opened.seq;
                self.access.link = Some(access::link_of(&row.bytes));
            }
            Err(fault) => {
                let code = match fault {
                    AccessFault::Link => Code::HeaderChanged,
                    _ => Code::HeaderUnreadable,
                };
                self.add(named(code, &fault.to_string()));
                self.access.seq += 1;
                self.access.link = Hash::try_from(row.link.as_slice()).ok();
            }
        }
    }

    fn check_access(
        &mut self,
        row: &AccessRowStored,
        opened: &AccessRow,
        named: &dyn Fn(Code, &str) -> Finding,
    ) {
        let named = |code, detail: &str| Finding {
            seq: Some(opened.seq),
            person: opened.user_name.clone(),
            at: Some(opened.at),
            event: Some(opened.what.clone()),
            ..named(code, detail)
        };
        let id = |id: &Option<Vec<u8>>| {
            let shown =
                |id: &Vec<u8>| Uuid::from_slice(id).map_or(hex::encode(id), |id| id.to_string());
            id.as_ref().map(shown)
        };
        let person = opened.person.map(|person| person.to_string());
        let copies = [
            differs("at", Some(opened.at), row.at),
            differs("what", Some(&opened.what), Some(&row.what)),
            differs("user_name", opened.user_name.as_ref(), row.user_name.as_ref()),
            differs("person", person, id(&row.person)),
            differs("outcome", Some(&opened.outcome), Some(&row.outcome)),
        ];
        for (detail, expected, found) in copies.into_iter().flatten() {
            self.add(named(Code::ColumnDiffers, &detail).values(expected, found));
        }
        let (before, link) = (self.access.seq, self.access.link.unwrap_or(NO_PREVIOUS));
        if opened.seq > before + 1 {
            let detail = format!("access rows {} to {} are missing", before + 1, opened.seq - 1);
            self.add(Finding {
                seq: Some(before + 1),
                ..Finding::new(Code::EntriesMissing, ACCESS_LOG, &detail)
            });
        } else if opened.seq <= before {
            let detail = "the access row stands after a later one, or twice";
            self.add(named(Code::EntrySwapped, detail));
        } else if opened.previous != digest::to_hex(&link) {
            let finding = named(Code::ChainBroken, "the access row names another previous link");
            self.add(finding.values(opened.previous.clone(), digest::to_hex(&link)));
        }
        let template = || named(Code::EntryForeign, "");
        self.name_site(opened.site, opened.clock, &template);
    }
}
