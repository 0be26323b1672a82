//! `yield`: what came out against what could have, in percent; computed by the server, checked by a
//! person (21 CFR 211.103). Pending as long as an input is awaited.

use super::computing::{Known, Outcome, Reference, Which};
use super::conforming::Situation;
use super::number::unit_faults;
use super::reportable::shortened;
use super::shape::{self, Shape};
use super::{EntryValue, Input, Kind, Limits, Sample};
use crate::domain::calc::Aggregate;
use crate::domain::calc::eval::listed;
use crate::domain::calc::exact::Exact;
use crate::domain::calc::types::Sort;
use crate::domain::calc::unit::Unit;
use crate::domain::limits::{self, Bound, Compare, Limit, Purpose, Verdict};
use crate::domain::quantity::Quantity;
use crate::domain::units;
use crate::domain::words::Used;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the master record says of a yield.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Unit code of what is summed.
    pub unit: String,
    /// What could have come out.
    pub theoretical: Quantity,
    /// Entries that are summed: `entry` of the same step, or `step/entry`.
    #[serde(default)]
    pub of: Vec<String>,
    /// Least percentage.
    pub min_percent: Decimal,
    /// Most percentage.
    pub max_percent: Decimal,
    /// Decimals of the percentage as it is shown; absent: one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u32>,
}

impl Spec {
    /// An input's place: step, if another's, and entry.
    fn place(of: &str) -> (Option<&str>, &str) {
        of.split_once('/').map_or((None, of), |(step, entry)| (Some(step), entry))
    }

    fn decimals(&self) -> u32 {
        self.decimals.unwrap_or(1)
    }

    fn limits(&self) -> [Limit; 1] {
        let bound = |value| Some(Bound::new(value, true));
        [Limit {
            purpose: Purpose::Acceptance,
            low: bound(self.min_percent),
            high: bound(self.max_percent),
            compare: None,
            note: None,
        }]
    }

    /// The sum of the inputs with their lineage; `None`: one is awaited.
    fn sum(&self, known: &dyn Known) -> Result<Option<(Exact, Vec<Used>)>, String> {
        let (mut sum, mut used) = (Exact::from(Decimal::ZERO), Vec::new());
        let own = Unit::of(&self.unit);
        for of in &self.of {
            let (step, entry) = Self::place(of);
            // Another step's entry may have been recorded several times: fractions of one pool.
            let which = if step.is_some() { Which::All } else { Which::Current };
            if let Some(list) = known.list(step, entry, false).filter(|_| which == Which::All) {
                let Some(listed) = listed(&list) else { return Ok(None) };
                let (total, unit) =
                    list.worth(Aggregate::Sum).map_err(|why| format!("{of} {why}"))?;
                let total = unit.convert(&total, &own).ok_or_else(|| {
                    format!("{of} is in {unit}, and the yield is in {}", units::shown(&self.unit))
                })?;
                sum = sum.plus(&total).ok_or_else(|| format!("the sum is too large at {of}"))?;
                used.push(listed);
                continue;
            }
            let values = known.entries(step, entry, which);
            if values.is_empty() {
                return Ok(None);
            }
            for found in values {
                let (number, unit) = found
                    .value
                    .exact()
                    .ok_or_else(|| format!("{} is no number, so it cannot be summed", found.at))?
                    .map_err(|why| format!("{} cannot be summed: {why}", found.at))?;
                let number = Unit::of(unit).convert(&number, &own).ok_or_else(|| {
                    let (unit, own) = (units::shown(unit), units::shown(&self.unit));
                    format!("{} is in {unit}, and the yield is in {own}", found.at)
                })?;
                sum = sum
                    .plus(&number)
                    .ok_or_else(|| format!("the sum is too large at {}", found.at))?;
                used.push(Used::one(&found.at, found.version, &found.value.shown));
            }
        }
        Ok(Some((sum, used)))
    }
}

impl Kind for Spec {
    fn parse(&self, _input: &Input) -> Result<EntryValue, String> {
        Err("the server computes the yield; nobody sends it".into())
    }

    fn judge(&self, value: &EntryValue) -> Vec<Verdict> {
        let percent = value.number.as_ref().map(|number| number.value);
        let judge = |percent| limits::judge_rounded(&self.limits(), percent, "%");
        percent.map(judge).unwrap_or_default()
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = unit_faults(&self.unit);
        if units::in_unit(Decimal::ONE, &self.theoretical.unit, &self.unit).is_none() {
            faults
                .push("the unit of the theoretical yield says nothing of that of the yield".into());
        }
        if self.theoretical.value <= Decimal::ZERO {
            faults.push("the theoretical yield is not above zero".into());
        }
        if self.of.is_empty() {
            faults.push("nothing is summed; name the entries in `of`".into());
        }
        if self.min_percent > self.max_percent || self.min_percent < Decimal::ZERO {
            faults.push("no percentage lies between the two limits".into());
        }
        if self.decimals.is_some_and(|decimals| decimals > 10) {
            faults.push("a percentage has at most 10 decimals".into());
        }
        faults
    }

