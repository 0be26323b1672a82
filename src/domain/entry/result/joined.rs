//! What a method joins of several determinations, and what of a run of them is invalid by its spread.

use super::{Looks, Spec, number};
use crate::domain::entry::EntryValue;
use crate::domain::entry::read;
use crate::domain::entry::reportable::shortened;
use crate::domain::limits::{self, Compare, Verdict};
use crate::domain::quantity::Quantity;
use crate::domain::units;
use rust_decimal::Decimal;
use serde_json::{Value, json};

impl Spec {
    /// The value that stands for all of these, judged by the limit of the reportable value; nothing where the
    /// method joins none.
    #[must_use]
    pub fn joined(&self, singles: &[&EntryValue]) -> Option<(EntryValue, Vec<Verdict>)> {
        let Looks::Number(spec) = &self.result else { return None };
        let numbers = match self.numbers(singles) {
            Ok(numbers) => numbers?,
            Err(why) => return self.untold(spec, singles, &why),
        };
        let found = self.reportable.of(&numbers)?;
        let unit = units::shown(&spec.unit);
        let places = spec.limits.iter().flat_map(|limit| [&limit.low, &limit.high]);
        let places = places.flatten().map(|end| end.value.scale()).max();
        let places = places.or(spec.decimals).unwrap_or_default();
        let text = read::amount(&shortened(found, places), &unit);
        let shown = limits::with_rounded(text, &spec.limits, found, Compare::Rounded);
        let shown = format!("{shown} ({})", self.joined_of(singles));
        let number = Quantity { value: found, unit: spec.unit.clone() };
        let mut data = singles.first()?.data.clone();
        data["value"] = json!({ "value": found.to_string(), "unit": spec.unit });
        data["note"] = Value::Null;
        let value = EntryValue { kind: "result".into(), data, shown, number: Some(number) };
        Some((value, limits::judge_rounded(&spec.limits, found, &unit)))
    }

    /// Joined of what is no number: it cannot be told, and is not within.
    fn untold(
        &self,
        spec: &number::Spec,
        singles: &[&EntryValue],
        why: &str,
    ) -> Option<(EntryValue, Vec<Verdict>)> {
        if !self.reportable.joins() {
            return None;
        }
        let how = self.reportable.as_str();
        let shown = format!("{how} cannot be told ({}): {why}", self.joined_of(singles));
        let mut data = singles.first()?.data.clone();
        data["value"] = json!({ "unit": spec.unit, "untold": why });
        data["note"] = Value::Null;
        let value = EntryValue { kind: "result".into(), data, shown, number: None };
        Some((value, limits::untold(&spec.limits, units::shown(&spec.unit))))
    }

    /// `mean of 97.2, 96.96, <95`.
    fn joined_of(&self, singles: &[&EntryValue]) -> String {
        let one = |single: &&EntryValue| match (&single.number, single.censored()) {
            (Some(number), _) => number.value.to_string(),
            (None, Some(censored)) => censored.shown(),
            (None, None) => single.shown.clone(),
        };
        let all: Vec<_> = singles.iter().map(one).collect();
        format!("{} of {}", self.reportable.as_str(), all.join(", "))
    }

    /// What is calculated with; `Ok(None)`: one is no number at all.
    fn numbers(&self, singles: &[&EntryValue]) -> Result<Option<Vec<Decimal>>, String> {
        let each = singles.iter().map(|single| single.for_calculation().transpose());
        let each: Result<Vec<_>, String> = each.collect();
        Ok(each?.into_iter().map(|number| Some(number?.value)).collect())
    }

    /// Why a run of these is invalid by its spread, if it is. What is no number has no spread: what is joined of it
    /// cannot be told.
    #[must_use]
    pub fn invalid_by_spread(&self, singles: &[&EntryValue]) -> Option<String> {
        let spread = self.spread.as_ref()?;
        match self.numbers(singles) {
            Ok(numbers) => spread.violated(&numbers.unwrap_or_default()),
            Err(_) if self.reportable.joins() => None,
            Err(why) => Some(format!("its spread cannot be computed: {why}")),
        }
    }
}
