//! Verification of everything that is hashed, signed or a copy, by public keys alone: no key files, no SQL.
//!
//! The store feeds rows as it finds them (each record's entries in order of sequence, access rows,
//! leaves and checkpoints in order of their numbers; the tables in any order) and asks for the report
//! at the end. Comparing derived tables with a replay is the store's; it adds its findings here too.

mod access;
mod blobs;
mod checkpoints;
mod finding;
mod journal;
mod log;
mod people;
mod place;
mod rows;
mod site;

use serde_json::Value;
use uuid::Uuid;

use super::entry::Header;
use super::key::KeyId;

pub use finding::{Code, Counts, Finding, Report};
pub use people::{KEY_DESTROYED, KEY_ENROLLED};
pub use rows::{AccessRowStored, BlobRow, CheckpointRow, Column, JournalRow, LeafRow, LeafSource};

/// Names occurrence and entry of an act for people, from its header and data.
pub type Describe = fn(&Header, &Value) -> (Option<String>, Option<String>);

/// What the caller holds against the database.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The fingerprint of the founding key that the record must be from (`--trust`).
    pub trust: Option<KeyId>,
    /// A checkpoint kept earlier, elsewhere (`--checkpoint`): the whole note.
    pub kept_checkpoint: Option<String>,
    /// Names occurrence and entry in findings; without it they stay unnamed.
    pub describe: Option<Describe>,
    /// Which events, by name, are nothing without a person's signature.
    pub must_be_signed: Option<fn(&str) -> bool>,
}

/// A verification under way.
#[derive(Debug, Default)]
pub struct Verifier {
    options: Options,
    findings: Vec<Finding>,
    counts: Counts,
    numbers: std::collections::HashMap<Uuid, String>,
    site: site::Site,
    journal: journal::Journal,
    people: people::People,
    log: log::Log,
    blobs: blobs::Blobs,
}

impl Verifier {
    /// A verification that has seen nothing yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, ..Self::default() }
    }

    /// Tells a record's business number, so that findings can name it. Not verified here.
    pub fn record_number(&mut self, record: Uuid, number: &str) {
        self.numbers.insert(record, number.to_owned());
    }

    /// A row that could not even be read as its columns' types.
    pub fn unreadable(&mut self, table: &str, row: &str, detail: &str) {
        self.add(Finding {
            row: Some(row.to_owned()),
            ..Finding::new(Code::RowUnreadable, table, detail)
        });
    }

    /// A finding of the caller's own: replay, triggers.
    pub fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Cross-checks what came in, and reports.
    #[must_use]
    pub fn finish(mut self) -> Report {
        self.finish_site();
        self.finish_leaves();
        self.finish_checkpoints();
        self.finish_people();
        self.finish_blobs();
        for finding in &mut self.findings {
            if let (None, Some(record)) = (&finding.number, finding.record) {
                finding.number = self.numbers.get(&record).cloned();
            }
        }
        Report {
            founding_key: self.site.founding_key().map(|key| key.to_hex()),
            findings: self.findings,
            counts: self.counts,
        }
    }
}

#[cfg(test)]
mod tests;
