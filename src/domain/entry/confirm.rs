//! `confirm`: a statement, true or not. *Not so* is a fact: it is kept and judged.

use super::conforming::Situation;
use super::shape::Shape;
use super::{EntryValue, Input, Kind, Sample, conforming};
use crate::domain::calc::types::Sort;
use crate::domain::limits::{Purpose, Side, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the master record says of a confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// What is confirmed, as a sentence: `The line is clear of the previous batch.`
    pub statement: String,
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let so = input.value.as_bool().ok_or("true or false is expected")?;
        let shown = if so { "confirmed" } else { "not confirmed" };
        Ok(EntryValue {
            kind: "confirm".into(),
            data: json!(so),
            shown: shown.to_owned(),
            number: None,
        })
    }

    fn judge(&self, value: &EntryValue) -> Vec<Verdict> {
        let side = if value.data == json!(true) { Side::Within } else { Side::Other };
        vec![Verdict { purpose: Purpose::Acceptance, side, limit: "confirmed".into() }]
    }

    fn faults(&self) -> Vec<String> {
        if self.statement.trim().is_empty() {
            return vec!["the statement to confirm is empty".into()];
        }
        Vec::new()
    }

    fn conforming(&self, _: &Situation<'_>) -> Vec<Input> {
        conforming::plain(true)
    }

    fn asks(&self) -> String {
        self.statement.clone()
    }

    fn limits_shown(&self) -> Vec<(String, String)> {
        vec![("acceptance".into(), "confirmed".into())]
    }

    fn sort(&self) -> Option<Sort> {
        Some(Sort::Truth)
    }
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &["statement"],
    members: &[(
        "statement",
        r##"{
              "description": "What is confirmed, as a sentence.",
              "type": "string",
              "minLength": 1,
              "maxLength": 2000
            }"##,
    )],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({ "statement": "The room is clear of materials of the previous batch." }),
        valid: vec![json!({ "value": true }), json!({ "value": false })],
        invalid: vec![json!({ "value": "yes" }), json!({ "value": 1 }), json!({ "value": null })],
    }
}
