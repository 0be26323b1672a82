//! `number`: a decimal with a unit, judged against its limits.

use super::{EntryValue, Input, Kind};
use crate::domain::limits::{Limit, Verdict, judge};
use crate::domain::quantity::{Quantity, parse_decimal};
use crate::domain::units;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the master record says of a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Unit code of the registry.
    pub unit: String,
    /// Target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_point: Option<Decimal>,
    /// Limits by purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// Whole numbers only (counts).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole: bool,
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let text = input.value.as_str().ok_or("a number is sent as text, as in \"6.85\"")?;
        let value = parse_decimal(text)?;
        if self.whole && !value.fract().is_zero() {
            return Err(format!("{text} is not a whole number of {}", self.unit));
        }
        // A value without its unit cannot be reconstructed later (FDA Data Integrity Q1(b)).
        let unit = input
            .unit
            .as_deref()
            .ok_or_else(|| format!("the unit is missing; it is {}", self.unit))?;
        if unit != self.unit {
            return Err(format!("the unit is {}, not {unit}", self.unit));
        }
        Ok(EntryValue {
            kind: "number".into(),
            data: json!({ "value": value.to_string(), "unit": unit }),
            shown: format!("{value} {}", units::shown(unit)),
            number: Some(Quantity { value, unit: unit.to_owned() }),
        })
    }

    fn judge(&self, value: &EntryValue) -> Vec<Verdict> {
        value
            .number
            .as_ref()
            .map(|number| judge(&self.limits, number.value, units::shown(&self.unit)))
            .unwrap_or_default()
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if units::find(&self.unit).is_none() {
            faults.push(format!("unit {:?} is not in the registry", self.unit));
        }
        for limit in &self.limits {
            if let (Some(low), Some(high)) = (&limit.low, &limit.high)
                && low.value > high.value
            {
                faults.push(format!("limit {} is empty", limit.shown(&self.unit)));
            }
        }
        faults
    }

    fn asks(&self) -> String {
        let unit = units::shown(&self.unit);
        self.set_point.map_or_else(|| unit.to_owned(), |target| format!("target {target} {unit}"))
    }

    fn limits_shown(&self) -> Vec<(String, String)> {
        let unit = units::shown(&self.unit);
        self.limits
            .iter()
            .map(|limit| (format!("{:?}", limit.purpose).to_lowercase(), limit.shown(unit)))
            .collect()
    }
}
