//! What an expression is worth, from what is known now. Three outcomes: a value, something that is
//! not there yet, or a sentence saying why it cannot be computed.

use super::types::converts;
use super::unit::Unit;
use super::{Aggregate, Expr, Op, Place, Which};
use crate::domain::entry::EntryValue;
use crate::domain::entry::computing::{Known, KnownEntry};
use crate::domain::words::Used;
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// What an expression is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Worth {
    /// A number in a unit.
    Number(Decimal, Unit),
    /// A text, an option.
    Text(String),
    /// True or false.
    Truth(bool),
}

/// Why there is no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// These references lead to nothing yet.
    Missing(BTreeSet<String>),
    /// It cannot be computed from what is there: a sentence for people.
    Wrong(String),
}

/// Whether a condition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It does.
    Holds,
    /// It does not.
    Fails,
    /// Not decided yet: what is missing, one thing a line.
    Undecided(Vec<String>),
}

/// What an expression is worth, with what it was computed from.
pub fn evaluate(expr: &Expr, known: &dyn Known) -> (Result<Worth, Stop>, Vec<Used>) {
    let mut evaluation = Evaluation { known, used: Vec::new(), seen: BTreeSet::new() };
    let worth = evaluation.worth(expr);
    (worth, evaluation.used)
}

/// Whether a condition holds, with what decided it. What cannot be computed decides nothing.
#[must_use]
pub fn answer(expr: &Expr, known: &dyn Known) -> (Answer, Vec<Used>) {
    let (worth, used) = evaluate(expr, known);
    let answer = match worth {
        Ok(Worth::Truth(true)) => Answer::Holds,
        Ok(Worth::Truth(false)) => Answer::Fails,
        Ok(_) => Answer::Undecided(vec![format!("{expr} is neither true nor false")]),
        Err(Stop::Missing(what)) => Answer::Undecided(
            what.into_iter().map(|place| format!("{place} has no value yet")).collect(),
        ),
        Err(Stop::Wrong(why)) => Answer::Undecided(vec![why]),
    };
    (answer, used)
}

struct Evaluation<'k> {
    known: &'k dyn Known,
    used: Vec<Used>,
    /// Places among what was used: each once.
    seen: BTreeSet<String>,
}

type Found<T> = Result<T, Stop>;

fn wrong<T>(why: impl Into<String>) -> Found<T> {
    Err(Stop::Wrong(why.into()))
}

/// Both, or everything that either lacks.
fn both<A, B>(a: Found<A>, b: Found<B>) -> Found<(A, B)> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(Stop::Missing(mut a)), Err(Stop::Missing(b))) => {
            a.extend(b);
            Err(Stop::Missing(a))
        }
        (Err(Stop::Wrong(why)), _) | (_, Err(Stop::Wrong(why))) => Err(Stop::Wrong(why)),
        (Err(stop), _) | (_, Err(stop)) => Err(stop),
    }
}

