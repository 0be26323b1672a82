//! Which facts question a released lot: each event of a run says what it does to one.
//!
//! The kind of fact decides, not a person. What is written after a lot was released and stands here as
//! *shown* puts it in question; what stands as *blocks* also keeps it from leaving and its children from
//! release, until quality has decided by signature (21 CFR 211.192, 211.180(e)).

use super::Run;
use crate::domain::clock::Instant;

/// What a fact that comes after the release does to a released lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Nothing: it was planned, or it is oversight itself.
    Nothing,
    /// The lot is in question; quality owes a decision, and nothing is blocked.
    Shown,
    /// The lot is in question and blocked: it is not shipped, and no child of it is released.
    Blocks,
}

impl Weight {
    /// The word in the matrix.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Shown => "shown",
            Self::Blocks => "blocks",
        }
    }
}

/// A fact that questions the released lots of its run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Questioning {
    /// Its entry in the run's chain.
    pub seq: u64,
    /// When it was written.
    pub at: Instant,
    /// What it says, for people.
    pub because: String,
    /// Whether it blocks.
    pub blocks: bool,
}

/// What an event is to a run of which a lot was ever released, or rejected and perhaps made good elsewhere: kept beside the run as it is folded, so that
/// nobody can forget to write it, and a lot that was put back meanwhile forgets nothing.
#[must_use]
pub fn questioning(
    run: &Run,
    seq: u64,
    at: Instant,
    weigh: impl FnOnce() -> (Weight, String),
) -> Option<Questioning> {
    if !run.lots.iter().any(|lot| lot.was_released || lot.disposition == "rejected") {
        return None;
    }
    match weigh() {
        (Weight::Nothing, _) => None,
        (Weight::Shown, because) => Some(Questioning { seq, at, because, blocks: false }),
        (Weight::Blocks, because) => Some(Questioning { seq, at, because, blocks: true }),
    }
}
