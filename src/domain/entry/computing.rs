//! How a computed kind asks for what it is computed from, without knowing what a run is.

use super::EntryValue;
use crate::domain::calc::Expr;
use crate::domain::calc::exact::Exact;
pub use crate::domain::calc::reference::{Reference, Which};
use crate::domain::calc::summary::Summary;
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
    /// The journal entry that the version stands in; 0 where it stands in none yet.
    pub seq: u64,
    pub value: EntryValue,
}

/// What is known around the entry that is computed.
pub trait Known {
    /// The values a reference leads to, in order of occurrence; empty: none yet.
    fn entries(&self, step: Option<&str>, entry: &str, which: Which) -> Vec<KnownEntry>;

    /// All values of a list, summed up, where that is kept; else whoever asks sums them up.
    fn list(&self, _step: Option<&str>, _entry: &str, _logarithms: bool) -> Option<Summary> {
        None
    }

    /// The middle of a list of numbers, where the list is kept sorted.
    fn median(&self, _step: Option<&str>, _entry: &str) -> Option<Exact> {
        None
    }

    /// The time from one moment to another, on every basis that somebody may claim.
    fn time(&self, _from: &Moment, _to: &Moment) -> Option<Time> {
        None
    }

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
    /// The places of what it stands on that somebody claims and nobody has checked: until then nothing is *within*.
    pub unchecked: Vec<String>,
}

/// A time between two moments, in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Time {
    /// As people say it was, and where they say nothing as the server's clock has it.
    pub said: i64,
    /// The shortest on any basis.
    pub shortest: i64,
    /// The longest on any basis.
    pub longest: i64,
    /// From which moment to which.
    pub used: Vec<Used>,
    /// The places of claims in it that nobody has checked.
    pub unchecked: Vec<String>,
}
