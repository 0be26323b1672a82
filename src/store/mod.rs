//! The only SQL: lanes, the one door that writes, the sequencer, and reading what was written.
//!
//! Append-only tables are the legal record; derived tables are what screens query; operational tables
//! are never evidence (`schema`). Everything that writes goes through the lane's one thread, so that a
//! command, its journal entries, its derived rows, its receipt and its pending leaves stand or fall
//! together. Calls of this room block: async callers put them on a blocking pool, all but
//! [`Store::submit`].

pub mod access_log;
pub mod blobs;
pub mod clock;
pub mod db;
pub mod derived;
mod facade;
pub mod fault;
pub mod journal;
mod lanes;
pub mod lists;
pub mod migrate;
pub mod operational;
pub mod options;
pub mod peek;
pub mod refusal;
mod replay;
pub mod schema;
mod sequencer;
pub mod submission;
pub mod triggers;
mod unit;
pub mod verify;

pub use access_log::{AccessFilter, Attempt};
pub use clock::{Clock, SimulatedClock};
pub use facade::Store;
pub use fault::StoreError;
pub use journal::{AuditFilter, JournalEntry, Page};
pub use lists::{ExceptionFilter, MasterFilter, Paging, RunFilter};
pub use operational::{Alongside, RefreshRow, SessionRow};
pub use options::{OpenOptions, SessionJudge};
pub use submission::{Outcome, Pending, ReceiptKey, Submission, UnlockedKey};
