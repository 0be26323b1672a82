//! The stage: clock, progress bar, narration. What the story says, a person reads line by line.

use crate::domain::clock::{Instant, MINUTE, Zone};
use indicatif::{ProgressBar, ProgressStyle};
use std::cell::Cell;

/// Moves the demo site's clock forward; the clock itself lives in the server.
pub type SetClock = Box<dyn Fn(Instant)>;

/// Where the story plays.
pub struct Stage {
    bar: ProgressBar,
    set_clock: SetClock,
    now: Cell<i64>,
    zone: String,
}

/// Microseconds of a day.
pub const DAY: i64 = 24 * 60 * MINUTE;

impl Stage {
    /// A stage whose clock starts at `start`.
    #[must_use]
    pub fn new(start: Instant, zone: &str, acts: u64, set_clock: SetClock) -> Self {
        let style = ProgressStyle::with_template("{bar:30.cyan/blue} {pos}/{len} acts  {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(acts).with_style(style);
        set_clock(start);
        Self { bar, set_clock, now: Cell::new(start.0), zone: zone.to_owned() }
    }

    /// The story's time.
    #[must_use]
    pub fn now(&self) -> Instant {
        Instant(self.now.get())
    }

    /// Moves to a moment, if it lies ahead.
    pub fn at(&self, moment: Instant) {
        if moment.0 > self.now.get() {
            self.now.set(moment.0);
            (self.set_clock)(moment);
        }
    }

    /// The moment at which the site's clocks show what `utc` would be in UTC.
    #[must_use]
    pub fn local(&self, utc: Instant) -> Instant {
        let offset = Zone::at(&self.zone, utc).map_or(0, |zone| zone.offset_minutes);
        utc.plus_minutes(-i64::from(offset))
    }

    /// Lets minutes pass.
    pub fn minutes(&self, minutes: i64) {
        self.at(self.now().plus_minutes(minutes));
    }

    /// One act done: two minutes of work.
    pub fn tick(&self) {
        self.minutes(2);
        self.bar.inc(1);
        let at = self.now();
        if let Ok(zone) = Zone::at(&self.zone, at) {
            self.bar.set_message(at.shown_short(&zone));
        }
    }

    /// A scene begins.
    pub fn scene(&self, title: &str) {
        let at = self.now();
        let shown =
            Zone::at(&self.zone, at).map_or_else(|_| at.to_string(), |z| at.shown_short(&z));
        self.say(&format!("\n▌ {title}\n▌ {shown}  (simulated time)"));
    }

    /// A moment of the API, as people on the site read it.
    #[must_use]
    pub fn shown(&self, moment: &str) -> String {
        let shown = |at: Instant| Some(at.shown_short(&Zone::at(&self.zone, at).ok()?));
        Instant::parse(moment).ok().and_then(shown).unwrap_or_else(|| moment.to_owned())
    }

    /// A line of the story.
    pub fn say(&self, line: &str) {
        self.bar.suspend(|| println!("{line}"));
    }

    /// The story is over.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
