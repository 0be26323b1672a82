//! `duration`: the time between two moments of the process, computed by the server and judged.

use super::computing::{Known, Outcome, Reference, Time};
use super::conforming::Situation;
use super::shape::{self, Shape};
use super::{EntryValue, Input, Kind, Limits, Sample, number};
use crate::domain::calc::exact::Exact;
use crate::domain::calc::types::Sort;
use crate::domain::calc::unit::Unit;
use crate::domain::calc::{MAX_DECIMALS, Rounding};
use crate::domain::limits::{self, Limit, Purpose, Side, Verdict};
use crate::domain::recipe::timing::{Moment, MomentAt};
use crate::domain::units;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Decimals of a duration where the master record says nothing.
const DECIMALS: u32 = 2;

/// What the master record says of a duration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// It begins.
    pub from: Moment,
    /// It ends.
    pub to: Moment,
    /// A unit of time.
    pub unit: String,
    /// Target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_point: Option<Decimal>,
    /// Limits by purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// Decimals with which it is shown, half to even; absent: 2. It is compared in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u32>,
}

impl Spec {
    /// Microseconds of its unit.
    fn length(&self) -> Option<Exact> {
        let (seconds, one) = Unit::of(&self.unit).factor(&Unit::of("s"))?;
        Exact::from(seconds).over(&one.into())?.times(&Decimal::from(1_000_000).into())
    }

    fn in_unit(&self, microseconds: i64) -> Result<Exact, String> {
        let length = self.length().ok_or_else(|| format!("{:?} is no unit of time", self.unit))?;
        let value = Exact::from(Decimal::from(microseconds)).over(&length);
        value.ok_or_else(|| "the time has too many digits".to_owned())
    }

    /// The time that is told: the one outside a limit where one is, else as people say it was.
    fn told(&self, time: &Time) -> Result<Exact, String> {
        let acceptance = self.limits.iter().find(|limit| limit.purpose == Purpose::Acceptance);
        let (said, longest, shortest) =
            (self.in_unit(time.said)?, self.in_unit(time.longest)?, self.in_unit(time.shortest)?);
        let outside = |value: &Exact, side| {
            acceptance.is_some_and(|limit| limit.side(value.decimal()) == side)
        };
        Ok(if time.shortest < 0 || outside(&shortest, Side::Below) {
            shortest
        } else if outside(&longest, Side::Above) {
            longest
        } else {
            said
        })
    }
}

/// How a time that nobody knows better lies to a limit: above it by the longest it can have been, below it by the
/// shortest. A time that ended before it began is never within.
fn side(limit: &Limit, longest: Decimal, shortest: Decimal) -> Side {
    if shortest.is_sign_negative() && !shortest.is_zero() {
        return Side::Below;
    }
    match limit.side(longest) {
        Side::Within => limit.side(shortest),
        outside => outside,
    }
}

/// A moment in words: `start of 01.2`.
fn words(moment: &Moment) -> String {
    match (moment.at, &moment.entry) {
        (MomentAt::Started, _) => format!("start of {}", moment.of),
        (MomentAt::Completed, _) => format!("end of {}", moment.of),
        (MomentAt::Entry, Some(entry)) => format!("[{}/{entry}]", moment.of),
        (MomentAt::Entry, None) => format!("an entry of {}", moment.of),
    }
}

impl Kind for Spec {
    fn parse(&self, _input: &Input) -> Result<EntryValue, String> {
        Err("the server computes this value; nobody sends it".to_owned())
    }

