//! `calculation`: a number that the server computes from other entries, judged like a number.
//!
//! Nobody sends it. Correcting an input makes a new version; the checker's act computes it again.

use super::computing::{Known, Outcome, Reference};
use super::conforming::Situation;
use super::shape::{self, Shape};
use super::{EntryValue, Formula, Input, Kind, Limits, Sample, number};
use crate::domain::calc::eval::Worth;
use crate::domain::calc::types::Sort;
use crate::domain::calc::unit::Unit;
use crate::domain::calc::{self, Expr, MAX_DECIMALS, Rounding, Stop};
use crate::domain::limits::{self, Limit, Verdict};
use crate::domain::quantity::Quantity;
use crate::domain::units;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;

/// What the master record says of a calculation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Language of the expression.
    pub language: String,
    pub expression: String,
    /// Unit code of the registry: what the expression must come to.
    pub unit: String,
    /// Decimals with which the result is shown; it is compared and computed with in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u32>,
    /// How the result is rounded to them for showing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Rounding>,
    /// Target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_point: Option<Decimal>,
    /// Limits by purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
}

impl Spec {
    /// The expression, read.
    ///
    /// # Errors
    /// A sentence for people: what is wrong with its text.
    pub fn read(&self) -> Result<Expr, String> {
        calc::parse(&self.expression)
    }

    fn rounded(&self, value: Decimal) -> Decimal {
        match (self.rounding, self.decimals) {
            (Some(rounding), Some(decimals)) => rounding.round(value, decimals),
            _ => value,
        }
    }

    fn rounding_shown(&self) -> String {
        match (self.rounding, self.decimals) {
            (Some(rounding), Some(decimals)) if rounding != Rounding::None => {
                let word = if decimals == 1 { "decimal" } else { "decimals" };
                format!(", shown rounded {} to {decimals} {word}", rounding.as_str())
            }
            _ => String::new(),
        }
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
        let mut faults = number::unit_faults(&self.unit);
        faults.extend(limits::faults(&self.limits, self.set_point, units::shown(&self.unit)));
        if self.language != calc::LANGUAGE {
            faults.push(format!(
                "the language {:?} is not known; write {}",
                self.language,
                calc::LANGUAGE
            ));
        }
        faults.extend(self.read().err());
        let rounds = self.rounding.is_some_and(|rounding| rounding != Rounding::None);
        if rounds != self.decimals.is_some() {
            faults.push("say both, to how many decimals and how it is rounded, or neither".into());
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
        let formula = self.read().map_or_else(|_| self.expression.clone(), |e| e.readable());
        let target = self.set_point.map(|target| format!(", target {target}")).unwrap_or_default();
        let unit = units::shown(&self.unit);
        format!("calculated in {unit}: {formula}{}{target}", self.rounding_shown())
    }

    fn limits_shown(&self) -> Vec<(String, String)> {
        limits::shown(&self.limits, units::shown(&self.unit))
    }

    fn inputs(&self) -> Option<Vec<Reference>> {
        Some(self.read().map(|expr| expr.references()).unwrap_or_default())
    }

    fn compute(&self, known: &dyn Known) -> Result<Option<Outcome>, String> {
        let expr = match known.read(&self.expression) {
            Some(expr) => expr,
            None => Arc::new(self.read()?),
        };
        let (worth, used) = calc::evaluate(&expr, known);
        let (value, unit) = match worth {
            Ok(Worth::Number(value, unit)) => (value, unit),
            Ok(_) => return Err(format!("{expr} is no number")),
            Err(Stop::Missing(_)) => return Ok(None),
            Err(Stop::Wrong(why)) => return Err(why),
        };
        if !unit.fits(&self.unit) {
            let wanted = units::shown(&self.unit);
            return Err(format!("{expr} comes to {unit}, and {wanted} is declared"));
        }
        let value =
            number::computed("calculation", &value, &self.unit, self.rounded(value.decimal()));
        let formula = format!("{}{}", expr.readable(), self.rounding_shown());
        Ok(Some(Outcome { value, formula, used, unchecked: Vec::new() }))
    }

    fn check_owed(&self) -> bool {
        true
    }

    fn sort(&self) -> Option<Sort> {
        Some(Sort::Number(Unit::of(&self.unit)))
    }

    fn formula(&self) -> Option<Formula<'_>> {
        Some(Formula { expression: &self.expression, unit: &self.unit })
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
    required: &["language", "expression", "unit"],
    members: &[
        (
            "language",
            r##"{ "description": "Language of the expression.", "const": "batchwright.calc/1" }"##,
        ),
        (
            "expression",
            r##"{
              "description": "The expression.",
              "type": "string",
              "minLength": 1,
              "maxLength": 8000
            }"##,
        ),
        ("unit", shape::UNIT),
        ("decimals", shape::DECIMALS),
        (
            "rounding",
            r##"{
              "description": "How the result is rounded for showing; it is compared in full.",
              "enum": ["half-even", "half-up", "down", "up", "none"]
            }"##,
        ),
        ("set_point", shape::DECIMAL),
        ("limits", shape::LIMITS),
    ],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({
            "language": calc::LANGUAGE,
            "expression": "([duration] - 17 'd') / 2 'd' + round(mean(all[OP1.2/ph]) / 1 '[pH]', 2, 'half-even')",
            "unit": "1", "decimals": 2, "rounding": "half-even",
            "limits": [
                { "purpose": "acceptance", "low": { "value": "4.60", "inclusive": true } }
            ]
        }),
        valid: Vec::new(),
        invalid: vec![json!({ "value": "7.1", "unit": "1" })],
    }
}
