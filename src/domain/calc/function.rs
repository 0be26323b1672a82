//! Functions of one number or two: what they are of, what they give, where they are not defined.

use super::exact::Exact;
use super::unit::Unit;
use super::wide;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// A function of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// Natural logarithm.
    Ln,
    /// Decadic logarithm.
    Log10,
    /// e to this power.
    Exp,
    /// Square root.
    Sqrt,
}

impl Function {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ln, Self::Log10, Self::Exp, Self::Sqrt];

    /// As written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ln => "ln",
            Self::Log10 => "log10",
            Self::Exp => "exp",
            Self::Sqrt => "sqrt",
        }
    }

    /// The unit that it gives.
    ///
    /// # Errors
    /// A sentence for people: it is not of this unit.
    pub fn unit(self, of: &Unit) -> Result<Unit, String> {
        match self {
            Self::Ln | Self::Log10 | Self::Exp => {
                pure(of, self.as_str())?;
                Ok(Unit::none())
            }
            Self::Sqrt => of.root().ok_or_else(|| {
                format!("sqrt halves the exponents of a unit, and those of {of} are not even")
            }),
        }
    }

    /// What it gives.
    ///
    /// # Errors
    /// A sentence for people: it is not defined there, or no decimal holds the result.
    pub fn of(self, value: Decimal) -> Result<Decimal, String> {
        let name = self.as_str();
        let found = match self {
            Self::Ln | Self::Log10 if value <= Decimal::ZERO => {
                return Err(format!("{name} of {value}, which is not above zero"));
            }
            Self::Sqrt if value < Decimal::ZERO => {
                return Err(format!("sqrt of {value}, which is below zero"));
            }
            Self::Sqrt | Self::Ln
                if value.is_zero() || self == Self::Ln && value == Decimal::ONE =>
            {
                return Ok(Decimal::ZERO);
            }
            Self::Ln => wide::ln(value),
            Self::Log10 => wide::log10(value),
            Self::Exp => wide::exp(value),
            Self::Sqrt => wide::sqrt(value),
        };
        found.ok_or_else(|| format!("{name} of {value} has more digits than can be kept (28)"))
    }
}

/// A plain number: of nothing else is there a logarithm.
pub(super) fn pure(unit: &Unit, name: &str) -> Result<(), String> {
    if *unit == Unit::none() {
        return Ok(());
    }
    Err(format!("{name} is of a plain number, not of {unit}; divide by 1 '{unit}' first"))
}

/// Factors up to which a fraction is multiplied out.
const FACTORS: u32 = 16;

fn times(of: &Exact, exponent: i32) -> Option<Exact> {
    let one = Exact::from(Decimal::ONE);
    let mut all = (0..exponent.unsigned_abs()).try_fold(one.clone(), |all, _| all.times(of));
    if exponent < 0 {
        all = all.and_then(|all| one.over(&all));
    }
    all
}

/// A power.
///
/// # Errors
/// A sentence for people: it is not defined there, or no decimal holds the result.
pub fn power(base: &Exact, exponent: &Exact) -> Result<Exact, String> {
    let (of, base, exponent) = (base, base.decimal(), exponent.decimal());
    let whole = exponent.is_integer().then(|| exponent.to_i32()).flatten();
    let found = match whole {
        _ if base.is_zero() && exponent <= Decimal::ZERO => {
            return Err(format!("0 to the power {exponent} is not defined"));
        }
        _ if base.is_zero() || base == Decimal::ONE => Some(base.into()),
        // A fraction to a small power is a fraction.
        Some(whole) if of.text().is_some() && whole.unsigned_abs() <= FACTORS => times(of, whole),
        Some(whole) => wide::whole_power(base, whole).map(Exact::from),
        None if base < Decimal::ZERO => {
            return Err(format!("{base}, which is below zero, has no power of {exponent}"));
        }
        None => wide::power(base, exponent).map(Exact::from),
    };
    found.ok_or_else(|| {
        format!("{base} to the power {exponent} has more digits than can be kept (28)")
    })
}
