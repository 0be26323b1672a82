//! The units registry: UCUM codes, or annotations declared here.
//!
//! A code never changes its meaning once released; units are only added.

use rust_decimal::Decimal;

/// A unit of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// UCUM code, or an annotation in braces.
    pub code: &'static str,
    /// As people read it.
    pub shown: &'static str,
    /// What it measures.
    pub measures: &'static str,
}

/// Systems of weight; one master record uses one of them (21 CFR 211.186(b)(4)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WeightSystem {
    /// Gram and its multiples.
    Metric,
    /// Pound, ounce, grain.
    Avoirdupois,
}

/// Finds a unit by its code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Unit> {
    ALL.iter().find(|unit| unit.code == code)
}

/// What is said of a code that is not registered.
#[must_use]
pub fn unknown(code: &str) -> String {
    format!("unit {code:?} is not in the registry of units")
}

/// The unit as people read it (its code, if unknown).
#[must_use]
pub fn shown(code: &str) -> &str {
    find(code).map_or(code, |unit| unit.shown)
}

/// Whether `sent` names the unit `code`: by its code or as people read it.
#[must_use]
pub fn names(code: &str, sent: &str) -> bool {
    sent == code || find(code).is_some_and(|unit| unit.shown == sent)
}

/// The system of weight a unit belongs to; `None` when it is no weight.
#[must_use]
pub fn weight_system(code: &str) -> Option<WeightSystem> {
    match code {
        "[lb_av]" | "[oz_av]" | "[gr]" => Some(WeightSystem::Avoirdupois),
        _ => find(code).filter(|unit| unit.measures == "mass").map(|_| WeightSystem::Metric),
    }
}

/// What one of a unit is in the base of its dimension, exactly: litres of a volume, grams of a mass.
fn in_base(code: &str) -> Option<(&'static str, Decimal)> {
    Some(match code {
        "t" => ("g", Decimal::new(1_000_000, 0)),
        "kg" => ("g", Decimal::new(1_000, 0)),
        "g" => ("g", Decimal::ONE),
        "mg" => ("g", Decimal::new(1, 3)),
        "ug" => ("g", Decimal::new(1, 6)),
        "ng" => ("g", Decimal::new(1, 9)),
        "[lb_av]" => ("g", Decimal::new(45_359_237, 5)),
        "[oz_av]" => ("g", Decimal::new(28_349_523_125, 9)),
        "[gr]" => ("g", Decimal::new(6_479_891, 8)),
        "m3" => ("L", Decimal::new(1_000, 0)),
        "L" => ("L", Decimal::ONE),
        "dL" => ("L", Decimal::new(1, 1)),
        "mL" => ("L", Decimal::new(1, 3)),
        "uL" => ("L", Decimal::new(1, 6)),
        _ => return None,
    })
}

/// The factors that turn a number of one unit into another: multiply by the first, divide by the second,
/// both exact. `None`: one says nothing of the other.
#[must_use]
pub fn convert(from: &str, to: &str) -> Option<(Decimal, Decimal)> {
    match (in_base(from), in_base(to)) {
        (Some((base, factor)), Some((other, divisor))) if base == other => Some((factor, divisor)),
        (None, None) if from == to => find(from).map(|_| (Decimal::ONE, Decimal::ONE)),
        (Some(_) | None, Some(_) | None) => None,
    }
}

macro_rules! units {
    ($($measures:literal: $($code:literal = $shown:literal),+;)*) => {
        /// All units, by what they measure.
        pub static ALL: &[Unit] = &[
            $($(Unit { code: $code, shown: $shown, measures: $measures },)+)*
        ];
    };
}

