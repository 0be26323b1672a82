//! A master record is checked whole and played before it is submitted, and whenever somebody asks: off the lane, a
//! few at a time, for ten seconds at most.

use super::printable;
use super::turnstile::Turnstile;
use super::words::Failure;
use crate::domain::cross::play::{Examination, examine};
pub use crate::domain::cross::play::{NotPlayed, Played};
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So long a record is played; what is not seen by then is a finding that says so.
const LONGEST: Duration = Duration::from_secs(10);

/// So many are played at once: the other cores work for those who make batches.
const AT_ONCE: usize = 1;

/// So many wait for it; the rest are told to come back.
const WAITING: usize = 4;

/// So many answers are kept: who reads the findings submits the same content next.
const KEPT: usize = 16;

/// What was found in a document, and how long that took.
#[derive(Debug)]
pub struct Examined {
    pub found: Examination,
    /// Milliseconds.
    pub took: u64,
}

/// Examinations go through here.
#[derive(Debug)]
pub struct Examiner {
    turns: Turnstile,
    /// By the hash of the content, the newest last.
    kept: Mutex<VecDeque<(String, Arc<Examined>)>>,
}

impl Default for Examiner {
    fn default() -> Self {
        Self { turns: Turnstile::new(AT_ONCE, WAITING), kept: Mutex::default() }
    }
}

impl Examiner {
    /// What is wrong with a document of this hash. Blocks.
    ///
    /// # Errors
    /// `Busy` when too many wait.
    pub fn examine(&self, document: &Value, hash: &str) -> Result<Arc<Examined>, Failure> {
        if let Some(known) = self.known(hash) {
            return Ok(known);
        }
        self.turns.pass(|| {
            // Somebody before may have asked the same.
            if let Some(known) = self.known(hash) {
                return known;
            }
            let begin = Instant::now();
            let mut found = examine(document, &|| begin.elapsed() < LONGEST);
            found.findings.extend(printable::findings(document));
            let took = u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
            let finished = found.finished();
            let examined = Arc::new(Examined { found, took });
            if finished {
                let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.push_back((hash.to_owned(), Arc::clone(&examined)));
                while kept.len() > KEPT {
                    kept.pop_front();
                }
            }
            examined
        })
    }

    fn known(&self, hash: &str) -> Option<Arc<Examined>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(of, _)| of == hash).map(|(_, examined)| Arc::clone(examined))
    }
}
