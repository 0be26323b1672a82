//! Limits of time.

use super::{at, word};
use crate::app::run::timers::Timed;
use crate::domain::clock::Instant;
use crate::domain::run::Run;
use crate::domain::run::time::{Limit, Reading, State, limits};
use serde::Serialize;
use utoipa::ToSchema;

/// Every limit of time of a run.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimersView {
    /// The server's clock (UTC).
    pub now: String,
    /// In the order of the process.
    pub timers: Vec<TimerView>,
}

/// A limit's times on one basis.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadingView {
    /// It began.
    #[schema(format = DateTime)]
    pub started_at: String,
    /// Due.
    #[schema(format = DateTime)]
    pub due_at: Option<String>,
    /// It ended.
    #[schema(format = DateTime)]
    pub ended_at: Option<String>,
}

/// A limit of time. The times that count are those of confirmed late entries, else the server's; a longest
/// time runs from the earliest start that anybody claims, confirmed or not.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimerView {
    /// Stable id, as in `timer/OP-01~1/01.2~1/hold`.
    pub id: String,
    /// `hold-time`, `period`, `check`, `ratification` or `risk`.
    pub sort: String,
    /// What is limited.
    pub what: String,
    /// The occurrence concerned.
    pub step: Option<String>,
    /// `pending`, `running`, `met`, `overdue`, `too-short` or `ended`.
    pub state: String,
    /// It began.
    #[schema(format = DateTime)]
    pub started_at: Option<String>,
    /// Not before.
    #[schema(format = DateTime)]
    pub earliest_at: Option<String>,
    /// People are warned from here on.
    #[schema(format = DateTime)]
    pub warn_at: Option<String>,
    /// Due.
    #[schema(format = DateTime)]
    pub due_at: Option<String>,
    /// Overdue beyond this: due and grace.
    pub overdue_after: Option<String>,
    /// It ended.
    #[schema(format = DateTime)]
    pub ended_at: Option<String>,
    /// Seconds until it is due, while it runs; negative beyond.
    pub remaining_seconds: Option<i64>,
    /// By the server's clock.
    pub recorded: Option<ReadingView>,
    /// By what late entries declare, confirmed or not.
    pub performed: Option<ReadingView>,
    /// Authorities any of which can meet it.
    pub who_can: Vec<String>,
    /// What its end decides: `continue`, `to-safe-point`, `gate` or `stop`.
    pub effect: String,
    /// When it was noticed that it ran out.
    #[schema(format = DateTime)]
    pub noticed_at: Option<String>,
    /// The exception that this opened.
    pub exception: Option<u32>,
}

/// A limit that runs, in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimerLine {
    /// Stable id.
    pub id: String,
    /// What is limited.
    pub what: String,
    /// `running` or `overdue`.
    pub state: String,
    /// Due.
    #[schema(format = DateTime)]
    pub due_at: Option<String>,
    /// Seconds until it is due; negative beyond.
    pub remaining_seconds: Option<i64>,
}

impl From<&Reading> for ReadingView {
    fn from(reading: &Reading) -> Self {
        Self {
            started_at: at(reading.started),
            due_at: reading.due.map(at),
            ended_at: reading.ended.map(at),
        }
    }
}

fn seconds(limit: &Limit) -> Option<i64> {
    limit.remaining.map(|micros| micros.div_euclid(1_000_000))
}

impl From<&Timed> for TimerView {
    fn from(timed: &Timed) -> Self {
        let Timed { limit, noticed } = timed;
        Self {
            id: limit.id.clone(),
            sort: word(&limit.sort),
            what: limit.what.clone(),
            step: limit.step.as_ref().map(ToString::to_string),
            state: word(&limit.state),
            started_at: limit.started.map(at),
            earliest_at: limit.earliest.map(at),
            warn_at: limit.warn_from.map(at),
            due_at: limit.due.map(at),
            overdue_after: limit.overdue_after.map(at),
            ended_at: limit.ended.map(at),
            remaining_seconds: seconds(limit),
            recorded: limit.recorded.as_ref().map(Into::into),
            performed: limit.performed.as_ref().map(Into::into),
            who_can: limit.who_can.iter().map(|one| one.as_str().to_owned()).collect(),
            effect: word(&limit.effect),
            noticed_at: noticed.as_ref().map(|noticed| at(noticed.at)),
            exception: noticed.as_ref().map(|noticed| noticed.exception),
        }
    }
}

/// All limits at a moment.
pub fn timers(now: Instant, list: &[Timed]) -> TimersView {
    TimersView { now: at(now), timers: list.iter().map(Into::into).collect() }
}

/// What runs now, overdue or not.
pub fn running(run: &Run, now: Instant) -> Vec<TimerLine> {
    let runs = |limit: &Limit| {
        matches!(limit.state, State::Running | State::Overdue) && limit.ended.is_none()
    };
    let line = |limit: Limit| TimerLine {
        remaining_seconds: seconds(&limit),
        state: word(&limit.state),
        due_at: limit.due.map(at),
        id: limit.id,
        what: limit.what,
    };
    limits(run, now).into_iter().filter(runs).map(line).collect()
}
