//! Master records are checked and played: the shipped ones, one with mistakes planted into it.

mod planted;
mod shipped;

use batchwright::domain::cross::play::{Examination, examine};
use serde_json::Value;
use std::time::{Duration, Instant};

/// A record of filling and finishing without any fault.
pub fn fill_finish() -> Value {
    serde_json::from_str(include_str!("fill-finish.json")).expect("JSON")
}

/// Everything that is wrong with a document, in the ten seconds that a server has.
pub fn examined(document: &Value) -> Examination {
    let begin = Instant::now();
    // A test is built without optimisation, and shares its machine.
    examine(document, &|| begin.elapsed() < Duration::from_mins(2))
}

/// Its findings as lines.
pub fn lines(found: &Examination) -> Vec<String> {
    found.findings.iter().map(|finding| finding.line()).collect()
}
