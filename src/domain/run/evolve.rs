//! Folds a run's entries into its state.

use super::Run;
use crate::domain::command::{EvolveFault, Happened};
use crate::domain::master::MasterRecord;
use std::sync::Arc;

/// Folds one entry.
///
/// # Errors
/// Always, until the rules of a run are there.
pub fn evolve(
    _current: Option<Run>,
    happened: &Happened<'_>,
    _recipe: Option<Arc<MasterRecord>>,
) -> Result<Run, EvolveFault> {
    Err(EvolveFault::of(happened, "not folded yet"))
}
