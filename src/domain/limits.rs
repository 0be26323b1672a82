//! Limits with a purpose, and the judgement of a value against them.

mod bound;
mod enclosed;
#[cfg(test)]
mod tests;

pub use bound::Bound;
pub use enclosed::{disarms, unenclosed};

use super::quantity::censored::{Censored, Found};
use rust_decimal::Decimal;
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

/// How a value is compared with a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compare {
    /// After rounding half away from zero, once, to the last written place of each end (USP 7.20, Ph. Eur. 1.4).
    Rounded,
    /// As read.
    Exact,
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
    /// How a value is compared with it; absent: a specification rounded, a process parameter as read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<Compare>,
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
    /// Of what a censored value admits, some is inside and some is not. That is not within.
    CannotBeTold,
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
    /// How a value is compared with it; what is plausible is asked as read.
    #[must_use]
    pub fn compares(&self, usual: Compare) -> Compare {
        let usual = if self.purpose == Purpose::Plausibility { Compare::Exact } else { usual };
        self.compare.unwrap_or(usual)
    }

    /// Where the value lies, compared as read. Values on the bound follow `inclusive`.
    #[must_use]
    pub fn side(&self, value: Decimal) -> Side {
        self.side_of(value, Compare::Exact)
    }

    fn side_of(&self, value: Decimal, compare: Compare) -> Side {
        let compared = |bound: &Bound| match compare {
            Compare::Rounded => bound.rounds(value),
            Compare::Exact => value,
        };
        let below = |low: &Bound| {
            let value = compared(low);
            value < low.value || (value == low.value && !low.inclusive)
        };
        let above = |high: &Bound| {
            let value = compared(high);
            value > high.value || (value == high.value && !high.inclusive)
        };
        match (self.low.as_ref().is_some_and(below), self.high.as_ref().is_some_and(above)) {
            (true, _) => Side::Below,
            (_, true) => Side::Above,
            _ => Side::Within,
        }
    }

    /// Where all values that a censored one admits lie; whatever may be plausible is not asked about.
    fn side_of_censored(&self, censored: &Censored, compare: Compare) -> Side {
        let (at, strict, is_below) =
            (censored.bound, !censored.is.holds_bound(), censored.is.is_below());
        let out = if is_below { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
        // Seen from the end that what is admitted comes from: `facing` it enters through, `behind` it leaves by.
        let (facing, behind, outside) = match is_below {
            true => (&self.high, &self.low, Side::Below),
            false => (&self.low, &self.high, Side::Above),
        };
        let past = |bound: &Bound| {
            let (end, closed) = bound.reach(out, compare);
            let beyond = at * out > end * out || (at == end && (strict || !closed));
            // Beyond the limit as it is written it is outside, whatever the rounding.
            beyond || (strict && at * out >= bound.value * out)
        };
        if behind.as_ref().is_some_and(past) {
            return outside;
        }
        let enters = |bound: &Bound| {
            let (end, closed) = bound.reach(-out, compare);
            at * out > end * out || (at == end && (strict || closed))
        };
        let within = behind.is_none() && facing.as_ref().is_none_or(enters);
        match within || self.purpose == Purpose::Plausibility {
            true => Side::Within,
            false => Side::CannotBeTold,
        }
    }

    /// Where what was found lies, compared as this limit says, or else as usual.
    #[must_use]
    pub fn side_found(&self, found: &Found, usual: Compare) -> Side {
        let compare = self.compares(usual);
        match found {
            Found::Number(value) => self.side_of(*value, compare),
            Found::Censored(censored) => self.side_of_censored(censored, compare),
        }
    }

    /// Whether some value outside this limit is inside another one. Rounded, each end reaches half a unit of its
    /// last written place further, or less far, than it reads: 94.5 is within `x ≥ 95` and not within `x ≥ 95.0`.
    #[must_use]
    pub fn is_widened_by(&self, other: &Self, usual: Compare) -> bool {
        let (mine, theirs) = (self.compares(usual), other.compares(usual));
        let further = |now: Option<&Bound>, next: Option<&Bound>, out: Decimal| match (now, next) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(now), Some(next)) => further((now, mine), (next, theirs), out),
        };
        further(self.low.as_ref(), other.low.as_ref(), Decimal::NEGATIVE_ONE)
            || further(self.high.as_ref(), other.high.as_ref(), Decimal::ONE)
    }

    /// The limit as people read it; where it says itself how a value is compared, it is printed.
    #[must_use]
    pub fn shown(&self, unit: &str) -> String {
        let sign = |bound: &Bound| if bound.inclusive { '≤' } else { '<' };
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        let compare = match self.compare {
            Some(Compare::Rounded) => ", compared rounded",
            Some(Compare::Exact) => ", compared as read",
            None => "",
        };
        let range = match (&self.low, &self.high) {
            (Some(low), Some(high)) => {
                let (from, to) = (low.written(), high.written());
                format!("{from} {} x {} {to}{unit}", sign(low), sign(high))
            }
            (Some(low), None) => {
                format!("x {} {}{unit}", if low.inclusive { '≥' } else { '>' }, low.written())
            }
            (None, Some(high)) => format!("x {} {}{unit}", sign(high), high.written()),
            (None, None) => return "no bound".into(),
        };
        format!("{range}{compare}")
    }
}

