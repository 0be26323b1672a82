//! `reading`: a decimal with a unit that a registered device gives, judged like a number.
//!
//! Where it came from is no matter of the kind: `run/acts/source/mod.rs` holds the device's own text
//! against what was recorded.

use super::conforming::Situation;
use super::number::{asks, compared, judge, unit_faults};
use super::read::{self, Asked, Words};
use super::shape::{self, Shape};
use super::{EntryValue, Input, Kind, Limits, Sample, conforming};
use crate::domain::calc::types::Sort;
use crate::domain::calc::unit::Unit;
use crate::domain::limits::{self, Limit, Verdict};
use crate::domain::quantity::censored::CensoredAs;
use crate::domain::units;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the master record says of a reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// What the device calls it: the device's text must say the same.
    pub tag: String,
    /// Class of device, as registered devices name theirs; absent: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Unit code of the registry.
    pub unit: String,
    /// Target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_point: Option<Decimal>,
    /// Limits by purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// Decimals asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u32>,
    /// Words that the device gives instead of a number, each with what it stands for.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub words: Words,
    /// What a censored value stands for in a calculation; absent: nothing is calculated with it.
    #[serde(default, skip_serializing_if = "CensoredAs::is_refused")]
    pub censored_as: CensoredAs,
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let asked = Asked {
            decimals: self.decimals,
            words: Some(&self.words),
            censored_as: self.censored_as,
            ..Asked::plain(&self.unit)
        };
        Ok(compared(read::read("reading", input, &asked)?, &self.limits))
    }

    fn judge(&self, value: &EntryValue) -> Vec<Verdict> {
        judge(&self.limits, value, &self.unit)
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = unit_faults(&self.unit);
        faults.extend(limits::faults(&self.limits, self.set_point, units::shown(&self.unit)));
        if self.tag.trim().is_empty() {
            faults.push("the reading has no tag".into());
        }
        faults.extend(read::faults(&self.words, self.censored_as));
        faults
    }

    fn conforming(&self, _: &Situation<'_>) -> Vec<Input> {
        conforming::numbers(&self.unit, self.set_point, &self.limits, false)
    }

    fn asks(&self) -> String {
        let class = self.class.as_deref().unwrap_or("a device");
        let (asks, words) =
            (asks(&self.unit, self.set_point, self.decimals), read::words_shown(&self.words));
        format!("{} of {class}, {asks}{words}", self.tag)
    }

    fn limits_shown(&self) -> Vec<(String, String)> {
        limits::shown(&self.limits, units::shown(&self.unit))
    }

    fn as_reading(&self) -> Option<&Self> {
        Some(self)
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
    required: &["tag", "unit"],
    members: &[
        (
            "tag",
            r##"{
              "description": "What the device calls it; its text must say the same.",
              "type": "string",
              "minLength": 1,
              "maxLength": 200
            }"##,
        ),
        (
            "class",
            r##"{
              "description": "Class of device, as registered devices name theirs; absent: any.",
              "type": "string",
              "minLength": 1,
              "maxLength": 64
            }"##,
        ),
        ("unit", shape::UNIT),
        ("set_point", shape::DECIMAL),
        ("limits", shape::LIMITS),
        ("decimals", shape::DECIMALS),
        ("words", shape::WORDS),
        ("censored_as", shape::CENSORED_AS),
    ],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({
            "tag": "AT-101", "class": "pH meter", "unit": "[pH]", "set_point": "6.85", "decimals": 2,
            "limits": [{ "purpose": "acceptance",
                "low": { "value": "6.60", "inclusive": true },
                "high": { "value": "7.10", "inclusive": true } }]
        }),
        valid: vec![
            json!({ "value": "6.85", "unit": "[pH]" }),
            json!({ "value": "7.11", "unit": "pH" }),
        ],
        invalid: vec![
            json!({ "value": "6.85" }),
            json!({ "value": "6.85", "unit": "Cel" }),
            json!({ "value": 6, "unit": "[pH]" }),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::limits::{Purpose, worst};

    #[test]
    fn a_reading_is_judged_like_a_number_on_the_bound_and_beyond() {
        let spec: Spec = serde_json::from_value(sample().spec).expect("a specification");
        let judged = |text: &str| {
            let input = Input { value: json!(text), unit: Some("pH".into()) };
            worst(&spec.judge(&spec.parse(&input).expect("well-formed")))
        };
        assert_eq!(judged("7.10"), None);
        assert_eq!(judged("7.11"), Some(Purpose::Acceptance));
        assert_eq!(spec.asks(), "AT-101 of pH meter, target 6.85 pH, 2 decimals");
        let nameless = Spec { tag: " ".into(), ..spec };
        assert_eq!(nameless.faults(), ["the reading has no tag"]);
    }
}
