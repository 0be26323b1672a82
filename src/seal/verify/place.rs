//! Where an entry stands, remembered for findings that come later.

use std::rc::Rc;

use uuid::Uuid;

use super::finding::{Code, Finding};
use crate::seal::entry::Header;

/// The journal's table.
pub(super) const JOURNAL: &str = "journal";
/// The access log's table.
pub(super) const ACCESS_LOG: &str = "access_log";
/// The leaves' table.
pub(super) const LEAVES: &str = "tree_leaves";
/// The checkpoints' table.
pub(super) const CHECKPOINTS: &str = "checkpoints";
/// The blobs' table.
pub(super) const BLOBS: &str = "blobs";

/// An entry's place, time and words.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub row: Rc<str>,
    pub record_kind: Rc<str>,
    pub record: Uuid,
    pub seq: u64,
    pub at: i64,
    pub event: Rc<str>,
    pub person: Rc<str>,
    pub occurrence: Option<Rc<str>>,
    pub entry: Option<Rc<str>>,
}

impl Place {
    /// The place of a row whose header says `header`.
    pub fn of(row: &str, record: Uuid, seq: u64, header: &Header) -> Self {
        let actor = &header.actor;
        Self {
            row: row.into(),
            record_kind: header.record_kind.as_str().into(),
            record,
            seq,
            at: header.at,
            event: header.event.name.as_str().into(),
            person: format!("{} ({})", actor.printed_name, actor.user_name).into(),
            occurrence: None,
            entry: None,
        }
    }

    /// A finding at this place.
    pub fn finding(&self, code: Code, detail: impl Into<String>) -> Finding {
        Finding {
            row: Some(self.row.to_string()),
            record_kind: Some(self.record_kind.to_string()),
            record: Some(self.record),
            seq: Some(self.seq),
            event: Some(self.event.to_string()),
            person: Some(self.person.to_string()),
            at: Some(self.at),
            occurrence: self.occurrence.as_deref().map(str::to_owned),
            entry: self.entry.as_deref().map(str::to_owned),
            ..Finding::new(code, JOURNAL, &detail.into())
        }
    }
}
