//! What is known of a list of values without the list: how many, their sum, their squares, their ends. Two lists
//! put together have the summary of both put together, in whatever order; sums are exact.

use super::exact::Exact;
use super::wide::{self, SUMMED, summed, ten};
use super::{Aggregate, unit::Unit};
use num_bigint::BigInt;
use num_rational::BigRational;
use rust_decimal::Decimal;
use std::sync::Arc;

/// A list of values, summed up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many.
    pub count: u64,
    /// The newest version among them, by its place in the journal.
    pub newest: u64,
    /// The place of the first one.
    pub first: Option<Arc<str>>,
    /// The place of the last one.
    pub last: Option<Arc<str>>,
    /// Why one of them is no number, in words.
    odd: Option<Arc<str>>,
    unit: Option<Arc<Unit>>,
    /// Not all are in one unit.
    mixed: bool,
    /// Most decimals written.
    scale: u32,
    least: Option<Exact>,
    most: Option<Exact>,
    /// Of what is written, in 10⁻²⁸.
    sum: BigInt,
    /// Of what is written, in 10⁻⁵⁶.
    squares: BigInt,
    /// What decimals left of the sum and of the squares, where some did.
    over: Option<Arc<(BigRational, BigRational)>>,
    /// Of the natural logarithms, where they are kept and there are any.
    logarithms: Option<BigInt>,
    /// One is not above zero.
    no_logarithm: bool,
}

impl Summary {
    /// One value with its place, its version's place in the journal, and whether its logarithm is kept.
    #[must_use]
    pub fn number(number: &Exact, unit: Arc<Unit>, logarithm: bool) -> Self {
        let value = number.decimal();
        let sum = summed(value);
        let over = number.rest().map(|rest| {
            let twice = BigRational::new(&sum * 2, ten(SUMMED));
            let squares = (twice + &rest) * &rest;
            Arc::new((rest, squares))
        });
        let logarithms = logarithm.then(|| wide::logarithm(value)).flatten();
        Self {
            count: 1,
            unit: Some(unit),
            scale: value.scale(),
            least: Some(number.clone()),
            most: Some(number.clone()),
            squares: &sum * &sum,
            sum,
            over,
            no_logarithm: logarithm && logarithms.is_none(),
            logarithms,
            ..Self::default()
        }
    }

    /// One value that is no number: it counts, and nothing can be summed with it.
    #[must_use]
    pub fn odd(why: &str) -> Self {
        Self { count: 1, odd: Some(why.into()), ..Self::default() }
    }

    /// With its place in the run and in the journal.
    #[must_use]
    pub fn at(self, place: &str, seq: u64) -> Self {
        let place: Arc<str> = place.into();
        Self { newest: seq, first: Some(Arc::clone(&place)), last: Some(place), ..self }
    }

