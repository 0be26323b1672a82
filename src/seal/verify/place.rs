//! Where an entry stands: looked at while it is verified, remembered for findings that come later.

use uuid::Uuid;

use super::Describe;
use super::finding::{Code, Finding};
use super::rows::JournalRow;
use crate::seal::entry::Header;
use serde_json::Value;

/// The journal's table.
pub(super) const JOURNAL: &str = "journal";
/// The access log's table.
pub(super) const ACCESS_LOG: &str = "access_log";
/// The checkpoints' table.
pub(super) const CHECKPOINTS: &str = "checkpoints";
/// The head's table.
pub(super) const LOG_HEAD: &str = "log_head";
/// The blobs' table.
pub(super) const BLOBS: &str = "blobs";

/// An entry under verification; its words are only put together when there is something to tell.
#[derive(Clone, Copy)]
pub(super) struct Here<'a> {
    pub row: &'a JournalRow,
    pub header: &'a Header,
    /// The body's data, as they were hashed or as their bytes read.
    pub data: Option<Told<'a>>,
    pub describe: Option<Describe>,
}

/// The data of a body.
#[derive(Clone, Copy)]
pub(super) enum Told<'a> {
    Read(&'a Value),
    /// Their text, read only where there is something to tell.
    Text(&'a str),
}

impl Here<'_> {
    /// What came first: its place in the log. Its time may be earlier than one before, once a clock was set back.
    pub fn order(&self) -> u64 {
        self.row.leaf
    }

    /// The place, to be remembered.
    pub fn place(&self) -> Place {
        let Self { row, header, data, describe } = self;
        let actor = &header.actor;
        let described = describe.zip(*data).map(|(describe, data)| match data {
            Told::Read(data) => describe(header, data),
            Told::Text(text) => {
                describe(header, &serde_json::from_str(text).unwrap_or(Value::Null))
            }
        });
        let (occurrence, entry) = described.unwrap_or_default();
        Place {
            leaf: row.leaf,
            row: row.name(),
            record_kind: header.record_kind.clone(),
            record: row.record_id,
            seq: row.seq,
            at: header.at,
            event: header.event.name.clone(),
            person: format!("{} ({})", actor.printed_name, actor.user_name),
            occurrence,
            entry,
        }
    }

    /// A finding at this place.
    pub fn finding(&self, code: Code, detail: impl Into<String>) -> Finding {
        self.place().finding(code, detail)
    }
}

/// An entry's place, time and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub leaf: u64,
    pub row: String,
    pub record_kind: String,
    pub record: Uuid,
    pub seq: u64,
    pub at: i64,
    pub event: String,
    pub person: String,
    pub occurrence: Option<String>,
    pub entry: Option<String>,
}

impl Place {
    /// What came first: its place in the log.
    pub fn order(&self) -> u64 {
        self.leaf
    }

    /// A finding at this place.
    pub fn finding(&self, code: Code, detail: impl Into<String>) -> Finding {
        Finding {
            row: Some(self.row.clone()),
            record_kind: Some(self.record_kind.clone()),
            record: Some(self.record),
            seq: Some(self.seq),
            event: Some(self.event.clone()),
            person: Some(self.person.clone()),
            at: Some(self.at),
            occurrence: self.occurrence.clone(),
            entry: self.entry.clone(),
            ..Finding::new(code, JOURNAL, &detail.into())
        }
    }
}
