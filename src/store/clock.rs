//! The site's clock as the store reads it: the machine's, or a demo's that only moves forward.

use crate::domain::clock::{ClockKind, Instant};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Real time, µs since 1970-01-01 UTC: for the expiry of sessions, tokens and lockouts.
#[must_use]
pub fn real_time() -> Instant {
    let micros = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_micros());
    Instant(i64::try_from(micros).unwrap_or(i64::MAX))
}

/// Where the site's time comes from.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The server's clock.
    #[default]
    System,
    /// A demo site's clock.
    Simulated(SimulatedClock),
}

impl Clock {
    /// The site's time now.
    #[must_use]
    pub fn time(&self) -> Instant {
        match self {
            Self::System => real_time(),
            Self::Simulated(clock) => clock.time(),
        }
    }

    /// Nobody reads a time earlier than one that was written: a clock set by hand stands still between
    /// two acts, while their times differ.
    pub(super) fn written(&self, at: Instant) {
        if let Self::Simulated(clock) = self {
            clock.move_to(at);
        }
    }

    /// The kind that stands in headers.
    #[must_use]
    pub fn kind(&self) -> ClockKind {
        match self {
            Self::System => ClockKind::System,
            Self::Simulated(_) => ClockKind::Simulated,
        }
    }
}

/// A clock that is set by hand and never goes back.
#[derive(Debug, Clone)]
pub struct SimulatedClock {
    at: Arc<AtomicI64>,
    follows: Arc<AtomicBool>,
}

impl SimulatedClock {
    /// A clock that stands at `at`.
    #[must_use]
    pub fn starting(at: Instant) -> Self {
        Self { at: Arc::new(AtomicI64::new(at.0)), follows: Arc::new(AtomicBool::new(false)) }
    }

    /// Moves forward to `at`; an earlier time changes nothing.
    pub fn move_to(&self, at: Instant) {
        self.at.fetch_max(at.0, Ordering::SeqCst);
    }

    /// From now on it also runs with the machine's clock, once that is ahead (serving a demo).
    pub fn follow_system(&self) {
        self.follows.store(true, Ordering::SeqCst);
    }

    /// Its time now.
    #[must_use]
    pub fn time(&self) -> Instant {
        if self.follows.load(Ordering::SeqCst) {
            self.move_to(real_time());
        }
        Instant(self.at.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simulated_clock_only_moves_forward_until_it_follows_the_machine() {
        let clock = SimulatedClock::starting(Instant(100));
        clock.move_to(Instant(50));
        assert_eq!(clock.time(), Instant(100));
        clock.move_to(Instant(150));
        assert_eq!(clock.clone().time(), Instant(150));
        clock.follow_system();
        assert!(clock.time() > Instant(150));
    }
}
