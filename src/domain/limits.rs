//! Limits with a purpose, and the judgement of a value against them.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// What a limit is for (21 CFR 211.110(b): its type belongs to the limit).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Outside it the product may not meet its quality: an exception that must be triaged.
    Acceptance,
    /// Action limit: adjust; outside it an exception opens.
    Control,
    /// Normal operating range: outside it a flag, acknowledged once per operation.
    Alert,
    /// Outside it the value is probably mistyped: confirmation is asked, both attempts stay.
    Plausibility,
    /// Shown, never judged: ranges tested or observed.
    Reference,
}

/// One end of a range, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// The number.
    pub value: Decimal,
    /// Whether the number itself is inside.
    pub inclusive: bool,
}

/// A limit of a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// What it is for.
    pub purpose: Purpose,
    /// Lower end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<Bound>,
    /// Upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<Bound>,
    /// Where the numbers come from, printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Purpose {
    /// All purposes, the gravest first.
    pub const ALL: [Self; 5] =
        [Self::Acceptance, Self::Control, Self::Alert, Self::Plausibility, Self::Reference];

    /// The word that is printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::Control => "control",
            Self::Alert => "alert",
            Self::Plausibility => "plausibility",
            Self::Reference => "reference",
        }
    }
}

/// How a value stands to one limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Inside.
    Within,
    /// Below the lower end.
    Below,
    /// Above the upper end.
    Above,
    /// Not the expected choice or text.
    Other,
}

/// A verdict: a fact of the event, so that old records never depend on new rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Against which purpose.
    pub purpose: Purpose,
    /// How it stands.
    pub side: Side,
    /// The limit as printed at that time, as in `6.60 ≤ x ≤ 7.10 pH`.
    pub limit: String,
}

impl Limit {
    /// Where the value lies. Values on the bound follow `inclusive`.
    #[must_use]
    pub fn side(&self, value: Decimal) -> Side {
        let below = self
            .low
            .as_ref()
            .is_some_and(|low| value < low.value || (value == low.value && !low.inclusive));
        let above = self
            .high
            .as_ref()
            .is_some_and(|high| value > high.value || (value == high.value && !high.inclusive));
        match (below, above) {
            (true, _) => Side::Below,
            (_, true) => Side::Above,
            _ => Side::Within,
        }
    }

    /// Where the value of a specification lies: at each end after rounding half away from zero, once, to the
    /// last written place of that end (USP 7.20, Ph. Eur. 1.4). What is plausible is asked as read.
    #[must_use]
    pub fn side_rounded(&self, value: Decimal) -> Side {
        if self.purpose == Purpose::Plausibility {
            return self.side(value);
        }
        let below = |low: &Bound| {
            let value = to_place_of(value, low);
            value < low.value || (value == low.value && !low.inclusive)
        };
        let above = |high: &Bound| {
            let value = to_place_of(value, high);
            value > high.value || (value == high.value && !high.inclusive)
        };
        match (self.low.as_ref().is_some_and(below), self.high.as_ref().is_some_and(above)) {
            (true, _) => Side::Below,
            (_, true) => Side::Above,
            _ => Side::Within,
        }
    }

    /// Whether some value outside this limit is inside another one. Rounded, each end reaches half a unit of its
    /// last written place further, or less far, than it reads: 94.5 is within `x ≥ 95` and not within `x ≥ 95.0`.
    #[must_use]
    pub fn is_widened_by(&self, other: &Self, rounded: bool) -> bool {
        let reach = |bound: &Bound, out: Decimal| {
            if rounded { reach(bound, out) } else { (bound.value, bound.inclusive) }
        };
        let further = |now: Option<&Bound>, next: Option<&Bound>, out: Decimal| match (now, next) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(now), Some(next)) => {
                let ((now, closed), (next, holds)) = (reach(now, out), reach(next, out));
                next * out > now * out || (next == now && holds && !closed)
            }
        };
        further(self.low.as_ref(), other.low.as_ref(), Decimal::NEGATIVE_ONE)
            || further(self.high.as_ref(), other.high.as_ref(), Decimal::ONE)
    }

    /// The limit as people read it.
    #[must_use]
    pub fn shown(&self, unit: &str) -> String {
        let sign = |bound: &Bound| if bound.inclusive { '≤' } else { '<' };
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        match (&self.low, &self.high) {
            (Some(low), Some(high)) => {
                format!("{} {} x {} {}{unit}", low.value, sign(low), sign(high), high.value)
            }
            (Some(low), None) => {
                format!("x {} {}{unit}", if low.inclusive { '≥' } else { '>' }, low.value)
            }
            (None, Some(high)) => format!("x {} {}{unit}", sign(high), high.value),
            (None, None) => "no bound".into(),
        }
    }
}

/// Judges a number against every limit that is judged (all but *reference*).
#[must_use]
pub fn judge(limits: &[Limit], value: Decimal, unit: &str) -> Vec<Verdict> {
    judge_by(limits, unit, |limit| limit.side(value))
}

