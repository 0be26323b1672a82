//! An expression as text: as written in a master record, and as people read it.

use super::{Expr, MINUS, NOT, Place, Which};
use crate::domain::units;
use std::fmt;

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hand {
    /// In the language: reads back as the same expression.
    Language,
    /// For people: units as they are read.
    People,
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self, 0, Hand::Language, f)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.which {
            Which::Current => "",
            Which::All => "all",
            Which::Previous => "prev",
            Which::First => "first",
            Which::Last => "last",
        })?;
        match &self.step {
            Some(step) => write!(f, "[{step}/{}]", self.entry),
            None => write!(f, "[{}]", self.entry),
        }
    }
}

impl Expr {
    /// As people read it: `([volume] - 2 L) * 3`.
    #[must_use]
    pub fn readable(&self) -> String {
        struct Readable<'a>(&'a Expr);
        impl fmt::Display for Readable<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write(self.0, 0, Hand::People, f)
            }
        }
        Readable(self).to_string()
    }

    fn strength(&self) -> u8 {
        match self {
            Self::Binary(op, ..) => op.strength(),
            Self::Not(_) => NOT,
            Self::Negate(_) => MINUS,
            _ => u8::MAX,
        }
    }
}

/// Writes with parentheses only where the place is stronger than the expression.
fn write(expr: &Expr, place: u8, hand: Hand, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if expr.strength() < place {
        f.write_str("(")?;
        write(expr, 0, hand, f)?;
        return f.write_str(")");
    }
    match expr {
        Expr::Number(number, unit) => match (hand, unit.as_str()) {
            (_, "1") => write!(f, "{number}"),
            (Hand::Language, unit) => write!(f, "{number} '{unit}'"),
            (Hand::People, unit) => write!(f, "{number} {}", units::shown(unit)),
        },
        Expr::Text(text) => write!(f, "\"{text}\""),
        Expr::Truth(truth) => write!(f, "{truth}"),
        Expr::Place(place) => write!(f, "{place}"),
        Expr::Negate(inner) => {
            f.write_str("-")?;
            write(inner, MINUS, hand, f)
        }
        Expr::Not(inner) => {
            f.write_str("not ")?;
            write(inner, NOT, hand, f)
        }
        Expr::Binary(op, left, right) => {
            // Of the same strength from left to right; comparisons do not chain at all.
            let chained = u8::from(op.strength() == super::COMPARISON);
            write(left, op.strength() + chained, hand, f)?;
            write!(f, " {} ", op.as_str())?;
            write(right, op.strength() + 1, hand, f)
        }
        Expr::Aggregate(aggregate, list) => {
            write!(f, "{}(", aggregate.as_str())?;
            for (i, inner) in list.iter().enumerate() {
                f.write_str(if i == 0 { "" } else { ", " })?;
                write(inner, 0, hand, f)?;
            }
            f.write_str(")")
        }
        Expr::Abs(inner) => call("abs", &[inner], hand, "", f),
        Expr::Call(function, inner) => call(function.as_str(), &[inner], hand, "", f),
        Expr::Power(base, exponent) => call("pow", &[base, exponent], hand, "", f),
        Expr::Round(inner, decimals, rounding) => {
            call("round", &[inner], hand, &format!(", {decimals}, '{}'", rounding.as_str()), f)
        }
        Expr::Convert(inner, unit) => match hand {
            Hand::Language => call("convert", &[inner], hand, &format!(", '{unit}'"), f),
            Hand::People => {
                call("convert", &[inner], hand, &format!(", {}", units::shown(unit)), f)
            }
        },
        Expr::If(a, b, c) => call("if", &[a, b, c], hand, "", f),
    }
}

fn call(
    name: &str,
    list: &[&Expr],
    hand: Hand,
    tail: &str,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    write!(f, "{name}(")?;
    for (i, inner) in list.iter().enumerate() {
        f.write_str(if i == 0 { "" } else { ", " })?;
        write(inner, 0, hand, f)?;
    }
    write!(f, "{tail})")
}
