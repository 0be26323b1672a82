//! The units registry: UCUM codes, or annotations declared here.

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

/// Finds a unit by its code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Unit> {
    ALL.iter().find(|unit| unit.code == code)
}

/// The unit as people read it (its code, if unknown).
#[must_use]
pub fn shown(code: &str) -> &str {
    find(code).map_or(code, |unit| unit.shown)
}

/// All units.
pub static ALL: &[Unit] = &[Unit { code: "[pH]", shown: "pH", measures: "acidity" }];
