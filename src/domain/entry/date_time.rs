//! `date-time`: a moment, with its offset from UTC.

use super::conforming::Situation;
use super::shape::{FUTURE, Shape};
use super::{EntryValue, Input, Kind, Sample, Stated, conforming};
use crate::domain::clock::Instant;
use crate::domain::limits::Verdict;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the master record says of a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// It names a plan or an expiry, which may lie ahead; absent: a moment at which something was done.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub future: bool,
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let text = input.value.as_str().ok_or("a time is sent as text with its offset")?.trim();
        let at = Instant::parse(text)?;
        // As written beside UTC: the offset is part of what somebody recorded.
        let mut data = json!({ "at": at.to_rfc3339(), "written": text });
        if self.future {
            data["plan"] = true.into();
        }
        let shown = text.replacen('T', " ", 1);
        Ok(EntryValue { kind: "date-time".into(), data, shown, number: None })
    }

    fn judge(&self, _value: &EntryValue) -> Vec<Verdict> {
        Vec::new()
    }

    fn faults(&self) -> Vec<String> {
        Vec::new()
    }

    fn conforming(&self, asked: &Situation<'_>) -> Vec<Input> {
        conforming::plain(asked.at.to_rfc3339())
    }

    fn asks(&self) -> String {
        if self.future { "date and time, which may lie ahead" } else { "date and time" }.into()
    }

    fn is_moment(&self) -> bool {
        !self.future
    }

    fn says_same(&self, was: &EntryValue, is: &EntryValue) -> bool {
        was.data["at"] == is.data["at"]
    }

    fn states(&self, value: &EntryValue) -> Option<Stated> {
        said(value).map(Stated::Moment)
    }
}

/// The moment at which a value says that something was done; nothing where it says none, or names a plan.
#[must_use]
pub fn said(value: &EntryValue) -> Option<Instant> {
    let done = value.kind == "date-time" && value.data["plan"] != true;
    let text = value.data["at"].as_str().filter(|_| done)?;
    Instant::parse(text).ok()
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape { required: &[], members: &[("future", FUTURE)] };

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
            json!({ "value": "2026-03-01T03:10:00+05:00[Europe/Berlin]" }),
            json!({ "value": 1_772_330_000 }),
        ],
    }
}
