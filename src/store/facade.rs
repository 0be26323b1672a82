//! The store as the desk sees it.

use super::access_log::Attempt;
use super::blobs;
use super::checkpointer::{Checkpointer, Notice};
use super::clock::Clock;
use super::db::{Access, Address, Db, Readers};
use super::fault::StoreError;
use super::journal;
use super::kept::Kept;
use super::lanes::{Door, Item, Lane, LaneParts, Shelf, alike, by_number, decided_on, site_record};
use super::log::{Log, newest_checkpoint};
use super::migrate;
use super::options::OpenOptions;
use super::replay::{Recipes, replay};
use super::submission::{Outcome, Pending, Submission};
use crate::domain::clock::ClockKind;
use crate::domain::ids::{Key, RecordKey};
use crate::domain::master::MasterRecord;
use crate::domain::site::Site;
use crate::domain::state::State;
use crate::seal::checkpoint::Checkpoint;
use crate::seal::digest::Hash;
use crate::seal::key::PrivateKey;
use crossbeam_channel::{Receiver, Sender};
use diesel::prelude::*;
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// An open database of one site, with its lane and its keeper of checkpoints. Cheap to clone. Call
/// [`Store::shutdown`] before the process ends; without it nothing is lost, but the newest entries wait
/// for the next start to be covered by a numbered checkpoint.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    address: Address,
    readers: Readers,
    shelf: Arc<Shelf>,
    /// States that readers folded themselves, good while their sequence is the stored head.
    folded: Mutex<HashMap<RecordKey, Arc<State>>>,
    recipes: Recipes,
    log: Log,
    clock: Clock,
    door: Door,
    notices: Sender<Notice>,
    threads: Mutex<Threads>,
    closed: AtomicBool,
}

#[derive(Default)]
struct Threads {
    lane: Option<JoinHandle<()>>,
    checkpointer: Option<JoinHandle<()>>,
}

impl Store {
    /// Opens a founded database whose schema is current. Where its log is not as it was written, the store
    /// opens for questions alone: it is not ready, and every order is answered by the fault.
    ///
    /// # Errors
    /// When it cannot be reached, is not founded, has another clock kind or log key, its schema is older
    /// or newer, or it is older than the head kept beside the log key.
    pub fn open(options: OpenOptions) -> Result<Self, StoreError> {
        let mut conn = Address::parse(&options.url)?.connect(Access::Write)?;
        migrate::check_current(&mut conn)?;
        if site_record(&mut conn)?.is_none() {
            return Err(StoreError::Founding(
                "this database holds no site yet: found it with `batchwright found`",
            ));
        }
        drop(conn);
        let (store, notices) = Self::start(&options)?;
        store.check_open_log(&options).map_err(|fault| store.closed_for(fault))?;
        store.keep_checkpoints(options, notices)?;
        Ok(store)
    }

    /// Makes the schema in an empty database and writes the founding command (no principal) as its
    /// first entries. When the command is not done, the outcome says why and the store is closed.
    ///
    /// # Errors
    /// When a site is there already, or the database cannot be made.
    pub fn found(
        options: OpenOptions,
        founding: Submission,
    ) -> Result<(Self, Outcome), StoreError> {
        let mut conn = Address::parse(&options.url)?.connect(Access::Create)?;
        migrate::run(&mut conn)?;
        if site_record(&mut conn)?.is_some() {
            return Err(StoreError::Founding(
                "this database holds a site already; a site is founded once",
            ));
        }
        drop(conn);
        let (store, notices) = Self::start(&options)?;
        let outcome = store.submit(founding).wait();
        if matches!(outcome, Outcome::Done { .. }) {
            store.check_site(&options).map_err(|fault| store.closed_for(fault))?;
            store.keep_checkpoints(options, notices)?;
        } else {
            store.shutdown()?;
        }
        Ok((store, outcome))
    }

    fn start(options: &OpenOptions) -> Result<(Self, Receiver<Notice>), StoreError> {
        let address = Address::parse(&options.url)?;
        let (items, queue) = crossbeam_channel::bounded(options.queue.max(1));
        let (notices, heard) = crossbeam_channel::unbounded();
        let (shelf, recipes) = (Arc::new(Shelf::default()), Recipes::default());
        let kept = match &options.head_file {
            Some(file) if !options.accept_older => Kept::read(file)?,
            _ => None,
        };
        let log = Log::new(options.log_signer.clone(), options.clock.clone(), kept);
        let lane = Lane::new(LaneParts {
            address: address.clone(),
            items: queue,
            shelf: Arc::clone(&shelf),
            recipes: recipes.clone(),
            log: log.clone(),
            judge: options.session_judge.clone(),
            clock: options.clock.clone(),
            committed: notices.clone(),
        })?;
        let lane = spawn("lane", move || lane.run())?;
        let inner = Inner {
            readers: Readers::new(address.clone()),
            address,
            shelf,
            folded: Mutex::default(),
            recipes,
            log,
            clock: options.clock.clone(),
            door: Door(items),
            notices,
            threads: Mutex::new(Threads { lane: Some(lane), checkpointer: None }),
            closed: AtomicBool::new(false),
        };
        Ok((Self(Arc::new(inner)), heard))
    }

