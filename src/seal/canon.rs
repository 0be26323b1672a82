//! Canonical JSON (RFC 8785) as this product hashes it, narrower than the standard where that keeps old bytes readable.
//!
//! No floating point (a decimal is a string with its scale), integers within ±(2^53 − 1), no U+0000
//! (PostgreSQL text cannot hold it), no key twice in one object, nesting of at most 64 levels.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The largest magnitude an integer may have: 2^53 − 1, what every JSON reader keeps exactly.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// The deepest nesting of arrays and objects.
pub const MAX_DEPTH: usize = 64;

/// Why a value has no canonical bytes, or bytes are not canonical.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonError {
    /// The bytes are not JSON, not UTF-8, or hold something after the value.
    #[error("not valid JSON: {0}")]
    Malformed(String),
    /// One object names the same key twice; readers would disagree which one counts.
    #[error("the key {0:?} stands twice in one object; keep one")]
    DuplicateKey(String),
    /// A number with a fraction or exponent, or too large for an integer.
    #[error(
        "the number {0} is not a whole number; write a decimal as a string, for example \"7.20\""
    )]
    Float(String),
    /// An integer beyond ±(2^53 − 1).
    #[error("the integer {0} lies beyond ±9007199254740991; write it as a string")]
    IntegerTooLarge(String),
    /// A string or key contains U+0000.
    #[error("a text contains the character U+0000; remove it")]
    NulCharacter,
    /// Arrays and objects are nested too deeply.
    #[error("the value is nested more than {MAX_DEPTH} levels deep")]
    TooDeep,
    /// The bytes mean a value whose canonical bytes are others.
    #[error("the bytes are not in canonical form")]
    NotCanonical,
}

/// The canonical bytes of a value.
///
/// # Errors
/// The first thing in the value that canonical JSON refuses.
pub fn canonical(value: &Value) -> Result<Vec<u8>, CanonError> {
    check(value, 0)?;
    serde_json_canonicalizer::to_vec(value)
        .map_err(|fault| CanonError::Malformed(fault.to_string()))
}

/// The canonical bytes of anything that serialises to JSON.
///
/// # Errors
/// As [`canonical`]; also when the type cannot be JSON at all.
pub fn canonical_of<T: serde::Serialize>(thing: &T) -> Result<Vec<u8>, CanonError> {
    let value =
        serde_json::to_value(thing).map_err(|fault| CanonError::Malformed(fault.to_string()))?;
    canonical(&value)
}

/// Reads JSON strictly: one value, no key twice, and nothing that [`canonical`] would refuse.
/// The bytes need not be in canonical form (what arrives at the edge rarely is).
///
/// # Errors
/// The first fault met.
pub fn parse_strict(bytes: &[u8]) -> Result<Value, CanonError> {
    let Strict(value) = serde_json::from_slice(bytes).map_err(|fault| read_fault(&fault))?;
    check(&value, 0)?;
    Ok(value)
}

/// Reads bytes that must already be canonical, as everything stored and hashed is.
///
/// # Errors
/// As [`parse_strict`], and [`CanonError::NotCanonical`] when the form differs.
pub fn parse_canonical(bytes: &[u8]) -> Result<Value, CanonError> {
    let value = parse_strict(bytes)?;
    if canonical(&value)? == bytes { Ok(value) } else { Err(CanonError::NotCanonical) }
}

/// Whether these bytes are exactly the canonical bytes of the value they mean.
#[must_use]
pub fn is_canonical(bytes: &[u8]) -> bool {
    parse_canonical(bytes).is_ok()
}

/// The prefix by which a duplicate key travels through serde's only channel, a message.
const DUPLICATE: &str = "duplicate key: ";

fn read_fault(fault: &serde_json::Error) -> CanonError {
    let message = fault.to_string();
    match message.strip_prefix(DUPLICATE) {
        // serde_json appends " at line 1 column 9".
        Some(rest) => {
            let key = rest.rsplit_once(" at line ").map_or(rest, |(key, _)| key);
            CanonError::DuplicateKey(key.to_owned())
        }
        None => CanonError::Malformed(message),
    }
}

fn check(value: &Value, depth: usize) -> Result<(), CanonError> {
    if depth > MAX_DEPTH {
        return Err(CanonError::TooDeep);
    }
    match value {
        Value::Null | Value::Bool(_) => Ok(()),
        Value::Number(number) => check_number(number),
        Value::String(text) => check_text(text),
        Value::Array(items) => items.iter().try_for_each(|item| check(item, depth + 1)),
        Value::Object(members) => members.iter().try_for_each(|(key, member)| {
            check_text(key)?;
            check(member, depth + 1)
        }),
    }
}