fn judge_by(limits: &[Limit], unit: &str, side: impl Fn(&Limit) -> Side) -> Vec<Verdict> {
    let judged = limits.iter().filter(|limit| limit.purpose != Purpose::Reference);
    let verdict = |limit: &Limit| {
        let (purpose, side) = (limit.purpose, side(limit));
        Verdict { purpose, side, limit: limit.shown(unit) }
    };
    judged.map(verdict).collect()
}

/// A value rounded half away from zero to the last written place of an end of a range.
fn to_place_of(value: Decimal, bound: &Bound) -> Decimal {
    value.round_dp_with_strategy(bound.value.scale(), RoundingStrategy::MidpointAwayFromZero)
}

/// How far an end of a range reaches before rounding half away from zero, and whether that number itself is inside.
fn reach(bound: &Bound, out: Decimal) -> (Decimal, bool) {
    let half = Decimal::new(5, bound.value.scale().saturating_add(1));
    let outwards = if bound.inclusive { out } else { -out };
    let end = bound.value + half * outwards;
    (end, end.is_sign_negative() == (out > Decimal::ZERO))
}

/// Judges the value of a specification: as [`judge`], after rounding to the last written place of each end.
#[must_use]
pub fn judge_rounded(limits: &[Limit], value: Decimal, unit: &str) -> Vec<Verdict> {
    judge_by(limits, unit, |limit| limit.side_rounded(value))
}

/// What a value was rounded to before it was compared with the acceptance limit, where that changed it:
/// one number, or one for each end.
#[must_use]
pub fn rounded(limits: &[Limit], value: Decimal) -> Vec<Decimal> {
    let of = limits.iter().find(|limit| limit.purpose == Purpose::Acceptance);
    let ends = of.into_iter().flat_map(|limit| [limit.low.as_ref(), limit.high.as_ref()]);
    let mut all: Vec<Decimal> = Vec::new();
    for end in ends.flatten() {
        let found = to_place_of(value, end);
        if found != value && !all.iter().any(|seen| seen.scale() == found.scale()) {
            all.push(found);
        }
    }
    all
}

/// The limits as printed, each with its purpose.
#[must_use]
pub fn shown(limits: &[Limit], unit: &str) -> Vec<(String, String)> {
    limits.iter().map(|limit| (limit.purpose.as_str().to_owned(), limit.shown(unit))).collect()
}

/// Of the ends of limits that are judged the one that is written with most decimals.
#[must_use]
pub fn finest(limits: &[Limit]) -> Option<Decimal> {
    let judged = limits.iter().filter(|limit| limit.purpose != Purpose::Reference);
    let ends = judged.flat_map(|limit| [limit.low.as_ref(), limit.high.as_ref()]);
    ends.flatten().map(|end| end.value).max_by_key(Decimal::scale)
}

/// What is wrong with limits: nothing inside, no bound, a purpose twice, a target that violates.
#[must_use]
pub fn faults(limits: &[Limit], target: Option<Decimal>, unit: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (i, limit) in limits.iter().enumerate() {
        let purpose = limit.purpose.as_str();
        let shown = limit.shown(unit);
        match (&limit.low, &limit.high) {
            (None, None) => faults.push(format!("the {purpose} limit has no bound")),
            (Some(low), Some(high)) if holds_nothing(low, high) => {
                faults.push(format!("no value is inside the {purpose} limit {shown}"));
            }
            _ => {}
        }
        if limits.iter().take(i).any(|earlier| earlier.purpose == limit.purpose) {
            faults.push(format!("there are two {purpose} limits"));
        }
        let violates = target.is_some_and(|target| limit.side(target) != Side::Within);
        if violates && limit.purpose != Purpose::Reference {
            let target = target.unwrap_or_default();
            faults.push(format!("the set point {target} is outside the {purpose} limit {shown}"));
        }
    }
    faults
}

fn holds_nothing(low: &Bound, high: &Bound) -> bool {
    low.value > high.value || (low.value == high.value && !(low.inclusive && high.inclusive))
}

/// Whether a value is probably mistyped: confirmation is asked before it is taken as meant.
#[must_use]
pub fn implausible(verdicts: &[Verdict]) -> bool {
    verdicts.iter().any(|v| v.purpose == Purpose::Plausibility && v.side != Side::Within)
}

