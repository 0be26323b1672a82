//! `choice`: one or several of the listed options; accepted ones are judged as acceptance.

use super::conforming::Situation;
use super::shape::Shape;
use super::{EntryValue, Input, Kind, Sample, conforming};
use crate::domain::calc::types::Sort;
use crate::domain::limits::{Purpose, Side, Verdict};
use crate::domain::refusal::quoted;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What the master record says of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// The options, in the order shown.
    pub options: Vec<String>,
    /// Whether several may be chosen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub several: bool,
    /// Options that meet acceptance; empty: nothing is judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<String>,
}

impl Spec {
    fn option(&self, value: &Value) -> Result<String, String> {
        let text = value.as_str().ok_or("an option is a text")?;
        if self.options.iter().any(|option| option == text) {
            return Ok(text.to_owned());
        }
        let options = self.options.join(", ");
        Err(format!("{} is no option; choose from: {options}", quoted(text)))
    }

    fn acceptance(&self) -> String {
        format!("accepted: {}", self.accepted.join(", "))
    }
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let (data, shown) = if self.several {
            let list = input.value.as_array().ok_or("a list of options is expected")?;
            let chosen = list.iter().map(|v| self.option(v)).collect::<Result<Vec<_>, _>>()?;
            let distinct: BTreeSet<_> = chosen.iter().collect();
            if chosen.is_empty() || distinct.len() != chosen.len() {
                return Err("choose at least one option, each once".into());
            }
            (json!(chosen), chosen.join(", "))
        } else {
            let chosen = self.option(&input.value)?;
            (json!(chosen), chosen)
        };
        Ok(EntryValue { kind: "choice".into(), data, shown, number: None })
    }

    fn judge(&self, value: &EntryValue) -> Vec<Verdict> {
        if self.accepted.is_empty() {
            return Vec::new();
        }
        let accepts = |v: &Value| self.accepted.iter().any(|a| Some(a.as_str()) == v.as_str());
        let met = match &value.data {
            Value::Array(list) => list.iter().all(accepts),
            one => accepts(one),
        };
        let side = if met { Side::Within } else { Side::Other };
        vec![Verdict { purpose: Purpose::Acceptance, side, limit: self.acceptance() }]
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let distinct: BTreeSet<_> = self.options.iter().collect();
        if distinct.len() < 2 || distinct.len() != self.options.len() {
            faults.push("a choice needs at least two options, each different".into());
        }
        if self.options.iter().any(|option| option.trim().is_empty()) {
            faults.push("an option is empty".into());
        }
        if let Some(option) = self.options.iter().find(|option| option.trim() != option.as_str()) {
            faults.push(format!(
                "option {option:?} has blanks at its ends; write {:?}",
                option.trim()
            ));
        }
        for accepted in self.accepted.iter().filter(|a| !distinct.contains(a)) {
            faults.push(format!("accepted option {accepted:?} is not among the options"));
        }
        faults
    }

    fn conforming(&self, _: &Situation<'_>) -> Vec<Input> {
        let fine = if self.accepted.is_empty() { &self.options } else { &self.accepted };
        let sent = |one: &String| if self.several { json!([one]) } else { json!(one) };
        fine.iter().flat_map(|one| conforming::plain(sent(one))).collect()
    }

    fn asks(&self) -> String {
        let how = if self.several { "one or more of" } else { "one of" };
        format!("{how}: {}", self.options.join(" / "))
    }

    fn limits_shown(&self) -> Vec<(String, String)> {
        if self.accepted.is_empty() {
            return Vec::new();
        }
        vec![("acceptance".into(), self.acceptance())]
    }

    /// Of several chosen nothing can be calculated.
    fn sort(&self) -> Option<Sort> {
        (!self.several).then_some(Sort::Text)
    }
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &["options"],
    members: &[
        (
            "options",
            r##"{
              "description": "Options, in the order shown.",
              "type": "array",
              "items": { "description": "An option.", "type": "string", "minLength": 1, "maxLength": 200 },
              "minItems": 2,
              "maxItems": 100,
              "uniqueItems": true
            }"##,
        ),
        ("several", r##"{ "description": "Whether several may be chosen.", "type": "boolean" }"##),
        (
            "accepted",
            r##"{
              "description": "Options that meet acceptance; absent: nothing is judged.",
              "type": "array",
              "items": { "description": "An option.", "type": "string", "minLength": 1, "maxLength": 200 },
              "minItems": 0,
              "maxItems": 100,
              "uniqueItems": true
            }"##,
        ),
    ],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({
            "options": ["Negative", "Positive", "Inconclusive"], "accepted": ["Negative"]
        }),
        valid: vec![json!({ "value": "Negative" }), json!({ "value": "Positive" })],
        invalid: vec![
            json!({ "value": "negative" }),
            json!({ "value": ["Negative"] }),
            json!({ "value": true }),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::limits::worst;

    #[test]
    fn several_options_are_accepted_only_together() {
        let spec = Spec {
            options: vec!["clean".into(), "dry".into(), "damaged".into()],
            several: true,
            accepted: vec!["clean".into(), "dry".into()],
        };
        let judged = |list: &[&str]| {
            let input = Input { value: json!(list), unit: None };
            spec.parse(&input).map(|value| worst(&spec.judge(&value)))
        };
        assert_eq!(judged(&["clean", "dry"]), Ok(None));
        assert_eq!(judged(&["clean", "damaged"]), Ok(Some(Purpose::Acceptance)));
        assert!(judged(&[]).is_err());
        assert!(judged(&["dry", "dry"]).is_err());
    }

    #[test]
    fn faults_are_named() {
        let one = Spec { options: vec!["a".into()], several: false, accepted: vec!["b".into()] };
        assert_eq!(one.faults().len(), 2);
    }
}
