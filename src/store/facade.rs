//! The store as the desk sees it.

use super::access_log::Attempt;
use super::blobs;
use super::checkpointer::Notice;
use super::clock::Clock;
use super::db::{Access, Address, Db, Readers};
use super::fault::StoreError;
use super::journal;
use super::lanes::{Door, Shelf, alike, by_number, decided_on, site_record};
use super::log::{Log, newest_checkpoint};
use super::replay::{Recipes, as_of, onward};
use super::submission::{Pending, Submission};
use crate::domain::clock::Instant;
use crate::domain::ids::{Key, RecordKey};
use crate::domain::recipe::MasterRecord;
use crate::domain::state::State;
use crate::seal::checkpoint::Checkpoint;
use crate::seal::digest::Hash;
use crossbeam_channel::Sender;
use diesel::prelude::*;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// An open database of one site, with its lane and its keeper of checkpoints. Cheap to clone. Call
/// [`Store::shutdown`] before the process ends; without it nothing is lost, but the newest entries wait
/// for the next start to be covered by a numbered checkpoint.
#[derive(Clone)]
pub struct Store(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) address: Address,
    pub(super) readers: Readers,
    pub(super) shelf: Arc<Shelf>,
    pub(super) recipes: Recipes,
    pub(super) log: Log,
    pub(super) clock: Clock,
    pub(super) door: Door,
    pub(super) notices: Sender<Notice>,
    pub(super) threads: Mutex<Threads>,
    pub(super) closed: AtomicBool,
}

#[derive(Default)]
pub(super) struct Threads {
    pub(super) lane: Option<JoinHandle<()>>,
    pub(super) checkpointer: Option<JoinHandle<()>>,
}

impl Store {
    /// Hands a submission to the lane. Never blocks; `Busy` comes back when the queue is full.
    #[must_use]
    pub fn submit(&self, submission: Submission) -> Pending {
        let (reply, outcome) = tokio::sync::oneshot::channel();
        if self.0.closed.load(Ordering::SeqCst) {
            // Dropping the sender answers `Closed`.
            drop(reply);
        } else {
            self.0.door.submit(submission, reply);
        }
        Pending(outcome)
    }

    /// The newest committed state under a key; `None` when there is no such record.
    ///
    /// # Errors
    /// The engine's, or a record that does not fold (law 7).
    pub fn state(&self, key: &Key) -> Result<Option<Arc<State>>, StoreError> {
        let mut conn = self.0.readers.get()?;
        let record = match key {
            Key::Site => site_record(&mut conn)?,
            Key::Id(record) => Some(*record),
            Key::Number(kind, number) => by_number(&mut conn, *kind, number)?,
            Key::Alike(kind, number) => alike(&mut conn, *kind, number)?,
            Key::Foreign { number, supplier } => {
                decided_on(&mut conn, number, supplier.as_deref())?.map(|(record, _)| record)
            }
        };
        let Some(record) = record else { return Ok(None) };
        let Some(head) = journal::head(&mut conn, record)? else { return Ok(None) };
        let is_new = |state: &Arc<State>| i64::try_from(state.seq()).is_ok_and(|seq| seq >= head);
        let kept = self.0.shelf.look(record);
        if kept.as_ref().is_some_and(is_new) {
            return Ok(kept);
        }
        let (state, folded) = onward(&mut conn, record, kept, &self.0.recipes)?;
        self.0.shelf.count_folded(folded);
        if let Some(state) = &state {
            self.0.shelf.offer(record, Arc::clone(state));
        }
        Ok(state)
    }

    /// A record's state as it was at a moment; `None` when it had not begun.
    ///
    /// # Errors
    /// The engine's, or a record that does not fold (law 7).
    pub fn state_as_of(&self, record: RecordKey, at: Instant) -> Result<Option<State>, StoreError> {
        as_of(&mut *self.0.readers.get()?, record, at, &self.0.recipes)
    }

    /// How many entries were read from the journal and folded into states, by the lane and by readers.
    #[doc(hidden)]
    #[must_use]
    pub fn folded(&self) -> u64 {
        self.0.shelf.folded()
    }

