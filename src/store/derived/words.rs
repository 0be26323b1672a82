//! Words of enumerations as they stand in tables: the same as in events.

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
