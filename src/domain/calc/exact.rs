//! Numbers that lose nothing on the way: what a formula does with decimals is done with fractions, so that
//! `a / (b / c)` is what it is on paper and a value on its limit is on its limit.

use super::wide::quotient;
use num_bigint::{BigInt, Sign};
use num_rational::BigRational;
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::sync::Arc;

/// An exact number, with the decimal that it is written as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exact {
    /// All of it, or rounded half to even to 28 digits.
    written: Decimal,
    /// All of it, where no decimal holds it.
    fraction: Option<Arc<BigRational>>,
}

/// Longest fraction that is kept as text, in characters: beyond, its decimal stands for it.
const LONGEST: usize = 400;

fn rational(decimal: Decimal) -> BigRational {
    BigRational::new(BigInt::from(decimal.mantissa()), BigInt::from(10).pow(decimal.scale()))
}

impl From<Decimal> for Exact {
    fn from(written: Decimal) -> Self {
        Self { written, fraction: None }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        // What is written of two fractions tells most of them apart.
        self.written.cmp(&other.written).then_with(|| match (&self.fraction, &other.fraction) {
            (None, None) => Ordering::Equal,
            (Some(one), Some(two)) => one.cmp(two),
            (Some(one), None) => (**one).cmp(&other.of()),
            (None, Some(two)) => self.of().cmp(two),
        })
    }
}

impl Exact {
    /// A fraction, written with at least so many decimals; `None`: no decimal holds it.
    #[must_use]
    pub fn fraction(of: BigRational, least: u32) -> Option<Self> {
        let written = quotient(of.numer(), of.denom(), least)?;
        let fraction = (rational(written) != of).then(|| Arc::new(of));
        Some(Self { written, fraction })
    }

    /// A fraction of whole numbers; `None`: it divides by zero, or no decimal holds it.
    #[must_use]
    pub fn ratio(above: BigInt, below: BigInt, least: u32) -> Option<Self> {
        let below = Some(below).filter(|below| below.sign() != Sign::NoSign)?;
        Self::fraction(BigRational::new(above, below), least)
    }

    /// A number that was kept as [`Exact::text`]; `None`: it is none.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (above, below) = text.split_once('/')?;
        Self::ratio(above.parse().ok()?, below.parse().ok()?, 0)
    }

    /// As it is written.
    #[must_use]
    pub fn decimal(&self) -> Decimal {
        self.written
    }

    /// The fraction, where what is written is not all of it.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let fraction = self.fraction.as_ref()?;
        Some(format!("{}/{}", fraction.numer(), fraction.denom()))
            .filter(|text| text.len() <= LONGEST)
    }

    /// The fraction itself.
    #[must_use]
    pub fn of(&self) -> BigRational {
        self.fraction.as_deref().cloned().unwrap_or_else(|| rational(self.written))
    }

    /// What the decimal leaves of it.
    #[must_use]
    pub fn rest(&self) -> Option<BigRational> {
        self.fraction.as_deref().map(|fraction| fraction - rational(self.written))
    }

    /// What decimals give of both where that is all of it (`0.10 + 0.20` is `0.30`), what fractions give otherwise.
    fn with(
        &self,
        other: &Self,
        plain: impl Fn(Decimal, Decimal) -> Option<Decimal>,
        exact: impl Fn(BigRational, BigRational) -> BigRational,
    ) -> Option<Self> {
        let of = exact(self.of(), other.of());
        let whole = self.fraction.is_none() && other.fraction.is_none();
        let plain = whole.then(|| plain(self.written, other.written)).flatten();
        match plain.filter(|plain| rational(*plain) == of) {
            Some(written) => Some(Self::from(written)),
            None => Self::fraction(of, 0),
        }
    }

    /// The sum; `None`: no decimal holds it.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Option<Self> {
        self.with(other, Decimal::checked_add, |one, two| one + two)
    }

    /// The difference; `None`: no decimal holds it.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Option<Self> {
        self.with(other, Decimal::checked_sub, |one, two| one - two)
    }

    /// The product; `None`: no decimal holds it.
    #[must_use]
    pub fn times(&self, other: &Self) -> Option<Self> {
        self.with(other, Decimal::checked_mul, |one, two| one * two)
    }

    /// The quotient; `None`: it divides by zero, or no decimal holds it.
    #[must_use]
    pub fn over(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        self.with(other, Decimal::checked_div, |one, two| one / two)
    }

    /// With the other sign.
    #[must_use]
    pub fn negated(&self) -> Self {
        let written = if self.is_zero() { self.written } else { -self.written };
        Self { written, fraction: self.fraction.as_deref().map(|fraction| Arc::new(-fraction)) }
    }

    /// Without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.of().numer().sign() == Sign::Minus { self.negated() } else { self.clone() }
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.fraction.is_none() && self.written.is_zero()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::from(text.parse::<Decimal>().expect("a decimal"))
    }

    #[test]
    fn a_fraction_comes_back_whole() {
        let two_thirds = exact("2").over(&exact("3")).expect("a number");
        assert_eq!(two_thirds.decimal().to_string(), "0.6666666666666666666666666667");
        assert_eq!(two_thirds.text().as_deref(), Some("2/3"));
        assert_eq!(two_thirds.text().and_then(|text| Exact::read(&text)), Some(two_thirds.clone()));
        let back = exact("1").over(&two_thirds).expect("a number");
        assert_eq!((back.decimal().to_string().as_str(), back.text()), ("1.5", None));
        assert_eq!(back.cmp(&exact("1.50")), Ordering::Equal);
        let under = exact("1").minus(&exact("1").over(&exact("3e9")).unwrap_or_else(|| exact("0")));
        assert!(under.expect("a number") < exact("1"));
        assert_eq!(two_thirds.negated().decimal().to_string(), "-0.6666666666666666666666666667");
    }

    #[test]
    fn what_decimals_hold_is_written_as_they_write_it() {
        for (found, written) in [
            (exact("0.10").plus(&exact("0.20")), "0.30"),
            (exact("1.50").times(&exact("2.0")), "3.000"),
            (exact("-0.5").over(&exact("4")), "-0.125"),
            (exact("1").over(&exact("0")), ""),
            (exact("79228162514264337593543950335").times(&exact("10")), ""),
            (exact("0.0000000000000000000000000001").times(&exact("0.1")), ""),
        ] {
            let found = found.map(|found| found.decimal().to_string());
            assert_eq!(found.unwrap_or_default(), written);
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_done_and_undone_is_what_was(a in -1_000_000_i64..1_000_000, b in 1_i64..1_000_000, s in 0_u32..9) {
            let (a, b) = (Exact::from(Decimal::new(a, s)), Exact::from(Decimal::new(b, 3)));
            let there = a.over(&b).and_then(|found| found.times(&b));
            proptest::prop_assert_eq!(there, Some(a.clone()));
            let there = a.plus(&b).and_then(|found| found.minus(&b));
            proptest::prop_assert_eq!(there, Some(a));
        }
    }
}
