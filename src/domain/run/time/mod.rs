//! Limits of time: what runs, what is due next, what ran out.
//!
//! One pure list of every limit of a run at a moment ([`limits`]), of which the run keeps those that are open
//! ([`keep`]). A limit never blocks a report: what ran out opens its exception
//! ([`crate::domain::run::acts::time`]), and that decides by its effect what may happen next.

mod beside;
pub mod kept;
pub mod limit;
pub mod measured;
pub mod moment;
mod period;
mod timer;

pub use kept::{keep, whole};
pub use limit::{Limit, Open, Reading, Sort, State};

use crate::domain::clock::Instant;
use crate::domain::run::{Phase, Run};

/// Every limit of time of a run, at a moment, in the order of the process.
#[must_use]
pub fn limits(run: &Run, at: Instant) -> Vec<Limit> {
    let mut list = Vec::new();
    for (operation, step) in run.recipe.steps() {
        if !step.timers.is_empty() {
            timer::collect(run, operation, step, at, &mut list);
        }
        if step.order.every.is_some() {
            period::collect(run, operation, step, at, &mut list);
        }
    }
    beside::checks(run, at, &mut list);
    beside::emergencies(run, at, &mut list);
    beside::risks(run, at, &mut list);
    list
}

/// Whether anything can still run out in a phase.
#[must_use]
pub fn is_watched(phase: Phase) -> bool {
    phase != Phase::Closed
}
