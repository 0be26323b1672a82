//! Reading what callers send: strict JSON, so that what is judged, compared and stored is one thing.

use crate::seal::canon::parse_strict;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Why a body cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// It is not JSON as we take it: broken, duplicate members, floats, U+0000.
    Broken(String),
    /// It is JSON of another shape than was asked.
    Shape(String),
}

/// Reads a body strictly: the value as sent, and as the shape asked for. An empty body is `{}`.
///
/// # Errors
/// What is wrong with it, in words.
pub fn strict<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, Value), Unread> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    let value = parse_strict(bytes).map_err(|e| Unread::Broken(e.to_string()))?;
    // A list would be read as an object's members in order of declaration, which nobody promised.
    if !value.is_object() {
        return Err(Unread::Shape("the body is one JSON object".into()));
    }
    let shaped = T::deserialize(&value).map_err(|e| Unread::Shape(e.to_string()))?;
    Ok((shaped, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_in_one_way_only() {
        assert!(matches!(strict::<Value>(br#"{"a":1,"a":2}"#), Err(Unread::Broken(_))));
        assert!(matches!(strict::<Value>(b"{"), Err(Unread::Broken(_))));
        assert!(matches!(strict::<Vec<u8>>(b"{}"), Err(Unread::Shape(_))));
        assert!(matches!(strict::<Value>(b"[]"), Err(Unread::Shape(_))));
        assert!(strict::<Value>(b"").is_ok());
    }
}
