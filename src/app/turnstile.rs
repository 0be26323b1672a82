//! Password checks go a few at a time, so that strangers cannot fill the memory.

use super::words::Failure;
use std::sync::{Condvar, Mutex, PoisonError};

/// Lets a few password checks run at once and a few more wait; the rest are told to come back.
/// Each costs 19 MiB and 20 ms: without a bound, strangers could fill the memory.
#[derive(Debug)]
pub struct Turnstile {
    inside: Mutex<(usize, usize)>,
    freed: Condvar,
    turns: usize,
    queue: usize,
    /// Failures are counted by one at a time: two guesses in one moment are two guesses.
    pub(in crate::app) counting: Mutex<()>,
}

impl Turnstile {
    /// `turns` at once, `queue` waiting.
    #[must_use]
    pub fn new(turns: usize, queue: usize) -> Self {
        Self {
            inside: Mutex::new((0, 0)),
            freed: Condvar::new(),
            turns,
            queue,
            counting: Mutex::new(()),
        }
    }

    /// Does `work` when its turn comes.
    ///
    /// # Errors
    /// `Busy` when too many wait.
    pub fn pass<T>(&self, work: impl FnOnce() -> T) -> Result<T, Failure> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.0 >= self.turns {
            if inside.1 >= self.queue {
                return Err(Failure::Busy);
            }
            inside.1 += 1;
            while inside.0 >= self.turns {
                inside = self.freed.wait(inside).unwrap_or_else(PoisonError::into_inner);
            }
            inside.1 -= 1;
        }
        inside.0 += 1;
        drop(inside);
        let turn = Turn(self);
        let done = work();
        drop(turn);
        Ok(done)
    }
}

/// A turn that is given back also when the work panics.
struct Turn<'a>(&'a Turnstile);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.inside.lock().unwrap_or_else(PoisonError::into_inner).0 -= 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_at_the_turnstile_are_told_to_come_back() {
        let turnstile = Turnstile::new(1, 0);
        let inner = turnstile.pass(|| turnstile.pass(|| ()));
        assert_eq!(inner, Ok(Err(Failure::Busy)));
        assert_eq!(turnstile.pass(|| 7), Ok(7), "the turn was given back");
    }

    #[test]
    fn everybody_who_may_wait_gets_a_turn() {
        let turnstile = Turnstile::new(2, 32);
        let done = std::thread::scope(|scope| {
            let all: Vec<_> = (0..16)
                .map(|n| {
                    scope.spawn({
                        let t = &turnstile;
                        move || t.pass(|| n)
                    })
                })
                .collect();
            all.into_iter().all(|t| t.join().is_ok_and(|r| r.is_ok()))
        });
        assert!(done);
    }
}
