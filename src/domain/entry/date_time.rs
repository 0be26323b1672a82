//! `date-time`: a moment, with its offset from UTC.

use super::conforming::Asked;
use super::shape::Shape;
use super::{EntryValue, Input, Kind, Sample, conforming};
use crate::domain::clock::Instant;
use crate::domain::limits::Verdict;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the master record says of a moment: nothing but that it is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let text = input.value.as_str().ok_or("a time is sent as text with its offset")?;
        let at = Instant::parse(text)?;
        Ok(EntryValue {
            kind: "date-time".into(),
            // As written beside UTC: the offset is part of what somebody recorded.
            data: json!({ "at": at.to_rfc3339(), "written": text }),
            shown: text.replacen('T', " ", 1),
            number: None,
        })
    }

    fn judge(&self, _value: &EntryValue) -> Vec<Verdict> {
        Vec::new()
    }

    fn faults(&self) -> Vec<String> {
        Vec::new()
    }

    fn conforming(&self, asked: &Asked<'_>) -> Vec<Input> {
        conforming::plain(asked.at.to_rfc3339())
    }

    fn asks(&self) -> String {
        "date and time".into()
    }
}

/// The moment that a value says; nothing where it says none.
#[must_use]
pub fn said(value: &EntryValue) -> Option<Instant> {
    let text = value.data["at"].as_str().filter(|_| value.kind == "date-time")?;
    Instant::parse(text).ok()
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape { required: &[], members: &[] };

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({}),
        valid: vec![
            json!({ "value": "2026-03-01T03:10:00+01:00" }),
            json!({ "value": "2026-03-01T02:10:00Z" }),
        ],
        invalid: vec![
            json!({ "value": "2026-03-01T03:10:00" }),
            json!({ "value": "2026-02-30T03:10:00Z" }),
            json!({ "value": 1_772_330_000 }),
        ],
    }
}
