//! What is foreseen of a run, who could act on it, and what would be handed over.

use crate::domain::clock::Instant;
use crate::domain::run::floor::{HandoverRun, HandoverSection};
pub use crate::domain::run::preflight::Foreseen;

/// What is foreseen of a run.
#[derive(Debug)]
pub struct Ahead {
    /// From this moment.
    pub at: Instant,
    /// Up to this one.
    pub until: Instant,
    /// What is foreseen; with each who could act, for readers who may see persons.
    pub foreseen: Vec<(Foreseen, Option<Able>)>,
}

/// Who could act on something foreseen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Able {
    /// User names of some who are active, hold an authority for it here and, where it takes independence of
    /// the run, took no part in it.
    pub persons: Vec<String>,
    /// Why nobody of the site can, where nobody can although somebody should.
    pub nobody: Option<String>,
}

/// The handover of a run, and those there have been.
#[derive(Debug)]
pub struct Handing {
    /// Computed for this moment.
    pub at: Instant,
    /// What would be handed over.
    pub sections: Vec<HandoverSection>,
    /// Handovers so far.
    pub past: Vec<HandoverRun>,
}
