//! What can go wrong below the rules: the engine, its connection, or rows that cannot be.

use crate::domain::command::EvolveFault;
use crate::domain::ids::RecordKey;
use std::fmt;

/// A fault of the store. Refusals by rules are not faults; they come as `Refusal`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is no database of a kind we know.
    #[error(
        "{0:?} names no database: write sqlite:PATH, sqlite://PATH, postgres://… or postgresql://…"
    )]
    Address(String),
    /// The database cannot be reached or opened.
    #[error(
        "the database cannot be opened: {0}; check that it is there, running and yours to read"
    )]
    Unreachable(String),
    /// The engine refused a statement.
    #[error("the database refused: {0}")]
    Engine(#[from] diesel::result::Error),
    /// A schema step failed, or the schema is newer than this program.
    #[error("the schema cannot be brought up to date: {0}")]
    Migration(String),
    /// A row that cannot be (law 7): stored bytes do not decode, hash, chain or fold.
    #[error(
        "table {table}, {row}: {detail}; run `batchwright verify` and restore from a good copy"
    )]
    Broken {
        table: &'static str,
        /// The row, for people.
        row: String,
        /// What is wrong.
        detail: String,
    },
    /// The log is not as this process wrote or verified it: nothing is written any more.
    #[error(transparent)]
    Log(#[from] LogFault),
    /// An event was decided that its own record cannot take: a fault of the program, nothing was written.
    #[error("the decision could not be written: {0}")]
    Decision(String),
    /// The database holds no site, or one already where none may be.
    #[error("{0}")]
    Founding(&'static str),
    /// What was given as a cursor is none of this list's.
    #[error(
        "cursor: {0:?} is no place in this list; send back what stood in `next`, or leave it out"
    )]
    Cursor(String),
    /// Somebody else kept the lane too long; nothing was written.
    #[error("somebody else is writing for too long; send the request again in a moment")]
    Held,
    /// The store is shutting down.
    #[error("the store is shutting down; send the request again in a moment")]
    Closed,
    /// A thread or file of this process failed.
    #[error("{0}")]
    Process(String),
}

/// Why the lane writes nothing until a restart on a sound database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFault {
    pub table: &'static str,
    /// The row, for people.
    pub row: String,
    /// What is wrong.
    pub detail: String,
    /// The database is older than the head kept beside the log key, or another one.
    pub older: bool,
}

impl std::error::Error for LogFault {}

impl fmt::Display for LogFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, row, detail, older } = self;
        let what = if *older {
            "this is not the newest database of the site; restore the newest one, or accept this one with \
             `batchwright restore --reason`, which the journal then tells"
        } else {
            "nothing is written until the server starts on a sound database: run `batchwright verify` and \
             restore from a good copy"
        };
        write!(f, "table {table}, {row}: {detail}; {what}")
    }
}

impl StoreError {
    /// A journal row that cannot be.
    #[must_use]
    pub fn broken_entry(record: RecordKey, seq: u64, detail: impl ToString) -> Self {
        Self::Broken {
            table: "journal",
            row: format!("{} {} entry {seq}", record.kind, record.id),
            detail: detail.to_string(),
        }
    }
}

impl From<EvolveFault> for StoreError {
    fn from(fault: EvolveFault) -> Self {
        Self::broken_entry(fault.record, fault.seq, format!("{}: {}", fault.name, fault.detail))
    }
}
