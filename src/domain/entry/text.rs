//! `text`: free text, judged only where one wording is expected.

use super::conforming::Situation;
use super::shape::Shape;
use super::{EntryValue, Input, Kind, Sample, conforming};
use crate::domain::calc::types::Sort;
use crate::domain::limits::{Purpose, Side, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Longest text, in characters, where the master record says nothing else.
pub const LENGTH: u32 = 2000;

/// Longest text any master record may ask for: an entry's body holds 128 KiB.
pub const LONGEST: u32 = 8000;

/// Longest text in bytes, whatever its characters are: an entry of 128 KiB holds it as it came, as it was read, as it
/// is shown and as it was before a correction, and the reason beside it.
const BYTES: usize = 16_000;

/// What the master record says of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Longest text in characters; absent: 2000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// The one wording that is acceptable; absent: nothing is judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
}

/// Text as it may be kept: not blank, not too long, no control characters but line breaks and tabs.
///
/// # Errors
/// A sentence for people.
pub fn check_text(text: &str, longest: u32) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("the text is empty; say that it is not available instead".into());
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err("the text holds a control character".into());
    }
    let length = text.chars().count();
    if length > longest as usize {
        return Err(format!("the text has {length} characters; {longest} are the most"));
    }
    if text.len() > BYTES {
        let bytes = text.len();
        return Err(format!("the text has {bytes} bytes; {BYTES} are the most: write it in two"));
    }
    Ok(())
}

/// Text with one sign for the end of a line, whatever a system writes there.
#[must_use]
pub fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let text = lines(input.value.as_str().ok_or("a text is expected")?);
        check_text(&text, self.max_length.unwrap_or(LENGTH))?;
        Ok(EntryValue { kind: "text".into(), data: json!(text), shown: text, number: None })
    }

    fn judge(&self, value: &EntryValue) -> Vec<Verdict> {
        let Some(expected) = &self.expected else { return Vec::new() };
        let same = value.data.as_str().is_some_and(|text| text.trim() == expected);
        let side = if same { Side::Within } else { Side::Other };
        vec![Verdict { purpose: Purpose::Acceptance, side, limit: format!("expected: {expected}") }]
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let longest = self.max_length.unwrap_or(LENGTH);
        if longest == 0 || longest > LONGEST {
            faults.push(format!("max_length is 1 to {LONGEST}, not {longest}"));
        }
        if let Some(Err(fault)) = self.expected.as_deref().map(|text| check_text(text, longest)) {
            faults.push(format!("expected: {fault}"));
        }
        if let Some(text) = self.expected.as_deref().filter(|text| text.trim() != *text) {
            faults.push(format!(
                "expected {text:?} has blanks at its ends, and what is recorded is compared without: nothing would ever be accepted; write {:?}",
                text.trim()
            ));
        }
        faults
    }

    fn conforming(&self, _: &Situation<'_>) -> Vec<Input> {
        let longest = self.max_length.unwrap_or(LENGTH) as usize;
        let said = self.expected.clone().unwrap_or_else(|| "ok".chars().take(longest).collect());
        conforming::plain(said)
    }

    fn asks(&self) -> String {
        "text".into()
    }

    fn says_same(&self, was: &EntryValue, is: &EntryValue) -> bool {
        was.data.as_str().map(str::trim) == is.data.as_str().map(str::trim)
    }

    fn limits_shown(&self) -> Vec<(String, String)> {
        self.expected
            .iter()
            .map(|text| ("acceptance".to_owned(), format!("expected: {text}")))
            .collect()
    }

    fn sort(&self) -> Option<Sort> {
        Some(Sort::Text)
    }
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &[],
    members: &[
        (
            "max_length",
            r##"{
              "description": "Longest text in characters; absent: 2000.",
              "type": "integer",
              "minimum": 1,
              "maximum": 8000
            }"##,
        ),
        (
            "expected",
            r##"{
              "description": "The one acceptable wording; absent: nothing is judged.",
              "type": "string",
              "minLength": 1,
              "maxLength": 8000
            }"##,
        ),
    ],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({ "max_length": 40, "expected": "clear, colourless" }),
        valid: vec![
            json!({ "value": "clear, colourless" }),
            json!({ "value": "slightly turbid\nno particles" }),
            json!({ "value": "slightly turbid\r\nno particles" }),
        ],
        invalid: vec![
            json!({ "value": "" }),
            json!({ "value": "  " }),
            json!({ "value": 7 }),
            json!({ "value": "a\u{7}b" }),
            json!({ "value": "x".repeat(41) }),
        ],
    }
}
