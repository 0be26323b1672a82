//! The document's shape: its JSON Schema.

use crate::domain::recipe::check::Finding;
use crate::domain::recipe::schema;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;
use std::sync::LazyLock;

/// Compiled once; it is part of the program, so that it cannot fail later.
static VALIDATOR: LazyLock<Option<Validator>> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(&schema::text()).ok()?;
    jsonschema::draft202012::new(&schema).ok()
});

/// A value is quoted up to this length in a finding.
const QUOTED: usize = 300;

pub(super) fn check(document: &Value, findings: &mut Vec<Finding>) {
    let Some(validator) = VALIDATOR.as_ref() else {
        findings.push(Finding::new("", "shape", "C211-186b", "the schema cannot be compiled"));
        return;
    };
    for error in validator.iter_errors(document) {
        let sentence = told(&error);
        findings.push(Finding::new(error.instance_path().as_str(), "shape", "C211-186b", sentence));
    }
}

/// What is wrong, in a sentence: a value is cut, what may stand there never is.
fn told(error: &ValidationError<'_>) -> String {
    let ValidationErrorKind::Enum { options } = error.kind() else {
        return cut(error.to_string());
    };
    let options: Vec<_> = options.as_array().into_iter().flatten().map(Value::to_string).collect();
    let value = cut(error.instance().to_string());
    format!("{value} is not one of {}", options.join(", "))
}

fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(QUOTED) {
        text.truncate(end);
        text.push('…');
    }
    text
}
