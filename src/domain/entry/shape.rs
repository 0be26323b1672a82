//! The shape of a kind of entry in a master record: what its members look like, as JSON Schema.
//!
//! `recipe/schema.rs` puts the shapes of all kinds into the schema of a master record; what every entry has
//! stands there once, and here only what a kind adds.

/// What a kind adds to the members that every entry has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Members that may not be left out.
    pub required: &'static [&'static str],
    /// Members in the order people read them, each with its schema as JSON text: text keeps that order.
    pub members: &'static [(&'static str, &'static str)],
}

/// A unit code of the registry.
pub(super) const UNIT: &str = r##"{ "$ref": "#/$defs/unit" }"##;

/// A decimal, as text.
pub(super) const DECIMAL: &str = r##"{ "$ref": "#/$defs/decimal" }"##;

/// Limits by purpose.
pub(super) const LIMITS: &str = r##"{
    "description": "Limits, at most one for each purpose.",
    "type": "array", "items": { "$ref": "#/$defs/limit" }, "maxItems": 5
}"##;

/// Whether a time may lie ahead.
pub(super) const FUTURE: &str = r##"{
    "description": "It names a plan or an expiry, which may lie ahead. Absent: when something was done, which lies at most two minutes ahead, and is late beyond the time within which an entry is contemporaneous.",
    "type": "boolean"
}"##;

/// How many decimals are asked for.
pub(super) const DECIMALS: &str = r##"{
    "description": "Decimals asked for. A value with more or fewer is kept as written; nothing is rounded; fewer are marked.",
    "type": "integer", "minimum": 0, "maximum": 20
}"##;

/// Words that stand for a number.
pub(super) const WORDS: &str = r##"{
    "description": "Words that may be recorded instead of a number, each with the number that it stands for, in the unit of the entry: ND for <0.05, TNTC for >300.",
    "type": "object",
    "additionalProperties": {
        "description": "A number, perhaps behind <, ≤, > or ≥.",
        "type": "string", "minLength": 1, "maxLength": 40
    },
    "maxProperties": 20
}"##;

/// What a censored value stands for in a calculation.
pub(super) const CENSORED_AS: &str = r##"{
    "description": "What a censored value (<0.05, >300, or a word that stands for one) is in a calculation, a mean included: nothing is calculated with it (refuse, or absent); its bound; zero or half its bound, where it is less than that.",
    "enum": ["refuse", "bound", "zero", "half"]
}"##;
