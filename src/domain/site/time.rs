//! Site time: what a node takes for the time, from a clock that may be set and one that never is.
//!
//! It goes on with the *steady* clock, which counts through suspend and is never set, from a start compared with
//! the *wall* clock. A wall clock that is set moves nothing by itself: a small step forward is adopted once it has
//! stood for a minute, everything else waits for a signed act.

use crate::domain::clock::Instant;

/// Apart by no more than this is drift, and is followed slowly, µs.
pub const DRIFT: i64 = 5_000_000;

/// A step forward up to this is adopted once it has stood, µs.
pub const ADOPTED: i64 = 300_000_000;

/// So long a step forward has to stand, µs of steady time.
pub const STOOD: i64 = 60_000_000;

/// Behind the newest entry by no more than this is the difference between nodes, µs.
pub const BEHIND: i64 = 2_000_000;

/// Drift is followed by one part in so many: 1 %, ten times what time services slew.
const RATE: i64 = 100;

/// So much correction is saved up at most between two looks, µs of steady time.
const SAVED: i64 = 10_000_000;

/// What the two clocks say at one look, µs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The machine's clock, which people and services set: since 1970-01-01 UTC.
    pub wall: i64,
    /// A clock that counts on through suspend and is never set: since the machine started.
    pub steady: i64,
}

/// How site time stands to the wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// They agree.
    Settled,
    /// The wall clock stepped forward by so many microseconds; it is looked whether that stands.
    Checking { by: i64 },
    /// They are apart by so many microseconds (negative: the wall clock is behind) until a signed act decides.
    Apart { by: i64 },
}

impl Standing {
    /// How far the wall clock is from site time, where that is undecided, µs.
    #[must_use]
    pub fn apart(self) -> Option<i64> {
        match self {
            Self::Settled | Self::Checking { .. } => None,
            Self::Apart { by } => Some(by),
        }
    }
}

/// What a look found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Site time.
    pub at: Instant,
    pub standing: Standing,
    /// A step forward that was adopted at this look, µs.
    pub adopted: Option<i64>,
}

/// How far a node's clock is from site time or behind the newest entry, where that is undecided, µs. Behind by less
/// than [`BEHIND`] is the difference between nodes, and nothing is said.
#[must_use]
pub fn apart(seen: Seen, newest: i64) -> Option<i64> {
    let behind = seen.at.0.saturating_sub(newest);
    seen.standing.apart().or(Some(behind).filter(|behind| *behind < -BEHIND))
}

/// The time of one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteTime {
    /// Site time at the last look.
    at: i64,
    /// The steady clock at the last look.
    steady: i64,
    /// Steady time that drift has not been corrected for.
    saved: i64,
    /// A step forward that is being looked at: by how much, and since when by the steady clock.
    step: Option<(i64, i64)>,
}

impl SiteTime {
    /// Site time is the wall clock's from now on.
    #[must_use]
    pub fn starting(look: Look) -> Self {
        Self { at: look.wall, steady: look.steady, saved: 0, step: None }
    }

    /// Site time goes on where this machine left it before its program was started again: site time less steady
    /// time, as it was kept.
    #[must_use]
    pub fn going_on(look: Look, offset: i64) -> Self {
        Self { at: look.steady.saturating_add(offset), steady: look.steady, saved: 0, step: None }
    }

    /// Site time less steady time: what is kept for the next start of the program.
    #[must_use]
    pub fn offset(&self) -> i64 {
        self.at.saturating_sub(self.steady)
    }

    /// Looks at both clocks.
    pub fn look(&mut self, look: Look) -> Seen {
        let elapsed = look.steady.saturating_sub(self.steady).max(0);
        self.steady = self.steady.max(look.steady);
        self.at = self.at.saturating_add(elapsed);
        self.saved = self.saved.saturating_add(elapsed).min(SAVED);
        let by = look.wall.saturating_sub(self.at);
        let (standing, adopted) = if by.saturating_abs() <= DRIFT {
            (self.follow(by), None)
        } else if (0..=ADOPTED).contains(&by) {
            self.stands(by, look)
        } else {
            self.step = None;
            (Standing::Apart { by }, None)
        };
        Seen { at: Instant(self.at), standing, adopted }
    }

    /// Follows drift, slowly: site time goes on by 0.99 to 1.01 of steady time.
    fn follow(&mut self, by: i64) -> Standing {
        self.step = None;
        let most = self.saved / RATE;
        let by = by.clamp(-most, most);
        self.at = self.at.saturating_add(by);
        self.saved -= by.saturating_abs() * RATE;
        Standing::Settled
    }

    /// A step forward is adopted once it has stood for a minute; another step begins the minute anew.
    fn stands(&mut self, by: i64, look: Look) -> (Standing, Option<i64>) {
        match self.step {
            Some((first, since)) if (by - first).abs() <= DRIFT => {
                if look.steady.saturating_sub(since) < STOOD {
                    return (Standing::Checking { by }, None);
                }
                self.adopt(look);
                (Standing::Settled, Some(by))
            }
            Some(_) | None => {
                self.step = Some((by, look.steady));
                (Standing::Checking { by }, None)
            }
        }
    }

    /// Site time is the wall clock's from now on, however far they are apart: the signed act.
    pub fn adopt(&mut self, look: Look) {
        *self = Self::starting(look);
    }
}

#[cfg(test)]
mod tests;
