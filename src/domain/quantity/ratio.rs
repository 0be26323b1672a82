//! Exact fractions: what units are converted by, and how a decimal is made of one.

use rust_decimal::Decimal;

/// An exact fraction, reduced, its denominator above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    above: i128,
    below: i128,
}

/// Digits that a decimal keeps.
const DIGITS: u32 = 28;

/// Larger numerators and denominators are not kept: a decimal of so many digits times a factor has room in 128 bits.
const MANTISSA: i128 = 10_i128.pow(DIGITS);

const fn common(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.abs()
}

impl Ratio {
    /// Nothing.
    pub const ZERO: Self = Self { above: 0, below: 1 };
    /// One whole.
    pub const ONE: Self = Self { above: 1, below: 1 };

    /// A fraction; `None`: it divides by zero.
    #[must_use]
    pub fn new(above: i128, below: i128) -> Option<Self> {
        let by = Some(common(above, below)).filter(|by| *by > 0 && below != 0)?;
        let (above, below) = (above / by, below / by);
        let (above, below) =
            if below < 0 { (above.checked_neg()?, below.checked_neg()?) } else { (above, below) };
        Some(Self { above, below })
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(number: i128) -> Self {
        Self { above: number, below: 1 }
    }

    /// A decimal, exactly.
    #[must_use]
    pub fn of(number: Decimal) -> Self {
        // At most 28 places: ten to that power has room.
        let below = 10_i128.pow(number.scale());
        Self::new(number.mantissa(), below).unwrap_or(Self::ZERO)
    }

    /// The product; `None`: it has no room.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        let (a, b) = (common(self.above, other.below), common(other.above, self.below));
        let (a, b) = (a.max(1), b.max(1));
        let above = (self.above / a).checked_mul(other.above / b)?;
        let below = (self.below / b).checked_mul(other.below / a)?;
        Self::new(above, below)
    }

    /// The quotient; `None`: it divides by zero, or has no room.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        self.times(Self::new(other.below, other.above)?)
    }

    /// The sum; `None`: it has no room.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let by = common(self.below, other.below).max(1);
        let left = self.above.checked_mul(other.below / by)?;
        let right = other.above.checked_mul(self.below / by)?;
        Self::new(left.checked_add(right)?, (self.below / by).checked_mul(other.below)?)
    }

    /// The difference; `None`: it has no room.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { above: other.above.checked_neg()?, below: other.below })
    }

    /// A power, of a negative exponent the inverse; `None`: it has no room.
    #[must_use]
    pub fn power(self, exponent: i32) -> Option<Self> {
        let mut power = Self::ONE;
        for _ in 0..exponent.unsigned_abs() {
            power = power.times(self)?;
        }
        if exponent < 0 { Self::ONE.over(power) } else { Some(power) }
    }

    /// Numerator and denominator as decimals; `None`: one has more digits than a decimal keeps.
    #[must_use]
    pub fn parts(self) -> Option<(Decimal, Decimal)> {
        let part = |part: i128| Decimal::try_from_i128_with_scale(part, 0).ok();
        Some((part(self.above)?, part(self.below)?))
    }

    /// The fraction as a decimal, and whether that is exact. One that does not end keeps 28 digits, cut off and never
    /// rounded up, and ends in a 1 where it would end in a 0: so it lies between the same two shorter decimals as the
    /// fraction, and whatever is rounded or compared later comes out as by the fraction itself. `None`: too many
    /// digits before the point.
    #[must_use]
    pub fn decimal(self) -> Option<(Decimal, bool)> {
        let (sign, above) = (self.above.signum(), self.above.checked_abs()?);
        let (mut digits, mut rest, mut scale) = (above / self.below, above % self.below, 0);
        if digits >= MANTISSA {
            return None;
        }
        while rest != 0 && scale < DIGITS && digits < MANTISSA / 10 {
            rest = rest.checked_mul(10)?;
            digits = digits * 10 + rest / self.below;
            rest %= self.below;
            scale += 1;
        }
        let exact = rest == 0;
        if !exact && digits % 10 == 0 {
            digits += 1;
        }
        Some((Decimal::try_from_i128_with_scale(sign * digits, scale).ok()?, exact))
    }

    /// The power of ten that this is, if it is one.
    #[must_use]
    pub fn tens(self) -> Option<i32> {
        let of = |mut whole: i128| {
            let mut power = 0;
            while whole % 10 == 0 && whole != 0 {
                (whole, power) = (whole / 10, power + 1);
            }
            Some(power).filter(|_| whole == 1)
        };
        Some(of(self.above)? - of(self.below)?)
    }

    /// The fraction as people read it: `1000`, `45359237/100000`.
    #[must_use]
    pub fn shown(self) -> String {
        match self.below {
            1 => self.above.to_string(),
            below => format!("{}/{below}", self.above),
        }
    }
}

/// The quotient of two decimals, as [`Ratio::decimal`] keeps it; `None`: division by zero, or too many digits.
#[must_use]
pub fn quotient(above: Decimal, below: Decimal) -> Option<Decimal> {
    let exact = Ratio::of(above).over(Ratio::of(below));
    exact.and_then(Ratio::decimal).map(|(found, _)| found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(above: i128, below: i128) -> String {
        let (found, exact) = Ratio::new(above, below).and_then(Ratio::decimal).expect("a decimal");
        format!("{found}{}", if exact { "" } else { "…" })
    }

    // shows: T17.a
    // finding: G7
    #[test]
    fn a_fraction_that_does_not_end_lies_between_the_decimals_that_the_fraction_lies_between() {
        assert_eq!(decimal(272, 1000), "0.272");
        assert_eq!(decimal(-1, 8), "-0.125");
        assert_eq!(decimal(2, 3), "0.6666666666666666666666666666…");
        assert_eq!(decimal(1, 12), "0.0833333333333333333333333333…");
        // One in the last place instead of zero: it is more than 0.5.
        let over = Ratio::new(10_i128.pow(30) + 1, 2 * 10_i128.pow(30)).expect("a fraction");
        assert_eq!(over.decimal().map(|it| it.0 > Decimal::new(5, 1)), Some(true));
        assert_eq!(Ratio::new(1, 0), None);
        assert_eq!(Ratio::new(6, -4).map(Ratio::shown), Some("-3/2".into()));
        assert_eq!(Ratio::new(1, 1000).and_then(Ratio::tens), Some(-3));
        assert_eq!(Ratio::new(2, 1000).and_then(Ratio::tens), None);
        assert_eq!(quotient(Decimal::ONE, Decimal::ZERO), None);
    }
}
