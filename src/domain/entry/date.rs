//! `date`: a day of the calendar, without a time.

use super::conforming::Situation;
use super::shape::{FUTURE, Shape};
use super::{EntryValue, Input, Kind, Sample, Stated, conforming};
use crate::domain::clock::Instant;
use crate::domain::limits::Verdict;
use crate::domain::refusal::quoted;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the master record says of a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// It names a plan or an expiry, which may lie ahead; absent: a day on which something was done.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub future: bool,
    /// It names a day before the work, as of a supplier's label: an earlier day is not late.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub past: bool,
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let text = input.value.as_str().ok_or("a date is sent as text")?.trim();
        let digits = |c: (usize, char)| matches!(c.0, 4 | 7) || c.1.is_ascii_digit();
        let written = text.len() == 10 && text.char_indices().all(digits);
        let day = format!("{text}T00:00:00Z");
        if !written || Instant::parse(&day).is_err() {
            let text = quoted(text);
            return Err(format!(
                "{text} is not a date of the years 1970 to 2199: write it as 2026-03-01"
            ));
        }
        let data = json!({ "date": text });
        Ok(EntryValue { kind: "date".into(), data, shown: text.to_owned(), number: None })
    }

    fn is_moment(&self) -> bool {
        false
    }

    fn judge(&self, _value: &EntryValue) -> Vec<Verdict> {
        Vec::new()
    }

    fn faults(&self) -> Vec<String> {
        if self.future && self.past {
            return vec!["a date names what lies ahead or what lay before, not both".into()];
        }
        Vec::new()
    }

    fn conforming(&self, asked: &Situation<'_>) -> Vec<Input> {
        let day = asked.at.to_rfc3339();
        conforming::plain(day.get(..10).unwrap_or(&day))
    }

    fn asks(&self) -> String {
        match (self.future, self.past) {
            (true, _) => "date, which may lie ahead",
            (false, true) => "date of something before",
            (false, false) => "date",
        }
        .into()
    }

    fn states(&self, value: &EntryValue) -> Option<Stated> {
        let day = value.data["date"].as_str().filter(|_| !self.future)?;
        Some(Stated::Day { day: day.to_owned(), before: self.past })
    }
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &[],
    members: &[
        ("future", FUTURE),
        (
            "past",
            r#"{ "description": "It names a day before the work, as of a supplier's label: an earlier day is not late. Absent: false.", "type": "boolean" }"#,
        ),
    ],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({}),
        valid: vec![json!({ "value": "2026-03-01" }), json!({ "value": "2024-02-29" })],
        invalid: vec![
            json!({ "value": "2026-02-29" }),
            json!({ "value": "2026-3-1" }),
            json!({ "value": "01.03.2026" }),
            json!({ "value": "2026-03-01T00:00:00Z" }),
            json!({ "value": "2026/03/01" }),
            json!({ "value": 20_260_301 }),
        ],
    }
}
