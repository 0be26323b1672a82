//! A run's limits of time, for screens.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::clock::Instant;
use crate::domain::run::time::{Limit, limits};
use crate::domain::run::timing::Noticed;

/// A limit with what was noticed of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timed {
    pub limit: Limit,
    /// When it was noticed that it ran out, with the exception that this opened.
    pub noticed: Option<Noticed>,
}

impl Desk {
    /// Every limit of time of a run now. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn timers(&self, caller: &Caller, number: &str) -> Result<(Instant, Vec<Timed>), Failure> {
        let state = self.run(caller, number)?;
        let run = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
        let now = self.time();
        let noticed = |limit: Limit| Timed { noticed: run.noticed.get(&limit.id).cloned(), limit };
        Ok((now, limits(run, now).into_iter().map(noticed).collect()))
    }
}
