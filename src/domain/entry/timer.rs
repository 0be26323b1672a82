//! `timer`: the time between two moments, measured by the server when the second one comes, and judged.

use super::computing::{Known, Outcome, Reference};
use super::conforming::Situation;
use super::shape::Shape;
use super::{EntryValue, Input, Kind, Sample};
use crate::domain::limits::{Purpose, Side, Verdict};
use crate::domain::quantity::Quantity;
use crate::domain::recipe::timing::{Moment, MomentAt, microseconds, shown};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the master record says of a timer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// It begins.
    pub starts: Moment,
    /// It ends.
    pub stops: Moment,
    /// Not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<String>,
    /// Not after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<String>,
    /// Warning so long before the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn_before: Option<String>,
}

impl Spec {
    fn bounds(&self) -> (Option<i64>, Option<i64>) {
        let read = |text: &Option<String>| text.as_ref().and_then(|text| microseconds(text).ok());
        (read(&self.min), read(&self.max))
    }

    /// The limit as people read it.
    fn limit(&self) -> Option<String> {
        let (min, max) = self.bounds();
        match (min.map(shown), max.map(shown)) {
            (Some(min), Some(max)) => Some(format!("{min} to {max}")),
            (Some(min), None) => Some(format!("at least {min}")),
            (None, Some(max)) => Some(format!("at most {max}")),
            (None, None) => None,
        }
    }
}

impl Kind for Spec {
    fn parse(&self, _input: &Input) -> Result<EntryValue, String> {
        Err("the server measures this time; nobody sends it".into())
    }

    fn judge(&self, value: &EntryValue) -> Vec<Verdict> {
        let (Some(limit), Some(measured)) = (self.limit(), value.data["microseconds"].as_i64())
        else {
            return Vec::new();
        };
        let end = |name: &str| value.data[name].as_i64().unwrap_or(measured);
        let (min, max) = self.bounds();
        // A time that ended before it began is never within.
        let side = if end("shortest") < min.unwrap_or(0).max(0) {
            Side::Below
        } else if max.is_some_and(|max| end("longest") > max) {
            Side::Above
        } else {
            Side::Within
        };
        vec![Verdict { purpose: Purpose::Acceptance, side, limit }]
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for text in [&self.min, &self.max, &self.warn_before].into_iter().flatten() {
            faults.extend(microseconds(text).err());
        }
        if let (Some(min), Some(max)) = self.bounds()
            && min > max
        {
            faults.push(format!("{} is more than {}", shown(min), shown(max)));
        }
        for moment in [&self.starts, &self.stops] {
            if (moment.at == MomentAt::Entry) != moment.entry.is_some() {
                faults.push(format!("a moment of {} names an entry where it is at one", moment.of));
            }
        }
        faults
    }

    fn conforming(&self, _: &Situation<'_>) -> Vec<Input> {
        Vec::new()
    }

    fn asks(&self) -> String {
        let between = format!("from {} to {}", said(&self.starts), said(&self.stops));
        match self.limit() {
            Some(limit) => format!("time {between}, {limit}; measured by the server"),
            None => format!("time {between}; measured by the server"),
        }
    }

    fn limits_shown(&self) -> Vec<(String, String)> {
        let limit = self.limit().map(|limit| (Purpose::Acceptance.as_str().to_owned(), limit));
        limit.into_iter().collect()
    }

    fn inputs(&self) -> Option<Vec<Reference>> {
        let moments = [&self.starts, &self.stops];
        Some(moments.into_iter().cloned().map(Reference::Moment).collect())
    }

    fn compute(&self, known: &dyn Known) -> Result<Option<Outcome>, String> {
        let Some(time) = known.time(&self.starts, &self.stops) else { return Ok(None) };
        let (min, max) = self.bounds();
        let measured = if time.shortest < min.unwrap_or(0).max(0) {
            time.shortest
        } else if max.is_some_and(|max| time.longest > max) {
            time.longest
        } else {
            time.said
        };
        let seconds = Decimal::new(measured, 6).normalize();
        let mut value = EntryValue {
            kind: "timer".into(),
            data: json!({ "microseconds": measured, "seconds": seconds.to_string() }),
            shown: read(measured),
            number: Some(Quantity { value: seconds, unit: "s".into() }),
        };
        if time.longest != time.shortest {
            value.data["longest"] = json!(time.longest);
            value.data["shortest"] = json!(time.shortest);
            value.shown =
                format!("{} ({} to {})", value.shown, read(time.shortest), read(time.longest));
        }
        let formula = format!("{} \u{2212} {}", said(&self.stops), said(&self.starts));
        Ok(Some(Outcome { value, formula, used: time.used, unchecked: time.unchecked }))
    }

    fn measured_between(&self) -> Option<(&Moment, &Moment)> {
        Some((&self.starts, &self.stops))
    }
}