impl Evaluation<'_> {
    fn worth(&mut self, expr: &Expr) -> Found<Worth> {
        match expr {
            Expr::Number(number, unit) => Ok(Worth::Number(*number, Unit::of(unit))),
            Expr::Text(text) => Ok(Worth::Text(text.clone())),
            Expr::Truth(truth) => Ok(Worth::Truth(*truth)),
            Expr::Place(place) => self.one(place),
            Expr::Negate(inner) => {
                let (number, unit) = self.number(inner)?;
                Ok(Worth::Number(-number, unit))
            }
            Expr::Abs(inner) => {
                let (number, unit) = self.number(inner)?;
                Ok(Worth::Number(number.abs(), unit))
            }
            Expr::Round(inner, decimals, rounding) => {
                let (number, unit) = self.number(inner)?;
                Ok(Worth::Number(rounding.round(number, *decimals), unit))
            }
            Expr::Not(inner) => Ok(Worth::Truth(!self.truth(inner)?)),
            Expr::Binary(Op::And, a, b) => self.decided(a, b, false),
            Expr::Binary(Op::Or, a, b) => self.decided(a, b, true),
            Expr::Binary(op, a, b) => {
                let (left, right) = (self.worth(a), self.worth(b));
                let (left, right) = both(left, right)?;
                apply(*op, left, right, expr)
            }
            Expr::Aggregate(aggregate, list) => self.many(*aggregate, list, expr),
            Expr::Convert(inner, unit) => {
                let (number, from) = self.number(inner)?;
                convert(number, &from, Unit::of(unit))
            }
            Expr::If(condition, a, b) => {
                if self.truth(condition)? {
                    self.worth(a)
                } else {
                    self.worth(b)
                }
            }
        }
    }

    /// `and` is decided by one false side, `or` by one true side, whatever the other lacks.
    fn decided(&mut self, a: &Expr, b: &Expr, by: bool) -> Found<Worth> {
        let left = self.truth(a);
        if left == Ok(by) {
            return left.map(Worth::Truth);
        }
        let right = self.truth(b);
        if right == Ok(by) {
            return right.map(Worth::Truth);
        }
        both(left, right).map(|_| Worth::Truth(!by))
    }

    fn number(&mut self, expr: &Expr) -> Found<(Decimal, Unit)> {
        match self.worth(expr)? {
            Worth::Number(number, unit) => Ok((number, unit)),
            _ => wrong(format!("{expr} is no number")),
        }
    }

    fn truth(&mut self, expr: &Expr) -> Found<bool> {
        match self.worth(expr)? {
            Worth::Truth(truth) => Ok(truth),
            _ => wrong(format!("{expr} is neither true nor false")),
        }
    }

    fn one(&mut self, place: &Place) -> Found<Worth> {
        let found = self.entries(place);
        match found.into_iter().next_back() {
            Some(entry) => of_value(place, &entry.value),
            None => Err(Stop::Missing(BTreeSet::from([place.to_string()]))),
        }
    }

    fn entries(&mut self, place: &Place) -> Vec<KnownEntry> {
        let found = self.known.entries(place.step.as_deref(), &place.entry, place.which);
        for entry in &found {
            if self.seen.insert(entry.at.clone()) {
                let shown = entry.value.shown.clone();
                self.used.push(Used { at: entry.at.clone(), version: entry.version, shown });
            }
        }
        found
    }

    fn many(&mut self, aggregate: Aggregate, list: &[Expr], whole: &Expr) -> Found<Worth> {
        let mut values: Found<Vec<Worth>> = Ok(Vec::new());
        for expr in list {
            let more = self.list(expr, aggregate);
            values = both(values, more).map(|(mut values, more)| {
                values.extend(more);
                values
            });
        }
        let values = values?;
        if aggregate == Aggregate::Count {
            return Ok(Worth::Number(Decimal::from(values.len()), Unit::none()));
        }
        let count = Decimal::from(values.len());
        let mut rest = values.into_iter();
        let mut total = rest.next().map_or_else(|| wrong(format!("{whole} is of nothing")), Ok)?;
        for value in rest {
            total = match (aggregate, order(&total, &value)) {
                (Aggregate::Sum | Aggregate::Mean, _) => apply(Op::Plus, total, value, whole)?,
                (_, None) => return wrong(format!("{whole} is over different units")),
                (Aggregate::Min, Some(Ordering::Greater))
                | (Aggregate::Max, Some(Ordering::Less)) => value,
                _ => total,
            };
        }
        if aggregate == Aggregate::Mean {
            return apply(Op::Over, total, Worth::Number(count, Unit::none()), whole);
        }
        match total {
            Worth::Number(..) => Ok(total),
            _ => wrong(format!("{whole} is over no numbers")),
        }
    }

    /// The values of one argument: all occurrences of a list, else one value.
    fn list(&mut self, expr: &Expr, aggregate: Aggregate) -> Found<Vec<Worth>> {
        let Expr::Place(place) = expr else { return self.worth(expr).map(|worth| vec![worth]) };
        if place.which != Which::All {
            return self.one(place).map(|worth| vec![worth]);
        }
        let found = self.entries(place);
        if found.is_empty() && aggregate != Aggregate::Count {
            return Err(Stop::Missing(BTreeSet::from([place.to_string()])));
        }
        found.iter().map(|entry| of_value(place, &entry.value)).collect()
    }
}

