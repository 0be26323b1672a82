//! How verdicts stand to a specification: outside, not told, within.

use crate::domain::limits::{Purpose, Side, Verdict};

/// How verdicts stand to a specification: the smaller, the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Outside.
    Outside,
    /// It cannot be told; that is not within.
    CannotBeTold,
    /// Within.
    Within,
}

impl Level {
    /// The words that are printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outside => "outside",
            Self::CannotBeTold => "not told to be within",
            Self::Within => "within",
        }
    }
}

/// How verdicts stand to the acceptance limit.
#[must_use]
pub fn level(verdicts: &[Verdict]) -> Level {
    let sides = verdicts.iter().filter(|v| v.purpose == Purpose::Acceptance).map(|v| v.side);
    let of = |side: Side| match side {
        Side::Within => Level::Within,
        Side::CannotBeTold => Level::CannotBeTold,
        Side::Below | Side::Above | Side::Other => Level::Outside,
    };
    sides.map(of).min().unwrap_or(Level::Within)
}

/// Whether verdicts say that a determination does not meet its specification.
#[must_use]
pub fn outside(verdicts: &[Verdict]) -> bool {
    verdicts.iter().any(|v| v.purpose == Purpose::Acceptance && v.side != Side::Within)
}