    fn judge(&self, value: &EntryValue) -> Vec<Verdict> {
        let Some(told) = value.number.as_ref().map(|number| number.value) else {
            return Vec::new();
        };
        let end = |name: &str| value.data[name].as_str().and_then(|text| text.parse().ok());
        let longest = end("longest").unwrap_or(told);
        let shortest = end("shortest").unwrap_or(told);
        let judged = self.limits.iter().filter(|limit| limit.purpose != Purpose::Reference);
        let verdict = |limit: &Limit| Verdict {
            purpose: limit.purpose,
            side: side(limit, longest, shortest),
            limit: limit.shown(&units::shown(&self.unit)),
        };
        judged.map(verdict).collect()
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.length().is_none() {
            faults.push(format!("a duration is in a unit of time, not in {:?}", self.unit));
        }
        faults.extend(limits::faults(&self.limits, self.set_point, units::shown(&self.unit)));
        for moment in [&self.from, &self.to] {
            if (moment.at == MomentAt::Entry) != moment.entry.is_some() {
                faults.push(format!(
                    "the moment of {} names an entry exactly where it is one",
                    moment.of
                ));
            }
        }
        if self.from == self.to {
            faults.push("it begins and ends at the same moment".into());
        }
        if self.decimals.is_some_and(|decimals| decimals > MAX_DECIMALS) {
            faults.push(format!("{MAX_DECIMALS} decimals at most"));
        }
        faults
    }

    fn conforming(&self, _: &Situation<'_>) -> Vec<Input> {
        Vec::new()
    }

    fn asks(&self) -> String {
        let (from, to) = (words(&self.from), words(&self.to));
        let asks = format!("time from {from} to {to} in {}", units::shown(&self.unit));
        match self.set_point {
            Some(target) => format!("{asks}, target {target}"),
            None => asks,
        }
    }

    fn limits_shown(&self) -> Vec<(String, String)> {
        limits::shown(&self.limits, units::shown(&self.unit))
    }

    fn inputs(&self) -> Option<Vec<Reference>> {
        Some(vec![Reference::Moment(self.from.clone()), Reference::Moment(self.to.clone())])
    }

    fn compute(&self, known: &dyn Known) -> Result<Option<Outcome>, String> {
        let Some(time) = known.time(&self.from, &self.to) else { return Ok(None) };
        let decimals = self.decimals.unwrap_or(DECIMALS);
        let round = |value: &Exact| Rounding::HalfEven.round(value.decimal(), decimals);
        let told = self.told(&time)?;
        let mut value = number::computed("duration", &told, &self.unit, round(&told));
        if time.longest != time.shortest {
            let (longest, shortest) = (self.in_unit(time.longest)?, self.in_unit(time.shortest)?);
            value.data["longest"] = json!(longest.decimal().to_string());
            value.data["shortest"] = json!(shortest.decimal().to_string());
            let unit = units::shown(&self.unit);
            let ends = format!("{} to {} {unit}", round(&shortest), round(&longest));
            value.shown = format!("{} ({ends})", value.shown);
        }
        let formula = match time.used.as_slice() {
            [from, to, ..] => {
                format!("from {} ({}) to {} ({})", from.at, from.shown, to.at, to.shown)
            }
            _ => format!("from {} to {}", words(&self.from), words(&self.to)),
        };
        Ok(Some(Outcome { value, formula, used: time.used, unchecked: time.unchecked }))
    }

    fn sort(&self) -> Option<Sort> {
        Some(Sort::Number(Unit::of(&self.unit)))
    }

    fn shown_decimals(&self) -> Option<u32> {
        self.decimals
    }

    fn take_limits(&mut self) -> Limits {
        Limits { value: std::mem::take(&mut self.limits), ..Limits::default() }
    }
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &["from", "to", "unit"],
    members: &[
        ("from", r##"{ "$ref": "#/$defs/moment" }"##),
        ("to", r##"{ "$ref": "#/$defs/moment" }"##),
        ("unit", shape::UNIT),
        ("set_point", shape::DECIMAL),
        ("limits", shape::LIMITS),
        ("decimals", shape::DECIMALS),
    ],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({
            "from": { "of": "01.1", "at": "started" },
            "to": { "of": "01.1", "at": "completed" },
            "unit": "min", "decimals": 1,
            "limits": [
                { "purpose": "acceptance", "low": { "value": "60", "inclusive": true },
                  "high": { "value": "120", "inclusive": true } }
            ]
        }),
        valid: Vec::new(),
        invalid: vec![json!({ "value": "90", "unit": "min" })],
    }
}
