//! `number`: a decimal with a unit, judged against its limits.

use super::conforming::Situation;
use super::read::{self, Asked, Words};
use super::shape::{self, Shape};
use super::{EntryValue, Input, Kind, Limits, Sample, conforming};
use crate::domain::calc::exact::Exact;
use crate::domain::calc::types::Sort;
use crate::domain::calc::unit::Unit;
use crate::domain::limits::{self, Compare, Limit, Verdict};
use crate::domain::quantity::Quantity;
use crate::domain::quantity::censored::CensoredAs;
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
    /// Decimals asked for. More are kept as written, fewer too: nothing is rounded (T17).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u32>,
    /// Words that stand for a number in the unit: `ND` for `<0.05`.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub words: Words,
    /// What a censored value stands for in a calculation; absent: nothing is calculated with it.
    #[serde(default, skip_serializing_if = "CensoredAs::is_refused")]
    pub censored_as: CensoredAs,
}

impl Spec {
    fn asked(&self) -> Asked<'_> {
        Asked {
            unit: &self.unit,
            decimals: self.decimals,
            whole: self.whole,
            words: Some(&self.words),
            censored_as: self.censored_as,
        }
    }

    /// Reads a number, whatever it is compared with.
    ///
    /// # Errors
    /// A sentence for people.
    pub(super) fn read(&self, input: &Input) -> Result<EntryValue, String> {
        read::read("number", input, &self.asked())
    }
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        Ok(compared(self.read(input)?, &self.limits))
    }

    fn judge(&self, value: &EntryValue) -> Vec<Verdict> {
        judge(&self.limits, value, &self.unit)
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = unit_faults(&self.unit);
        faults.extend(limits::faults(&self.limits, self.set_point, units::shown(&self.unit)));
        if self.whole && self.decimals.is_some_and(|decimals| decimals > 0) {
            faults.push("whole numbers have no decimals".into());
        }
        faults.extend(read::faults(&self.words, self.censored_as));
        if let Some(target) = self.set_point.filter(|it| self.whole && !it.fract().is_zero()) {
            faults.push(format!(
                "the set point {target} is no whole number, and only whole numbers are recorded: nobody could meet it"
            ));
        }
        for (word, stands_for) in &self.words {
            let input = Input { value: json!(word), unit: None };
            let verdicts = self.read(&input).map(|value| judge(&self.limits, &value, &self.unit));
            if verdicts.is_ok_and(|verdicts| limits::cannot_be_told(&verdicts)) {
                faults.push(format!(
                    "{word} stands for {stands_for}, which may lie inside the limits or outside: no batch with it could ever be settled; let it stand for what a limit can judge"
                ));
            }
        }
        faults
    }

    fn conforming(&self, _: &Situation<'_>) -> Vec<Input> {
        conforming::numbers(&self.unit, self.set_point, &self.limits, self.whole)
    }

    fn asks(&self) -> String {
        let asks = asks(&self.unit, self.set_point, self.decimals);
        format!("{asks}{}", read::words_shown(&self.words))
    }

    fn limits_shown(&self) -> Vec<(String, String)> {
        limits::shown(&self.limits, units::shown(&self.unit))
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

/// Judges what was read of a process parameter.
pub(super) fn judge(limits: &[Limit], value: &EntryValue, unit: &str) -> Vec<Verdict> {
    let found = value.found();
    found.map(|found| limits::judge(limits, found, units::shown(unit))).unwrap_or_default()
}

/// A value of a process parameter beside what it was rounded to, where a limit says that it is.
pub(super) fn compared(mut value: EntryValue, limits: &[Limit]) -> EntryValue {
    if let Some(number) = &value.number {
        value.shown = limits::with_rounded(value.shown, limits, number.value, Compare::Exact);
    }
    value
}

/// A number as the event keeps it.
pub(super) fn value_of(kind: &str, number: Quantity) -> EntryValue {
    EntryValue {
        kind: kind.to_owned(),
        data: json!({ "value": number.value.to_string(), "unit": number.unit }),
        shown: read::amount(&number.value.to_string(), &units::shown(&number.unit)),
        number: Some(number),
    }
}

/// A computed number: in full for whoever compares or computes with it, rounded for whoever reads it.
pub(super) fn computed(kind: &str, full: &Exact, unit: &str, rounded: Decimal) -> EntryValue {
    let quantity = |value: Decimal| Quantity { value, unit: unit.to_owned() };
    let mut value = value_of(kind, quantity(rounded));
    if full.decimal() != rounded {
        value.data["full"] = json!(full.decimal().to_string());
    }
    if let Some(fraction) = full.text() {
        value.data["exact"] = json!(fraction);
    }
    value.number = Some(quantity(full.decimal()));
    value
}

/// What is wrong with a unit code.
pub(super) fn unit_faults(unit: &str) -> Vec<String> {
    match units::find(unit) {
        Some(_) => Vec::new(),
        None => vec![units::unknown(unit)],
    }
}

/// What a number asks, as printed beside it.
pub(super) fn asks(unit: &str, target: Option<Decimal>, decimals: Option<u32>) -> String {
    let unit = units::shown(unit);
    let number =
        target.map_or_else(|| unit.to_string(), |target| format!("target {target} {unit}"));
    match decimals {
        Some(1) => format!("{number}, 1 decimal"),
        Some(n) if n > 1 => format!("{number}, {n} decimals"),
        _ => number,
    }
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &["unit"],
    members: &[
        ("unit", shape::UNIT),
        ("set_point", r##"{ "$ref": "#/$defs/decimal", "description": "Target." }"##),
        ("limits", shape::LIMITS),
        ("whole", r##"{ "description": "Whole numbers only (counts).", "type": "boolean" }"##),
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
            "unit": "[pH]", "set_point": "6.85", "decimals": 2, "words": { "over": ">14" },
            "limits": [
                { "purpose": "acceptance",
                  "low": { "value": "6.60", "inclusive": true },
                  "high": { "value": "7.10", "inclusive": true } },
                { "purpose": "plausibility",
                  "low": { "value": "2", "inclusive": true },
                  "high": { "value": "12", "inclusive": true } }
            ]
        }),
        valid: vec![
            json!({ "value": "6.85", "unit": "[pH]" }),
            json!({ "value": "7.180", "unit": "pH" }),
            json!({ "value": "68.5", "unit": "[pH]" }),
            json!({ "value": "6.8", "unit": "pH" }),
            json!({ "value": " <6.0", "unit": "pH" }),
            json!({ "value": "7.0e0", "unit": "pH" }),
            json!({ "value": "over" }),
        ],
        invalid: vec![
            json!({ "value": 6.85, "unit": "[pH]" }),
            json!({ "value": "6,85", "unit": "[pH]" }),
            json!({ "value": "6.85" }),
            json!({ "value": "6.85", "unit": "Cel" }),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::limits::{Purpose, implausible, worst};

    fn spec() -> Spec {
        serde_json::from_value(sample().spec).expect("the sample is a specification")
    }

    fn verdicts(text: &str) -> Vec<Verdict> {
        let input = Input { value: json!(text), unit: Some("[pH]".into()) };
        let value = spec().parse(&input).expect("well-formed");
        spec().judge(&value)
    }

    // shows: DI-Q1b.b, T17.c
    #[test]
    fn an_out_of_limit_value_is_read_with_its_scale_and_judged() {
        let input = Input { value: json!("7.180"), unit: Some("pH".into()) };
        let value = spec().parse(&input).expect("well-formed");
        assert_eq!(value.data, json!({ "value": "7.180", "unit": "[pH]" }));
        assert_eq!(value.shown, "7.180 pH");
        assert_eq!(worst(&verdicts("7.180")), Some(Purpose::Acceptance));
        assert_eq!(worst(&verdicts("7.10")), None);
    }

    #[test]
    fn an_implausible_value_is_seen_beside_the_violated_acceptance() {
        assert!(implausible(&verdicts("68.5")));
        assert_eq!(worst(&verdicts("68.5")), Some(Purpose::Acceptance));
        assert!(!implausible(&verdicts("7.18")));
    }

    #[test]
    fn faults_are_named() {
        let broken = Spec { unit: "furlong".into(), set_point: Some(Decimal::new(8, 0)), ..spec() };
        let faults = broken.faults();
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(spec().faults().is_empty());
    }
}
