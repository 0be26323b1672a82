//! Quantities: a decimal that keeps its scale, with a unit of the registry. Never a float.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A decimal as people wrote it: `12.340` stays `12.340`.
///
/// # Errors
/// A sentence for people when the text is not a decimal of at most 28 digits.
pub fn parse_decimal(text: &str) -> Result<Decimal, String> {
    let shape = text.strip_prefix('-').unwrap_or(text);
    let plain = !shape.is_empty()
        && shape.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && shape.bytes().filter(|b| *b == b'.').count() <= 1
        && !shape.starts_with('.')
        && !shape.ends_with('.');
    let value = plain.then(|| Decimal::from_str_exact(text).ok()).flatten();
    value.ok_or_else(|| {
        format!(
            "{text:?} is not a number: write digits with a point, as in -12.340 (28 digits at most)"
        )
    })
}

/// A value with its unit code (`units`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// The value, in text form with its scale.
    pub value: Decimal,
    /// Unit code of the registry.
    pub unit: String,
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // shows: T17
    #[test]
    fn scale_is_kept_and_floats_are_not_understood() {
        assert_eq!(parse_decimal("12.340").map(|d| d.to_string()), Ok("12.340".into()));
        assert_eq!(parse_decimal("-0.10").map(|d| d.to_string()), Ok("-0.10".into()));
        for bad in
            ["", "1e3", "NaN", ".5", "5.", "1,5", "1.2.3", "+1", " 1", "1".repeat(30).as_str()]
        {
            assert!(parse_decimal(bad).is_err(), "{bad}");
        }
    }
}
