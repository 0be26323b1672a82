//! What an expression is worth, from what is known now. Three outcomes: a value, something that is
//! not there yet, or a sentence saying why it cannot be computed.

use super::exact::Exact;
use super::function::power;
use super::summary::{Summary, middle};
use super::types::{Sort, converts, power_unit};
use super::unit::Unit;
use super::{Aggregate, Expr, Op, Place, Rounding, Which};
use crate::domain::entry::EntryValue;
use crate::domain::entry::computing::{Known, KnownEntry};
use crate::domain::words::{Listed, Used};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What an expression is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Worth {
    /// A number in a unit.
    Number(Exact, Unit),
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

fn said(expr: &Expr, why: &str) -> Stop {
    Stop::Wrong(format!("{expr}: {why}"))
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
            Expr::Number(number, unit) => Ok(Worth::Number(Exact::from(*number), Unit::of(unit))),
            Expr::Text(text) => Ok(Worth::Text(text.clone())),
            Expr::Truth(truth) => Ok(Worth::Truth(*truth)),
            Expr::Place(place) => self.one(place),
            Expr::Negate(inner) => {
                let (number, unit) = self.number(inner)?;
                Ok(Worth::Number(number.negated(), unit))
            }
            Expr::Abs(inner) => {
                let (number, unit) = self.number(inner)?;
                Ok(Worth::Number(number.abs(), unit))
            }
            Expr::Call(function, inner) => {
                let (number, unit) = self.number(inner)?;
                let unit = function.unit(&unit).map_err(|why| said(expr, &why))?;
                let found = function.of(number.decimal()).map_err(|why| said(expr, &why))?;
                Ok(Worth::Number(found.into(), unit))
            }
            Expr::Power(base, exponent) => {
                let (found, of) = (self.number(base), self.number(exponent));
                let ((base, unit), (number, of)) = both(found, of)?;
                let unit = power_unit(&unit, &Sort::Number(of), exponent.written_whole());
                let unit = unit.map_err(|why| said(expr, &why))?;
                let found = power(&base, &number).map_err(|why| said(expr, &why))?;
                Ok(Worth::Number(found, unit))
            }
            Expr::Round(inner, decimals, rounding) => {
                let (number, unit) = self.number(inner)?;
                let rounded = match rounding {
                    Rounding::None => number,
                    _ => rounding.round(number.decimal(), *decimals).into(),
                };
                Ok(Worth::Number(rounded, unit))
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
                convert(&number, &from, Unit::of(unit))
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

    fn number(&mut self, expr: &Expr) -> Found<(Exact, Unit)> {
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
                self.used.push(Used::one(&entry.at, entry.version, &entry.value.shown));
            }
        }
        found
    }

    fn many(&mut self, aggregate: Aggregate, list: &[Expr], whole: &Expr) -> Found<Worth> {
        let logarithms = aggregate == Aggregate::Geomean;
        let mut all: Found<Summary> = Ok(Summary::default());
        for expr in list {
            let more = self.summary(expr, aggregate, logarithms);
            all = both(all, more).map(|(all, more)| all.with(&more));
        }
        let all = all?;
        let found = match aggregate {
            Aggregate::Median => all.unit().and_then(|unit| Ok((self.median(list, whole)?, unit))),
            _ => all.worth(aggregate),
        };
        match found {
            Ok((number, unit)) => Ok(Worth::Number(number, unit)),
            Err(why) => wrong(format!("{whole} {why}")),
        }
    }

    /// One argument: all occurrences of a list, else one value.
    fn summary(&mut self, expr: &Expr, aggregate: Aggregate, logarithms: bool) -> Found<Summary> {
        let place = match expr {
            Expr::Place(place) if place.which == Which::All => place,
            _ => return self.worth(expr).map(|worth| summed_up(&worth, expr, logarithms)),
        };
        let known = self.known.list(place.step.as_deref(), &place.entry, logarithms);
        let found = known.unwrap_or_else(|| {
            let found = self.known.entries(place.step.as_deref(), &place.entry, Which::All);
            let each = found.iter().map(|entry| {
                let one = match of_value(place, &entry.value) {
                    Ok(worth) => summed_up(&worth, expr, logarithms),
                    Err(Stop::Wrong(why)) => Summary::odd(&why),
                    Err(Stop::Missing(_)) => Summary::default(),
                };
                one.at(&entry.at, entry.seq)
            });
            each.fold(Summary::default(), |all, one| all.with(&one))
        });
        if found.count == 0 && aggregate != Aggregate::Count {
            return Err(Stop::Missing(BTreeSet::from([place.to_string()])));
        }
        if self.seen.insert(place.to_string()) {
            self.used.extend(listed(&found));
        }
        Ok(found)
    }

    /// Of one list the middle of what is kept sorted; of more the middle of all that is gathered.
    fn median(&mut self, list: &[Expr], whole: &Expr) -> Result<Exact, String> {
        let digits = || "has more digits than can be kept (28)".to_owned();
        if let [Expr::Place(place)] = list
            && place.which == Which::All
            && let Some(found) = self.known.median(place.step.as_deref(), &place.entry)
        {
            return Ok(found);
        }
        let mut values = Vec::new();
        for expr in list {
            match expr {
                Expr::Place(place) if place.which == Which::All => {
                    let all = self.known.entries(place.step.as_deref(), &place.entry, Which::All);
                    values.extend(all.iter().filter_map(|it| Some(it.value.exact()?.ok()?.0)));
                }
                _ => values.extend(self.number(expr).map(|(number, _)| number)),
            }
        }
        values.sort();
        middle(values.len(), |nth| values.get(nth).cloned()).ok_or_else(|| {
            if values.is_empty() { format!("is of nothing in {whole}") } else { digits() }
        })
    }
}