/// The worst purpose that a set of verdicts violates: acceptance before control before alert.
#[must_use]
pub fn worst(verdicts: &[Verdict]) -> Option<Purpose> {
    verdicts.iter().filter(|v| v.side != Side::Within).map(|v| v.purpose).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn limit(low: Option<(i64, bool)>, high: Option<(i64, bool)>) -> Limit {
        let bound = |b: (i64, bool)| Bound { value: Decimal::new(b.0, 2), inclusive: b.1 };
        Limit {
            purpose: Purpose::Acceptance,
            low: low.map(bound),
            high: high.map(bound),
            note: None,
        }
    }

    // shows: T17, C211-110b
    #[test]
    fn values_on_the_bound_follow_what_is_written() {
        let x = Decimal::new(660, 2);
        assert_eq!(limit(Some((660, true)), None).side(x), Side::Within);
        assert_eq!(limit(Some((660, false)), None).side(x), Side::Below);
        assert_eq!(limit(None, Some((660, true))).side(x), Side::Within);
        assert_eq!(limit(None, Some((660, false))).side(x), Side::Above);
        // 6.6 and 6.600 are the same number.
        assert_eq!(limit(Some((660, true)), None).side(Decimal::new(6600, 3)), Side::Within);
    }

    // shows: C211-165
    // finding: G8
    #[test]
    fn the_value_of_a_specification_is_rounded_half_away_from_zero_to_the_place_of_the_limit() {
        let written = |text: &str| {
            let value = text.parse().expect("a decimal");
            Some(Bound { value, inclusive: true })
        };
        let limit = |low: &str, high: &str| Limit {
            purpose: Purpose::Acceptance,
            low: written(low),
            high: written(high),
            note: None,
        };
        let side = |limit: &Limit, text: &str| limit.side_rounded(text.parse().expect("a decimal"));
        let percent = limit("97.0", "102.0");
        assert_eq!(side(&percent, "96.95"), Side::Within);
        assert_eq!(side(&percent, "96.949999"), Side::Below);
        assert_eq!(side(&percent, "102.04"), Side::Within);
        assert_eq!(side(&percent, "102.05"), Side::Above);
        assert_eq!(side(&limit("-0.5", "0.5"), "-0.55"), Side::Below, "away from zero");
        assert_eq!(rounded(&[percent], Decimal::new(10204, 2)), [Decimal::new(1020, 1)]);
    }

    // shows: C211-110b
    #[test]
    fn faults_of_limits_are_named() {
        let empty = limit(Some((100, true)), Some((100, false)));
        assert_eq!(faults(&[empty], None, "h").len(), 1);
        let zero = limit(Some((0, true)), Some((0, true)));
        assert!(faults(std::slice::from_ref(&zero), Some(Decimal::ZERO), "h").is_empty());
        assert_eq!(faults(&[zero.clone(), zero], Some(Decimal::ONE), "h").len(), 3);
        assert_eq!(faults(&[limit(None, None)], None, "h").len(), 1);
    }

    // shows: C211-165
    // finding: G3
    #[test]
    fn a_limit_with_fewer_places_is_wider() {
        let low = |text: &str, inclusive| Limit {
            purpose: Purpose::Acceptance,
            low: Some(Bound { value: text.parse().expect("a decimal"), inclusive }),
            high: None,
            note: None,
        };
        assert!(low("95.0", true).is_widened_by(&low("95", true), true));
        assert!(!low("95.0", true).is_widened_by(&low("95", true), false));
        assert!(!low("95", true).is_widened_by(&low("95.0", true), true));
        assert!(!low("95.0", true).is_widened_by(&low("95", false), true), "95.5 and more");
        assert!(!low("94.9", false).is_widened_by(&low("95.0", true), true), "both from 94.95");
    }

    proptest! {
        #[test]
        fn a_limit_is_wider_exactly_when_it_lets_in_a_value_that_was_outside(
            now in (-30i64..30, 0u32..3, any::<bool>()),
            next in (-30i64..30, 0u32..3, any::<bool>()),
            high in any::<bool>(),
        ) {
            let limit = |(value, scale, inclusive): (i64, u32, bool)| {
                let bound = Some(Bound { value: Decimal::new(value, scale), inclusive });
                let (low, high) = if high { (None, bound) } else { (bound, None) };
                Limit { purpose: Purpose::Acceptance, low, high, note: None }
            };
            let around = |(value, scale, _): (i64, u32, bool)| {
                let half = Decimal::new(5, scale + 1);
                let ends = [-half, Decimal::ZERO, half].map(|by| Decimal::new(value, scale) + by);
                ends.into_iter().flat_map(|end| [-1, 0, 1].map(|by| end + Decimal::new(by, 5)))
            };
            let values: Vec<_> = around(now).chain(around(next)).collect();
            let (now, next) = (limit(now), limit(next));
            let lets_in = values.into_iter().any(|value| {
                now.side_rounded(value) != Side::Within && next.side_rounded(value) == Side::Within
            });
            prop_assert_eq!(now.is_widened_by(&next, true), lets_in);
        }

        #[test]
        fn a_value_is_inside_exactly_when_between(v in -1000i64..1000, lo in -1000i64..1000, hi in -1000i64..1000) {
            let inside = v >= lo && v <= hi;
            let side = limit(Some((lo, true)), Some((hi, true))).side(Decimal::new(v, 2));
            prop_assert_eq!(side == Side::Within, inside);
        }
    }
}