fn of_value(place: &Place, value: &EntryValue) -> Found<Worth> {
    if let Some(number) = value.for_calculation() {
        let number = number.map_err(|why| Stop::Wrong(format!("{place} is {why}")))?;
        return Ok(Worth::Number(number.value, Unit::of(&number.unit)));
    }
    match &value.data {
        serde_json::Value::Bool(truth) => Ok(Worth::Truth(*truth)),
        serde_json::Value::String(text) => Ok(Worth::Text(text.clone())),
        _ => wrong(format!("{place} is {}, and nothing can be calculated with that", value.shown)),
    }
}

fn order(a: &Worth, b: &Worth) -> Option<Ordering> {
    match (a, b) {
        (Worth::Number(a, of_a), Worth::Number(b, of_b)) if of_a == of_b => Some(a.cmp(b)),
        _ => None,
    }
}

/// An operator between two values that are there.
fn apply(op: Op, left: Worth, right: Worth, whole: &Expr) -> Found<Worth> {
    if matches!(op, Op::Equal | Op::Unequal) && !matches!(left, Worth::Number(..)) {
        return match (&left, &right) {
            (Worth::Text(_), Worth::Text(_)) | (Worth::Truth(_), Worth::Truth(_)) => {
                Ok(Worth::Truth((left == right) == (op == Op::Equal)))
            }
            _ => wrong(format!("{whole} compares different things")),
        };
    }
    let (Worth::Number(a, of_a), Worth::Number(b, of_b)) = (left, right) else {
        return wrong(format!("{whole} needs numbers"));
    };
    if !matches!(op, Op::Times | Op::Over) && of_a != of_b {
        return wrong(format!("{whole} needs one unit, not {of_a} and {of_b}"));
    }
    let truth = |truth| Ok(Worth::Truth(truth));
    let (number, unit) = match op {
        Op::Equal => return truth(a == b),
        Op::Unequal => return truth(a != b),
        Op::Less => return truth(a < b),
        Op::AtMost => return truth(a <= b),
        Op::More => return truth(a > b),
        Op::AtLeast => return truth(a >= b),
        Op::Plus => (a.checked_add(b), of_a),
        Op::Minus => (a.checked_sub(b), of_a),
        Op::Times => (product(a, b), of_a.times(&of_b)),
        Op::Over if b.is_zero() => return wrong(format!("division by zero in {whole}")),
        Op::Over => (quotient(a, b), of_a.over(&of_b)),
        Op::And | Op::Or => return wrong(format!("{whole} needs something true or false")),
    };
    match number {
        Some(number) => Ok(Worth::Number(number, unit)),
        None => wrong(format!("{whole} has more digits than can be kept (28)")),
    }
}

/// The product, unless all its digits would be lost.
fn product(a: Decimal, b: Decimal) -> Option<Decimal> {
    a.checked_mul(b).filter(|product| !product.is_zero() || a.is_zero() || b.is_zero())
}

fn quotient(a: Decimal, b: Decimal) -> Option<Decimal> {
    a.checked_div(b).filter(|quotient| !quotient.is_zero() || a.is_zero())
}

fn convert(number: Decimal, from: &Unit, to: Unit) -> Found<Worth> {
    if *from == to {
        return Ok(Worth::Number(number, to));
    }
    converts(from, &to).map_err(Stop::Wrong)?;
    let converted =
        from.factor(&to).and_then(|(above, below)| quotient(product(number, above)?, below));
    match converted {
        Some(number) => Ok(Worth::Number(number, to)),
        None => wrong(format!("{number} {from} has too many digits in {to}")),
    }
}
