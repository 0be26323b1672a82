//! The watch: what runs out opens its exception although nobody acts. One thread of a serving process;
//! what it writes, the system writes.

use crate::app::desk::{Desk, Failure};
use crate::domain::clock::Instant;
use crate::domain::command::{Decision, Stamp};
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::refusal::Refusal;
use crate::domain::run::acts::time::{next_due, notice};
use crate::store::noun::run::{WatchedRun, watched_runs};
use crate::store::submission::Submission;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use uuid::Uuid;

/// How often the watch looks.
pub const USUAL: Duration = Duration::from_secs(2);

/// So many looks apart the lane is asked to look at its clock, so that a jump shows on an idle site.
const CLOCK: u32 = 15;

/// The system's own act on a run: to write down what ran out.
struct NoticeOverdue(RecordKey);

impl Command for NoticeOverdue {
    fn name(&self) -> &'static str {
        "notice-overdue"
    }

    fn reads(&self) -> Vec<Key> {
        vec![Key::Id(self.0)]
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let ruling = notice(loaded.run(&Key::Id(self.0))?, stamp);
        let permit = ruling.permit.clone();
        let answer = json!({ "noticed": ruling.events.len() });
        Ok(Decision { permit, events: ruling.into_planned(self.0, "run", None), answer })
    }
}

/// A watch that stands. Dropped or stopped, it ends before the store does.
pub struct Watch {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Sets a watch over a desk's runs.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn set(desk: Arc<Desk>, every: Duration) -> std::io::Result<Self> {
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new().name("watch".into()).spawn(move || {
            let mut seen = HashMap::new();
            let mut looks = 0_u32;
            while stopped.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                looks = looks.wrapping_add(1);
                if looks.is_multiple_of(CLOCK)
                    && let Err(failure) = desk.write(|_| Ok(()))
                {
                    tracing::error!(%failure, "the clock could not be looked at; it is tried again");
                }
                if let Err(failure) = look(&desk, &mut seen) {
                    tracing::error!(%failure, "limits of time could not be watched; it is tried again");
                }
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }

    /// Ends the watch and waits until it has ended.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the watch over limits of time had died");
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.end();
    }
}

/// What is known of a run: at which head, and when something of it runs out next.
type Seen = HashMap<Uuid, (i64, Option<Instant>)>;

/// Looks once. A run at which nothing happened costs no more than its line in the list.
fn look(desk: &Desk, seen: &mut Seen) -> Result<(), Failure> {
    let runs = desk.read(watched_runs)?;
    seen.retain(|id, _| runs.iter().any(|run| run.id == *id));
    for WatchedRun { id, head } in runs {
        let record = RecordKey::new(RecordKind::Run, id);
        let due = match seen.get(&id) {
            Some((known, due)) if *known == head => *due,
            _ => {
                let state = desk.state(&Key::Id(record))?;
                let due = state.as_run().and_then(|run| next_due(run, desk.time()));
                seen.insert(id, (head, due));
                due
            }
        };
        if due.is_some_and(|due| desk.time() >= due) {
            desk.system(Submission::of(Box::new(NoticeOverdue(record))))?;
        }
    }
    Ok(())
}
