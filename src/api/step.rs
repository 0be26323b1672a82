//! The occurrence of a step that a path names: its key, and the part of the batch that it is.

use super::act::{Asking, malformed};
use super::query::Ordinal;
use super::told::{Asked, Shown};
use crate::app::run::part::PartView;
use crate::domain::ids::StepKey;
use crate::domain::refusal::{NOT_FOUND, Refusal};
use actix_web::web;

/// Batch, operation, its occurrence, step, its occurrence.
pub type StepPath = web::Path<(String, String, Ordinal, String, Ordinal)>;

/// The occurrence that a path names.
pub fn step_key(op: &str, n: Ordinal, step: &str, k: Ordinal) -> Result<StepKey, Refusal> {
    let (Ordinal(n), Ordinal(k)) = (n, k);
    format!("{op}~{n}/{step}~{k}").parse().map_err(malformed)
}

pub async fn one(asking: Asking, path: StepPath) -> Asked<PartView> {
    let (number, op, n, step, k) = path.into_inner();
    // An address that names no occurrence leads nowhere.
    let nowhere = |refusal: Refusal| Refusal::new(&NOT_FOUND, refusal.detail);
    let key = step_key(&op, n, &step, k).map_err(nowhere)?;
    let part = asking.ask(move |desk, caller| desk.part(caller, &number, &key)).await?;
    let version = part.step_view.version;
    Ok(Shown::at(part, version))
}