    fn keep_checkpoints(
        &self,
        options: OpenOptions,
        notices: Receiver<Notice>,
    ) -> Result<(), StoreError> {
        let checkpointer = Checkpointer {
            notices,
            door: self.0.door.clone(),
            log: self.0.log.clone(),
            every: options.checkpoint_every.min(Duration::from_secs(10)),
            note: options.checkpoint_file,
            head: options.head_file,
        };
        let thread = spawn("checkpointer", move || checkpointer.run())?;
        self.0.threads.lock().unwrap_or_else(PoisonError::into_inner).checkpointer = Some(thread);
        Ok(())
    }

    /// Site and options fit, and the lane is taken once, so that a log that is not as it was written is
    /// told now and not with the first order.
    fn check_open_log(&self, options: &OpenOptions) -> Result<(), StoreError> {
        self.check_site(options)?;
        match self.0.door.work(|_| Ok(())) {
            Err(StoreError::Log(fault)) if !fault.older => Ok(()),
            taken => taken,
        }
    }

    /// The fault with which an opening ends, once the threads have ended.
    fn closed_for(&self, fault: StoreError) -> StoreError {
        self.shutdown().err().unwrap_or(fault)
    }

    /// Whether options and site fit each other: clock kind and log key.
    fn check_site(&self, options: &OpenOptions) -> Result<Site, StoreError> {
        let state = self.state(&Key::Site)?;
        let site = match state.as_deref() {
            Some(State::Site(site)) => site.as_ref().clone(),
            _ => return Err(StoreError::Founding("the site's record cannot be read")),
        };
        if site.clock != self.0.clock.kind() {
            return Err(StoreError::Founding(match site.clock {
                ClockKind::System => {
                    "this site was founded with the system's clock: no simulated one is used here"
                }
                ClockKind::Simulated => {
                    "this is a demo site with a simulated clock: open it with `batchwright demo`"
                }
            }));
        }
        let in_force = site.keys.iter().find(|key| key.purpose == "log");
        let fits = |signer: &PrivateKey| {
            in_force.is_some_and(|key| key.fingerprint == signer.public().id().to_hex())
        };
        if options.log_signer.as_ref().is_some_and(|signer| !fits(signer)) {
            return Err(StoreError::Founding("the log key given is not the one in force here"));
        }
        Ok(site)
    }

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
            Key::Alike(number) => alike(&mut conn, number)?,
            Key::Foreign { number, supplier } => {
                decided_on(&mut conn, number, supplier.as_deref())?.map(|(record, _)| record)
            }
        };
        let Some(record) = record else { return Ok(None) };
        let Some(head) = journal::head(&mut conn, record)? else { return Ok(None) };
        let is_new = |state: &Arc<State>| i64::try_from(state.seq()).is_ok_and(|seq| seq >= head);
        if let Some(state) = self.0.shelf.wait(record, Duration::from_secs(5)).filter(is_new) {
            return Ok(Some(state));
        }
        let folded = || self.0.folded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(state) = folded().get(&record).filter(|state| is_new(state)) {
            return Ok(Some(Arc::clone(state)));
        }
        let state = replay(&mut conn, record, &self.0.recipes)?.map(Arc::new);
        if let Some(state) = &state {
            let mut folded = folded();
            if folded.len() >= 256 {
                folded.clear();
            }
            folded.insert(record, Arc::clone(state));
        }
        Ok(state)
    }

    /// A number that stays the same as long as nothing this process wrote may have changed a session or
    /// a person. What another process wrote shows in it only with this one's next commit.
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
            Some(recipe) => Ok(recipe),
            None => self.0.recipes.get(&mut *self.0.readers.get()?, content_hash),
        }
    }

    /// A blob's bytes.
    ///
    /// # Errors
    /// The engine's, or bytes that do not have this hash.
    pub fn blob(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StoreError> {
        blobs::get(&mut *self.0.readers.get()?, hash)
    }

    /// Reads with any function of this room, as in `store.read(|conn| lists::list_runs(conn, &filter))`.
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

    /// Stops taking submissions, finishes what waits, writes a last checkpoint. Later calls do nothing.
    ///
    /// # Errors
    /// When a thread of the store had died.
    pub fn shutdown(&self) -> Result<(), StoreError> {
        if self.0.closed.swap(true, Ordering::SeqCst) {
            return Ok(());
        }
        let mut threads = self.0.threads.lock().unwrap_or_else(PoisonError::into_inner);
        // The last checkpoint stands behind everything that waits, and before the lane's end.
        let ends = [
            threads.checkpointer.take().map(|thread| {
                let _ = self.0.notices.send(Notice::Stop);
                thread.join()
            }),
            threads.lane.take().map(|thread| {
                let _ = self.0.door.0.send(Item::Stop);
                thread.join()
            }),
        ];
        if ends.into_iter().flatten().any(|end| end.is_err()) {
            return Err(StoreError::Process("a thread of the store had died".into()));
        }
        Ok(())
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|e| StoreError::Process(format!("the {name}'s thread cannot start: {e}")))
}
