//! Words of enumerations as they stand in tables: the same as in events.

use crate::domain::limits::{Purpose, Side, Verdict, worst};
use serde::Serialize;
use serde_json::Value;

/// The serialised word of an enumeration's variant.
pub(super) fn word<T: Serialize>(thing: &T) -> String {
    match serde_json::to_value(thing) {
        Ok(Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(fault) => format!("unwritable: {fault}"),
    }
}

/// JSON text with sorted keys.
pub(super) fn json<T: Serialize>(thing: &T) -> String {
    serde_json::to_value(thing).map_or_else(|e| format!("unwritable: {e}"), |v| v.to_string())
}

/// How a value stands to its limits: the worst violation, `within`, or `not-judged`.
pub(super) fn verdict(verdicts: &[Verdict]) -> String {
    match worst(verdicts) {
        Some(purpose) => {
            let side = verdicts
                .iter()
                .find(|v| v.purpose == purpose && v.side != Side::Within)
                .map_or(Side::Other, |v| v.side);
            format!("{} {}", word(&side), word::<Purpose>(&purpose))
        }
        None if verdicts.is_empty() => "not-judged".into(),
        None => "within".into(),
    }
}
