//! `adjust-to-target`: readings and additions on the way to a target; only the declared final reading
//! is judged (ICH Q7 8.36: adjusting toward a limit opens no exception).

use super::conforming::Situation;
use super::number::{asks, compared, judge, unit_faults};
use super::read::{Asked, read};
use super::shape::{self, Shape};
use super::{EntryValue, Input, Kind, Limits, Sample, conforming};
use crate::domain::calc::types::Sort;
use crate::domain::calc::unit::Unit;
use crate::domain::limits::{self, Limit, Verdict};
use crate::domain::units;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the master record says of an adjustment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Unit code of the readings.
    pub unit: String,
    /// The target.
    pub set_point: Decimal,
    /// Limits of the declared final reading, by purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// Decimals asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u32>,
    /// What is added on the way.
    pub addition: Addition,
}

/// What is added on the way to the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addition {
    /// The material: its code in the master record's list of materials, or its name.
    pub material: String,
    /// Unit code of the amounts added.
    pub unit: String,
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let asked = Asked { decimals: self.decimals, ..Asked::plain(&self.unit) };
        Ok(compared(read("adjust-to-target", input, &asked)?, &self.limits))
    }

    fn judge(&self, value: &EntryValue) -> Vec<Verdict> {
        judge(&self.limits, value, &self.unit)
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = unit_faults(&self.unit);
        faults.extend(unit_faults(&self.addition.unit));
        let unit = units::shown(&self.unit);
        faults.extend(limits::faults(&self.limits, Some(self.set_point), unit));
        if self.addition.material.trim().is_empty() {
            faults.push("the material that is added has no name".into());
        }
        faults
    }

    fn conforming(&self, _: &Situation<'_>) -> Vec<Input> {
        conforming::numbers(&self.unit, Some(self.set_point), &self.limits, false)
    }

    fn uses(&self) -> Option<&str> {
        Some(&self.addition.material)
    }

    fn asks(&self) -> String {
        let target = asks(&self.unit, Some(self.set_point), self.decimals);
        format!("adjust to {target} with {}", self.addition.material)
    }

    fn limits_shown(&self) -> Vec<(String, String)> {
        limits::shown(&self.limits, units::shown(&self.unit))
    }

    fn parse_point(&self, point: &str, input: &Input) -> Result<EntryValue, String> {
        match point {
            "reading" => read(point, input, &Asked::plain(&self.unit)),
            "addition" => {
                let mut value = read(point, input, &Asked::plain(&self.addition.unit))?;
                value.shown = format!("{} {}", value.shown, self.addition.material);
                value.data["material"] = json!(self.addition.material);
                Ok(value)
            }
            other => {
                Err(format!("{other:?} is no point of a trail: send a reading or an addition"))
            }
        }
    }

    fn sort(&self) -> Option<Sort> {
        Some(Sort::Number(Unit::of(&self.unit)))
    }

    fn is_measured(&self) -> bool {
        true
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
    required: &["unit", "set_point", "addition"],
    members: &[
        ("unit", shape::UNIT),
        ("set_point", r##"{ "$ref": "#/$defs/decimal", "description": "The target." }"##),
        ("limits", shape::LIMITS),
        ("decimals", shape::DECIMALS),
        (
            "addition",
            r##"{
              "description": "What is added on the way.",
              "type": "object",
              "properties": {
                "material": {
                  "description": "Code of a material of this master record, or its name.",
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 64
                },
                "unit": { "$ref": "#/$defs/unit" }
              },
              "required": ["material", "unit"],
              "additionalProperties": false
            }"##,
        ),
    ],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({
            "unit": "[pH]", "set_point": "3.5", "decimals": 2,
            "limits": [{ "purpose": "acceptance",
                "low": { "value": "3.2", "inclusive": true },
                "high": { "value": "4.0", "inclusive": true } }],
            "addition": { "material": "2 M acetic acid", "unit": "kg" }
        }),
        valid: vec![
            json!({ "value": "3.52", "unit": "[pH]" }),
            json!({ "value": "4.10", "unit": "[pH]" }),
        ],
        invalid: vec![
            json!({ "value": "3.52", "unit": "kg" }),
            json!({ "value": "3.52" }),
            json!({ "value": "low", "unit": "[pH]" }),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::limits::{Purpose, worst};

    // shows: Q7-8.36.a, Q7-8.36.b
    #[test]
    fn the_trail_is_read_and_only_the_final_reading_is_judged() {
        let spec: Spec = serde_json::from_value(sample().spec).expect("a specification");
        let input =
            |value: &str, unit: &str| Input { value: json!(value), unit: Some(unit.into()) };
        let reading = spec.parse_point("reading", &input("5.2", "[pH]")).expect("a reading");
        assert_eq!((reading.kind.as_str(), reading.shown.as_str()), ("reading", "5.2 pH"));
        let added = spec.parse_point("addition", &input("12.5", "kg")).expect("an addition");
        assert_eq!(added.shown, "12.5 kg 2 M acetic acid");
        assert_eq!(added.data["material"], "2 M acetic acid");
        assert!(spec.parse_point("addition", &input("12.5", "[pH]")).is_err());
        assert!(spec.parse_point("guess", &input("12.5", "kg")).is_err());
        let last = spec.parse(&input("4.10", "[pH]")).expect("a reading");
        assert_eq!(worst(&spec.judge(&last)), Some(Purpose::Acceptance));
    }
}