fn check_number(number: &Number) -> Result<(), CanonError> {
    let magnitude = match (number.as_u64(), number.as_i64()) {
        (Some(unsigned), _) => unsigned,
        (None, Some(signed)) => signed.unsigned_abs(),
        (None, None) => return Err(CanonError::Float(number.to_string())),
    };
    if magnitude > MAX_INTEGER {
        return Err(CanonError::IntegerTooLarge(number.to_string()));
    }
    Ok(())
}

fn check_text(text: &str) -> Result<(), CanonError> {
    if text.contains('\0') { Err(CanonError::NulCharacter) } else { Ok(()) }
}

/// A JSON value read with duplicate keys refused.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        // Kept as a number so that `check` can name it in its refusal.
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number is not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            if members.contains_key(&key) {
                return Err(A::Error::custom(format!("{DUPLICATE}{key}")));
            }
            let Strict(member) = access.next_value()?;
            members.insert(key, member);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn sorts_by_utf16_and_escapes_as_the_standard_does() {
        // RFC 8785 §3.2.3: sorting is by UTF-16 code units, not by UTF-8 bytes.
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew", "1": "One",
            "\u{1f600}": "Emoji", "\u{80}": "Control", "\u{f6}": "o umlaut"
        });
        assert_eq!(
            String::from_utf8(canonical(&value).unwrap()).unwrap(),
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"ö\":\"o umlaut\",\
             \"€\":\"Euro Sign\",\"😀\":\"Emoji\",\"\u{fb33}\":\"Hebrew\"}"
        );
        assert_eq!(
            canonical(&json!("a\"\\/\u{8}\u{c}\n\t\u{1f}\u{7f}")).unwrap(),
            b"\"a\\\"\\\\/\\b\\f\\n\\t\\u001f\x7f\""
        );
    }

    #[test]
    fn integers_keep_every_digit_up_to_the_bound() {
        for integer in [0, 1, -1, 9_007_199_254_740_991_i64, -9_007_199_254_740_991] {
            assert_eq!(canonical(&json!(integer)).unwrap(), integer.to_string().into_bytes());
        }
        for text in ["9007199254740992", "-9007199254740992", "18446744073709551615"] {
            assert_eq!(
                parse_strict(text.as_bytes()),
                Err(CanonError::IntegerTooLarge(text.into()))
            );
        }
    }

    #[test]
    fn refuses_what_readers_would_not_agree_on() {
        assert!(matches!(parse_strict(b"7.2"), Err(CanonError::Float(_))));
        assert!(matches!(parse_strict(b"1e2"), Err(CanonError::Float(_))));
        assert!(matches!(parse_strict(b"-0"), Err(CanonError::Float(_))));
        assert!(matches!(parse_strict(b"184467440737095516150"), Err(CanonError::Float(_))));
        assert_eq!(canonical(&json!(1.5)), Err(CanonError::Float("1.5".into())));
        assert_eq!(parse_strict(br#"["\u0000"]"#), Err(CanonError::NulCharacter));
        assert_eq!(canonical(&json!({"\0": 1})), Err(CanonError::NulCharacter));
        assert_eq!(
            parse_strict(br#"{"a":{"b c":1,"b c":2}}"#),
            Err(CanonError::DuplicateKey("b c".into()))
        );
        assert_eq!(
            parse_strict(br#"{"a":1,"\u0061":2}"#),
            Err(CanonError::DuplicateKey("a".into()))
        );
        for bad in
            [&b""[..], b"{", b"1 2", b"\xff", b"\"\\ud800\"", b"[1,]", b"nul", b"\xef\xbb\xbf1"]
        {
            assert!(matches!(parse_strict(bad), Err(CanonError::Malformed(_))), "{bad:?}");
        }
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse_strict(deep(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(parse_strict(deep(MAX_DEPTH + 2).as_bytes()), Err(CanonError::TooDeep));
        assert!(matches!(
            parse_strict("[".repeat(100_000).as_bytes()),
            Err(CanonError::Malformed(_))
        ));
    }

    #[test]
    fn knows_canonical_bytes_from_equal_ones() {
        assert!(is_canonical(br#"{"a":1,"b":[true,null]}"#));
        for other in [
            &br#"{"b":1,"a":1}"#[..],
            br#"{"a": 1}"#,
            br#""\u0061""#,
            br#""\/""#,
            b" 1",
            b"1\n",
            br#""\u001F""#,
        ] {
            assert_eq!(parse_canonical(other), Err(CanonError::NotCanonical), "{other:?}");
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(|number| json!(number)),
            "[^\u{0}]{0,12}".prop_map(Value::String),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                prop::collection::hash_map("[^\u{0}]{0,6}", inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn canonical_bytes_mean_the_same_value_and_are_a_fixed_point(value in any_value()) {
            let bytes = canonical(&value).unwrap();
            prop_assert_eq!(parse_canonical(&bytes), Ok(value));
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = parse_strict(&bytes);
        }
    }
}
