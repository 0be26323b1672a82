//! A master record is checked whole and played before it is submitted, and whenever somebody asks: off the lane, each
//! version once, and a submission never behind those who only read.

use super::printable;
use super::turnstile::Turnstile;
use super::words::Failure;
use crate::domain::cross::play::{Budget, Examination, examine};
pub use crate::domain::cross::play::{NotPlayed, Played};
use serde_json::Value;
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The bound is the work of a play. A server on which that takes longer than this has something else to do: whoever
/// asked is told to come back, and nothing is said of the record.
const LONGEST: Duration = Duration::from_mins(2);

/// So many are played at once for each door: the other cores work for those who make batches.
const AT_ONCE: usize = 1;

/// So many wait for a turn at each door; the rest are told to come back.
const WAITING: usize = 4;

/// So many wait for the answer on a version that is played already.
const FOLLOWING: usize = 32;

/// So many answers are kept: who reads the findings submits the same content next.
const KEPT: usize = 16;

/// What was found in a document, and how long that took.
#[derive(Debug)]
pub struct Examined {
    pub found: Examination,
    /// Milliseconds.
    pub took: u64,
}

/// Why somebody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// To read what is found.
    Reading,
    /// To submit.
    Submitting,
}

/// Examinations go through here.
#[derive(Debug)]
pub struct Examiner {
    reading: Turnstile,
    submitting: Turnstile,
    desk: Mutex<Notes>,
    answered: Condvar,
}

/// What is known and what is under way, by the hash of the content.
#[derive(Debug, Default)]
struct Notes {
    /// The newest last.
    kept: VecDeque<(String, Arc<Examined>)>,
    /// What somebody who reads stands in the queue for, or plays.
    queued: BTreeSet<String>,
    /// What is played now.
    playing: BTreeSet<String>,
    /// How many wait for the answer of another.
    following: usize,
}

impl Notes {
    fn known(&self, hash: &str) -> Option<Arc<Examined>> {
        self.kept.iter().find(|(of, _)| of == hash).map(|(_, examined)| Arc::clone(examined))
    }

    fn under_way(&mut self, way: Way) -> &mut BTreeSet<String> {
        match way {
            Way::Queued => &mut self.queued,
            Way::Playing => &mut self.playing,
        }
    }
}

/// How far an examination is.
#[derive(Debug, Clone, Copy)]
enum Way {
    Queued,
    Playing,
}

impl Default for Examiner {
    fn default() -> Self {
        Self {
            reading: Turnstile::new(AT_ONCE, WAITING),
            submitting: Turnstile::new(AT_ONCE, WAITING),
            desk: Mutex::default(),
            answered: Condvar::new(),
        }
    }
}

impl Examiner {
    /// What is wrong with a document of this hash. Who asks for what is being played waits for that answer. Blocks.
    ///
    /// # Errors
    /// `Busy` when too many wait, or when the server was too slow to find out.
    pub fn examine(
        &self,
        document: &Value,
        hash: &str,
        asked: Asked,
    ) -> Result<Arc<Examined>, Failure> {
        self.examine_with(hash, asked, || {
            let begin = Instant::now();
            let mut found = examine(document, Budget::WHOLE, &|| begin.elapsed() < LONGEST).ok()?;
            found.findings.extend(printable::findings(document));
            let took = u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
            Some(Examined { found, took })
        })
    }

    fn examine_with(
        &self,
        hash: &str,
        asked: Asked,
        play: impl FnOnce() -> Option<Examined>,
    ) -> Result<Arc<Examined>, Failure> {
        // A submission stands behind what is played, never behind what only waits to be.
        let turns = match asked {
            Asked::Reading => &self.reading,
            Asked::Submitting => &self.submitting,
        };
        let _queued = match asked {
            Asked::Reading => match self.claim(hash, Way::Queued)? {
                Claim::Known(known) => return Ok(known),
                Claim::Mine(begun) => Some(begun),
            },
            Asked::Submitting => match self.look(hash, Way::Playing)? {
                Some(known) => return Ok(known),
                None => None,
            },
        };
        turns.pass(|| {
            let _playing = match self.claim(hash, Way::Playing)? {
                Claim::Known(known) => return Ok(known),
                Claim::Mine(begun) => begun,
            };
            let examined = Arc::new(play().ok_or(Failure::Busy)?);
            let mut notes = self.notes();
            notes.kept.push_back((hash.to_owned(), Arc::clone(&examined)));
            while notes.kept.len() > KEPT {
                notes.kept.pop_front();
            }
            Ok(examined)
        })?
    }

