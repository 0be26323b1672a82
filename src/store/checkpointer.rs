//! The keeper of checkpoints: one thread that, within seconds of new leaves, has a numbered checkpoint made
//! out of the head of the log, and keeps the newest head in the file beside the log key.
//!
//! An entry waits for none of it: it is in the log when it is committed. Numbered checkpoints are what is
//! kept elsewhere and compared later.

use super::clock::Clock;
use super::fault::StoreError;
use super::kept::{self, Kept};
use super::lanes::Door;
use super::log::Log;
use crate::seal::checkpoint::Checkpoint;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a newer head may stay out of the file.
const KEEP: Duration = Duration::from_secs(1);

/// What the keeper is told.
pub(in crate::store) enum Notice {
    /// A group with leaves is durable.
    Committed,
    /// Somebody asks for a checkpoint now.
    Now(Sender<Result<Option<Checkpoint>, StoreError>>),
    /// The last checkpoint, then the end.
    Stop,
}

/// What the keeper is made of.
pub(in crate::store) struct Checkpointer {
    pub(in crate::store) notices: Receiver<Notice>,
    pub(in crate::store) door: Door,
    pub(in crate::store) log: Log,
    pub(in crate::store) every: Duration,
    /// Where the newest checkpoint's note is written.
    pub(in crate::store) note: Option<PathBuf>,
    /// Where the newest head is kept.
    pub(in crate::store) head: Option<PathBuf>,
    /// Kept beside the head: what this machine's next start of the program goes on from.
    pub(in crate::store) clock: Clock,
}

/// Where site time is kept, beside the head of the log.
pub(in crate::store) fn time_file(head: &Path) -> PathBuf {
    head.with_extension("time")
}

impl Checkpointer {
    /// Works until it is told to stop.
    pub(in crate::store) fn run(self) {
        // What an earlier process left without a checkpoint is due at once.
        let (mut cover, mut keep) = (Some(Instant::now()), Some(Instant::now()));
        let mut kept = String::new();
        loop {
            let next = [cover, keep].into_iter().flatten().min();
            let wait = next.map_or(Duration::from_secs(3600), |due| {
                due.saturating_duration_since(Instant::now())
            });
            match self.notices.recv_timeout(wait) {
                Ok(Notice::Committed) => {
                    let now = Instant::now();
                    cover = cover.or(Some(now + self.every));
                    keep = keep.or(Some(now + KEEP));
                }
                Ok(Notice::Now(reply)) => {
                    let _ = reply.send(self.cover());
                    cover = None;
                }
                Err(RecvTimeoutError::Timeout) => {
                    let now = Instant::now();
                    if cover.is_some_and(|due| due <= now) {
                        self.report();
                        cover = None;
                    }
                    if keep.is_some_and(|due| due <= now) {
                        self.keep(&mut kept);
                        keep = None;
                    }
                }
                Ok(Notice::Stop) | Err(RecvTimeoutError::Disconnected) => {
                    self.report();
                    self.keep(&mut kept);
                    return;
                }
            }
        }
    }

    fn report(&self) {
        if let Err(fault) = self.cover() {
            tracing::error!(%fault, "no checkpoint could be made; it is tried again after the next entry");
        }
    }

    /// A numbered checkpoint over everything that is committed; the newest one, when it covers all.
    fn cover(&self) -> Result<Option<Checkpoint>, StoreError> {
        if !self.log.signs() {
            return Ok(None);
        }
        self.log.ask_checkpoint();
        self.door.run(Box::new(|_| Ok(())))?;
        let newest = self.log.known().and_then(|known| known.checkpoint);
        if let (Some(checkpoint), Some(file)) = (&newest, &self.note) {
            kept::replace(file, &checkpoint.note)?;
        }
        Ok(newest)
    }

    /// Puts the newest head into its file; `kept` is the one there.
    fn keep(&self, kept: &mut String) {
        let (Some(file), Some(known)) = (&self.head, self.log.known()) else { return };
        let Some(head) = known.head.filter(|head| head.note != *kept) else { return };
        if let Clock::System(clock) = &self.clock
            && let Err(fault) = clock.keep(&time_file(file))
        {
            tracing::error!(%fault, "site time is not kept beside the head of the log");
        }
        match Kept::write(file, &head, &known.frontier) {
            Ok(()) => *kept = head.note,
            Err(fault) => tracing::error!(%fault, "the head of the log is not kept beside its key"),
        }
    }
}
