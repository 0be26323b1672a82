//! Times that a master record asks for: durations, moments, timers.

use crate::domain::clock::Instant;
use crate::domain::entry::spec::Source;
use crate::domain::refusal::quoted;
use crate::domain::words::OnCritical;
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// Reads an ISO 8601 duration (`PT90M`, `P1D`, `P2W`) as microseconds; a day is 24 hours.
/// How a period of days goes on says [`next`].
///
/// # Errors
/// A sentence for people: what was written, and how it is written.
pub fn microseconds(text: &str) -> Result<i64, String> {
    let wrong = || format!("{} is no duration: write it as PT90M, P1D or PT36H", quoted(text));
    if !text.starts_with('P') {
        return Err(wrong());
    }
    let span: jiff::Span = text.parse().map_err(|_| wrong())?;
    if span.get_years() != 0 || span.get_months() != 0 {
        return Err(format!(
            "{}: months and years have no fixed length; write days or hours",
            quoted(text)
        ));
    }
    let relative = jiff::SpanRelativeTo::days_are_24_hours();
    let length = span.to_duration(relative).map_err(|_| wrong())?;
    let whole = i64::try_from(length.as_micros()).map_err(|_| wrong())?;
    if whole <= 0 { Err(wrong()) } else { Ok(whole) }
}

/// When a period that began at a moment is over: days and weeks are those of the calendar in the site's zone, so
/// that a daily sample stays at its hour when summer time begins or ends; hours and less are as long as they are.
///
/// `None`: it is no period, or there is no such zone or moment.
#[must_use]
pub fn next(period: &str, from: Instant, zone: &str) -> Option<Instant> {
    let (span, zone) = (period.parse::<jiff::Span>().ok()?, TimeZone::get(zone).ok()?);
    let from = Timestamp::from_microsecond(from.0).ok()?.to_zoned(zone);
    let next = from.checked_add(span).ok()?;
    Some(Instant(next.timestamp().as_microsecond()))
}

/// A period as people read it: `1 d by the calendar`, `1 d` for 24 hours.
#[must_use]
pub fn period_shown(period: &str) -> String {
    let Ok(length) = microseconds(period) else { return period.to_owned() };
    let days =
        period.parse::<jiff::Span>().is_ok_and(|it| it.get_days() != 0 || it.get_weeks() != 0);
    if days { format!("{} by the calendar", shown(length)) } else { shown(length) }
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
    // finding: P10
    #[test]
    fn a_period_of_days_is_the_calendars_and_one_of_hours_is_not() {
        // Period, zone, from, next; offsets are those of the zone on that day.
        let table = [
            // Summer time ends in Berlin on 2026-10-25 at 03:00, and begins on 2026-03-29 at 02:00.
            ("P1D", "Europe/Berlin", "2026-10-24T08:00:00+02:00", "2026-10-25T08:00:00+01:00"),
            ("PT24H", "Europe/Berlin", "2026-10-24T08:00:00+02:00", "2026-10-25T07:00:00+01:00"),
            ("P1D", "Europe/Berlin", "2026-03-28T08:00:00+01:00", "2026-03-29T08:00:00+02:00"),
            ("PT24H", "Europe/Berlin", "2026-03-28T08:00:00+01:00", "2026-03-29T09:00:00+02:00"),
            ("P1W", "Europe/Berlin", "2026-10-20T08:00:00+02:00", "2026-10-27T08:00:00+01:00"),
            ("P2D", "Europe/Berlin", "2026-10-24T08:00:00+02:00", "2026-10-26T08:00:00+01:00"),
            ("P1DT12H", "Europe/Berlin", "2026-10-24T20:00:00+02:00", "2026-10-26T08:00:00+01:00"),
            // 02:30 does not exist on the one day: an hour later; it is twice on the other: the first.
            ("P1D", "Europe/Berlin", "2026-03-28T02:30:00+01:00", "2026-03-29T03:30:00+02:00"),
            ("P1D", "Europe/Berlin", "2026-10-24T02:30:00+02:00", "2026-10-25T02:30:00+02:00"),
            ("P1D", "America/New_York", "2026-10-31T08:00:00-04:00", "2026-11-01T08:00:00-05:00"),
            // Half an hour of summer time.
            (
                "P1D",
                "Australia/Lord_Howe",
                "2026-04-04T08:00:00+11:00",
                "2026-04-05T08:00:00+10:30",
            ),
            ("P1D", "Asia/Kolkata", "2026-10-24T08:00:00+05:30", "2026-10-25T08:00:00+05:30"),
            // Samoa had no 30 December 2011.
            ("P1D", "Pacific/Apia", "2011-12-29T08:00:00-10:00", "2011-12-31T08:00:00+14:00"),
            ("P1D", "UTC", "2026-10-24T08:00:00Z", "2026-10-25T08:00:00Z"),
        ];
        for (period, zone, from, expected) in table {
            let at = |text: &str| Instant::parse(text).expect("a time");
            assert_eq!(next(period, at(from), zone), Some(at(expected)), "{period} {zone} {from}");
        }
        assert_eq!(next("P1D", Instant(0), "Mars/Olympus"), None);
        assert_eq!(period_shown("P1D"), "1 d by the calendar");
        assert_eq!(period_shown("PT24H"), "1 d");
    }
}
