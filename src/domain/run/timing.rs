//! Limits of time in a run: what is running, what is due, what ran out.
//!
//! The events stand here; the rules in `acts/time`.

use crate::domain::clock::Instant;
use crate::domain::ids::StepKey;
use serde::{Deserialize, Serialize};

/// A limit of time ran out and was noticed: by the watch, or by the next act on the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdueNoticed {
    /// Stable id of the limit: `timer/OP~1/step~1/id`, `period/OP~1/step~4`, `emergency/2`.
    pub limit: String,
    /// What ran out, for people.
    pub what: String,
    /// Since when.
    pub due: Instant,
    /// The occurrence concerned, if one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepKey>,
    /// The exception it opened.
    pub exception: u32,
}

/// A limit that was noticed, as the run remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noticed {
    /// Since when it was overdue.
    pub due: Instant,
    /// When that was noticed.
    pub at: Instant,
    pub exception: u32,
}

/// Where the site's clock was set back while a run was under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetBack {
    /// The newest time of the run before.
    pub before: Instant,
    /// The first time after: an earlier one.
    pub after: Instant,
}

impl SetBack {
    /// Whether a time between two moments may lie across it. The hours that were counted twice cannot be told apart, so
    /// what touches them may.
    #[must_use]
    pub fn is_between(self, from: Instant, to: Instant) -> bool {
        from <= self.before && to >= self.after
    }
}
