//! Folds a master's entries into its state.

use super::state::Master;
use crate::domain::command::{EvolveFault, Happened};

/// Folds one entry.
///
/// # Errors
/// Always, until the rules of a master are there.
pub fn evolve(_current: Option<Master>, happened: &Happened<'_>) -> Result<Master, EvolveFault> {
    Err(EvolveFault::of(happened, "not folded yet"))
}
