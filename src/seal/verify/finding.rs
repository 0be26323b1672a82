//! What verification found: one finding for each thing that is not as it was written.

use std::fmt;

use serde::Serialize;
use uuid::Uuid;

/// What kind of thing was found. The word in reports is the name in kebab-case, stable for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// A row's columns cannot be read as their types.
    RowUnreadable,
    /// A header or access row does not hash to its link.
    HeaderChanged,
    /// A header or access row is hashed right but not of its format.
    HeaderUnreadable,
    /// Body or salt do not hash to the header's body hash.
    BodyChanged,
    /// A body is hashed right but not of its format.
    BodyUnreadable,
    /// A column is not what the hashed or signed bytes say.
    ColumnDiffers,
    /// Entries or access rows are missing from their chain.
    EntriesMissing,
    /// An entry stands in the wrong place of its chain.
    EntrySwapped,
    /// An entry's previous link is not the link before.
    ChainBroken,
    /// An entry belongs to another record or site than its chain.
    EntryForeign,
    /// The clock is of another kind than the site was founded with.
    ClockDiffers,
    /// There is no founding entry.
    NotFounded,
    /// There is more than one founding entry.
    FoundedTwice,
    /// The founding entry or a key that came later does not stand.
    SiteKeyFault,
    /// The founding key is not the trusted one.
    FoundingKeyDiffers,
    /// Rows of the log are missing.
    LeafMissing,
    /// Two rows have one place in the log.
    LeafTwice,
    /// The places of one chain in the log do not follow its sequence.
    LeafOrder,
    /// A row stands behind the signed head of the log: appended by somebody without the log key.
    RowForged,
    /// The head of the log is not there.
    HeadMissing,
    /// The note of the head does not stand.
    HeadForged,
    /// A checkpoint's number is missing or out of order.
    CheckpointMissing,
    /// A checkpoint's size does not rise.
    CheckpointSize,
    /// A checkpoint's note does not stand.
    CheckpointForged,
    /// A checkpoint is signed by a log key not in force.
    CheckpointKey,
    /// A checkpoint or the head covers more leaves than there are.
    TreeCut,
    /// The leaves do not lead to the root of a checkpoint or of the head.
    TreeDiffers,
    /// The kept checkpoint cannot be read or is not signed by this site's log key.
    KeptCheckpoint,
    /// The log does not contain the kept checkpoint: rewritten or cut back.
    KeptCheckpointDiffers,
    /// An act that is always signed carries no person's signature.
    SignatureMissing,
    /// An element of `signatures` is not a signature.
    SignatureUnreadable,
    /// A signature was made for another place.
    SignatureMoved,
    /// A signature was made over other content.
    SignatureContent,
    /// A signature's key was never enrolled for that person.
    SignatureKeyUnknown,
    /// A signature's key was not in force at that time.
    SignatureKeyNotInForce,
    /// A signature is not by the key it names.
    SignatureForged,
    /// An enrolment's key is unreadable or not the one of its fingerprint.
    EnrolmentKey,
    /// An enrolment is countersigned neither by another person nor by the founding key.
    EnrolmentNotCountersigned,
    /// A blob is not what its hash says.
    BlobChanged,
    /// A blob named in the journal is not there.
    BlobMissing,
    /// A derived row differs from what the journal says (found by replay).
    DerivedDiffers,
    /// Who acts or signs did not exist then, was called otherwise, or was deactivated.
    WhoDiffers,
    /// Who acts or signs did not hold the role then, or the role not the authority.
    RoleNotHeld,
    /// An act was made by a permission, or without a person, as acts of its sort are not made.
    ActNotPermitted,
    /// Who acts is not among those who signed.
    SignerNotActor,
    /// An entry is earlier than the one before it, and the clock was not set back between them.
    TimeFalls,
    /// A protection of the tables (trigger, grant) is missing.
    ProtectionMissing,
}

