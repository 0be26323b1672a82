//! Rows of the append-only tables as the store reads them, before anything is believed.

use serde_json::Value;
use uuid::Uuid;

/// A column that is a copy of something hashed, for example `user_name` of `actor.user_name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The column's name.
    pub name: &'static str,
    /// Where the original stands in the header (journal) or row (access log), with dots.
    pub path: &'static str,
    /// The copy, in the original's JSON type: identities as hyphenated text, hashes as hex.
    pub value: Value,
}

/// A row of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// How the table names the row, for findings.
    pub row: String,
    /// Column: kind of record.
    pub record_kind: String,
    /// Column: the record.
    pub record_id: Uuid,
    /// Column: sequence in the record.
    pub seq: u64,
    /// The header's bytes.
    pub header: Vec<u8>,
    /// The salt.
    pub salt: Vec<u8>,
    /// The body's bytes.
    pub body: Vec<u8>,
    /// The link.
    pub link: Vec<u8>,
    /// Every other column, each a copy of something in the header.
    pub copies: Vec<Column>,
}

/// A row of the access log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRowStored {
    /// How the table names the row.
    pub row: String,
    /// Column: sequence in the access log.
    pub seq: u64,
    /// The row's canonical bytes.
    pub bytes: Vec<u8>,
    /// The link.
    pub link: Vec<u8>,
    /// Every other column.
    pub copies: Vec<Column>,
}

/// What a leaf of the tree stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LeafSource {
    /// An entry of the journal.
    Entry {
        /// Its record.
        record: Uuid,
        /// Its sequence.
        seq: u64,
    },
    /// A row of the access log.
    Access {
        /// Its sequence.
        seq: u64,
    },
}

impl LeafSource {
    /// The word of the kind, as the leaf's row keeps it: `entry` or `access`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            LeafSource::Entry { .. } => "entry",
            LeafSource::Access { .. } => "access",
        }
    }
}

/// A row of the tree's leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafRow {
    /// The leaf's index, from 0.
    pub index: u64,
    /// The link it stands for.
    pub hash: Vec<u8>,
    /// What it stands for; `None` when the columns say nothing readable.
    pub source: Option<LeafSource>,
    /// Column: the kind of record; none for an access row.
    pub record_kind: Option<String>,
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
