//! Times that a master record asks for: durations, moments, timers.

use crate::domain::entry::spec::Source;
use crate::domain::words::OnCritical;
use serde::{Deserialize, Serialize};

/// Reads an ISO 8601 duration (`PT90M`, `P1D`, `P2W`) as microseconds; a day is 24 hours.
///
/// # Errors
/// A sentence for people: what was written, and how it is written.
pub fn microseconds(text: &str) -> Result<i64, String> {
    let wrong = || format!("{text:?} is no duration: write it as PT90M, P1D or PT36H");
    if !text.starts_with('P') {
        return Err(wrong());
    }
    let span: jiff::Span = text.parse().map_err(|_| wrong())?;
    if span.get_years() != 0 || span.get_months() != 0 {
        return Err(format!(
            "{text:?}: months and years have no fixed length; write days or hours"
        ));
    }
    let relative = jiff::SpanRelativeTo::days_are_24_hours();
    let length = span.to_duration(relative).map_err(|_| wrong())?;
    let whole = i64::try_from(length.as_micros()).map_err(|_| wrong())?;
    if whole <= 0 { Err(wrong()) } else { Ok(whole) }
}

/// A length of time as people read it: `2 d 3 h`, `92 min`, `45 s`.
#[must_use]
pub fn shown(microseconds: i64) -> String {
    let seconds = microseconds.unsigned_abs() / 1_000_000;
    let sign = if microseconds < 0 { "-" } else { "" };
    let (days, hours) = (seconds / 86_400, seconds % 86_400 / 3600);
    let (minutes, rest) = (seconds % 3600 / 60, seconds % 60);
    let text = match (days, hours, minutes) {
        (0, 0, 0) => format!("{rest} s"),
        (0, 0, _) if rest == 0 => format!("{minutes} min"),
        (0, 0, _) => format!("{minutes} min {rest} s"),
        (0, _, 0) => format!("{hours} h"),
        (0, ..) => format!("{hours} h {minutes} min"),
        (_, 0, _) => format!("{days} d"),
        _ => format!("{days} d {hours} h"),
    };
    format!("{sign}{text}")
}

/// Which moment of a step or operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MomentAt {
    /// Its start.
    Started,
    /// Its completion (operations: closure).
    Completed,
    /// When one of its entries was performed.
    Entry,
}

/// A moment of the process: an event of a step or operation, on the server's clock.
///
/// Within one operation between steps that both repeat, the k-th occurrence is meant. Else a timer is
/// measured from the first occurrence that has the moment: another one restarts no hold time (only its
/// shortest time runs from the last start before the stop); a duration takes the latest. For a longest time
/// the earliest claim of a start counts at once; a start that is declared absent begins when that was said,
/// and an end that is declared absent ends nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Step or operation.
    pub of: String,
    /// Which moment.
    pub at: MomentAt,
    /// For `entry`: which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
}

/// A time that must be kept between two moments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timer {
    /// Id, unique in its step.
    pub id: String,
    pub name: String,
    /// It begins.
    pub starts: Moment,
    /// It ends; absent: when its own step is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stops: Option<Moment>,
    /// Not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<String>,
    /// Not after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<String>,
    /// Warning so long before the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn_before: Option<String>,
    /// How late is still no exception.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace: Option<String>,
    /// What its end decides about what may happen next; absent: the step's `on_critical`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_expiry: Option<OnCritical>,
    /// Where the numbers come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

#[cfg(test)]
mod tests {
    use crate::domain::recipe::timing::*;

    #[test]
    fn durations_are_read_and_shown() {
        assert_eq!(microseconds("PT90M"), Ok(90 * 60_000_000));
        assert_eq!(microseconds("P1D"), Ok(86_400_000_000));
        for bad in ["", "90 min", "P1M", "P0D", "-PT1H", "PT"] {
            assert!(microseconds(bad).is_err(), "{bad}");
        }
        assert_eq!(shown(92 * 60_000_000), "1 h 32 min");
        assert_eq!(shown(45_000_000), "45 s");
        assert_eq!(shown(-3 * 86_400_000_000), "-3 d");
    }
}