    /// A number that stays the same as long as nothing is known to have changed a session or a person.
    /// What another process wrote shows in it with this one's next commit.
    #[must_use]
    pub fn standing(&self) -> u64 {
        self.0.shelf.standing()
    }

    /// The master record's content under its hash (hex).
    ///
    /// # Errors
    /// The engine's, or a blob that is not there or cannot be read.
    pub fn recipe(&self, content_hash: &str) -> Result<Arc<MasterRecord>, StoreError> {
        match self.0.recipes.known(content_hash) {
            Some(recipe) => Ok(Arc::clone(&recipe)),
            None => {
                let recipe = self.0.recipes.get(&mut *self.0.readers.get()?, content_hash)?;
                Ok(Arc::clone(&recipe))
            }
        }
    }

    /// A blob's bytes.
    ///
    /// # Errors
    /// The engine's, or bytes that do not have this hash.
    pub fn blob(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StoreError> {
        blobs::get(&mut *self.0.readers.get()?, hash)
    }

    /// Reads with any function of this room, as in `store.read(|conn| list_runs(conn, &filter))`.
    ///
    /// # Errors
    /// Those of the function, and when no connection is free.
    pub fn read<T>(
        &self,
        question: impl FnOnce(&mut Db) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.0.readers.get()?.read(question)
    }

    /// Writes operational rows in the lane's next transaction and waits until they are durable, as in
    /// `store.write_operational(move |conn| sessions::put(conn, &row))`.
    ///
    /// # Errors
    /// Those of the function; nothing is written then.
    pub fn write_operational<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Db) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.check_open()?;
        self.0.door.work(work)
    }

    /// Keeps an attempt in the access log and waits until it is durable.
    ///
    /// # Errors
    /// The engine's.
    pub fn note(&self, attempt: Attempt) -> Result<(), StoreError> {
        self.check_open()?;
        self.0.door.note(attempt)
    }

    /// Covers everything written so far by a stored checkpoint; `None` when no log key was given.
    ///
    /// # Errors
    /// The engine's.
    pub fn checkpoint_now(&self) -> Result<Option<Checkpoint>, StoreError> {
        let (reply, made) = crossbeam_channel::bounded(1);
        self.0.notices.send(Notice::Now(reply)).map_err(|_| StoreError::Closed)?;
        made.recv().unwrap_or(Err(StoreError::Closed))
    }

    /// The newest stored checkpoint.
    ///
    /// # Errors
    /// The engine's.
    pub fn newest_checkpoint(&self) -> Result<Option<Checkpoint>, StoreError> {
        newest_checkpoint(&mut *self.0.readers.get()?)
    }

    /// How many leaves the log has by its newest head.
    #[must_use]
    pub fn leaves(&self) -> u64 {
        self.0.log.known().map_or(0, |known| known.frontier.size())
    }

    /// The site's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Writes a whole copy of the database to a new file (SQLite only).
    ///
    /// # Errors
    /// The engine's; on PostgreSQL always.
    pub fn copy_to(&self, file: &Path) -> Result<(), StoreError> {
        let mut conn = self.0.address.connect(Access::Write)?;
        if matches!(conn, Db::Postgres(_)) {
            let text = "a PostgreSQL database is copied with its own tools (pg_dump)";
            return Err(StoreError::Process(text.into()));
        }
        let copy = diesel::sql_query("VACUUM INTO ?")
            .bind::<diesel::sql_types::Text, _>(file.to_string_lossy().into_owned());
        copy.execute(&mut conn)?;
        Ok(())
    }

    /// Whether the database answers and the lane takes commands (`/health/ready`).
    ///
    /// # Errors
    /// What is wrong.
    pub fn ready(&self) -> Result<(), StoreError> {
        self.check_open()?;
        if let Some(fault) = self.0.log.fault() {
            return Err(fault.clone().into());
        }
        self.read(|conn| site_record(conn).map(|_| ()))
    }

    fn check_open(&self) -> Result<(), StoreError> {
        if self.0.closed.load(Ordering::SeqCst) { Err(StoreError::Closed) } else { Ok(()) }
    }
}
