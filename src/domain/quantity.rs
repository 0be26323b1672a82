//! Quantities: a decimal that keeps its scale, with a unit of the registry. Never a float.

pub mod censored;
pub mod ratio;

use super::units;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A number as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub value: Decimal,
    /// The last written place: 2 of `6.85`, 0 of `300`, -5 of `1.0e6`.
    pub place: i32,
    /// The text, blanks around it taken away and its minus an ASCII one.
    pub text: String,
}

/// Largest power of ten that is read.
const MAX_POWER: i32 = 28;

/// Reads a number, plain (`12.340`, `-0.5`) or scientific (`4.2e6`, `1.0E-3`).
///
/// # Errors
/// A sentence for people: a decimal comma, no number at all, more than 28 digits.
pub fn written(text: &str) -> Result<Written, String> {
    let clean = text.trim().replace('\u{2212}', "-");
    let wrong = || {
        format!(
            "{text:?} is not a number: write digits with a point, as in -12.340 or 4.2e6 (28 digits at most)"
        )
    };
    let comma =
        clean.contains(',') && clean.bytes().all(|b| b.is_ascii_digit() || b"-,.eE".contains(&b));
    if comma {
        return Err(format!("{text:?} has a decimal comma: write a decimal point, as in 6.85"));
    }
    let (digits, power) = match clean.split_once(['e', 'E']) {
        Some((digits, power)) => (digits, exponent(power).ok_or_else(wrong)?),
        None => (clean.as_str(), 0),
    };
    if !plain(digits) {
        return Err(wrong());
    }
    let value = Decimal::from_str_exact(digits).map_err(|_| wrong())?;
    let place = i32::try_from(value.scale()).map_err(|_| wrong())? - power;
    let value = shifted(value, place).ok_or_else(wrong)?;
    Ok(Written { value, place, text: clean })
}

/// Digits with at most one point between them, and a minus before them.
fn plain(digits: &str) -> bool {
    let shape = digits.strip_prefix('-').unwrap_or(digits);
    let points = shape.bytes().filter(|b| *b == b'.').count();
    let ends = shape.starts_with('.') || shape.ends_with('.');
    let signs = shape.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    !shape.is_empty() && signs && points <= 1 && !ends
}

fn exponent(text: &str) -> Option<i32> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let whole = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    text.parse::<i32>().ok().filter(|power| whole && power.abs() <= MAX_POWER)
}

/// The digits of a number with its last one at a place; `None`: more digits than are kept.
fn shifted(value: Decimal, place: i32) -> Option<Decimal> {
    if i32::try_from(value.scale()) == Ok(place) {
        return Some(value);
    }
    let more = u32::try_from(place.checked_neg()?.max(0)).ok()?;
    let scale = u32::try_from(place.max(0)).ok()?;
    let digits = value.mantissa().checked_mul(10_i128.checked_pow(more)?)?;
    Decimal::try_from_i128_with_scale(digits, scale).ok()
}

/// A decimal as people wrote it: `12.340` stays `12.340`.
///
/// # Errors
/// A sentence for people when the text is not a decimal of at most 28 digits.
pub fn parse_decimal(text: &str) -> Result<Decimal, String> {
    written(text).map(|written| written.value)
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
        write!(f, "{} {}", self.value, units::shown(&self.unit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // shows: T17.a
    // finding: P5
    #[test]
    fn scale_is_kept_and_floats_are_not_understood() {
        let read = |text: &str| parse_decimal(text).map(|d| d.to_string());
        for (text, value) in [
            ("12.340", "12.340"),
            ("-0.10", "-0.10"),
            (" 6.85\u{a0}", "6.85"),
            ("\u{2212}0.5", "-0.5"),
            ("4.2e6", "4200000"),
            ("1.0E-3", "0.0010"),
            ("1.25e1", "12.5"),
            ("-7e+2", "-700"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(value), "{text}");
        }
        let long = "1".repeat(30);
        for bad in [
            "", " ", "e3", "1e", "1e999", "1e3.5", "NaN", "inf", ".5", "5.", "1.2.3", "+1",
            "1 000", "--1", "0x10", "1e29", &long,
        ] {
            assert!(parse_decimal(bad).is_err(), "{bad}");
        }
    }

    // finding: P5
    #[test]
    fn the_last_written_place_is_known_and_a_decimal_comma_is_named() {
        let place = |text: &str| written(text).map(|it| it.place);
        assert_eq!(place("6.85"), Ok(2));
        assert_eq!(place("300"), Ok(0));
        assert_eq!(place("1.0e6"), Ok(-5));
        assert_eq!(place("1.0e-3"), Ok(4));
        for comma in ["6,85", "-0,5", "1.234,5"] {
            let said = parse_decimal(comma).expect_err("a comma");
            assert!(said.contains("decimal comma"), "{said}");
        }
    }
}
