//! Whether the site can do its work: database, checkpoints, clock.

use super::desk::Desk;
use crate::domain::clock::Instant;
use crate::domain::ids::Key;
use crate::domain::site::time::{Standing, apart};
use crate::store::clock::Clock;
use crate::store::journal::newest_at;

/// How the parts stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// The database answers and the lane takes commands.
    pub database: bool,
    /// Why not: of a log that is not as it was written it names table and row.
    pub fault: Option<String>,
    /// The clock agrees with site time, and is not behind what was written.
    pub clock: bool,
    /// By how many microseconds it is apart, where that waits for a signed act; negative: behind.
    pub clock_apart: Option<i64>,
    /// By how many microseconds it stepped forward, while it is looked whether that stands.
    pub clock_stepped: Option<i64>,
    /// Seconds of site time since the newest checkpoint.
    pub checkpoint_age_seconds: Option<i64>,
    /// The newest jump of the clock that the journal tells of.
    pub clock_jump: Option<ClockJump>,
}

/// A jump of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockJump {
    /// The entry's time.
    pub at: Instant,
    /// By how many microseconds; negative: back.
    pub by: i64,
}

impl Desk {
    /// How the parts stand now. Blocks.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        let now = self.time();
        let fault = self.store.ready().err().map(|fault| fault.to_string());
        let site = self.find(&Key::Site).ok().flatten();
        let site = site.as_ref().and_then(|state| state.as_site());
        let jump = site.and_then(|site| site.clock_jump);
        let newest = self.store.newest_checkpoint().ok().flatten();
        let (clock_apart, clock_stepped) = self.doubts();
        Readiness {
            database: fault.is_none(),
            fault,
            clock: clock_apart.is_none(),
            clock_apart,
            clock_stepped,
            clock_jump: jump.map(|(at, by)| ClockJump { at, by }),
            checkpoint_age_seconds: newest.map(|checkpoint| (now.0 - checkpoint.at) / 1_000_000),
        }
    }

    /// By how much the server's clock is apart, and by how much it stepped, where that is looked at, µs. A simulated
    /// clock is neither.
    pub(in crate::app) fn doubts(&self) -> (Option<i64>, Option<i64>) {
        let Clock::System(clock) = &self.clock else { return (None, None) };
        let seen = clock.look();
        let stepped = match seen.standing {
            Standing::Checking { by } => Some(by),
            Standing::Settled | Standing::Apart { .. } => None,
        };
        let written = self.read(newest_at).ok().flatten().unwrap_or(i64::MIN);
        (apart(seen, written), stepped)
    }
}
