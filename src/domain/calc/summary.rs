//! What is known of a list of values without the list: how many, their sum, their squares, their ends. Two lists
//! put together have the summary of both put together, in whatever order; sums are exact.

use super::wide::{self, SUMMED, quotient, summed, ten};
use super::{Aggregate, unit::Unit};
use num_bigint::BigInt;
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
    least: Option<Decimal>,
    most: Option<Decimal>,
    /// In 10⁻²⁸.
    sum: BigInt,
    /// In 10⁻⁵⁶.
    squares: BigInt,
    /// Of the natural logarithms, where they are kept and there are any.
    logarithms: Option<BigInt>,
    /// One is not above zero.
    no_logarithm: bool,
}

impl Summary {
    /// One value with its place, its version's place in the journal, and whether its logarithm is kept.
    #[must_use]
    pub fn number(value: Decimal, unit: Arc<Unit>, logarithm: bool) -> Self {
        let sum = summed(value);
        let logarithms = logarithm.then(|| wide::logarithm(value)).flatten();
        Self {
            count: 1,
            unit: Some(unit),
            scale: value.scale(),
            least: Some(value),
            most: Some(value),
            squares: &sum * &sum,
            sum,
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
        let both = |a: Option<Decimal>,
                    b: Option<Decimal>,
                    pick: fn(Decimal, Decimal) -> Decimal| match (a, b) {
            (Some(a), Some(b)) => Some(pick(a, b)),
            (a, b) => a.or(b),
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
        self.least = both(self.least, other.least, Decimal::min);
        self.most = both(self.most, other.most, Decimal::max);
        self.sum += &other.sum;
        self.squares += &other.squares;
        self.no_logarithm |= other.no_logarithm;
        self.logarithms = match (self.logarithms, &other.logarithms) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or_else(|| b.clone()),
        };
        self
    }

    /// The number, of a list of one.
    #[must_use]
    pub fn only(&self) -> Option<Decimal> {
        self.least.filter(|_| self.count == 1)
    }

    /// What a function over the list gives; the median needs the list itself.
    ///
    /// # Errors
    /// What is wrong, to be said of the expression: `{whole} …`.
    pub fn worth(&self, aggregate: Aggregate) -> Result<(Decimal, Unit), String> {
        if aggregate == Aggregate::Count {
            return Ok((Decimal::from(self.count), Unit::none()));
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
            Aggregate::Sum => quotient(&self.sum, &ten(SUMMED), self.scale),
            Aggregate::Mean => quotient(&self.sum, &(ten(SUMMED) * count), self.scale),
            Aggregate::Min => self.least,
            Aggregate::Max => self.most,
            Aggregate::Sd => {
                many(2)?;
                let below = &count * (&count - 1) * ten(2 * SUMMED);
                root(&self.spread(), &below)
            }
            Aggregate::Rsd => {
                many(2)?;
                if self.sum.bits() == 0 {
                    return Err("is relative to a mean of zero".to_owned());
                }
                // sd/mean = √(n·spread/(n − 1)) / |Σx|, in percent.
                let above = self.spread() * &count * 10_000;
                let below = (&count - 1) * &self.sum * &self.sum;
                return root(&above, &below).map(|rsd| (rsd, Unit::of("%"))).ok_or_else(digits);
            }
            Aggregate::Geomean => match &self.logarithms {
                Some(sum) if !self.no_logarithm => wide::geometric(sum, self.count),
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

    /// n·Σx² − (Σx)², in 10⁻⁵⁶.
    fn spread(&self) -> BigInt {
        BigInt::from(self.count) * &self.squares - &self.sum * &self.sum
    }
}

fn digits() -> String {
    "has more digits than can be kept (28)".to_owned()
}

/// The root of a fraction, of nothing zero.
fn root(above: &BigInt, below: &BigInt) -> Option<Decimal> {
    if above.bits() == 0 { Some(Decimal::ZERO) } else { wide::root(above, below) }
}

/// The middle of a sorted list, the mean of the two in the middle of an even one.
#[must_use]
pub fn middle(count: usize, nth: impl Fn(usize) -> Option<Decimal>) -> Option<Decimal> {
    let last = count.checked_sub(1)?;
    let (low, high) = (nth(last / 2)?, nth(count / 2)?);
    if low == high {
        return Some(high);
    }
    let scale = low.scale().max(high.scale());
    quotient(&(summed(low) + summed(high)), &(ten(SUMMED) * 2), scale)
}
