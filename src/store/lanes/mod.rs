//! The lane: a bounded queue before one thread that decides, seals and commits what waits, in groups.
//!
//! The thread drains up to [`GROUP`] items, never waiting for more, decides them in order of arrival,
//! each against what the earlier ones left, commits once, then answers. A group that fails is tried
//! again item by item, so that one bad item fails alone.

mod attempt;
mod decided;
mod foresee;
mod group;
mod head;
mod jump;
mod knowledge;
mod lane;
mod load;
mod news;
mod sealing;
mod shelf;
mod turn;

pub(in crate::store) use lane::{Lane, LaneParts};
pub(in crate::store) use load::{alike, by_number, decided_on, site_record};
pub(in crate::store) use shelf::Shelf;

use super::access_log::Attempt;
use super::db::Db;
use super::fault::StoreError;
use super::submission::{Outcome, Submission};
use crossbeam_channel::{Sender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Items of a group at most.
pub(in crate::store) const GROUP: usize = 64;

/// Work on the lane's connection; run again when its group has to be.
pub(in crate::store) type Task = Box<dyn FnMut(&mut Db) -> Result<(), StoreError> + Send>;

/// What waits before the lane.
pub(in crate::store) enum Item {
    Command(Box<Submission>, oneshot::Sender<Outcome>),
    /// An attempt to be kept in the access log.
    Attempt(Box<Attempt>, Sender<Result<(), StoreError>>),
    /// Operational rows.
    Task(Task, Sender<Result<(), StoreError>>),
    /// Everything before this is done; then the lane ends.
    Stop,
}

impl Item {
    /// Whether it may write sessions: then what is remembered of callers counts no more.
    pub(in crate::store) fn may_change_standing(&self) -> bool {
        match self {
            Self::Command(submission, _) => !submission.alongside.is_empty(),
            Self::Attempt(..) | Self::Stop => false,
            Self::Task(..) => true,
        }
    }
}

/// Hands items to a lane.
#[derive(Clone)]
pub(in crate::store) struct Door(pub(in crate::store) Sender<Item>);

impl Door {
    /// Hands over a command, or says at once that the queue is full.
    pub(in crate::store) fn submit(&self, submission: Submission, reply: oneshot::Sender<Outcome>) {
        let refused = match self.0.try_send(Item::Command(Box::new(submission), reply)) {
            Ok(()) => return,
            Err(TrySendError::Full(item)) => (item, Outcome::Busy),
            Err(TrySendError::Disconnected(item)) => (item, Outcome::Failed(StoreError::Closed)),
        };
        if let (Item::Command(_, reply), outcome) = refused {
            // Nobody waits any more: nothing to say.
            let _ = reply.send(outcome);
        }
    }

    /// Has work done in a group and waits until it is durable.
    pub(in crate::store) fn run(&self, task: Task) -> Result<(), StoreError> {
        let (reply, answer) = crossbeam_channel::bounded(1);
        self.0.send(Item::Task(task, reply)).map_err(|_| StoreError::Closed)?;
        answer.recv().unwrap_or(Err(StoreError::Closed))
    }

    /// Has work done in a group, waits until it is durable, and hands back what it gave.
    pub(in crate::store) fn work<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Db) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let given = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&given);
        let task: Task = Box::new(move |conn| {
            let done = work(conn)?;
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
            Ok(())
        });
        self.run(task)?;
        let taken = given.lock().unwrap_or_else(PoisonError::into_inner).take();
        taken.ok_or(StoreError::Closed)
    }

    /// Keeps an attempt and waits until it is durable.
    pub(in crate::store) fn note(&self, attempt: Attempt) -> Result<(), StoreError> {
        let (reply, answer) = crossbeam_channel::bounded(1);
        let item = Item::Attempt(Box::new(attempt), reply);
        self.0.send(item).map_err(|_| StoreError::Closed)?;
        answer.recv().unwrap_or(Err(StoreError::Closed))
    }
}
