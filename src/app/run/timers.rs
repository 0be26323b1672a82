//! A run's limits of time, for screens.

use super::board::{by_due, part};
pub use super::kept::Timed;
use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::clock::Instant;
use crate::domain::policy::Authority;
use crate::domain::run::time::{Limit, Sort, State, limits};
use crate::store::journal::Page;
use crate::store::lists::Paging;

/// Which limits of time, over all batches.
#[derive(Debug, Clone, Default)]
pub struct TimersQuestion {
    /// Those that run, or those that are overdue.
    pub overdue: Option<bool>,
    pub sort: Option<Sort>,
    /// Of this batch.
    pub batch: Option<String>,
    /// Of this product code.
    pub product: Option<String>,
    /// Due before this moment.
    pub due: Option<Instant>,
    pub paging: Paging,
}

/// A limit of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimerOfRun {
    pub batch: String,
    pub product: String,
    pub timed: Timed,
}

impl Desk {
    /// The limits of time that stand, of every batch whose record is not final, what is due first before the rest.
    /// Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *read*; `not-found` for a batch that is none in the caller's scope.
    pub fn all_timers(
        &self,
        caller: &Caller,
        question: &TimersQuestion,
    ) -> Result<(Instant, Page<TimerOfRun>), Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        if let Some(batch) = &question.batch {
            self.run(caller, batch)?;
        }
        let scope = self.scope(caller)?;
        let mut found = Vec::new();
        for board in self.boards(|product| scope.reaches(product))? {
            let Some(run) = board.run() else { continue };
            let is =
                |asked: &Option<String>, own: &str| asked.as_deref().is_none_or(|it| it == own);
            if !is(&question.batch, &run.number) || !is(&question.product, &run.recipe.product.code)
            {
                continue;
            }
            for timed in &board.limits {
                let limit = &timed.limit;
                let overdue = limit.state == State::Overdue;
                let asked = question.overdue.is_none_or(|asked| asked == overdue)
                    && question.sort.is_none_or(|sort| sort == limit.sort)
                    && question.due.is_none_or(|before| limit.due.is_some_and(|due| due < before));
                if !asked {
                    continue;
                }
                let (batch, product) = (run.number.clone(), run.recipe.product.code.clone());
                let key = by_due(limit.due, limit.started, &format!("{batch}~{}", limit.id));
                found.push((key, TimerOfRun { batch, product, timed: timed.clone() }));
            }
        }
        Ok((self.time(), part(found, &question.paging)?))
    }

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