/// A measured time as people read it; whole seconds, as long as it is read in seconds at all.
fn read(microseconds: i64) -> String {
    if microseconds < 0 {
        return format!("\u{2212}{}", read(microseconds.saturating_neg()));
    }
    let (hours, rest) = (microseconds / 3_600_000_000, microseconds % 3_600_000_000);
    let (minutes, seconds) = (rest / 60_000_000, rest % 60_000_000 / 1_000_000);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {seconds} s"),
        _ => format!("{hours} h {minutes} min {seconds} s"),
    }
}

/// A moment in words.
fn said(moment: &Moment) -> String {
    match (moment.at, &moment.entry) {
        (MomentAt::Started, _) => format!("start of {}", moment.of),
        (MomentAt::Completed, _) => format!("end of {}", moment.of),
        (MomentAt::Entry, Some(entry)) => format!("{} of {}", entry, moment.of),
        (MomentAt::Entry, None) => format!("an entry of {}", moment.of),
    }
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &["starts", "stops"],
    members: &[
        ("starts", r##"{ "$ref": "#/$defs/moment" }"##),
        ("stops", r##"{ "$ref": "#/$defs/moment" }"##),
        ("min", r##"{ "$ref": "#/$defs/duration", "description": "Not before." }"##),
        ("max", r##"{ "$ref": "#/$defs/duration", "description": "Not after." }"##),
        ("warn_before", r##"{ "$ref": "#/$defs/duration" }"##),
    ],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({
            "starts": { "of": "05.1", "at": "completed" },
            "stops": { "of": "05.2", "at": "entry", "entry": "ph" },
            "min": "PT60M", "max": "PT90M", "warn_before": "PT10M"
        }),
        valid: Vec::new(),
        invalid: vec![json!({ "value": "60" })],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::Instant;
    use crate::domain::entry::computing::{KnownEntry, Time, Which};
    use crate::domain::words::Used;

    /// The shortest and the longest that a time can have been; none: it has not ended.
    struct Between(Option<(i64, i64)>);

    impl Known for Between {
        fn entries(&self, _: Option<&str>, _: &str, _: Which) -> Vec<KnownEntry> {
            Vec::new()
        }
        fn time(&self, _: &Moment, _: &Moment) -> Option<Time> {
            let (shortest, longest) = self.0?;
            let used = ["start", "end"].map(|at| Used::one(at, 1, "then")).to_vec();
            Some(Time { said: longest, shortest, longest, used, unchecked: Vec::new() })
        }
        fn at(&self) -> Instant {
            Instant(0)
        }
    }

    fn spec() -> Spec {
        serde_json::from_value(sample().spec).expect("the sample is a specification")
    }

    // shows: C211-111.a
    #[test]
    fn the_time_between_two_moments_is_measured_and_judged_on_the_bound() {
        let minute = 60_000_000;
        for (length, side) in [
            (60 * minute - 1, Side::Below),
            (60 * minute, Side::Within),
            (90 * minute, Side::Within),
            (90 * minute + 1, Side::Above),
        ] {
            let outcome = measured(length, length);
            assert_eq!(spec().judge(&outcome.value)[0].side, side, "{length}");
            assert_eq!(outcome.used.len(), 2);
        }
        let outcome = measured(92 * minute + 5_000_000, 92 * minute + 5_000_000);
        assert_eq!(outcome.value.shown, "1 h 32 min 5 s");
        assert_eq!(outcome.value.data["seconds"], "5525");
    }

    fn measured(shortest: i64, longest: i64) -> Outcome {
        let known = Between(Some((shortest, longest)));
        spec().compute(&known).expect("computes").expect("it has ended")
    }

    // finding: N1
    #[test]
    fn a_time_that_nobody_knows_better_is_judged_by_the_worse_end() {
        let minute = 60_000_000;
        for (shortest, longest, side) in [
            (70, 80, Side::Within),
            (70, 91, Side::Above),
            (59, 80, Side::Below),
            (-1, 80, Side::Below),
        ] {
            let outcome = measured(shortest * minute, longest * minute);
            assert_eq!(spec().judge(&outcome.value)[0].side, side, "{shortest} to {longest}");
        }
        let open = Spec { min: None, max: Some("PT5M".into()), ..spec() };
        let known = Between(Some((-minute, -minute)));
        let outcome = open.compute(&known).expect("computes").expect("it has ended");
        assert_eq!(open.judge(&outcome.value)[0].side, Side::Below, "negative is never within");
        assert_eq!(outcome.value.shown, "\u{2212}1 min 0 s");
    }

    #[test]
    fn what_has_not_ended_measures_nothing() {
        assert_eq!(spec().compute(&Between(None)), Ok(None));
    }

    #[test]
    fn faults_are_named() {
        let broken = Spec { min: Some("PT2H".into()), ..spec() };
        assert_eq!(broken.faults().len(), 1);
        assert!(spec().faults().is_empty());
        let words = Spec { max: Some("soon".into()), ..spec() };
        assert_eq!(words.faults().len(), 1);
    }
}
