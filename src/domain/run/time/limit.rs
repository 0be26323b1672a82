//! One limit of time: its sort, how it stands, and its times on every basis.

use crate::domain::clock::Instant;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::policy::Authority;
use crate::domain::recipe::timing::{Moment, MomentAt};
use crate::domain::run::Run;
use crate::domain::run::standing::is_accepted;
use crate::domain::run::state::Map;
use crate::domain::words::{EntryKey, OnCritical};
use serde::{Deserialize, Serialize};

/// Open limits by id, as they stand while none has run out by the clock alone.
pub type Open = Map<String, Limit>;

/// Sorts of limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// A time between two moments: a hold time.
    HoldTime,
    /// The next occurrence of a step that repeats every so often.
    Period,
    /// A verification by a second person.
    Check,
    /// The ratification of an emergency act.
    Ratification,
    /// Proceeding at risk, as long as it was accepted.
    Risk,
}

/// How a limit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It has not begun.
    Pending,
    /// It runs.
    Running,
    /// Kept.
    Met,
    /// It ran out, whether or not what it waited for came later.
    Overdue,
    /// What it waited for came too early.
    TooShort,
    /// Nothing is waited for any more: declared not performed, closed, ended or aborted.
    Ended,
}

/// A limit's times on one basis: as recorded, or as declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// It began.
    pub started: Instant,
    pub due: Option<Instant>,
    /// It ended.
    pub ended: Option<Instant>,
}

/// One limit of time of a run at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Stable id: `timer/OP~1/S~1/id`, `period/OP~1/S~4`, `check/OP~1/S~1/1`, `emergency/2`, `risk/G/0`.
    pub id: String,
    pub sort: Sort,
    /// What is limited, for people.
    pub what: String,
    /// The occurrence concerned.
    pub step: Option<StepKey>,
    /// How it stands.
    pub state: State,
    /// It began: the time that counts. For a longest time the earliest that anybody claims.
    pub started: Option<Instant>,
    /// Not before: the time that counts.
    pub earliest: Option<Instant>,
    /// People are warned from here on.
    pub warn_from: Option<Instant>,
    /// Due, without grace: the time that counts.
    pub due: Option<Instant>,
    /// Overdue beyond this: due and grace, the earliest on any basis.
    pub overdue_after: Option<Instant>,
    /// It ended: the time that counts.
    pub ended: Option<Instant>,
    /// Microseconds until it is due, while it runs; negative beyond.
    pub remaining: Option<i64>,
    /// By the server's clock.
    pub recorded: Option<Reading>,
    /// By what is declared, confirmed or not; where anything is.
    pub performed: Option<Reading>,
    /// Which authorities can meet it, any of them.
    pub who_can: Vec<Authority>,
    /// What its end decides about what may happen next.
    pub effect: OnCritical,
    /// What it waits for, where an act ends it.
    pub(super) waits: Option<Moment>,
}

impl Limit {
    pub(super) fn pending(id: String, sort: Sort, what: String) -> Self {
        Self {
            id,
            sort,
            what,
            step: None,
            state: State::Pending,
            started: None,
            earliest: None,
            warn_from: None,
            due: None,
            overdue_after: None,
            ended: None,
            remaining: None,
            recorded: None,
            performed: None,
            who_can: Vec::new(),
            effect: OnCritical::Continue,
            waits: None,
        }
    }

    /// A limit that began, with its end where it has one (`true`: what it waits for came).
    pub(super) fn between(
        mut self,
        span: &Span,
        ended: Option<(Instant, bool)>,
        at: Instant,
    ) -> Self {
        self.started = Some(span.started);
        self.due = span.max.map(|max| plus(span.started, max));
        self.overdue_after = self.due.map(|due| plus(due, span.grace));
        self.ended = ended.map(|(end, _)| end);
        self.recorded = Some(span.reading(self.ended));
        let until = self.ended.unwrap_or(at);
        self.state = if self.overdue_after.is_some_and(|after| until > after) {
            State::Overdue
        } else {
            match ended {
                None => State::Running,
                Some((_, true)) => State::Met,
                Some((_, false)) => State::Ended,
            }
        };
        self.remaining = self.due.filter(|_| ended.is_none()).map(|due| due.since(at));
        self
    }

    /// Whether a moment is what it waits for. What comes from an occurrence that was found running is not,
    /// before quality has triaged it.
    pub(in crate::domain::run) fn ends_with(&self, run: &Run, mark: Mark<'_>) -> bool {
        let (Some(waits), Some(own)) = (&self.waits, &self.step) else { return false };
        let step = |key: &StepKey| {
            key.step == waits.of
                && (key.step != own.step || key == own)
                && (key.operation.op != own.operation.op || key.operation == own.operation)
        };
        let accepted =
            |key: &StepKey| run.steps.get(key).is_some_and(|state| is_accepted(run, state));
        match (waits.at, mark) {
            (MomentAt::Started, Mark::Started(key)) => step(key) || key.operation.op == waits.of,
            (MomentAt::Completed, Mark::Completed(key)) => step(key) && accepted(key),
            (MomentAt::Completed, Mark::Closed(operation)) => operation.op == waits.of,
            (MomentAt::Entry, Mark::Recorded(at)) => {
                at.step.as_ref().is_some_and(|key| step(key) && accepted(key))
                    && waits.entry.as_ref() == Some(&at.entry)
            }
            (MomentAt::Started | MomentAt::Completed | MomentAt::Entry, _) => false,
        }
    }
}

/// A moment that a limit may wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark<'e> {
    /// An occurrence of a step began with permission.
    Started(&'e StepKey),
    /// An occurrence of a step was completed.
    Completed(&'e StepKey),
    /// An occurrence of an operation was closed.
    Closed(&'e OperationKey),
    /// A value was recorded.
    Recorded(&'e EntryKey),
}

/// When something began and how long it may take, in microseconds.
pub(super) struct Span {
    pub(super) started: Instant,
    pub(super) max: Option<i64>,
    pub(super) grace: i64,
}

impl Span {
    pub(super) fn reading(&self, ended: Option<Instant>) -> Reading {
        let due = self.max.map(|max| plus(self.started, max));
        Reading { started: self.started, due, ended }
    }
}

pub(super) fn plus(at: Instant, microseconds: i64) -> Instant {
    Instant(at.0.saturating_add(microseconds))
}
