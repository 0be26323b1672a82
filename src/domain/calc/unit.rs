//! Units in calculations: registry codes as atoms with exponents, `g/L` taken apart.
//!
//! Two values may be added only in the same unit; from one unit of a dimension to another only
//! `convert` leads, so that nobody wonders where a factor came from.

use crate::domain::quantity::Quantity;
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

    /// The unit of a code; a code in braces, and one that cannot be taken apart, is an atom.
    #[must_use]
    pub fn of(code: &str) -> Self {
        let mut unit = Self::default();
        let (first, rest) = code.split_once('/').unwrap_or((code, ""));
        let below: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
        if code.contains('/') && below.iter().all(|part| units::find(part).is_some()) {
            unit.multiply(first, 1);
            below.iter().for_each(|part| unit.multiply(part, -1));
        } else {
            unit.multiply(code, 1);
        }
        unit
    }

    fn multiply(&mut self, atom: &str, exponent: i32) {
        let (atom, exponent) = match atom {
            "1" => return,
            "m2" => ("m", 2 * exponent),
            "cm2" => ("cm", 2 * exponent),
            atom => (atom, exponent),
        };
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
        let (from, to) = (self.reduced()?, to.reduced()?);
        if from.base != to.base {
            return None;
        }
        let above = from.above.checked_mul(to.below)?;
        Some((above, from.below.checked_mul(to.above)?))
    }

    fn reduced(&self) -> Option<Reduced> {
        let mut reduced =
            Reduced { above: Decimal::ONE, below: Decimal::ONE, base: Self::default() };
        for (atom, exponent) in &self.0 {
            let (factor, base, power) = scale(atom).unwrap_or((Decimal::ONE, atom.as_str(), 1));
            let times = Some(exponent.unsigned_abs()).filter(|times| *times <= MAX_EXPONENT)?;
            for _ in 0..times {
                let side = if *exponent > 0 { &mut reduced.above } else { &mut reduced.below };
                *side = side.checked_mul(factor).filter(|product| !product.is_zero())?;
            }
            reduced.base.multiply(base, exponent.checked_mul(power)?);
        }
        Some(reduced)
    }
}

/// The value of a quantity in another unit of the same dimension; nothing where it has none there.
#[must_use]
pub fn in_unit(quantity: &Quantity, unit: &str) -> Option<Decimal> {
    if quantity.unit == unit {
        return Some(quantity.value);
    }
    let (above, below) = Unit::of(&quantity.unit).factor(&Unit::of(unit))?;
    quantity.value.checked_mul(above)?.checked_div(below)
}

/// A unit in base units, with its factor as a fraction.
struct Reduced {
    above: Decimal,
    below: Decimal,
    base: Unit,
}

/// Factor, base unit and its exponent of the atoms that can be converted.
fn scale(atom: &str) -> Option<(Decimal, &'static str, i32)> {
    let ten = |power: u32| Decimal::new(1, power);
    let whole = |n: i64| Decimal::new(n, 0);
    Some(match atom {
        "t" => (whole(1_000_000), "g", 1),
        "kg" => (whole(1000), "g", 1),
        "g" => (whole(1), "g", 1),
        "mg" => (ten(3), "g", 1),
        "ug" => (ten(6), "g", 1),
        "ng" => (ten(9), "g", 1),
        "[lb_av]" => (Decimal::new(45_359_237, 5), "g", 1),
        "[oz_av]" => (Decimal::new(28_349_523_125, 9), "g", 1),
        "[gr]" => (Decimal::new(6_479_891, 8), "g", 1),
        "m3" => (whole(1), "m", 3),
        "L" => (ten(3), "m", 3),
        "dL" => (ten(4), "m", 3),
        "mL" => (ten(6), "m", 3),
        "uL" => (ten(9), "m", 3),
        "m" => (whole(1), "m", 1),
        "cm" => (ten(2), "m", 1),
        "mm" => (ten(3), "m", 1),
        "um" => (ten(6), "m", 1),
        "nm" => (ten(9), "m", 1),
        "s" => (whole(1), "s", 1),
        "min" => (whole(60), "s", 1),
        "h" => (whole(3600), "s", 1),
        "d" => (whole(86_400), "s", 1),
        "wk" => (whole(604_800), "s", 1),
        "mol" => (whole(1), "mol", 1),
        "mmol" => (ten(3), "mol", 1),
        "umol" => (ten(6), "mol", 1),
        "nmol" => (ten(9), "mol", 1),
        "%" => (ten(2), "1", 1),
        "[ppm]" => (ten(6), "1", 1),
        "[ppb]" => (ten(9), "1", 1),
        _ => return None,
    })
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("no unit");
        }
        if let Some(known) = units::ALL.iter().find(|unit| Self::of(unit.code) == *self) {
            return f.write_str(known.shown);
        }
        let part = |(atom, exponent): (&String, &i32)| match exponent {
            1 => units::shown(atom).to_owned(),
            n => format!("{}^{n}", units::shown(atom)),
        };
        let parts: Vec<_> = self.0.iter().map(part).collect();
        f.write_str(&parts.join("·"))
    }
}