/// Whether one end of a range reaches further out than another, each as values are compared with it.
fn further(now: (&Bound, Compare), next: (&Bound, Compare), out: Decimal) -> bool {
    let ((now, closed), (next, holds)) = (now.0.reach(out, now.1), next.0.reach(out, next.1));
    next * out > now * out || (next == now && holds && !closed)
}

/// Judges what was found of a process parameter against every limit that is judged (all but *reference*): compared
/// as read, unless a limit says otherwise.
#[must_use]
pub fn judge(limits: &[Limit], found: impl Into<Found>, unit: impl AsRef<str>) -> Vec<Verdict> {
    judge_by(limits, &found.into(), unit.as_ref(), Compare::Exact)
}

/// Judges what was found of a specification: as [`judge`], after rounding to the last written place of each end.
#[must_use]
pub fn judge_rounded(
    limits: &[Limit],
    found: impl Into<Found>,
    unit: impl AsRef<str>,
) -> Vec<Verdict> {
    judge_by(limits, &found.into(), unit.as_ref(), Compare::Rounded)
}

fn judge_by(limits: &[Limit], found: &Found, unit: &str, usual: Compare) -> Vec<Verdict> {
    let verdict = |limit: &Limit| {
        let (purpose, side) = (limit.purpose, limit.side_found(found, usual));
        Verdict { purpose, side, limit: limit.shown(unit) }
    };
    judged(limits).map(verdict).collect()
}

/// The verdicts where nothing can be told, as of a mean that is computed of what is no number.
#[must_use]
pub fn untold(limits: &[Limit], unit: impl AsRef<str>) -> Vec<Verdict> {
    let verdict = |limit: &Limit| {
        let limit_shown = limit.shown(unit.as_ref());
        Verdict { purpose: limit.purpose, side: Side::CannotBeTold, limit: limit_shown }
    };
    judged(limits).filter(|limit| limit.purpose != Purpose::Plausibility).map(verdict).collect()
}

fn judged(limits: &[Limit]) -> impl Iterator<Item = &Limit> {
    limits.iter().filter(|limit| limit.purpose != Purpose::Reference)
}

/// What a value was rounded to before it was compared with the acceptance limit, where that changed it:
/// one number, or one for each end.
#[must_use]
pub fn rounded(limits: &[Limit], value: Decimal, usual: Compare) -> Vec<Decimal> {
    let of = limits.iter().find(|limit| limit.purpose == Purpose::Acceptance);
    let of = of.filter(|limit| limit.compares(usual) == Compare::Rounded);
    let ends = of.into_iter().flat_map(|limit| [limit.low.as_ref(), limit.high.as_ref()]);
    let mut all: Vec<Decimal> = Vec::new();
    for end in ends.flatten() {
        let found = end.rounds(value);
        if found != value && !all.iter().any(|seen| *seen == found && seen.scale() == found.scale())
        {
            all.push(found);
        }
    }
    all
}

/// A value beside what it was rounded to before it was compared, where that is another number: `102.04 %, rounded
/// 102.0`.
#[must_use]
pub fn with_rounded(shown: String, limits: &[Limit], value: Decimal, usual: Compare) -> String {
    let rounded = rounded(limits, value, usual);
    if rounded.is_empty() {
        return shown;
    }
    let texts: Vec<_> = rounded.iter().map(Decimal::to_string).collect();
    format!("{shown}, rounded {}", texts.join(" / "))
}

/// The limits as printed, each with its purpose.
#[must_use]
pub fn shown(limits: &[Limit], unit: impl AsRef<str>) -> Vec<(String, String)> {
    let one = |limit: &Limit| (limit.purpose.as_str().to_owned(), limit.shown(unit.as_ref()));
    limits.iter().map(one).collect()
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
pub fn faults(limits: &[Limit], target: Option<Decimal>, unit: impl AsRef<str>) -> Vec<String> {
    let unit = unit.as_ref();
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

/// Whether what a set of verdicts violates worst cannot be told: some of what a censored value admits is inside.
#[must_use]
pub fn cannot_be_told(verdicts: &[Verdict]) -> bool {
    let of = worst(verdicts);
    let mut judged = verdicts.iter().filter(|v| Some(v.purpose) == of && v.side != Side::Within);
    judged.any(|v| v.side == Side::CannotBeTold)
}