    fn conforming(&self, _: &Situation<'_>) -> Vec<Input> {
        Vec::new()
    }

    fn asks(&self) -> String {
        let Quantity { value, unit } = &self.theoretical;
        format!("{} in percent of {value} {}", self.of.join(" + "), units::shown(unit))
    }

    fn limits_shown(&self) -> Vec<(String, String)> {
        limits::shown(&self.limits(), "%")
    }

    fn inputs(&self) -> Option<Vec<Reference>> {
        let reference = |of: &String| {
            let (step, entry) = Self::place(of);
            let which = if step.is_some() { Which::All } else { Which::Current };
            Reference::Entry { step: step.map(str::to_owned), entry: entry.to_owned(), which }
        };
        Some(self.of.iter().map(reference).collect())
    }

    fn compute(&self, known: &dyn Known) -> Result<Option<Outcome>, String> {
        let Some((sum, used)) = self.sum(known)? else { return Ok(None) };
        let Quantity { value: theoretical, unit } = &self.theoretical;
        let full = units::in_unit(*theoretical, unit, &self.unit).map(|full| full.value);
        let percent = full
            .zip(sum.times(&Decimal::ONE_HUNDRED.into()))
            .and_then(|(full, hundredfold)| hundredfold.over(&full.into()))
            .ok_or(
                "the yield cannot be computed: its theoretical value is zero, or the sum too large",
            )?;
        let fraction = percent.text();
        let (percent, sum) = (padded(percent.decimal(), self.decimals()), sum.decimal());
        let unit = units::shown(unit);
        let cut = shortened(percent, self.decimals());
        let raw = if cut.ends_with('…') { cut } else { percent.to_string() };
        let raw = format!("{raw} %");
        let raw = limits::with_rounded(raw, &self.limits(), percent, Compare::Rounded);
        // Its last digits stand in `actual`; people read as many as of the percentage.
        let cut = shortened(sum, self.decimals());
        let read = if cut.ends_with('…') { cut } else { sum.to_string() };
        let sum_shown = amount(&read, &self.unit, &self.theoretical.unit);
        let mut data = json!({ "value": percent.to_string(), "unit": "%", "actual": sum.to_string(),
            "actual_unit": self.unit, "theoretical": theoretical.to_string() });
        if let Some(fraction) = fraction {
            data["exact"] = json!(fraction);
        }
        let value = EntryValue {
            kind: "yield".into(),
            data,
            shown: format!("{raw} ({sum_shown} of {theoretical} {unit})"),
            number: Some(Quantity { value: percent, unit: "%".into() }),
        };
        let formula = format!(
            "({}) / {theoretical} {unit} × 100 %, rounded once, half away from zero, to the last place of each limit",
            self.of.join(" + ")
        );
        Ok(Some(Outcome { value, formula, used, unchecked: Vec::new() }))
    }

    /// Computed by one, verified by another (21 CFR 211.103).
    fn check_owed(&self) -> bool {
        true
    }

    fn shown_decimals(&self) -> Option<u32> {
        Some(self.decimals())
    }

    fn take_limits(&mut self) -> Limits {
        let value = self.limits().to_vec();
        (self.min_percent, self.max_percent) = (Decimal::ZERO, Decimal::ZERO);
        Limits { value, rounded: true, ..Limits::default() }
    }

    /// By the unit of what is summed.
    fn sort(&self) -> Option<Sort> {
        Some(Sort::Number(Unit::of("%")))
    }
}

/// A number with at least so many decimals.
fn padded(number: Decimal, decimals: u32) -> Decimal {
    let mut padded = number;
    padded.rescale(decimals.max(number.scale()));
    if padded == number { padded } else { number }
}

