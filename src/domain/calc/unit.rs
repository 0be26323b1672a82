//! Units in calculations: registry codes as atoms with exponents, `g/L` taken apart.
//!
//! Two values may be added only in the same unit; from one unit of a dimension to another only
//! `convert` leads, so that nobody wonders where a factor came from.

use super::exact::Exact;
use crate::domain::quantity::Quantity;
use crate::domain::quantity::ratio::Ratio;
use crate::domain::units;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::fmt;

/// A unit: atoms with exponents; without any a plain number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Unit(BTreeMap<String, i32>);

/// Largest exponent that is converted.
const MAX_EXPONENT: u32 = 6;

impl Unit {
    /// A plain number.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The unit of a code or spelling; what is none is an atom.
    #[must_use]
    pub fn of(code: &str) -> Self {
        let mut unit = Self::default();
        match units::atoms(code) {
            Some(atoms) => atoms.iter().for_each(|(atom, power)| unit.multiply(atom, *power)),
            None => unit.multiply(code, 1),
        }
        unit
    }

    fn multiply(&mut self, atom: &str, exponent: i32) {
        let now = self.0.entry(atom.to_owned()).or_default();
        *now = now.saturating_add(exponent);
        if *now == 0 {
            self.0.remove(atom);
        }
    }

    /// The product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let mut unit = self.clone();
        other.0.iter().for_each(|(atom, exponent)| unit.multiply(atom, *exponent));
        unit
    }

    /// The quotient.
    #[must_use]
    pub fn over(&self, other: &Self) -> Self {
        let mut unit = self.clone();
        other.0.iter().for_each(|(atom, exponent)| unit.multiply(atom, exponent.saturating_neg()));
        unit
    }

    /// A whole power.
    #[must_use]
    pub fn power(&self, exponent: i32) -> Option<Self> {
        let each =
            self.0.iter().map(|(atom, own)| Some((atom.clone(), own.checked_mul(exponent)?)));
        let all: BTreeMap<String, i32> = each.collect::<Option<_>>()?;
        Some(Self(all.into_iter().filter(|(_, exponent)| *exponent != 0).collect()))
    }

    /// The square root, where every exponent is even.
    #[must_use]
    pub fn root(&self) -> Option<Self> {
        let each = self.0.iter().map(|(atom, own)| (own % 2 == 0).then(|| (atom.clone(), own / 2)));
        each.collect::<Option<_>>().map(Self)
    }

    /// Whether its zero is another than that of what it measures, as that of °C is: then no ratio means anything.
    #[must_use]
    pub fn is_moved(&self) -> bool {
        let mut codes = self.0.iter();
        let (Some((code, 1)), None) = (codes.next(), codes.next()) else { return false };
        units::find(code).is_some_and(|unit| unit.offset != Ratio::ZERO)
    }

    /// Whether a result in this unit may stand under a declared code: the same unit, or a plain
    /// number under an annotation (UCUM: what stands in braces has no dimension).
    #[must_use]
    pub fn fits(&self, code: &str) -> bool {
        let annotation = code.starts_with('{') && code.ends_with('}');
        *self == Self::of(code) || (self.0.is_empty() && annotation)
    }

    /// The factor to another unit of the same dimension, as a fraction.
    #[must_use]
    pub fn factor(&self, to: &Self) -> Option<(Decimal, Decimal)> {
        let ((from, of), (to, other)) = (self.reduced()?, to.reduced()?);
        if of != other {
            return None;
        }
        from.over(to)?.parts()
    }

    /// A number of it in another unit of the same dimension; nothing where it has none there.
    #[must_use]
    pub fn convert(&self, number: &Exact, to: &Self) -> Option<Exact> {
        if self == to {
            return Some(number.clone());
        }
        let (above, below) = self.factor(to)?;
        number.times(&above.into())?.over(&below.into())
    }

    /// What one of it is in base units; an atom that is not linear there, as `Cel`, is a base of its own.
    fn reduced(&self) -> Option<(Ratio, Self)> {
        let (mut factor, mut base) = (Ratio::ONE, Self::default());
        for (atom, exponent) in &self.0 {
            if exponent.unsigned_abs() > MAX_EXPONENT {
                return None;
            }
            let (one, of) = units::base_of(atom).unwrap_or((Ratio::ONE, vec![(atom.clone(), 1)]));
            factor = factor.times(one.power(*exponent)?)?;
            for (name, power) in of {
                base.multiply(&name, exponent.checked_mul(power)?);
            }
        }
        Some((factor, base))
    }
}

/// The value of a quantity in another unit of the same dimension; nothing where it has none there.
#[must_use]
pub fn in_unit(quantity: &Quantity, unit: &str) -> Option<Decimal> {
    units::in_unit(quantity.value, &quantity.unit, unit).map(|converted| converted.value)
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("no unit");
        }
        if let Some(known) = units::LISTED.iter().find(|unit| Self::of(unit.code) == *self) {
            return f.write_str(known.shown);
        }
        let part = |(atom, exponent): (&String, &i32)| match exponent {
            1 => units::shown(atom).into_owned(),
            n => format!("{}^{n}", units::shown(atom)),
        };
        let parts: Vec<_> = self.0.iter().map(part).collect();
        f.write_str(&parts.join("·"))
    }
}
