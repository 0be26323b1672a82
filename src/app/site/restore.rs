//! Accepting an older copy of the database: the head of the log that is kept beside its key is newer, so the
//! server does not start until whoever holds the log key says why the copy is the site's database now. The
//! first entry after it says so.

use crate::app::desk::Failure;
use crate::domain::command::{Decision, Stamp};
use crate::domain::ids::Key;
use crate::domain::loaded::{Command, Loaded};
use crate::domain::policy::Permit;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::planned;
use crate::domain::site::event::SiteEvent;
use crate::store::fault::StoreError;
use crate::store::submission::{Outcome, Submission};
use crate::store::{OpenOptions, Store, peek};
use serde_json::json;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restored {
    /// The database is not older than the head kept beside the log key: nothing was written.
    NotNeeded,
    /// The log goes on from so many leaves.
    From(u64),
}

/// Accepts the database as it is, with a reason that the journal keeps. Blocks.
///
/// # Errors
/// A log that is broken beyond its age, and what opening refuses.
pub fn restore(options: OpenOptions, reason: &str) -> Result<Restored, Failure> {
    let was = match options.head_file.as_deref().map(peek::kept_leaves) {
        Some(Ok(was)) => {
            match Store::open(options.clone()) {
                Ok(store) => {
                    let ready = store.ready();
                    store.shutdown()?;
                    ready?;
                    return Ok(Restored::NotNeeded);
                }
                Err(StoreError::Log(fault)) if fault.older => {}
                Err(fault) => return Err(fault.into()),
            }
            was
        }
        Some(Err(_)) | None => None,
    };
    let store = Store::open(OpenOptions { accept_older: true, ..options })?;
    let is = store.leaves();
    let command = Restore { reason: reason.to_owned(), was, is };
    let outcome = store.submit(Submission::of(Box::new(command))).wait();
    let closed = store.shutdown();
    match outcome {
        Outcome::Done { .. } => {}
        Outcome::Refused(refusal) => return Err(refusal.into()),
        Outcome::Busy => return Err(Failure::Busy),
        Outcome::Failed(fault) => return Err(fault.into()),
    }
    closed?;
    Ok(Restored::From(is))
}

struct Restore {
    reason: String,
    was: Option<u64>,
    is: u64,
}

impl Command for Restore {
    fn name(&self) -> &'static str {
        "restore-site"
    }

    fn reads(&self) -> Vec<Key> {
        vec![Key::Site]
    }

    fn decide(&self, loaded: &Loaded, _: &Stamp) -> Result<Decision, Refusal> {
        let event = SiteEvent::Restored { reason: self.reason.clone(), was: self.was, is: self.is };
        let events = vec![planned(loaded.site()?.key, "site", None, &event, Vec::new())];
        let permit = Permit { role: "log key".into(), authority: None };
        Ok(Decision { permit, events, answer: json!({ "restored": self.is }) })
    }
}
