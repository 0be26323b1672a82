//! The sort and unit of an expression, found before anything is computed: at submission.

use super::function::pure;
use super::unit::Unit;
use super::{Aggregate, Expr, Op, Place};
use crate::domain::units;
use std::fmt;

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sort {
    /// A number in a unit.
    Number(Unit),
    /// A text, an option.
    Text,
    /// True or false.
    Truth,
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(unit) => write!(f, "a number ({unit})"),
            Self::Text => f.write_str("a text"),
            Self::Truth => f.write_str("true or false"),
        }
    }
}

/// What references lead to, by the master record.
pub trait Sorts {
    /// The sort of what a reference leads to.
    ///
    /// # Errors
    /// A sentence for people: there is no such entry, or nothing can be calculated with it.
    fn sort(&self, place: &Place) -> Result<Sort, String>;
}

/// The sort of an expression.
///
/// # Errors
/// The first thing that does not fit together, as a sentence.
pub fn sort(expr: &Expr, sorts: &dyn Sorts) -> Result<Sort, String> {
    match expr {
        Expr::Number(_, unit) => known(unit).map(Sort::Number),
        Expr::Text(_) => Ok(Sort::Text),
        Expr::Truth(_) => Ok(Sort::Truth),
        Expr::Place(place) => sorts.sort(place),
        Expr::Negate(inner) | Expr::Abs(inner) | Expr::Round(inner, ..) => {
            number(inner, sorts).map(Sort::Number)
        }
        Expr::Call(function, inner) => {
            let unit = number(inner, sorts)?;
            function.unit(&unit).map(Sort::Number).map_err(|why| format!("{expr}: {why}"))
        }
        Expr::Power(base, exponent) => {
            let (base, of) = (number(base, sorts)?, sort(exponent, sorts)?);
            let unit = power_unit(&base, &of, exponent.written_whole());
            unit.map(Sort::Number).map_err(|why| format!("{expr}: {why}"))
        }
        Expr::Not(inner) => truth(inner, sorts),
        Expr::Binary(op, left, right) => binary(*op, left, right, sorts),
        Expr::Aggregate(aggregate, list) => of_many(*aggregate, list, sorts),
        Expr::Convert(inner, unit) => {
            let (from, to) = (number(inner, sorts)?, known(unit)?);
            converts(&from, &to)?;
            Ok(Sort::Number(to))
        }
        Expr::If(condition, a, b) => {
            truth(condition, sorts)?;
            let (then, other) = (sort(a, sorts)?, sort(b, sorts)?);
            if then != other {
                return Err(format!("{expr} gives {then} or {other}; both must be the same"));
            }
            Ok(then)
        }
    }
}

/// Whether one unit can be converted to another.
///
/// # Errors
/// A sentence for people.
pub fn converts(from: &Unit, to: &Unit) -> Result<(), String> {
    if from == to || from.factor(to).is_some() {
        return Ok(());
    }
    Err(format!("nothing converts {from} to {to}: they measure different things"))
}

fn known(unit: &str) -> Result<Unit, String> {
    if units::find(unit).is_none() {
        return Err(units::unknown(unit));
    }
    Ok(Unit::of(unit))
}

fn number(expr: &Expr, sorts: &dyn Sorts) -> Result<Unit, String> {
    match sort(expr, sorts)? {
        Sort::Number(unit) => Ok(unit),
        other => Err(format!("{expr} is {other}, and a number is needed")),
    }
}

fn truth(expr: &Expr, sorts: &dyn Sorts) -> Result<Sort, String> {
    match sort(expr, sorts)? {
        Sort::Truth => Ok(Sort::Truth),
        other => Err(format!("{expr} is {other}, and something true or false is needed")),
    }
}

fn binary(op: Op, left: &Expr, right: &Expr, sorts: &dyn Sorts) -> Result<Sort, String> {
    match op {
        Op::And | Op::Or => {
            truth(left, sorts)?;
            truth(right, sorts)
        }
        Op::Equal | Op::Unequal => {
            let (a, b) = (sort(left, sorts)?, sort(right, sorts)?);
            if let (Sort::Number(a), Sort::Number(b)) = (&a, &b) {
                same(op, left, a, right, b)?;
            } else if a != b {
                return Err(format!("{left} is {a} and {right} is {b}: they cannot be compared"));
            }
            Ok(Sort::Truth)
        }
        Op::Less | Op::AtMost | Op::More | Op::AtLeast => {
            same(op, left, &number(left, sorts)?, right, &number(right, sorts)?)?;
            Ok(Sort::Truth)
        }
        Op::Plus | Op::Minus => {
            let unit = number(left, sorts)?;
            same(op, left, &unit, right, &number(right, sorts)?)?;
            Ok(Sort::Number(unit))
        }
        Op::Times => Ok(Sort::Number(number(left, sorts)?.times(&number(right, sorts)?))),
        Op::Over => Ok(Sort::Number(number(left, sorts)?.over(&number(right, sorts)?))),
    }
}

/// Added, subtracted and compared is only what is in one unit.
fn same(op: Op, left: &Expr, a: &Unit, right: &Expr, b: &Unit) -> Result<(), String> {
    if a == b {
        return Ok(());
    }
    let way = if a.factor(b).is_some() { "; write convert(.., 'unit')" } else { "" };
    Err(format!("{left} is in {a} and {right} in {b}: {} needs one unit{way}", op.as_str()))
}

fn of_many(aggregate: Aggregate, list: &[Expr], sorts: &dyn Sorts) -> Result<Sort, String> {
    if aggregate == Aggregate::Count {
        for inner in list {
            sort(inner, sorts)?;
        }
        return Ok(Sort::Number(Unit::none()));
    }
    let mut first: Option<(&Expr, Unit)> = None;
    for inner in list {
        let unit = number(inner, sorts)?;
        match &first {
            None => first = Some((inner, unit)),
            Some((before, known)) => same(Op::Plus, before, known, inner, &unit)?,
        }
    }
    if aggregate == Aggregate::Rsd {
        return Ok(Sort::Number(Unit::of("%")));
    }
    Ok(Sort::Number(first.map_or_else(Unit::none, |(_, unit)| unit)))
}

/// The unit of a power: of what has a unit only a whole number that is written out, so that the unit is known.
///
/// # Errors
/// A sentence for people.
pub fn power_unit(base: &Unit, exponent: &Sort, written: Option<i32>) -> Result<Unit, String> {
    let Sort::Number(of) = exponent else {
        return Err(format!("the power is {exponent}, and a number is needed"));
    };
    pure(of, "a power")?;
    match written {
        _ if *base == Unit::none() => Ok(Unit::none()),
        Some(whole) => base.power(whole).ok_or_else(|| format!("{base} has no power of {whole}")),
        None => Err(format!(
            "of {base} only a power by a whole number is taken, written as such: pow(.., 2)"
        )),
    }
}