    /// This list with another behind it.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        let both =
            |a: Option<Exact>, b: &Option<Exact>, pick: fn(Exact, Exact) -> Exact| match (a, b) {
                (Some(a), Some(b)) => Some(pick(a, b.clone())),
                (a, b) => a.or_else(|| b.clone()),
            };
        self.mixed |= other.mixed
            || matches!((&self.unit, &other.unit), (Some(a), Some(b)) if !Arc::ptr_eq(a, b) && a != b);
        self.count += other.count;
        self.newest = self.newest.max(other.newest);
        self.first = self.first.or_else(|| other.first.clone());
        self.last = other.last.clone().or(self.last);
        self.odd = self.odd.or_else(|| other.odd.clone());
        self.unit = self.unit.or_else(|| other.unit.clone());
        self.scale = self.scale.max(other.scale);
        self.least = both(self.least, &other.least, Exact::min);
        self.most = both(self.most, &other.most, Exact::max);
        self.sum += &other.sum;
        self.squares += &other.squares;
        self.over = match (self.over, &other.over) {
            (Some(a), Some(b)) => Some(Arc::new((&a.0 + &b.0, &a.1 + &b.1))),
            (a, b) => a.or_else(|| b.clone()),
        };
        self.no_logarithm |= other.no_logarithm;
        self.logarithms = match (self.logarithms, &other.logarithms) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or_else(|| b.clone()),
        };
        self
    }

    /// The number, of a list of one.
    #[must_use]
    pub fn only(&self) -> Option<&Exact> {
        self.least.as_ref().filter(|_| self.count == 1)
    }

    /// What a function over the list gives; the median needs the list itself.
    ///
    /// # Errors
    /// What is wrong, to be said of the expression: `{whole} …`.
    pub fn worth(&self, aggregate: Aggregate) -> Result<(Exact, Unit), String> {
        if aggregate == Aggregate::Count {
            return Ok((Decimal::from(self.count).into(), Unit::none()));
        }
        let unit = self.unit()?;
        let many = |least: u64| {
            if self.count >= least {
                Ok(())
            } else {
                Err(format!("is of fewer than {least} values"))
            }
        };
        many(1)?;
        let count = BigInt::from(self.count);
        let found = match aggregate {
            Aggregate::Sum => Exact::fraction(self.total(), self.scale),
            Aggregate::Mean => Exact::fraction(self.total() / &count, self.scale),
            Aggregate::Min => self.least.clone(),
            Aggregate::Max => self.most.clone(),
            Aggregate::Sd => {
                many(2)?;
                root(self.spread() / (&count * (&count - 1)))
            }
            Aggregate::Rsd => {
                many(2)?;
                let total = self.total();
                if total.numer().bits() == 0 {
                    return Err("is relative to a mean of zero".to_owned());
                }
                // sd/mean = √(n·spread/(n − 1)) / |Σx|, in percent.
                let rsd = root(
                    self.spread() * &count * BigInt::from(10_000)
                        / (&total * &total * (&count - 1)),
                );
                return rsd.map(|rsd| (rsd, Unit::of("%"))).ok_or_else(digits);
            }
            Aggregate::Geomean => match &self.logarithms {
                Some(sum) if !self.no_logarithm => {
                    wide::geometric(sum, self.count).map(Exact::from)
                }
                _ => return Err("is over a value that is not above zero".to_owned()),
            },
            Aggregate::Median | Aggregate::Count => None,
        };
        found.map(|found| (found, unit)).ok_or_else(digits)
    }

    /// The unit that all are in.
    ///
    /// # Errors
    /// What is wrong, to be said of the expression.
    pub fn unit(&self) -> Result<Unit, String> {
        match (&self.odd, self.mixed) {
            (Some(why), _) => Err(format!("is over no numbers: {why}")),
            (None, true) => Err("is over different units, and needs one unit".to_owned()),
            (None, false) => Ok(self.unit.as_deref().cloned().unwrap_or_default()),
        }
    }

    /// Σx.
    fn total(&self) -> BigRational {
        let written = BigRational::new(self.sum.clone(), ten(SUMMED));
        self.over.as_ref().map_or(written.clone(), |over| written + &over.0)
    }

    /// n·Σx² − (Σx)².
    fn spread(&self) -> BigRational {
        let written = BigRational::new(self.squares.clone(), ten(2 * SUMMED));
        let squares = self.over.as_ref().map_or(written.clone(), |over| written + &over.1);
        let total = self.total();
        squares * BigInt::from(self.count) - &total * &total
    }
}

fn digits() -> String {
    "has more digits than can be kept (28)".to_owned()
}

/// The root of a fraction, of nothing zero.
fn root(of: BigRational) -> Option<Exact> {
    let found = match of.numer().bits() {
        0 => Some(Decimal::ZERO),
        _ => wide::root(of.numer(), of.denom()),
    };
    found.map(Exact::from)
}

/// The middle of a sorted list, the mean of the two in the middle of an even one.
#[must_use]
pub fn middle(count: usize, nth: impl Fn(usize) -> Option<Exact>) -> Option<Exact> {
    let last = count.checked_sub(1)?;
    let (low, high) = (nth(last / 2)?, nth(count / 2)?);
    if low == high {
        return Some(high);
    }
    let scale = low.decimal().scale().max(high.decimal().scale());
    Exact::fraction((low.of() + high.of()) / BigInt::from(2), scale)
}
