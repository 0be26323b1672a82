//! The store as the desk sees it.

use super::access_log::Attempt;
use super::db::Db;
use super::fault::StoreError;
use super::options::OpenOptions;
use super::submission::{Outcome, Pending, Submission};
use crate::domain::ids::Key;
use crate::domain::master::MasterRecord;
use crate::domain::state::State;
use crate::seal::checkpoint::Checkpoint;
use crate::seal::digest::Hash;
use std::path::Path;
use std::sync::Arc;

/// An open database of one site, with its lane and its sequencer. Cheap to clone.
#[derive(Clone)]
pub struct Store {}

const LATER: StoreError = StoreError::Closed;

impl Store {
    /// Opens a founded database whose schema is current.
    ///
    /// # Errors
    /// When it cannot be reached, is not founded, has another clock kind, or its schema is older or newer.
    pub fn open(_options: OpenOptions) -> Result<Self, StoreError> {
        Err(LATER)
    }

    /// Makes the schema in an empty database and writes the founding command (no principal) as its
    /// first entries.
    ///
    /// # Errors
    /// When a site is there already, or the command is not done.
    pub fn found(
        _options: OpenOptions,
        _founding: Submission,
    ) -> Result<(Self, Outcome), StoreError> {
        Err(LATER)
    }

    /// Hands a submission to the lane. Never blocks; `Busy` comes back when the queue is full.
    #[must_use]
    pub fn submit(&self, _submission: Submission) -> Pending {
        let (_, receiver) = tokio::sync::oneshot::channel();
        Pending(receiver)
    }

    /// The newest committed state under a key; `None` when there is no such record.
    ///
    /// # Errors
    /// The engine's, or a record that does not fold (law 7).
    pub fn state(&self, _key: &Key) -> Result<Option<Arc<State>>, StoreError> {
        Err(LATER)
    }

    /// The master record's content under its hash (hex).
    ///
    /// # Errors
    /// The engine's, or a blob that is not there or cannot be read.
    pub fn recipe(&self, _content_hash: &str) -> Result<Arc<MasterRecord>, StoreError> {
        Err(LATER)
    }

    /// A blob's bytes.
    ///
    /// # Errors
    /// The engine's, or bytes that do not have this hash.
    pub fn blob(&self, _hash: &Hash) -> Result<Option<Vec<u8>>, StoreError> {
        Err(LATER)
    }

    /// Reads with any function of this room, as in `store.read(|conn| lists::list_runs(conn, &filter))`.
    ///
    /// # Errors
    /// Those of the function, and when no connection is free.
    pub fn read<T>(
        &self,
        _question: impl FnOnce(&mut Db) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        Err(LATER)
    }

    /// Writes operational rows in the lane's next transaction and waits until they are durable, as in
    /// `store.write_operational(move |conn| sessions::put(conn, &row))`.
    ///
    /// # Errors
    /// Those of the function; nothing is written then.
    pub fn write_operational<T: Send + 'static>(
        &self,
        _work: impl FnMut(&mut Db) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        Err(LATER)
    }

    /// Keeps an attempt in the access log and waits until it is durable.
    ///
    /// # Errors
    /// The engine's.
    pub fn note(&self, _attempt: Attempt) -> Result<(), StoreError> {
        Err(LATER)
    }

    /// Covers everything written so far by a stored checkpoint.
    ///
    /// # Errors
    /// The engine's, or when no log key was given at opening.
    pub fn checkpoint_now(&self) -> Result<Option<Checkpoint>, StoreError> {
        Err(LATER)
    }

    /// The newest stored checkpoint.
    ///
    /// # Errors
    /// The engine's.
    pub fn newest_checkpoint(&self) -> Result<Option<Checkpoint>, StoreError> {
        Err(LATER)
    }

    /// Writes a whole copy of the database to a new file (SQLite only).
    ///
    /// # Errors
    /// The engine's; on PostgreSQL always.
    pub fn copy_to(&self, _file: &Path) -> Result<(), StoreError> {
        Err(LATER)
    }

    /// Whether the database answers and the lane takes commands (`/health/ready`).
    ///
    /// # Errors
    /// What is wrong.
    pub fn ready(&self) -> Result<(), StoreError> {
        Err(LATER)
    }

    /// Stops taking submissions, finishes what waits, writes a last checkpoint. Later calls do nothing.
    ///
    /// # Errors
    /// The engine's.
    pub fn shutdown(&self) -> Result<(), StoreError> {
        Err(LATER)
    }
}