impl Code {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(word)) => word,
            _ => String::new(), // A unit variant is always a word.
        }
    }
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind of thing.
    pub code: Code,
    /// The table it was found in.
    pub table: String,
    /// The row, as the table names it.
    pub row: Option<String>,
    /// The record's kind.
    pub record_kind: Option<String>,
    pub record: Option<Uuid>,
    /// The record's business number.
    pub number: Option<String>,
    /// The entry's sequence in its record (or the access row's, a missing leaf, the checkpoint's number).
    pub seq: Option<u64>,
    pub event: Option<String>,
    /// The occurrence of operation and step.
    pub occurrence: Option<String>,
    /// The entry of the step.
    pub entry: Option<String>,
    /// Who acted or signed: printed name and user name.
    pub person: Option<String>,
    /// When, µs UTC.
    pub at: Option<i64>,
    /// What happened, in a sentence.
    pub detail: String,
    /// What should be there.
    pub expected: Option<String>,
    /// What is there.
    pub found: Option<String>,
}

impl Finding {
    /// A finding that names nothing but its table yet.
    #[must_use]
    pub fn new(code: Code, table: &str, detail: &str) -> Self {
        Self {
            code,
            table: table.to_owned(),
            row: None,
            record_kind: None,
            record: None,
            number: None,
            seq: None,
            event: None,
            occurrence: None,
            entry: None,
            person: None,
            at: None,
            detail: detail.to_owned(),
            expected: None,
            found: None,
        }
    }

    /// The same with both values.
    #[must_use]
    pub fn values(mut self, expected: impl Into<String>, found: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self.found = Some(found.into());
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code.word(), self.detail)?;
        let record = match (&self.record_kind, &self.number, self.record) {
            (Some(kind), Some(number), _) => Some(format!("{kind} {number}")),
            (Some(kind), None, Some(record)) => Some(format!("{kind} {record}")),
            (None, Some(number), _) => Some(number.clone()),
            (None, None, record) => record.map(|record| record.to_string()),
            (Some(kind), None, None) => Some(kind.clone()),
        };
        let parts = [
            ("", record),
            ("occurrence ", self.occurrence.clone()),
            ("entry ", self.entry.clone()),
            ("no. ", self.seq.map(|seq| seq.to_string())),
            ("event ", self.event.clone()),
            ("by ", self.person.clone()),
            ("expected ", self.expected.clone()),
            ("found ", self.found.clone()),
            ("table ", Some(self.table.clone())),
            ("row ", self.row.clone()),
        ];
        for (word, text) in parts {
            if let Some(text) = text {
                write!(formatter, " · {word}{text}")?;
            }
        }
        Ok(())
    }
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Records with at least one entry.
    pub records: u64,
    pub entries: u64,
    /// Entries not yet covered by a checkpoint (not a fault).
    pub entries_uncovered: u64,
    pub access_rows: u64,
    /// Access rows not yet covered by a checkpoint (not a fault).
    pub access_rows_uncovered: u64,
    pub leaves: u64,
    pub checkpoints: u64,
    /// Leaves that the newest checkpoint covers.
    pub covered: u64,
    /// Signatures by persons.
    pub signatures: u64,
    /// Statements by keys of the site.
    pub statements: u64,
    /// Enrolments of persons' keys.
    pub enrolments: u64,
    pub blobs: u64,
    /// Blobs that no entry names (not a fault: an upload may have no entry yet).
    pub blobs_unnamed: u64,
}

impl Counts {
    /// Adds what another verification counted.
    pub(super) fn add(&mut self, other: Self) {
        let Self {
            records, entries, entries_uncovered, access_rows, access_rows_uncovered, ..
        } = other;
        let Self { leaves, checkpoints, covered, signatures, statements, enrolments, .. } = other;
        self.records += records;
        self.entries += entries;
        self.entries_uncovered += entries_uncovered;
        self.access_rows += access_rows;
        self.access_rows_uncovered += access_rows_uncovered;
        self.leaves += leaves;
        self.checkpoints += checkpoints;
        self.covered += covered;
        self.signatures += signatures;
        self.statements += statements;
        self.enrolments += enrolments;
        self.blobs += other.blobs;
        self.blobs_unnamed += other.blobs_unnamed;
    }
}

/// The result of a verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The fingerprint of the founding key, to compare with one known otherwise.
    pub founding_key: Option<String>,
    /// Everything found; empty when whole.
    pub findings: Vec<Finding>,
    /// How much was looked at.
    pub counts: Counts,
}

impl Report {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.findings.is_empty()
    }

    /// Whether there is a finding of this kind.
    #[must_use]
    pub fn has(&self, code: Code) -> bool {
        self.findings.iter().any(|finding| finding.code == code)
    }
}
