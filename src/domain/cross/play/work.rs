//! How much work a play may be. Work is counted, not timed, so that a record comes out the same on every machine and
//! under every load.

use std::cell::Cell;
use std::fmt;

/// How many steps of work an examination may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Steps of looking for values: about one formula of sixteen characters each.
    pub searching: u64,
    /// Steps of playing: about one question to the rules each.
    pub playing: u64,
}

impl Budget {
    /// What a submission gets. Both together take less than ten seconds of an optimised build.
    pub const WHOLE: Self = Self { searching: 250_000, playing: 100_000 };
}

/// The clock ran out before the work did: nothing is known, and whoever asked asks again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfTime;

/// What is left of a budget.
pub(super) struct Work<'a> {
    searching: Cell<u64>,
    playing: Cell<u64>,
    in_time: &'a dyn Fn() -> bool,
    late: Cell<bool>,
}

impl fmt::Debug for Work<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (searching, playing) = (self.searching.get(), self.playing.get());
        f.debug_struct("Work").field("searching", &searching).field("playing", &playing).finish()
    }
}

impl<'a> Work<'a> {
    pub(super) fn new(budget: Budget, in_time: &'a dyn Fn() -> bool) -> Self {
        Self {
            searching: Cell::new(budget.searching),
            playing: Cell::new(budget.playing),
            in_time,
            late: Cell::new(false),
        }
    }

    /// Takes so many steps of looking for values; `false`: there are none left.
    pub(super) fn search(&self, steps: u64) -> bool {
        self.spend(&self.searching, steps)
    }

    /// Takes so many steps of playing; `false`: there are none left.
    pub(super) fn play(&self, steps: u64) -> bool {
        self.spend(&self.playing, steps)
    }

    fn spend(&self, of: &Cell<u64>, steps: u64) -> bool {
        of.set(of.get().saturating_sub(steps));
        if !self.late.get() && !(self.in_time)() {
            self.late.set(true);
        }
        of.get() > 0 && !self.late.get()
    }

    /// Whether anything more can be looked for.
    pub(super) fn may_search(&self) -> bool {
        self.searching.get() > 0 && !self.late.get()
    }

    /// Whether anything more can be played.
    pub(super) fn may_play(&self) -> bool {
        self.playing.get() > 0 && !self.late.get()
    }

    /// Steps of looking for values that are left.
    #[cfg(test)]
    pub(super) fn searching(&self) -> u64 {
        self.searching.get()
    }

    /// Whether the clock ran out, so that nothing that was found may be believed.
    pub(super) fn is_late(&self) -> bool {
        self.late.get()
    }
}