units! {
    "mass": "kg" = "kg", "g" = "g", "mg" = "mg", "ug" = "µg", "ng" = "ng", "t" = "t",
        "[lb_av]" = "lb", "[oz_av]" = "oz", "[gr]" = "gr";
    "volume": "L" = "L", "dL" = "dL", "mL" = "mL", "uL" = "µL", "m3" = "m³", "{CV}" = "CV",
        "{DV}" = "DV";
    "length": "m" = "m", "cm" = "cm", "mm" = "mm", "um" = "µm", "nm" = "nm";
    "area": "m2" = "m²", "cm2" = "cm²";
    "time": "s" = "s", "min" = "min", "h" = "h", "d" = "day", "wk" = "week", "mo" = "month",
        "a" = "year";
    "temperature": "Cel" = "degC", "K" = "K";
    "acidity": "[pH]" = "pH";
    "pressure": "bar" = "bar", "mbar" = "mbar", "Pa" = "Pa", "kPa" = "kPa", "MPa" = "MPa",
        "[psi]" = "psi", "mm[Hg]" = "mmHg";
    "fraction": "%" = "%", "[ppm]" = "ppm", "[ppb]" = "ppb", "%{sat}" = "% sat",
        "%{w/v}" = "% w/v", "%{w/w}" = "% w/w", "%{v/v}" = "% v/v", "%{WV}" = "% of WV",
        "{ratio}" = "ratio", "{X}" = "X";
    "mass concentration": "g/L" = "g/L", "mg/L" = "mg/L", "ug/L" = "µg/L", "mg/mL" = "mg/mL",
        "ug/mL" = "µg/mL", "ng/mL" = "ng/mL", "g/kg" = "g/kg", "ng/mg" = "ng/mg",
        "g/L{resin}" = "g/L resin";
    "amount": "mol" = "mol", "mmol" = "mmol", "mol/L" = "M", "mmol/L" = "mM", "umol/L" = "µM",
        "nmol/L" = "nM";
    "osmolality": "mosm" = "mOsm", "mosm/kg" = "mOsm/kg";
    "cells": "10*5.{vc}/mL" = "1e5 vc/mL", "10*6.{vc}/mL" = "1e6 vc/mL", "{vc}/mL" = "vc/mL",
        "{cells}" = "cells", "{vc}" = "vc";
    "microbial count": "[CFU]" = "cfu", "[CFU]/mL" = "cfu/mL", "[CFU]/L" = "cfu/L",
        "[CFU]/m3" = "cfu/m³", "[PFU]/mL" = "pfu/mL";
    "endotoxin": "[EU]/mL" = "EU/mL", "[EU]/mg" = "EU/mg";
    "activity": "[IU]" = "IU", "[IU]/mL" = "IU/mL", "U" = "U", "U/mL" = "U/mL";
    "rate": "1/d" = "1/day", "1/h" = "1/h", "1/min" = "rpm", "[g]" = "x g";
    "flow": "L/h" = "L/h", "L/min" = "L/min", "mL/min" = "mL/min", "kg/h" = "kg/h",
        "cm/h" = "cm/h", "L/m2/h" = "LMH", "{vvm}" = "vvm";
    "filter load": "L/m2" = "L/m2", "g/m2" = "g/m2";
    "conductivity": "mS/cm" = "mS/cm", "uS/cm" = "µS/cm";
    "turbidity": "{NTU}" = "NTU", "{FNU}" = "FNU";
    "absorbance": "{OD}" = "OD", "{OD_ascending}" = "OD ascending",
        "{OD_descending}" = "OD descending", "m{AU}" = "mAU";
    "power": "W" = "W", "kW" = "kW", "W/m3" = "W/m³", "V" = "V", "A" = "A", "J" = "J", "N" = "N",
        "N.m" = "N·m";
    "virus clearance": "{LRV}" = "LRV";
    "statistic": "{logit}" = "logit", "1" = "1";
    "count": "{cycle}" = "cycle", "{units}" = "units", "{labels}" = "labels", "{each}" = "pieces",
        "{particles}" = "particles", "{particles}/m3" = "particles/m³";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    // shows: T17
    #[test]
    fn every_code_is_declared_once_in_plain_letters() {
        let codes: BTreeSet<_> = ALL.iter().map(|unit| unit.code).collect();
        assert_eq!(codes.len(), ALL.len());
        let shown: BTreeSet<_> = ALL.iter().map(|unit| unit.shown).collect();
        assert_eq!(shown.len(), ALL.len(), "two units must not read alike");
        // UCUM codes are ASCII without blanks.
        assert!(ALL.iter().all(|unit| unit.code.bytes().all(|b| b.is_ascii_graphic())));
    }

    // shows: C211-186b
    #[test]
    fn weights_belong_to_one_system() {
        assert_eq!(weight_system("kg"), Some(WeightSystem::Metric));
        assert_eq!(weight_system("[lb_av]"), Some(WeightSystem::Avoirdupois));
        assert_eq!(weight_system("L"), None);
        assert!(names("Cel", "degC") && names("Cel", "Cel") && !names("Cel", "C"));
    }
}
