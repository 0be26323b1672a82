//! Values that the server computes: calculations, durations, timers, yields, with their lineage.

use super::{Content, EntryVersion};
use crate::domain::entry::EntryValue;
use crate::domain::entry::computing::Outcome;
use crate::domain::limits::Verdict;
use crate::domain::words::{EntryKey, Used};
use serde::{Deserialize, Serialize};

/// A value computed by the server, for the first time or anew because an input changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Computed {
    /// Where.
    pub at: EntryKey,
    /// From 1.
    pub version: u32,
    /// What stood there before, as people read it; empty for the first.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub old: String,
    /// The value; none where it can no longer be computed, and `cause` says why.
    pub value: Option<EntryValue>,
    pub verdicts: Vec<Verdict>,
    /// The formula as applied.
    pub formula: String,
    /// What it was computed from.
    pub used: Vec<Used>,
    /// The places of claims that it stands on and nobody has checked: until then nothing is *within*.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unchecked: Vec<String>,
    /// Why it was computed now: the act that it follows from.
    pub cause: String,
    /// What was done relying on the value this one replaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub superseded_uses: Vec<String>,
    /// Whether it owes a check, in which the checker's act recomputes it.
    pub check_owed: bool,
    /// Exceptions it opened.
    pub exceptions: Vec<u32>,
}

/// Whether a version says what was computed, from the same versions of the same inputs.
#[must_use]
pub fn agrees(version: &EntryVersion, outcome: &Outcome) -> bool {
    matches!(&version.content, Content::Value(value) if *value == outcome.value)
        && version.unchecked == outcome.unchecked
        && version.lineage.len() == outcome.used.len()
        && version.lineage.iter().zip(&outcome.used).all(|(a, b)| a.is_same(b))
}
