//! Folds a lot's entries into its state.

use super::Lot;
use crate::domain::command::{EvolveFault, Happened};

/// Folds one entry.
///
/// # Errors
/// Always, until the rules of a lot are there.
pub fn evolve(_current: Option<Lot>, happened: &Happened<'_>) -> Result<Lot, EvolveFault> {
    Err(EvolveFault::of(happened, "not folded yet"))
}
