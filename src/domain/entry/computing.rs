//! How a computed kind asks for what it is computed from, without knowing what a run is.

use super::EntryValue;
use crate::domain::calc::Expr;
pub use crate::domain::calc::reference::{Reference, Which};
use crate::domain::clock::Instant;
use crate::domain::recipe::timing::Moment;
use crate::domain::words::Used;
use std::sync::Arc;

/// An entry's value that is known, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownEntry {
    /// Its place, as lineage names it.
    pub at: String,
    pub version: u32,
    pub value: EntryValue,
}

/// What is known around the entry that is computed.
pub trait Known {
    /// The values a reference leads to, in order of occurrence; empty: none yet.
    fn entries(&self, step: Option<&str>, entry: &str, which: Which) -> Vec<KnownEntry>;

    /// When a moment was, with its lineage: performed-at where a late entry declares it and a checker
    /// confirmed it, else recorded-at.
    fn moment(&self, moment: &Moment) -> Option<(Instant, Used)>;

    /// The server's clock at this act.
    fn at(&self) -> Instant;

    /// An expression that was read before; else whoever asks reads it.
    fn read(&self, _text: &str) -> Option<Arc<Expr>> {
        None
    }

    /// The run's alarms of a tag, in order.
    fn alarms(&self, _tag: &str) -> Vec<KnownAlarm> {
        Vec::new()
    }
}

/// An alarm that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAlarm {
    /// Its number.
    pub no: u32,
    /// Whether it may harm the product.
    pub critical: bool,
    /// Whether somebody acknowledged it.
    pub acknowledged: bool,
    /// As people read it.
    pub shown: String,
}

/// A computed value with its lineage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub value: EntryValue,
    /// The formula as applied, for people.
    pub formula: String,
    /// What it was computed from.
    pub used: Vec<Used>,
}
