//! Times: the server's, UTC in microseconds, with the site's zone shown.

use super::refusal::quoted;
use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A moment: microseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Instant(pub i64);

/// Microseconds in a minute.
pub const MINUTE: i64 = 60_000_000;

/// The first moment of 2200: no moment that is read lies there or later.
const YEAR_2200: i64 = 7_258_118_400_000_000;

impl Instant {
    /// This moment and so many whole minutes.
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0.saturating_add(minutes.saturating_mul(MINUTE)))
    }

    /// Microseconds from `earlier` to this moment (negative when it is later).
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// How long the moment is that people mean who write it in whole minutes or seconds, in microseconds.
    #[must_use]
    pub fn width(self) -> i64 {
        let whole = [MINUTE, MINUTE / 60].into_iter().find(|length| self.0 % length == 0);
        whole.unwrap_or(0)
    }

    /// RFC 3339 in UTC with microseconds.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        Timestamp::from_microsecond(self.0)
            .map_or_else(|_| format!("{} µs", self.0), |t| format!("{t:.6}"))
    }

    /// Reads RFC 3339 with any offset, of the years 1970 to 2199: beyond them somebody mistyped. A zone may follow in
    /// brackets (RFC 9557); one whose offset is another at that moment says two times, and so none.
    ///
    /// # Errors
    /// A sentence for people when it is not a moment with an offset, contradicts its zone, or is of no such year.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            let text = quoted(text);
            format!("{text} is not a time: write it as 2026-03-01T03:10:00Z or with an offset")
        };
        let stamped = text.parse::<Timestamp>().map_err(|_| wrong())?;
        let at = if text.contains('[') {
            let zoned = text.parse::<Zoned>().map_err(|_| {
                let text = quoted(text);
                format!(
                    "{text} says two times: its offset is not the one of its zone then; write one of them"
                )
            })?;
            Self(zoned.timestamp().as_microsecond())
        } else {
            Self(stamped.as_microsecond())
        };
        if (0..YEAR_2200).contains(&at.0) {
            return Ok(at);
        }
        let text = quoted(text);
        Err(format!("{text} is no time of the years 1970 to 2199: read the year again"))
    }

    /// As people at the site read it: `2026-03-01 04:10:00 +01:00 (Europe/Berlin)`.
    #[must_use]
    pub fn shown(self, zone: &Zone) -> String {
        format!("{} ({})", self.shown_short(zone), zone.name)
    }

    /// As people at the site read it, without the zone's name: `2026-03-01 04:10:00 +01:00`.
    #[must_use]
    pub fn shown_short(self, zone: &Zone) -> String {
        let shifted = Self(self.0.saturating_add(i64::from(zone.offset_minutes) * MINUTE));
        let text = shifted.to_rfc3339();
        let (date, time) = (text.get(..10).unwrap_or(&text), text.get(11..19).unwrap_or(""));
        let sign = if zone.offset_minutes < 0 { '-' } else { '+' };
        let off = zone.offset_minutes.unsigned_abs();
        format!("{date} {time} {sign}{:02}:{:02}", off / 60, off % 60)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

/// A zone's name and its offset at the act, so that a later change of rules moves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// IANA name, as in `Europe/Berlin`.
    pub name: String,
    /// Minutes east of UTC at that moment.
    pub offset_minutes: i32,
}

impl Zone {
    /// UTC itself.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".into(), offset_minutes: 0 }
    }

    /// The zone with the offset it has at `at`.
    ///
    /// # Errors
    /// A sentence for people when the IANA data base has no such name.
    pub fn at(name: &str, at: Instant) -> Result<Self, String> {
        let zone = TimeZone::get(name).map_err(|_| format!("no time zone is called {name:?}"))?;
        let moment = Timestamp::from_microsecond(at.0).map_err(|e| e.to_string())?;
        Ok(Self { name: name.to_owned(), offset_minutes: zone.to_offset(moment).seconds() / 60 })
    }
}

/// Whether the site's clock is the machine's, or a demo's that only moves forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockKind {
    /// The server's clock.
    System,
    /// The server's clock while it is apart from site time: in what is written meanwhile, of no site.
    Unsettled,
    /// A demo site's clock; printed as SIMULATED TIME on every entry and page.
    Simulated,
}

#[cfg(test)]
mod tests {
    use super::*;

    // shows: A11D-13.4.a, T10.a
    #[test]
    fn a_moment_is_shown_in_the_sites_zone_and_reads_back() {
        let at = Instant::parse("2026-03-01T03:10:00+01:00").expect("a time");
        assert_eq!(at.to_rfc3339(), "2026-03-01T02:10:00.000000Z");
        let zone = Zone::at("Europe/Berlin", at).expect("a zone");
        assert_eq!(at.shown(&zone), "2026-03-01 03:10:00 +01:00 (Europe/Berlin)");
        let summer = Instant::parse("2026-07-01T00:00:00Z").expect("a time");
        assert_eq!(Zone::at("Europe/Berlin", summer).map(|z| z.offset_minutes), Ok(120));
        assert!(Instant::parse("2026-03-01 03:10").is_err());
        assert!(Zone::at("Mars/Olympus", at).is_err());
    }

    // finding: P13
    #[test]
    fn a_moment_whose_offset_contradicts_its_zone_is_none() {
        let read = |text: &str| Instant::parse(text).map(Instant::to_rfc3339);
        let berlin = Ok("2026-03-01T02:10:00.000000Z".to_owned());
        assert_eq!(read("2026-03-01T03:10:00+01:00[Europe/Berlin]"), berlin);
        assert_eq!(read("2026-03-01T02:10:00Z[Europe/Berlin]"), berlin);
        for two in [
            "2026-03-01T03:10:00+05:00[Europe/Berlin]",
            // Summer time in winter, and the hour that the spring has not.
            "2026-03-01T03:10:00+02:00[Europe/Berlin]",
            "2026-03-29T02:30:00+01:00[Europe/Berlin]",
            "2026-03-01T03:10:00+01:00[+02:00]",
            "2026-03-01T03:10:00+01:00[Mars/Olympus]",
        ] {
            assert!(read(two).is_err(), "{two}");
        }
    }

    #[test]
    fn a_moment_of_no_such_year_is_told_in_words() {
        for edge in ["1970-01-01T00:00:00Z", "2199-12-31T23:59:59.999999Z"] {
            assert!(Instant::parse(edge).is_ok(), "{edge}");
        }
        for far in ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2200-01-01T00:00:00Z"] {
            let said = Instant::parse(far).expect_err(far);
            assert!(said.contains("1970 to 2199"), "{said}");
        }
    }
}
