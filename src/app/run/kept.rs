//! What waits in each run that is not over, as it was last found.

use crate::domain::clock::Instant;
use crate::domain::run::Run;
use crate::domain::run::time::Limit;
use crate::domain::run::timing::Noticed;
use crate::domain::run::work::Task;
use crate::domain::state::State;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// A limit with what was noticed of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timed {
    pub limit: Limit,
    /// When it was noticed that it ran out, with the exception that this opened.
    pub noticed: Option<Noticed>,
}

/// What waits in a run.
pub struct Board {
    pub state: Arc<State>,
    /// What waits, for whomever.
    pub tasks: Vec<Task>,
    /// The limits of time that stand, overdue or not.
    pub limits: Vec<Timed>,
    /// It is true until then, if nothing happens.
    pub until: Instant,
}

impl Board {
    /// The run.
    #[must_use]
    pub fn run(&self) -> Option<&Run> {
        self.state.as_run()
    }
}

/// By run, with the sequence at which it was found.
pub type ByRun = HashMap<Uuid, (i64, Arc<Board>)>;

/// The boards of runs.
#[derive(Default)]
pub struct Boards(Mutex<ByRun>);

impl Boards {
    /// All of them, to look or to change.
    pub fn lock(&self) -> MutexGuard<'_, ByRun> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
