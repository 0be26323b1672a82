//! The occurrence of a step that a path names.

use super::act::malformed;
use super::query::Ordinal;
use crate::domain::ids::StepKey;
use crate::domain::refusal::Refusal;
use actix_web::web;

/// Batch, operation, its occurrence, step, its occurrence.
pub type StepPath = web::Path<(String, String, Ordinal, String, Ordinal)>;

/// The occurrence that a path names.
pub fn step_key(op: &str, n: Ordinal, step: &str, k: Ordinal) -> Result<StepKey, Refusal> {
    let (Ordinal(n), Ordinal(k)) = (n, k);
    format!("{op}~{n}/{step}~{k}").parse().map_err(malformed)
}
