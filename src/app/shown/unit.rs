//! The units in which values are asked and read.

use crate::domain::units::{self, LISTED};
use serde::Serialize;
use utoipa::ToSchema;

/// Units: those that are listed, and how others are composed.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitsView {
    /// How a unit is written that is not listed.
    pub composed: &'static str,
    /// Listed units, by what they measure.
    pub units: Vec<UnitView>,
}

/// A unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitView {
    /// UCUM code, or an annotation in braces.
    pub code: String,
    /// As people read it.
    pub shown: String,
    /// What it measures.
    pub measures: String,
    /// How else it may be written.
    pub spellings: Vec<String>,
    /// Its base units: units with the same ones are converted into each other.
    pub base: String,
    /// What one of it is in base units, as an exact fraction.
    pub factor: String,
    /// What nought of it is in base units, as an exact fraction: of temperatures.
    pub offset: String,
}

/// How units that are not listed are written.
pub const COMPOSED: &str = "Any UCUM code over the atoms of these units, with prefixes: factors joined by `.` and `/`, \
    exponents behind them (m2, s-1), powers of ten (10*6), parentheses, and an annotation in braces ({vials}/min, \
    g/L{resin}). An annotation is converted into nothing but itself. Written as people do, it is understood too: µ, °, \
    ², blanks, `CFU/4 h`.";

/// All listed units.
#[must_use]
pub fn units() -> UnitsView {
    let view = |listed: &units::Listed| {
        let unit = units::find(listed.code)?;
        Some(UnitView {
            code: unit.code.clone(),
            shown: unit.shown.clone(),
            measures: unit.measures.to_owned(),
            spellings: listed.spellings.iter().map(|&spelling| spelling.to_owned()).collect(),
            base: unit.base(),
            factor: unit.factor.shown(),
            offset: unit.offset.shown(),
        })
    };
    UnitsView { composed: COMPOSED, units: LISTED.iter().filter_map(view).collect() }
}
