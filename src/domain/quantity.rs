//! Quantities: a decimal that keeps its scale, with a unit of the registry. Never a float.

pub mod censored;
pub mod ratio;
mod spelling;

use super::refusal::quoted;
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
    /// The text in the one spelling of numbers: `4.2e6` for `4.2 × 10⁶`.
    pub text: String,
    /// As it was typed, where that is another spelling than by blanks around it and the sign of a minus.
    pub typed: Option<String>,
}

/// Largest power of ten that is read.
const MAX_POWER: i32 = 28;

/// Longest text that is read as a number, in characters: 28 digits, signs, and a power of ten in words.
const LONGEST: usize = 60;

/// Reads a number, plain (`12.340`, `-0.5`) or scientific (`4.2e6`, `1.0E-3`, `4.2 × 10⁶`).
///
/// # Errors
/// A sentence for people: a decimal comma, blanks between digits, no number at all, more than 28 digits.
pub fn written(text: &str) -> Result<Written, String> {
    let typed = text.trim();
    if typed.len() > 4 * LONGEST || typed.chars().count() > LONGEST {
        return Err(format!("{} is no number: one has at most 28 digits", quoted(typed)));
    }
    let clean = spelling::plain(typed);
    let wrong = || spelling::taught(typed, &clean);
    let (digits, power) = match clean.split_once('e') {
        Some((digits, power)) => (digits, exponent(power).ok_or_else(wrong)?),
        None => (clean.as_str(), 0),
    };
    if !plain(digits) {
        return Err(wrong());
    }
    let value = Decimal::from_str_exact(digits).map_err(|_| wrong())?;
    let place = i32::try_from(value.scale()).map_err(|_| wrong())? - power;
    let value = shifted(value, place).ok_or_else(wrong)?;
    // A minus of another sign and a large E say the same: nothing else is told beside them.
    let ascii = typed.replace('\u{2212}', "-");
    let (text, typed) = match ascii.replace('E', "e") == clean {
        true => (ascii, None),
        false => (clean, Some(typed.to_owned())),
    };
    Ok(Written { value, place, text, typed })
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
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("+0.5", "0.5"),
            ("\u{2013}10", "-10"),
            ("4.2\u{d7}10^6", "4200000"),
            ("4.2 x 10^6", "4200000"),
            ("4.2 X 10\u{2076}", "4200000"),
            ("4.2\u{b7}10\u{207b}\u{b3}", "0.0042"),
            ("4.2*10^-3", "0.0042"),
            ("4.2 \u{d7}\u{a0}10^\u{2212}3", "0.0042"),
            ("10^6", "1000000"),
            ("-10\u{b9}\u{b2}", "-1000000000000"),
            ("\u{ff16}\u{ff0e}\u{ff18}\u{ff15}", "6.85"),
            ("4.2e\u{2013}3", "0.0042"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(value), "{text}");
        }
        let long = "1".repeat(30);
        for bad in [
            "",
            " ",
            "e3",
            "1e",
            "1e999",
            "1e3.5",
            "NaN",
            "inf",
            "5.",
            "1.2.3",
            "+-1",
            "1 000",
            "--1",
            "0x10",
            "1e29",
            "5\u{2013}10",
            "4.2 x 106",
            "2 x 3",
            "x10^6",
            "10\u{b2}\u{b7}10\u{b2}",
            "10^",
            "+",
            ".",
            "-.",
            "4.2e 6",
            "4.2x10^6x10^6",
            "1'000",
            "10\u{2076}5",
            &long,
        ] {
            assert!(parse_decimal(bad).is_err(), "{bad}");
        }
        assert_eq!(
            written("4.2 \u{d7} 10\u{2076}").map(|it| (it.text, it.typed)),
            Ok(("4.2e6".into(), Some("4.2 \u{d7} 10\u{2076}".into())))
        );
        assert_eq!(written("\u{2212}0.5").map(|it| it.typed), Ok(None));
    }

    #[test]
    fn a_number_without_an_end_is_refused_by_its_length_and_not_repeated() {
        for endless in [
            "0".repeat(15_000),
            "1.".to_owned() + &"0".repeat(15_000),
            "\u{ff10}".repeat(99),
            "1e".to_owned() + &"0".repeat(99),
        ] {
            let said = parse_decimal(&endless).expect_err("no number");
            assert!(said.len() < 400, "{} bytes", said.len());
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
        for (text, taught) in [
            ("1,5", "1.5"),
            ("1,234", "1.234 or 1234"),
            ("1.234,5", "1234.5"),
            ("1,234.5", "1234.5"),
            ("4,2 x 10^6", "4.2e6"),
            ("1 000", "1000"),
            ("1\u{202f}000.5", "1000.5"),
            ("1'000", "1000"),
        ] {
            let said = parse_decimal(text).expect_err("to be taught");
            assert!(said.contains(taught), "{said}");
        }
    }
}
