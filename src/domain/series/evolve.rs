//! Folds a series' entries into its state. No rule lives here; every released event is accepted.

use super::Series;
use super::event::SeriesEvent;
use crate::domain::command::{EvolveFault, Happened};
use crate::domain::ids::RecordKey;
use crate::domain::noun::{Frozen, Noun, Reach, text_in, variant};
use crate::domain::permits::{Admitted, GMP, Row, by, in_rows};
use crate::domain::refusal::Rule;
use crate::domain::ruling::typed;
use serde_json::Value;

/// Folds one entry.
///
/// # Errors
/// A fault naming an entry that takes another number than the next, or one of another series.
pub fn evolve(current: Option<Series>, happened: &Happened<'_>) -> Result<Series, EvolveFault> {
    let SeriesEvent::NumberTaken { series: name, no, .. } = typed(happened, "series")?;
    let last = current.as_ref().map_or(0, |series| series.last);
    if no != last + 1 {
        let detail = format!("takes number {no} after {last}: the series has a gap");
        return Err(EvolveFault::of(happened, detail));
    }
    if let Some(other) = current.filter(|series| series.name != name) {
        let detail = format!("takes a number of {name} from the series {}", other.name);
        return Err(EvolveFault::of(happened, detail));
    }
    Ok(Series { key: happened.record, name, last: no, seq: happened.seq, head: happened.link })
}

/// How each of its events may come about.
const ADMITTED: &[Row] = &[(&["number-taken"], by(GMP))];

impl Noun for Series {
    fn key(&self) -> RecordKey {
        self.key
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn head(&self) -> [u8; 32] {
        self.head
    }

    fn number(&self) -> Option<String> {
        Some(self.name.clone())
    }

    fn number_in(data: &Value) -> String {
        text_in(data, "series")
    }

    fn phase(&self) -> String {
        "open".to_owned()
    }

    fn reach(&self) -> Reach<'_> {
        Reach::Everybody
    }

    fn rules() -> Vec<&'static Rule> {
        Vec::new()
    }

    /// None: who holds the database makes no act of quality by it.
    fn is_signed(_event: &str) -> bool {
        false
    }

    fn admitted(event: &str) -> Admitted {
        in_rows(ADMITTED, event)
    }

    fn has_event(name: &str) -> Result<(), String> {
        variant::<SeriesEvent>(name)
    }

    fn evolve(
        current: Option<Self>,
        happened: &Happened<'_>,
        _frozen: Frozen,
    ) -> Result<Self, EvolveFault> {
        evolve(current, happened)
    }
}
