//! A number series: numbers taken one after the other, without a gap. An order that takes one writes it into the
//! series' journal in the same decision, so that no number is lost or taken twice.

pub mod event;
pub mod evolve;

pub use evolve::evolve;

use super::command::Planned;
use super::ids::{Key, RecordKey, RecordKind};
use super::ruling::planned;
use event::SeriesEvent;
use uuid::Uuid;

/// Issues of runs.
pub const ISSUES: &str = "issue";

/// Deviations.
pub const DEVIATIONS: &str = "deviation";

/// The state of a number series.
#[derive(Debug, Clone)]
pub struct Series {
    /// The record.
    pub key: RecordKey,
    /// What it numbers: `issue`, `deviation`.
    pub name: String,
    /// The last number taken: each entry takes one, so it is the newest entry's sequence.
    pub last: u64,
    /// Sequence of the newest entry.
    pub seq: u64,
    /// Link of the newest entry.
    pub head: [u8; 32],
}

/// Where a series is looked for.
#[must_use]
pub fn key(name: &str) -> Key {
    Key::Number(RecordKind::Series, name.to_owned())
}

/// The next number of a series, to be taken by an order.
#[derive(Debug, Clone)]
pub struct Next {
    series: RecordKey,
    name: &'static str,
    no: u64,
}

impl Next {
    /// Of the series as it stands; `fresh` becomes the identity of one that was never taken from.
    #[must_use]
    pub fn of(name: &'static str, found: Option<&Series>, fresh: Uuid) -> Self {
        let series = found.map_or(RecordKey::new(RecordKind::Series, fresh), |found| found.key);
        Self { series, name, no: found.map_or(0, |found| found.last) + 1 }
    }

    /// The number.
    #[must_use]
    pub fn no(&self) -> u64 {
        self.no
    }

    /// Takes it for a record with this business number.
    #[must_use]
    pub fn taken(&self, record: RecordKey, number: &str) -> Planned {
        let (series, number) = (self.name.to_owned(), number.to_owned());
        let event = SeriesEvent::NumberTaken { series, no: self.no, record, number };
        planned(self.series, "series", None, &event, Vec::new())
    }
}

#[cfg(test)]
mod tests;
