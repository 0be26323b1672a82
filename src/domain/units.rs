//! The units registry: UCUM codes, composed as the grammar lets, and annotations; converted exactly.
//!
//! `docs/units.md` and `GET /api/v1/units` say what is listed; what is composed of its atoms is a unit too.

mod atoms;
mod list;
mod spelling;
mod term;
#[cfg(test)]
mod tests;

pub use list::{LISTED, Listed};

use super::quantity::ratio::Ratio;
use super::refusal::quoted;
use rust_decimal::Decimal;
use std::borrow::Cow;
use term::{Dimension, Term};

/// A unit of the registry, or one that is composed of its atoms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// UCUM code, or an annotation in braces.
    pub code: String,
    /// As people read it.
    pub shown: String,
    /// What it measures.
    pub measures: &'static str,
    /// What one of it is in base units.
    pub factor: Ratio,
    /// What nought of it is in base units: of temperatures.
    pub offset: Ratio,
    dimension: Dimension,
}

/// How a number of one unit becomes one of another: times the factor, plus the offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conversion {
    pub factor: Ratio,
    pub offset: Ratio,
}

/// A converted number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Converted {
    pub value: Decimal,
    /// Whether that is all of its digits; where not, it keeps 28 ([`Ratio::decimal`]).
    pub exact: bool,
    /// The fraction that it is, where those are not all.
    pub fraction: Option<Ratio>,
    /// Whether digits after the point mean what they meant before: only the point moved.
    pub keeps_places: bool,
}

/// Systems of weight; one master record uses one of them (21 CFR 211.186(b)(4)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WeightSystem {
    /// Gram and its multiples.
    Metric,
    /// Pound, ounce, grain.
    Avoirdupois,
}

impl Unit {
    fn of(code: String) -> Option<Self> {
        let term = parsed(&code)?;
        let (factor, dimension) = term.worth()?;
        let listed = spelling::listed(&code);
        let like =
            || LISTED.iter().find(|unit| dimension_of(unit.code).as_ref() == Some(&dimension));
        let measures = listed.or_else(like).map_or("composed", |unit| unit.measures);
        let shown = listed.map_or_else(|| term.shown(), |unit| unit.shown.to_owned());
        let offset = offset(&term);
        Some(Self { code, shown, measures, factor, offset, dimension })
    }

    /// Its base units with their exponents, as in `g.m-3`.
    #[must_use]
    pub fn base(&self) -> String {
        let part = |(name, power): (&String, &i32)| match power {
            1 => name.clone(),
            power => format!("{name}{power}"),
        };
        let parts: Vec<_> = self.dimension.iter().map(part).collect();
        if parts.is_empty() { "1".to_owned() } else { parts.join(".") }
    }

    /// How a number of this unit becomes one of another; `None`: one says nothing of the other.
    #[must_use]
    pub fn to(&self, other: &Self) -> Option<Conversion> {
        if self.dimension != other.dimension {
            return None;
        }
        let factor = self.factor.over(other.factor)?;
        let offset = self.offset.minus(other.offset)?.over(other.factor)?;
        Some(Conversion { factor, offset })
    }
}

impl Conversion {
    /// The number in the other unit; `None`: it has too many digits there.
    #[must_use]
    pub fn apply(&self, number: Decimal) -> Option<Converted> {
        self.apply_written(number, i64::from(number.scale()))
    }

    /// The same of a number whose last written place is known: -5 of `1.0e6`.
    #[must_use]
    pub fn apply_written(&self, number: Decimal, place: i64) -> Option<Converted> {
        let exact = Ratio::of(number).times(self.factor)?.plus(self.offset)?;
        let (value, is_exact) = exact.decimal()?;
        let fraction = Some(exact).filter(|_| !is_exact);
        let moved = if self.offset == Ratio::ZERO { self.factor.tens() } else { None };
        let place = match moved {
            Some(power) => place - i64::from(power),
            None if self.factor == Ratio::ONE => place,
            None => {
                return Some(Converted { value, exact: is_exact, fraction, keeps_places: false });
            }
        };
        let place = u32::try_from(place.max(i64::from(value.scale()))).ok()?;
        let (mut kept, exact) = (value, is_exact);
        kept.rescale(place.min(28));
        let value = if kept == value { kept } else { value };
        Some(Converted { value, exact, fraction, keeps_places: true })
    }
}

/// A listed code is parsed as it stands, but for what the grammar would read otherwise.
fn parsed(code: &str) -> Option<Term> {
    match code {
        // The grammar reads a metre under an annotation; it always meant a thousandth of `{AU}`.
        "m{AU}" => term::parse("10*-3.{AU}"),
        code => term::parse(code),
    }
}

