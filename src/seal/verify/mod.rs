//! Verification of everything that is hashed, signed or a copy, by public keys alone: no key files, no SQL.
//!
//! The store feeds rows as it finds them, and nothing is remembered of what was whole: blobs first, then the
//! records of the site and of persons ([`Verifier::entry`]), after which all keys are known
//! ([`Verifier::settle`]); then, in any order and side by side ([`Verifier::fork`]), all other records one
//! after the other, and the log by its leaves ([`Verifier::leaf`]) with each checkpoint where it stands.
//! Comparing derived tables with a replay is the store's; it adds its findings here too.

mod access;
mod blobs;
mod checkpoints;
mod finding;
mod head;
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
pub use journal::Opened;
pub use log::Seen;
pub use people::{KEY_DESTROYED, KEY_ENROLLED};
pub use rows::{AccessRowStored, BlobRow, CheckpointRow, HeadRow, JournalRow, LeafTable};

/// Names occurrence and entry of an act for people, from its header and data.
pub type Describe = fn(&Header, &Value) -> (Option<String>, Option<String>);

/// What the caller holds against the database.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The fingerprint of the founding key that the record must be from (`--trust`).
    pub trust: Option<KeyId>,
    /// A checkpoint, or a head of the log, kept earlier, elsewhere (`--checkpoint`): the whole note.
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
    /// All keys are known: what comes now is judged at once.
    settled: bool,
    site: site::Site,
    journal: journal::Journal,
    people: people::People,
    access: access::Access,
    log: log::Log,
    blobs: blobs::Blobs,
}

impl Verifier {
    /// A verification that has seen nothing yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, ..Self::default() }
    }

    /// The blobs, the site and all persons were seen: keys are known from here on.
    pub fn settle(&mut self) {
        self.settled = true;
        self.finish_site();
        self.finish_people();
        self.open_kept();
    }

    /// A verification beside this one, that knows the same keys: for other records. [`Verifier::join`] takes
    /// it back.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            options: self.options.clone(),
            settled: true,
            site: self.site.fork(),
            people: self.people.fork(),
            blobs: self.blobs.fork(),
            ..Self::default()
        }
    }

    /// Takes back what another one found.
    pub fn join(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.counts.add(other.counts);
        self.site.join(other.site);
        self.people.join(other.people);
        self.blobs.join(other.blobs);
    }

    /// Tells the business number of the record whose entries came last, so that findings can name it. Not
    /// verified here.
    pub fn record_number(&mut self, record: Uuid, number: &str) {
        let of_record = |finding: &&mut Finding| finding.record == Some(record);
        let tail = self.findings.iter_mut().skip(self.journal.first_finding);
        for finding in tail.filter(of_record) {
            finding.number.get_or_insert_with(|| number.to_owned());
        }
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
        self.finish_identity();
        self.finish_log();
        self.finish_unknown_keys();
        self.finish_blobs();
        // What was met side by side is told in one order: the records, then everything else as it came.
        self.findings.sort_by_key(|finding| (finding.record.is_none(), finding.record));
        Report {
            founding_key: self.site.founding_key().map(|key| key.to_hex()),
            findings: self.findings,
            counts: self.counts,
        }
    }
}

#[cfg(test)]
mod tests;
