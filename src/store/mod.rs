//! The only SQL: lanes, the one door that writes, the log, and reading what was written.
//!
//! Append-only tables are the legal record; derived tables are what screens query; operational tables
//! are never evidence (`schema`). Everything that writes goes through the lane's one thread, so that a
//! command, its journal entries with their places in the log, the log's signed head, its derived rows and
//! its receipt stand or fall together. Calls of this room block: async callers put them on a blocking pool, all but
//! [`Store::submit`].

pub mod access_log;
pub mod blobs;
mod checkpointer;
pub mod clock;
pub mod db;
pub mod derived;
mod facade;
pub mod fault;
pub mod journal;
mod kept;
mod lanes;
pub mod lists;
mod log;
pub mod migrate;
pub mod noun;
mod opening;
pub mod operational;
pub mod options;
pub mod parts;
pub mod peek;
pub mod question;
pub mod refusal;
mod replay;
pub mod schema;
pub mod submission;
pub mod trail;
pub mod triggers;
mod unit;
pub mod verify;

pub use access_log::{AccessFilter, Attempt};
pub use clock::{Clock, SimulatedClock};
pub use facade::Store;
pub use fault::StoreError;
pub use journal::{JournalEntry, Page};
pub use lists::Paging;
pub use noun::master::MasterFilter;
pub use noun::run::RunFilter;
pub use operational::{Alongside, RefreshRow, SessionRow};
pub use options::{OpenOptions, SessionJudge};
pub use submission::{Outcome, Pending, ReceiptKey, Submission, UnlockedKey};
pub use trail::AuditFilter;
