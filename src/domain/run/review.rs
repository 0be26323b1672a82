//! Which review of record and audit trail stands.

use super::{Review, Run};

/// The review that stands, if any.
#[must_use]
pub fn standing(run: &Run) -> Option<&Review> {
    run.reviews.last().filter(|review| review.lapsed.is_none())
}
