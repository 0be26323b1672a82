//! Numbers with more digits than a decimal: whole numbers of 10⁻⁸⁰. Functions are computed in them, and the result
//! is rounded once, half to even, to what a decimal keeps: 28 decimals, 28 digits.
//!
//! Each function errs by less than 10⁻⁷⁵ of its value or of one, whichever is more: over 40 guard digits, so
//! every digit of the rounded result is right but for a result that lies within 10⁻⁴⁰ of a tie.

use num_bigint::{BigInt, BigUint, Sign};
use rust_decimal::Decimal;
use std::sync::LazyLock;

/// Decimals of a fixed number.
const PLACES: u32 = 80;

/// Decimals that every decimal can have: sums of decimals are whole numbers of these.
pub(super) const SUMMED: u32 = 28;

static ONE: LazyLock<BigInt> = LazyLock::new(|| ten(PLACES));
static LN_2: LazyLock<BigInt> = LazyLock::new(|| twice_atanh(&(&*ONE / 3)));
static LN_10: LazyLock<BigInt> = LazyLock::new(|| ln_of(&(&*ONE * 10)));

/// A power of ten.
pub(super) fn ten(power: u32) -> BigInt {
    BigInt::from(10).pow(power)
}

/// A decimal as a whole number of 10⁻²⁸, exact.
pub(super) fn summed(value: Decimal) -> BigInt {
    BigInt::from(value.mantissa()) * ten(SUMMED.saturating_sub(value.scale()))
}

fn fixed(value: Decimal) -> BigInt {
    BigInt::from(value.mantissa()) * ten(PLACES.saturating_sub(value.scale()))
}

/// A fraction as a decimal: as many decimals as it keeps, rounded half to even, and at least `least` written out.
/// Nothing where it is too large, or so small that no digit of it would be left.
pub(super) fn quotient(above: &BigInt, below: &BigInt, least: u32) -> Option<Decimal> {
    if below.sign() == Sign::NoSign {
        return None;
    }
    let negative = (above.sign() == Sign::Minus) != (below.sign() == Sign::Minus);
    let (above, below) = (above.magnitude(), below.magnitude());
    // 28 decimals where the number is below 7.9; one less for each power of ten beyond.
    let digits = (above / below).to_string().len();
    let first = u32::try_from(digits).ok()?.saturating_sub(1);
    let first = Decimal::MAX_SCALE.checked_sub(first)?;
    let found = (first.saturating_sub(1)..=first).rev().find_map(|scale| {
        let rounded = halves(&(above * BigUint::from(10_u32).pow(scale)), below);
        let mantissa = i128::try_from(BigInt::from_biguint(Sign::Plus, rounded)).ok()?;
        Decimal::try_from_i128_with_scale(mantissa, scale).ok()
    })?;
    if found.is_zero() && above.bits() > 0 {
        return None;
    }
    let mut short = found.normalize();
    if short.scale() < least {
        short.rescale(least);
    }
    short.set_sign_negative(negative && !short.is_zero());
    Some(short)
}

/// A fraction, rounded half to even.
fn halves(above: &BigUint, below: &BigUint) -> BigUint {
    let (whole, rest) = (above / below, above % below);
    let twice = rest * 2_u32;
    let odd = whole.bit(0);
    if twice > *below || (twice == *below && odd) { whole + 1_u32 } else { whole }
}

fn decimal(value: &BigInt) -> Option<Decimal> {
    quotient(value, &ONE, 0)
}

/// 2·atanh z, for z up to a third: its series.
fn twice_atanh(z: &BigInt) -> BigInt {
    let square = z * z / &*ONE;
    let (mut term, mut sum, mut n) = (z.clone(), z.clone(), 3_u32);
    while term.bits() > 0 {
        term = term * &square / &*ONE;
        sum += &term / n;
        n += 2;
    }
    sum * 2
}

/// The natural logarithm of a fixed number above zero: x = m·2ᵏ with m near one.
fn ln_of(x: &BigInt) -> BigInt {
    let bits = |x: &BigInt| i64::try_from(x.bits()).unwrap_or(i64::MAX);
    let mut k = bits(x) - bits(&ONE);
    let mut m = shifted(x, -k);
    if &m * 3 > &*ONE * 4 {
        k += 1;
        m = shifted(x, -k);
    } else if &m * 3 < &*ONE * 2 {
        k -= 1;
        m = shifted(x, -k);
    }
    let z = (&m - &*ONE) * &*ONE / (&m + &*ONE);
    twice_atanh(&z) + &*LN_2 * k
}

