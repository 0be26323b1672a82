//! Rows of the append-only tables as the store reads them, before anything is believed.

use uuid::Uuid;

/// A row of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// Column: its place in the log.
    pub leaf: u64,
    /// Column: kind of record.
    pub record_kind: String,
    /// Column: the record.
    pub record_id: Uuid,
    /// Column: sequence in the record.
    pub seq: u64,
    pub link: Vec<u8>,
    /// Column: a copy of the time.
    pub at: Option<i64>,
    /// Column: a copy of the event's name.
    pub event: String,
    /// Column: a copy of the person who acted.
    pub actor: Option<Vec<u8>>,
    pub salt: Vec<u8>,
    /// The header's bytes.
    pub header: Vec<u8>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl JournalRow {
    /// How findings name the row.
    #[must_use]
    pub fn name(&self) -> String {
        format!("leaf {}: {} {} entry {}", self.leaf, self.record_kind, self.record_id, self.seq)
    }
}

/// A row of the access log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRowStored {
    /// Column: its place in the log.
    pub leaf: u64,
    pub link: Vec<u8>,
    /// Column: a copy of the time.
    pub at: Option<i64>,
    /// Column: a copy of what was attempted.
    pub what: String,
    /// Column: a copy of the user name.
    pub user_name: Option<String>,
    /// Column: a copy of the person.
    pub person: Option<Vec<u8>>,
    /// Column: a copy of the outcome.
    pub outcome: String,
    /// The row's canonical bytes.
    pub bytes: Vec<u8>,
}

/// Which table a leaf of the log stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeafTable {
    /// An entry.
    Journal,
    /// An attempt.
    AccessLog,
}

/// A row of the checkpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointRow {
    /// Column: its number.
    pub number: u64,
    /// Column: leaves covered.
    pub size: u64,
    /// Column: the root.
    pub root: Vec<u8>,
    /// Column: the time, µs UTC.
    pub at: i64,
    /// The signed note.
    pub note: String,
}

/// The head of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadRow {
    /// Column: the newest numbered checkpoint.
    pub checkpoint: u64,
    /// Column: leaves of the log.
    pub size: u64,
    /// Column: the root.
    pub root: Vec<u8>,
    /// Column: hashes of the full subtrees.
    pub frontier: Vec<u8>,
    /// Column: the time, µs UTC.
    pub at: i64,
    /// The signed note.
    pub note: String,
}

/// A blob: what its row says, and what its chunks in order really are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobRow {
    /// The hash it is stored under.
    pub hash: Vec<u8>,
    /// The length its row says.
    pub length: u64,
    /// SHA-256 of the chunks.
    pub found_hash: [u8; 32],
    /// Length of the chunks.
    pub found_length: u64,
}
