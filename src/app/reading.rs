//! Reading what callers send: strict JSON, so that what is judged, compared and stored is one thing.

use super::bounds;
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

/// Longest sentence about a shape, in bytes: it names members, and quotes what came instead.
const SAID: usize = 1_000;

/// Reads a body strictly: the value as sent, and as the shape asked for. An empty body is `{}`. Beside files at most
/// `most` bytes are taken.
///
/// # Errors
/// What is wrong with it, in words.
pub fn strict<T: DeserializeOwned>(bytes: &[u8], most: usize) -> Result<(T, Value), Unread> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    if bounds::too_many_parts(bytes) {
        return Err(Unread::Shape("the body has more parts than any order has".into()));
    }
    let value = parse_strict(bytes).map_err(|e| Unread::Broken(e.to_string()))?;
    // A list would be read as an object's members in order of declaration, which nobody promised.
    if !value.is_object() {
        return Err(Unread::Shape("the body is one JSON object".into()));
    }
    bounds::within(&value, bytes.len(), most).map_err(Unread::Shape)?;
    let shaped = T::deserialize(&value).map_err(|e| {
        let mut said = e.to_string();
        said.truncate(said.floor_char_boundary(SAID));
        Unread::Shape(said)
    })?;
    Ok((shaped, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_in_one_way_only() {
        assert!(matches!(strict::<Value>(br#"{"a":1,"a":2}"#, 99), Err(Unread::Broken(_))));
        assert!(matches!(strict::<Value>(b"{", 99), Err(Unread::Broken(_))));
        assert!(matches!(strict::<Vec<u8>>(b"{}", 99), Err(Unread::Shape(_))));
        assert!(matches!(strict::<Value>(b"[]", 99), Err(Unread::Shape(_))));
        assert!(strict::<Value>(b"", 99).is_ok());
    }
}