fn dimension_of(code: &str) -> Option<Dimension> {
    parsed(code)?.worth().map(|(_, dimension)| dimension)
}

/// What nought of a temperature is in kelvin.
fn offset(term: &Term) -> Ratio {
    let of = |above, below| Ratio::new(above, below).unwrap_or(Ratio::ZERO);
    match term.alone().map(|atom| atom.code) {
        Some("Cel") => of(27_315, 100),
        Some("[degF]") => of(45_967, 180),
        Some(_) | None => Ratio::ZERO,
    }
}

/// Finds a unit by its code, or as people write it.
#[must_use]
pub fn find(text: &str) -> Option<Unit> {
    Unit::of(spelling::code(text)?)
}

/// The one code of a unit, however it is written; what is none stays as it stands.
#[must_use]
pub fn code(text: &str) -> Cow<'_, str> {
    spelling::code(text).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// What is said of a code that is not registered.
#[must_use]
pub fn unknown(code: &str) -> String {
    match spelling::taught(code) {
        Some(taught) => format!("unit {}: {taught}", quoted(code)),
        None => format!("unit {} is not in the registry of units", quoted(code)),
    }
}

/// What to write instead of a unit that hardly anybody means, with what was sent; `None`: there is nothing to teach.
#[must_use]
pub fn taught(sent: &str) -> Option<String> {
    spelling::taught(sent).map(|taught| format!("{}: {taught}", quoted(sent)))
}

/// The unit as people read it (its code, if unknown).
#[must_use]
pub fn shown(code: &str) -> Cow<'_, str> {
    match spelling::listed(code) {
        Some(unit) => Cow::Borrowed(unit.shown),
        None => find(code).map_or(Cow::Borrowed(code), |unit| Cow::Owned(unit.shown)),
    }
}

/// Whether `sent` names the unit `code`: by its code or as people write it.
#[must_use]
pub fn names(code: &str, sent: &str) -> bool {
    if sent == code {
        return true;
    }
    match (spelling::code(code), spelling::code(sent)) {
        (Some(code), Some(sent)) => code == sent,
        (Some(code), None) => spelling::alike(&shown(&code), sent),
        (None, _) => false,
    }
}

/// The listed units into which a unit converts, as people read them.
#[must_use]
pub fn convertible(code: &str) -> Vec<&'static str> {
    let dimension = find(code).map(|unit| unit.dimension);
    let like = |unit: &&Listed| dimension.is_some() && dimension_of(unit.code) == dimension;
    LISTED.iter().filter(like).map(|unit| unit.shown).collect()
}

/// The system of weight a unit belongs to; `None` when it is no weight.
#[must_use]
pub fn weight_system(code: &str) -> Option<WeightSystem> {
    match self::code(code).as_ref() {
        "[lb_av]" | "[oz_av]" | "[gr]" => Some(WeightSystem::Avoirdupois),
        code => (dimension_of(code)? == dimension_of("g")?).then_some(WeightSystem::Metric),
    }
}

/// A number of one unit in another, exactly; `None`: one says nothing of the other, or it has too many digits.
#[must_use]
pub fn in_unit(number: Decimal, from: &str, to: &str) -> Option<Converted> {
    if names(to, from) {
        return find(to).map(|_| Converted {
            value: number,
            exact: true,
            fraction: None,
            keeps_places: true,
        });
    }
    find(from)?.to(&find(to)?)?.apply(number)
}

/// The factors that turn a number of one unit into another: multiply by the first, divide by the second,
/// both exact. `None`: one says nothing of the other, or they begin at another nought (temperatures).
#[must_use]
pub fn convert(from: &str, to: &str) -> Option<(Decimal, Decimal)> {
    let conversion = find(from)?.to(&find(to)?)?;
    Some(conversion).filter(|it| it.offset == Ratio::ZERO)?.factor.parts()
}

/// The factor of a unit to its base and its base, where it is linear there: for calculations, atom by atom.
#[must_use]
pub fn base_of(atom: &str) -> Option<(Ratio, Vec<(String, i32)>)> {
    let term = parsed(atom)?;
    if offset(&term) != Ratio::ZERO {
        return None;
    }
    let (factor, dimension) = term.worth()?;
    Some((factor, dimension.into_iter().collect()))
}

/// The atoms of a unit with their exponents, as calculations multiply them; `None`: it is no unit.
#[must_use]
pub fn atoms(text: &str) -> Option<Vec<(String, i32)>> {
    let code = spelling::code(text)?;
    if code == "m{AU}" {
        return Some(vec![(code, 1)]);
    }
    Some(parsed(&code)?.atoms())
}
