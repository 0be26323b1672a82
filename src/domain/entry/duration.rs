//! `duration`: the time between two moments of the process, computed by the server and judged.

use super::computing::{Known, Outcome, Reference};
use super::conforming::Asked;
use super::shape::{self, Shape};
use super::{EntryValue, Input, Kind, Limits, Sample, number};
use crate::domain::calc::types::Sort;
use crate::domain::calc::unit::Unit;
use crate::domain::calc::{MAX_DECIMALS, Rounding};
use crate::domain::limits::{self, Limit, Verdict};
use crate::domain::quantity::Quantity;
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
    /// `s`, `min`, `h` or `d`.
    pub unit: String,
    /// Target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_point: Option<Decimal>,
    /// Limits by purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// Decimals of the result, half to even; absent: 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u32>,
}

impl Spec {
    /// Microseconds of its unit.
    fn length(&self) -> Option<Decimal> {
        let seconds = match self.unit.as_str() {
            "s" => 1,
            "min" => 60,
            "h" => 3600,
            "d" => 86_400,
            _ => return None,
        };
        Some(Decimal::from(seconds * 1_000_000_i64))
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
        let judge =
            |number: &Quantity| limits::judge(&self.limits, number.value, units::shown(&self.unit));
        value.number.as_ref().map(judge).unwrap_or_default()
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.length().is_none() {
            faults.push(format!("a duration is in s, min, h or d, not in {:?}", self.unit));
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

    fn conforming(&self, _: &Asked<'_>) -> Vec<Input> {
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
        let (Some((begin, from)), Some((end, to))) =
            (known.moment(&self.from), known.moment(&self.to))
        else {
            return Ok(None);
        };
        let length = self.length().ok_or_else(|| format!("{:?} is no unit of time", self.unit))?;
        let value = Decimal::from(end.since(begin))
            .checked_div(length)
            .ok_or("the time has too many digits")?;
        let value = Rounding::HalfEven.round(value, self.decimals.unwrap_or(DECIMALS));
        let quantity = Quantity { value, unit: self.unit.clone() };
        Ok(Some(Outcome {
            value: number::value_of("duration", quantity),
            formula: format!("from {} ({}) to {} ({})", from.at, from.shown, to.at, to.shown),
            used: vec![from, to],
        }))
    }

    fn sort(&self) -> Option<Sort> {
        Some(Sort::Number(Unit::of(&self.unit)))
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