    /// The answer that is known, or that somebody else is about to have; none: nobody is.
    fn look(&self, hash: &str, way: Way) -> Result<Option<Arc<Examined>>, Failure> {
        self.wait(self.notes(), hash, way).map(|(_, known)| known)
    }

    /// The same, and where nobody is: it is begun.
    fn claim(&self, hash: &str, way: Way) -> Result<Claim<'_>, Failure> {
        let (mut notes, known) = self.wait(self.notes(), hash, way)?;
        if let Some(known) = known {
            return Ok(Claim::Known(known));
        }
        notes.under_way(way).insert(hash.to_owned());
        Ok(Claim::Mine(Begun { examiner: self, hash: hash.to_owned(), way }))
    }

    fn wait<'n>(
        &self,
        mut notes: MutexGuard<'n, Notes>,
        hash: &str,
        way: Way,
    ) -> Result<(MutexGuard<'n, Notes>, Option<Arc<Examined>>), Failure> {
        let known = notes.known(hash);
        if known.is_some() || !notes.under_way(way).contains(hash) {
            return Ok((notes, known));
        }
        if notes.following >= FOLLOWING {
            return Err(Failure::Busy);
        }
        notes.following += 1;
        while notes.under_way(way).contains(hash) {
            notes = self.answered.wait(notes).unwrap_or_else(PoisonError::into_inner);
        }
        notes.following -= 1;
        // Whoever was waited for came to no answer: all come back, lest each tries in turn.
        let known = notes.known(hash).ok_or(Failure::Busy)?;
        Ok((notes, Some(known)))
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose an examination is.
enum Claim<'e> {
    Known(Arc<Examined>),
    Mine(Begun<'e>),
}

/// An examination that is under way, until it ends, also where it panics.
struct Begun<'e> {
    examiner: &'e Examiner,
    hash: String,
    way: Way,
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        self.examiner.notes().under_way(self.way).remove(&self.hash);
        self.examiner.answered.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::channel;

    fn nothing() -> Option<Examined> {
        Some(Examined { found: Examination::default(), took: 0 })
    }

    #[test]
    fn many_who_read_one_version_have_it_played_once() {
        let (examiner, plays) = (Examiner::default(), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            let read = || {
                examiner.examine_with("a", Asked::Reading, || {
                    plays.fetch_add(1, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(50));
                    nothing()
                })
            };
            let all: Vec<_> = (0..12).map(|_| scope.spawn(read)).collect();
            assert!(all.into_iter().all(|it| it.join().is_ok_and(|answer| answer.is_ok())));
        });
        assert_eq!(plays.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_submission_does_not_stand_behind_those_who_read_other_versions() {
        let examiner = Examiner::default();
        let ((begun, has_begun), (done, is_done)) = (channel(), channel::<()>());
        std::thread::scope(|scope| {
            scope.spawn(|| {
                examiner.examine_with("a", Asked::Reading, move || {
                    begun.send(()).ok();
                    is_done.recv().ok();
                    nothing()
                })
            });
            has_begun.recv().expect("it is read");
            for n in 0..WAITING {
                let examiner = &examiner;
                scope.spawn(move || {
                    examiner.examine_with(&format!("b{n}"), Asked::Reading, nothing)
                });
            }
            let submitted = examiner.examine_with("c", Asked::Submitting, nothing);
            assert!(submitted.is_ok(), "while the reader's version is still played");
            done.send(()).expect("the reader waits");
        });
    }

    #[test]
    fn who_waited_for_a_play_that_ran_out_of_time_comes_back_and_the_next_one_plays_anew() {
        let examiner = Examiner::default();
        let late = examiner.examine_with("a", Asked::Reading, || None);
        assert_eq!(late.err(), Some(Failure::Busy));
        assert!(examiner.examine_with("a", Asked::Submitting, nothing).is_ok());
    }

    #[test]
    fn a_play_that_panics_leaves_nobody_waiting() {
        let examiner = Examiner::default();
        let broke = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            examiner.examine_with("a", Asked::Reading, || panic!("it breaks")).map(|_| ())
        }));
        assert!(broke.is_err());
        assert!(examiner.examine_with("a", Asked::Reading, nothing).is_ok());
    }
}
