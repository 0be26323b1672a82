//! How a store is opened, founded and ended: its threads, and what must fit before it serves.

use super::checkpointer::{Checkpointer, Notice, time_file};
use super::clock::Clock;
use super::db::{Access, Address, Readers};
use super::facade::{Inner, Store, Threads};
use super::fault::StoreError;
use super::kept::Kept;
use super::lanes::{Door, Item, Lane, LaneParts, Shelf, site_record};
use super::log::Log;
use super::migrate;
use super::options::OpenOptions;
use super::replay::Recipes;
use super::submission::{Outcome, Submission};
use crate::domain::clock::ClockKind;
use crate::domain::ids::Key;
use crate::domain::state::State;
use crate::seal::key::PrivateKey;
use crossbeam_channel::Receiver;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

impl Store {
    /// Opens a founded database whose schema is current. Where its log is not as it was written, the store
    /// opens for questions alone: it is not ready, and every order is answered by the fault.
    ///
    /// # Errors
    /// When it cannot be reached, is not founded, has another clock kind or log key, its schema is older
    /// or newer, or it is older than the head kept beside the log key.
    pub fn open(options: OpenOptions) -> Result<Self, StoreError> {
        if let (Clock::System(clock), Some(head)) = (&options.clock, &options.head_file) {
            clock.go_on(&time_file(head));
        }
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
            clock: self.0.clock.clone(),
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
            // Another node writes without a pause: then the first order, or the first checkpoint, tells.
            Err(StoreError::Held) => Ok(()),
            taken => taken,
        }
    }

    /// The fault with which an opening ends, once the threads have ended.
    fn closed_for(&self, fault: StoreError) -> StoreError {
        self.shutdown().err().unwrap_or(fault)
    }

    /// Whether options and site fit each other: clock kind and log key.
    fn check_site(&self, options: &OpenOptions) -> Result<(), StoreError> {
        let state = self.state(&Key::Site)?;
        let unread = StoreError::Founding("the site's record cannot be read");
        let site = state.as_deref().and_then(State::as_site).ok_or(unread)?;
        if site.clock != self.0.clock.kind() {
            return Err(StoreError::Founding(match site.clock {
                ClockKind::System | ClockKind::Unsettled => {
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
        Ok(())
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