/// A sum, with its unit where the other number stands in another one.
fn amount(sum: &str, unit: &str, other: &str) -> String {
    if units::names(unit, other) { sum.to_owned() } else { format!("{sum} {}", units::shown(unit)) }
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &["unit", "theoretical", "min_percent", "max_percent", "of"],
    members: &[
        ("unit", shape::UNIT),
        ("theoretical", r##"{ "$ref": "#/$defs/quantity" }"##),
        (
            "of",
            r##"{
              "description": "Entries that are summed: of the same step, or step/entry with all its occurrences.",
              "type": "array",
              "items": {
                "description": "An entry of the same step, or step/entry.",
                "type": "string",
                "pattern": "^([A-Za-z0-9][A-Za-z0-9._-]{0,39}/)?[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"
              },
              "minItems": 1,
              "maxItems": 50,
              "uniqueItems": true
            }"##,
        ),
        ("min_percent", r##"{ "$ref": "#/$defs/decimal" }"##),
        ("max_percent", r##"{ "$ref": "#/$defs/decimal" }"##),
        (
            "decimals",
            r##"{
              "description": "Decimals of the percentage as it is shown, at least as many as its limits are written with; absent: one. It is compared from its full value, rounded to the last written place of the limit.",
              "type": "integer",
              "minimum": 0,
              "maximum": 10
            }"##,
        ),
    ],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({ "unit": "g", "theoretical": { "value": "1200", "unit": "g" },
            "of": ["pool", "03.4.2/fraction"], "min_percent": "80.0", "max_percent": "105.0", "decimals": 1 }),
        valid: vec![],
        invalid: vec![json!({ "value": "93.4", "unit": "%" })],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::Instant;
    use crate::domain::entry::computing::KnownEntry;
    use crate::domain::limits::worst;
    use proptest::prelude::*;

    /// What is known: the pool of this step, fractions of another.
    struct Fake {
        pool: Option<Quantity>,
        fractions: Vec<Quantity>,
    }

    impl Known for Fake {
        fn entries(&self, step: Option<&str>, entry: &str, _: Which) -> Vec<KnownEntry> {
            let found: Vec<&Quantity> = match (step, entry) {
                (None, "pool") => self.pool.iter().collect(),
                (Some("03.4.2"), "fraction") => self.fractions.iter().collect(),
                _ => vec![],
            };
            (1..)
                .zip(found)
                .map(|(n, quantity)| KnownEntry {
                    at: format!("OP~1/step~{n}/{entry}"),
                    version: n,
                    seq: u64::from(n),
                    value: crate::domain::entry::number::value_of("number", quantity.clone()),
                })
                .collect()
        }

        fn at(&self) -> Instant {
            Instant(0)
        }
    }

    fn spec() -> Spec {
        serde_json::from_value(sample().spec).expect("a specification")
    }

    fn grams(value: i64, scale: u32) -> Quantity {
        Quantity { value: Decimal::new(value, scale), unit: "g".into() }
    }

    fn computed(pool: Quantity, fractions: Vec<Quantity>) -> Result<Option<Outcome>, String> {
        spec().compute(&Fake { pool: Some(pool), fractions })
    }

    #[test]
    fn a_yield_is_computed_with_its_lineage_and_judged_on_the_bound() {
        for (pool, shown, violated) in [
            (860, "80.0 % (960 of 1200 g)", false),
            (859, "79.91666… %, rounded 79.9 (959 of 1200 g)", true),
            (1160, "105.0 % (1260 of 1200 g)", false),
            (1161, "105.08333… %, rounded 105.1 (1261 of 1200 g)", true),
        ] {
            let outcome = computed(grams(pool, 0), vec![grams(60, 0), grams(40, 0)]);
            let outcome = outcome.expect("computable").expect("all is there");
            assert_eq!(outcome.value.shown, shown);
            assert_eq!(worst(&spec().judge(&outcome.value)).is_some(), violated, "{shown}");
            assert_eq!(outcome.used.len(), 3);
            assert_eq!(outcome.used[2].version, 2, "the second fraction's version");
        }
        assert!(spec().check_owed());
        assert!(spec().faults().is_empty());
    }

    #[test]
    fn a_yield_waits_for_its_inputs_and_names_what_cannot_be_summed() {
        assert_eq!(computed(grams(1, 0), vec![]), Ok(None), "the fractions are awaited");
        let nothing = Fake { pool: None, fractions: vec![grams(1, 0)] };
        assert_eq!(spec().compute(&nothing), Ok(None), "the pool is awaited");
        let litres = Quantity { unit: "L".into(), ..grams(1, 0) };
        let said = computed(litres, vec![grams(1, 0)]).expect_err("not summed");
        assert!(said.contains("is in L"), "{said}");
        assert_eq!(spec().inputs().expect("computed").len(), 2);
    }

    proptest! {
        #[test]
        fn a_yield_is_the_same_by_whole_numbers(pool in 0_i64..3_000_000, fraction in 0_i64..3_000_000) {
            let outcome = computed(grams(pool, 3), vec![grams(fraction, 3)]);
            let outcome = outcome.expect("computable").expect("all is there");
            // In milligrams and tenths of a percent, half rounded up: no decimal type involved.
            let expected = ((pool + fraction) * 1000 + 600_000) / 1_200_000;
            let found = outcome.value.number.expect("a number").value;
            prop_assert_eq!(Bound::new(Decimal::new(1, 1), true).rounds(found), Decimal::new(expected, 1));
        }
    }
}