/// Times a power of two.
fn shifted(x: &BigInt, by: i64) -> BigInt {
    let far = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
    if by >= 0 { x << far } else { x >> far }
}

/// e to a fixed number; nothing where the result is beyond every decimal.
fn exp_of(x: &BigInt) -> Option<BigInt> {
    // Beyond, no decimal holds the result, and below, no digit of it is left.
    let far: BigInt = &*ONE * 70;
    if x.magnitude() > far.magnitude() {
        return None;
    }
    let k = i64::try_from(x / &*LN_2).ok()?;
    let rest: BigInt = x - &*LN_2 * k;
    let small: BigInt = rest >> 8_usize;
    let (mut term, mut sum, mut n) = (ONE.clone(), ONE.clone(), 1_u32);
    while term.bits() > 1 {
        term = term * &small / &*ONE / n;
        sum += &term;
        n += 1;
    }
    for _ in 0..8 {
        sum = &sum * &sum / &*ONE;
    }
    Some(shifted(&sum, k))
}

/// The natural logarithm of a number above zero, fixed: what geometric means sum.
pub(super) fn logarithm(value: Decimal) -> Option<BigInt> {
    (value > Decimal::ZERO).then(|| ln_of(&fixed(value)))
}

/// ln.
pub(super) fn ln(value: Decimal) -> Option<Decimal> {
    decimal(&logarithm(value)?)
}

/// log10.
pub(super) fn log10(value: Decimal) -> Option<Decimal> {
    let of_ten = logarithm(value)? * &*ONE / &*LN_10;
    // A whole power of ten has a whole logarithm: 10⁻⁷⁵ beside it is the error of the last step.
    let whole = halves(of_ten.magnitude(), ONE.magnitude());
    let whole = BigInt::from_biguint(of_ten.sign(), whole * ONE.magnitude());
    let off = &of_ten - &whole;
    let of_ten = if off.magnitude() < ten(10).magnitude() { whole } else { of_ten };
    if of_ten.bits() == 0 { Some(Decimal::ZERO) } else { decimal(&of_ten) }
}

/// e to a power.
pub(super) fn exp(value: Decimal) -> Option<Decimal> {
    decimal(&exp_of(&fixed(value))?)
}

/// The root of a fraction of whole numbers.
pub(super) fn root(above: &BigInt, below: &BigInt) -> Option<Decimal> {
    if above.sign() == Sign::Minus || below.sign() != Sign::Plus {
        return None;
    }
    decimal(&(above * ten(2 * PLACES) / below).sqrt())
}

/// The square root of a number that is not negative.
pub(super) fn sqrt(value: Decimal) -> Option<Decimal> {
    root(&summed(value), &ten(SUMMED))
}

/// A number multiplied by itself: exactly, then rounded once.
pub(super) fn whole_power(base: Decimal, exponent: i32) -> Option<Decimal> {
    let times = exponent.unsigned_abs();
    // More factors than this leave no decimal but of 1, 0 and their like, which logarithms give exactly.
    if times > MOST_FACTORS {
        let size = exp_of(&(logarithm(base.abs())? * exponent))?;
        let found = decimal(&size)?;
        return Some(if base.is_sign_negative() && exponent % 2 != 0 { -found } else { found });
    }
    let (above, below) = (BigInt::from(base.mantissa()).pow(times), ten(base.scale()).pow(times));
    if exponent < 0 { quotient(&below, &above, 0) } else { quotient(&above, &below, 0) }
}

const MOST_FACTORS: u32 = 200;

/// A number above zero to any power.
pub(super) fn power(base: Decimal, exponent: Decimal) -> Option<Decimal> {
    decimal(&exp_of(&(logarithm(base)? * fixed(exponent) / &*ONE))?)
}

/// The geometric mean of so many numbers whose logarithms sum to this.
pub(super) fn geometric(logarithms: &BigInt, count: u64) -> Option<Decimal> {
    decimal(&exp_of(&(logarithms / count))?)
}