/// One value as a list of one.
fn summed_up(worth: &Worth, expr: &Expr, logarithm: bool) -> Summary {
    match worth {
        Worth::Number(number, unit) => Summary::number(number, Arc::new(unit.clone()), logarithm),
        Worth::Text(_) | Worth::Truth(_) => Summary::odd(&format!("{expr} is no number")),
    }
}

/// A list as lineage says it; nothing of an empty one.
#[must_use]
pub fn listed(list: &Summary) -> Option<Used> {
    let (first, last) = (list.first.as_ref()?, list.last.as_ref()?);
    let shown = match list.count {
        1 => "1 value".to_owned(),
        n => format!("{n} values"),
    };
    let of = Listed {
        to: last.to_string(),
        count: list.count,
        newest: list.newest,
        hash: String::new(),
    };
    Some(Used { list: Some(of), ..Used::one(first, 0, &shown) })
}

/// What an entry adds to a list.
#[must_use]
pub fn in_list(entry: &KnownEntry, logarithm: bool) -> Summary {
    let one = match entry.value.exact() {
        Some(Ok((number, unit))) => Summary::number(&number, Arc::new(Unit::of(unit)), logarithm),
        Some(Err(why)) => Summary::odd(&format!("{} is {why}", entry.at)),
        None => Summary::odd(&format!("{} is {}", entry.at, entry.value.shown)),
    };
    one.at(&entry.at, entry.seq)
}

fn of_value(place: &Place, value: &EntryValue) -> Found<Worth> {
    if let Some(number) = value.exact() {
        let (number, unit) = number.map_err(|why| Stop::Wrong(format!("{place} is {why}")))?;
        return Ok(Worth::Number(number, Unit::of(unit)));
    }
    match &value.data {
        serde_json::Value::Bool(truth) => Ok(Worth::Truth(*truth)),
        serde_json::Value::String(text) => Ok(Worth::Text(text.clone())),
        _ => wrong(format!("{place} is {}, and nothing can be calculated with that", value.shown)),
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
        Op::Plus => (a.plus(&b), of_a),
        Op::Minus => (a.minus(&b), of_a),
        Op::Times => (a.times(&b), of_a.times(&of_b)),
        Op::Over if b.is_zero() => return wrong(format!("division by zero in {whole}")),
        Op::Over => (a.over(&b), of_a.over(&of_b)),
        Op::And | Op::Or => return wrong(format!("{whole} needs something true or false")),
    };
    match number {
        Some(number) => Ok(Worth::Number(number, unit)),
        None => wrong(format!("{whole} has more digits than can be kept (28)")),
    }
}

fn convert(number: &Exact, from: &Unit, to: Unit) -> Found<Worth> {
    if *from == to {
        return Ok(Worth::Number(number.clone(), to));
    }
    converts(from, &to).map_err(Stop::Wrong)?;
    match from.convert(number, &to) {
        Some(number) => Ok(Worth::Number(number, to)),
        None => wrong(format!("{} {from} has too many digits in {to}", number.decimal())),
    }
}
