//! Master records are checked and played: the shipped ones, one with mistakes planted into it.

mod hostile;
mod planted;
mod shipped;

use batchwright::domain::cross::play::{Budget, Examination, examine};
use serde_json::Value;

/// A record of filling and finishing without any fault.
pub fn fill_finish() -> Value {
    serde_json::from_str(include_str!("fill-finish.json")).expect("JSON")
}

/// Everything that is wrong with a document, with the work that a submission may be.
pub fn examined(document: &Value) -> Examination {
    examined_within(document, Budget::WHOLE)
}

/// The same with another bound.
pub fn examined_within(document: &Value, budget: Budget) -> Examination {
    examine(document, budget, &|| true).expect("no clock looks")
}

/// Its findings as lines.
pub fn lines(found: &Examination) -> Vec<String> {
    found.findings.iter().map(|finding| finding.line()).collect()
}
