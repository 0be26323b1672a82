//! The site's clock as the store reads it: the machine's two clocks, or a demo's that only moves forward.

use super::fault::StoreError;
use super::kept::replace;
use crate::domain::clock::{ClockKind, Instant};
use crate::domain::site::time::{Look, Seen, SiteTime};
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// Real time, µs since 1970-01-01 UTC: for the expiry of sessions, tokens and lockouts.
#[must_use]
pub fn real_time() -> Instant {
    let micros = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_micros());
    Instant(i64::try_from(micros).unwrap_or(i64::MAX))
}

/// Where the site's time comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The server's clocks.
    System(SystemClock),
    /// A demo site's clock.
    Simulated(SimulatedClock),
}

impl Clock {
    /// The machine's clocks, from now on.
    #[must_use]
    pub fn system() -> Self {
        Self::System(SystemClock::of(Sources::Machine))
    }

    /// The site's time now.
    #[must_use]
    pub fn time(&self) -> Instant {
        match self {
            Self::System(clock) => clock.look().at,
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

    /// The kind that stands in headers of a site with this clock.
    #[must_use]
    pub fn kind(&self) -> ClockKind {
        match self {
            Self::System(_) => ClockKind::System,
            Self::Simulated(_) => ClockKind::Simulated,
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

/// Two clocks: the machine's, or a test's.
#[derive(Debug, Clone)]
pub enum Sources {
    /// The wall clock, and on Linux `CLOCK_BOOTTIME`; elsewhere the monotonic clock, which may stand while the
    /// machine sleeps: then waking shows as a step of the wall clock.
    Machine,
    /// A test's.
    Moved(MovedClocks),
}

impl Sources {
    fn look(&self) -> Look {
        match self {
            Self::Machine => Look { wall: real_time().0, steady: steady() },
            Self::Moved(clocks) => Look {
                wall: clocks.wall.load(Ordering::SeqCst),
                steady: clocks.steady.load(Ordering::SeqCst),
            },
        }
    }
}

/// µs since the machine started, suspend counted.
fn steady() -> i64 {
    #[cfg(target_os = "linux")]
    const ID: rustix::time::ClockId = rustix::time::ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    const ID: rustix::time::ClockId = rustix::time::ClockId::Monotonic;
    let now = rustix::time::clock_gettime(ID);
    now.tv_sec.saturating_mul(1_000_000).saturating_add(now.tv_nsec / 1000)
}

/// Which start of the machine this is, where the system tells.
fn boot() -> Option<String> {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim().to_owned()).filter(|id| !id.is_empty())
}

/// Two clocks that a test moves.
#[derive(Debug, Clone)]
pub struct MovedClocks {
    wall: Arc<AtomicI64>,
    steady: Arc<AtomicI64>,
}

impl MovedClocks {
    /// Both at a moment, the steady one a day after the machine's start.
    #[must_use]
    pub fn starting(at: Instant) -> Self {
        let day = 86_400_000_000;
        Self { wall: Arc::new(AtomicI64::new(at.0)), steady: Arc::new(AtomicI64::new(day)) }
    }

    /// Time passes, µs.
    pub fn pass(&self, length: i64) {
        self.wall.fetch_add(length, Ordering::SeqCst);
        self.steady.fetch_add(length, Ordering::SeqCst);
    }

    /// Somebody sets the wall clock, µs (negative: back).
    pub fn set(&self, by: i64) {
        self.wall.fetch_add(by, Ordering::SeqCst);
    }
}

/// A node's own time, read from its machine's clocks (`domain::site::time`).
#[derive(Debug, Clone)]
pub struct SystemClock {
    sources: Sources,
    kept: Arc<Mutex<Running>>,
}

#[derive(Debug)]
struct Running {
    time: SiteTime,
    /// A step forward that was adopted, and that no entry tells of yet, µs.
    adopted: Option<i64>,
}

impl SystemClock {
    /// Site time is the wall clock's from now on.
    #[must_use]
    pub fn of(sources: Sources) -> Self {
        let time = SiteTime::starting(sources.look());
        Self { sources, kept: Arc::new(Mutex::new(Running { time, adopted: None })) }
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at both clocks.
    #[must_use]
    pub fn look(&self) -> Seen {
        let mut running = self.running();
        let look = self.sources.look();
        let seen = running.time.look(look);
        running.adopted = seen.adopted.or(running.adopted);
        seen
    }

    /// A step forward that was adopted, and that no entry tells of yet, µs.
    pub(super) fn adopted(&self) -> Option<i64> {
        self.running().adopted
    }

    /// An entry tells of it.
    pub(super) fn told(&self) {
        self.running().adopted = None;
    }

    /// Site time is the wall clock's from now on: a signed act said so. What it was, should the act come to nothing.
    pub(super) fn adopt(&self) -> (Instant, SiteTime) {
        let look = self.sources.look();
        let mut running = self.running();
        let before = running.time.clone();
        running.time.adopt(look);
        (Instant(look.wall), before)
    }

    /// Site time goes on as if it had not been adopted.
    pub(super) fn restore(&self, before: SiteTime) {
        self.running().time = before;
    }

    /// Goes on where this start of the machine was left, by a file beside the log key: so a clock that was set
    /// while the program was down is seen. Without one, or after a start of the machine, the wall clock counts.
    pub(super) fn go_on(&self, file: &Path) {
        let Sources::Machine = self.sources else { return };
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let mut lines = text.lines();
        let format = lines.next() == Some(FORMAT);
        let this = lines.next().map(str::to_owned).filter(|id| Some(id) == boot().as_ref());
        let offset = lines.next().and_then(|line| line.parse().ok());
        if let (true, Some(_), Some(offset)) = (format, this, offset) {
            self.running().time = SiteTime::going_on(self.sources.look(), offset);
        }
    }

    /// Keeps what the next start of the program goes on from.
    pub(super) fn keep(&self, file: &Path) -> Result<(), StoreError> {
        let (Sources::Machine, Some(boot)) = (&self.sources, boot()) else { return Ok(()) };
        let offset = self.running().time.offset();
        replace(file, &format!("{FORMAT}\n{boot}\n{offset}\n"))
    }
}

/// The first line of the file that a start of the program goes on from.
const FORMAT: &str = "batchwright.site-time/1";

/// A clock that is set by hand and never goes back.
#[derive(Debug, Clone)]
pub struct SimulatedClock {
    at: Arc<AtomicI64>,
    follows: Arc<OnceLock<SystemClock>>,
}

impl SimulatedClock {
    /// A clock that stands at `at`.
    #[must_use]
    pub fn starting(at: Instant) -> Self {
        Self { at: Arc::new(AtomicI64::new(at.0)), follows: Arc::default() }
    }

    /// Moves forward to `at`; an earlier time changes nothing.
    pub fn move_to(&self, at: Instant) {
        self.at.fetch_max(at.0, Ordering::SeqCst);
    }

    /// From now on it also runs with the machine's steady clock, from the wall clock once that is ahead (serving a
    /// demo).
    pub fn follow_system(&self) {
        let _ = self.follows.set(SystemClock::of(Sources::Machine));
    }

    /// Its time now.
    #[must_use]
    pub fn time(&self) -> Instant {
        if let Some(system) = self.follows.get() {
            self.move_to(system.look().at);
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
