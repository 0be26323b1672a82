//! Canonical JSON (RFC 8785) as this product hashes it, narrower than the standard where that keeps old bytes readable.
//!
//! No floating point (a decimal is a string with its scale), integers within ±(2^53 − 1), no U+0000
//! (PostgreSQL text cannot hold it), no key twice in one object, nesting of at most 64 levels.

mod scan;
mod writer;

use std::cmp::Ordering;
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
    let mut bytes = Vec::with_capacity(512);
    write(value, 0, &mut bytes)?;
    Ok(bytes)
}

/// The canonical bytes of `{"data": …, "signatures": […]}`, whose parts stay where they are.
///
/// # Errors
/// As [`canonical`].
pub fn canonical_body(data: &Value, signatures: &[Value]) -> Result<Vec<u8>, CanonError> {
    let mut bytes = Vec::with_capacity(1024);
    bytes.extend(b"{\"data\":");
    write(data, 1, &mut bytes)?;
    bytes.extend(b",\"signatures\":[");
    for (place, signature) in signatures.iter().enumerate() {
        if place > 0 {
            bytes.push(b',');
        }
        write(signature, 2, &mut bytes)?;
    }
    bytes.extend(b"]}");
    Ok(bytes)
}

/// The canonical bytes of anything that serialises to JSON.
///
/// # Errors
/// As [`canonical`]; also when the type cannot be JSON at all.
pub fn canonical_of<T: serde::Serialize + ?Sized>(thing: &T) -> Result<Vec<u8>, CanonError> {
    writer::bytes_of(thing)
}

/// Reads JSON strictly: one value, no key twice, and nothing that [`canonical`] would refuse.
/// The bytes need not be in canonical form (what arrives at the edge rarely is).
///
/// # Errors
/// The first fault met.
pub fn parse_strict(bytes: &[u8]) -> Result<Value, CanonError> {
    let value = read(bytes)?;
    check(&value, 0)?;
    Ok(value)
}

fn read(bytes: &[u8]) -> Result<Value, CanonError> {
    serde_json::from_slice(bytes).map(|Strict(value)| value).map_err(|fault| read_fault(&fault))
}

/// Reads bytes that must already be canonical, as everything stored and hashed is.
///
/// # Errors
/// As [`parse_strict`], and [`CanonError::NotCanonical`] when the form differs.
pub fn parse_canonical(bytes: &[u8]) -> Result<Value, CanonError> {
    // Nearly all bytes are what they were written as: they need no strict reading and no second writing.
    if scan::is_surely_canonical(bytes, 0)
        && let Ok(value) = serde_json::from_slice(bytes)
    {
        return Ok(value);
    }
    parse_closely(bytes)
}

/// Reads strictly and writes again, so that whatever is not canonical has its name.
fn parse_closely(bytes: &[u8]) -> Result<Value, CanonError> {
    let value = read(bytes)?;
    if canonical(&value)? == bytes { Ok(value) } else { Err(CanonError::NotCanonical) }
}

/// The text of `data` in the bytes of a body without signatures, where these are for certain canonical:
/// `{"data":…,"signatures":[]}` around the canonical bytes of one object.
#[must_use]
pub fn unsigned_data(body: &[u8]) -> Option<&str> {
    let data = body.strip_prefix(b"{\"data\":")?.strip_suffix(b",\"signatures\":[]}")?;
    let sure = data.first() == Some(&b'{') && scan::is_surely_canonical(data, 1);
    if sure { std::str::from_utf8(data).ok() } else { None }
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

/// Writes a value as RFC 8785 says; `serde_json_canonicalizer`, which also knows floating point and is
/// slower (it reads every key back to sort it), is the oracle of the tests.
fn write(value: &Value, depth: usize, bytes: &mut Vec<u8>) -> Result<(), CanonError> {
    if depth > MAX_DEPTH {
        return Err(CanonError::TooDeep);
    }
    match value {
        Value::Null => bytes.extend(b"null"),
        Value::Bool(true) => bytes.extend(b"true"),
        Value::Bool(false) => bytes.extend(b"false"),
        Value::Number(number) => {
            check_number(number)?;
            write_number(number, bytes);
        }
        Value::String(text) => write_text(text, bytes)?,
        Value::Array(items) => {
            bytes.push(b'[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    bytes.push(b',');
                }
                write(item, depth + 1, bytes)?;
            }
            bytes.push(b']');
        }
        Value::Object(members) => write_members(members, depth, bytes)?,
    }
    Ok(())
}

fn write_members(
    members: &Map<String, Value>,
    depth: usize,
    bytes: &mut Vec<u8>,
) -> Result<(), CanonError> {
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    sorted.sort_by(|(one, _), (other, _)| utf16_order(one, other));
    bytes.push(b'{');
    for (place, (key, member)) in sorted.into_iter().enumerate() {
        if place > 0 {
            bytes.push(b',');
        }
        write_text(key, bytes)?;
        bytes.push(b':');
        write(member, depth + 1, bytes)?;
    }
    bytes.push(b'}');
    Ok(())
}

/// RFC 8785 sorts by UTF-16 code units; for ASCII that is the order of the bytes.
fn utf16_order(one: &str, other: &str) -> Ordering {
    if one.is_ascii() && other.is_ascii() {
        one.cmp(other)
    } else {
        one.encode_utf16().cmp(other.encode_utf16())
    }
}

/// serde_json escapes exactly as RFC 8785 §3.2.2.2 asks: the short forms, else lower-case `\u00xx`.
fn write_text(text: &str, bytes: &mut Vec<u8>) -> Result<(), CanonError> {
    check_text(text)?;
    serde_json::to_writer(bytes, text).map_err(|fault| CanonError::Malformed(fault.to_string()))
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

fn write_number(number: &Number, bytes: &mut Vec<u8>) {
    use std::io::Write as _;
    // A list of bytes takes whatever is written to it.
    let _ = write!(bytes, "{number}");
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
mod tests;
