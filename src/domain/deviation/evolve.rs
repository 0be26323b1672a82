//! Folds a deviation's entries into its state.

use super::Deviation;
use crate::domain::command::{EvolveFault, Happened};

/// Folds one entry.
///
/// # Errors
/// Always, until the rules of a deviation are there.
pub fn evolve(
    _current: Option<Deviation>,
    happened: &Happened<'_>,
) -> Result<Deviation, EvolveFault> {
    Err(EvolveFault::of(happened, "not folded yet"))
}
