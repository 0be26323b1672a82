//! Times that must be kept between two moments: hold times. Not resettable: the longest time runs from the
//! first start, the shortest from the last one before the stop, and a correction moves none.

use super::moment::{Reached, reached};
use super::{Limit, Sort, Span, State, length, plus};
use crate::domain::clock::Instant;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::master::timing::{Moment, MomentAt, Timer};
use crate::domain::master::{Operation, Step};
use crate::domain::run::decide::{access, condition};
use crate::domain::run::floor::EndingKind;
use crate::domain::run::{Run, StepPhase};

/// The timers that a step declares, of each occurrence that is there or awaited.
pub(super) fn collect(
    run: &Run,
    operation: &Operation,
    step: &Step,
    at: Instant,
    list: &mut Vec<Limit>,
) {
    for key in occurrences(run, operation, step) {
        for timer in &step.timers {
            list.push(one(run, operation, step, &key, timer, at));
        }
    }
}

/// Occurrences that are there, and the one that is awaited: the first, or the partner of one that a timer
/// begins with.
fn occurrences(run: &Run, operation: &Operation, step: &Step) -> Vec<StepKey> {
    let mut operations: Vec<OperationKey> =
        run.operations.keys().filter(|key| key.op == operation.id).cloned().collect();
    if operations.is_empty() {
        operations.push(OperationKey { op: operation.id.clone(), n: 1 });
    }
    let mut keys = Vec::new();
    for of in operations {
        let newest = |id: &str| {
            let there = run.steps.keys().filter(|key| key.operation == of && key.step == id);
            there.map(|key| key.k).max().unwrap_or(0)
        };
        let partners = step.timers.iter().map(|timer| {
            let partner = operation.steps.iter().find(|other| other.id == timer.starts.of);
            let paired = partner.filter(|other| step.order.repeats() && other.order.repeats());
            paired.map_or(1, |other| newest(&other.id))
        });
        let last = partners.max().unwrap_or(1).max(newest(&step.id)).max(1);
        keys.extend((1..=last).map(|k| StepKey {
            operation: of.clone(),
            step: step.id.clone(),
            k,
        }));
    }
    keys
}

fn one(
    run: &Run,
    operation: &Operation,
    step: &Step,
    key: &StepKey,
    timer: &Timer,
    at: Instant,
) -> Limit {
    let own = Moment { of: step.id.clone(), at: MomentAt::Completed, entry: None };
    let stops = timer.stops.clone().unwrap_or(own);
    let mut limit =
        Limit::pending(format!("timer/{key}/{}", timer.id), Sort::HoldTime, said(timer, key));
    limit.step = Some(key.clone());
    limit.effect = timer.on_expiry.unwrap_or(step.on_critical);
    limit.who_can = access::performing(step).to_vec();
    if let Some((_, ending)) = run.recipe.step(&stops.of) {
        limit.who_can = access::performing(ending).to_vec();
    }
    limit.waits = Some(stops.clone());
    let begun = run.steps.contains_key(key);
    let owed = operation.order.occurs().min > 0
        && step.order.occurs().min > 0
        && condition::leaves_out(run, key).is_none();
    let starts: Vec<Reached> =
        reached(run, &timer.starts, key).into_iter().filter(|start| start.done).collect();
    let Some(first) = starts.first().filter(|_| begun || owed) else { return limit };
    let ends = reached(run, &stops, key);
    let (max, min) = (length(timer.max.as_ref()), length(timer.min.as_ref()));
    let grace = length(timer.grace.as_ref()).unwrap_or(0);
    let stop = ends.iter().find(|end| end.recorded >= first.recorded).copied();
    let start = (*first, last(&starts, stop).unwrap_or(*first));
    let over = || over(run, key, &stops, step).filter(|end| *end >= first.recorded);
    let stop = stop.or_else(|| {
        over().map(|recorded| Reached { recorded, performed: None, confirmed: false, done: false })
    });
    let judged = judge(limit, start, stop, (min, max, grace), at);
    let warning = length(timer.warn_before.as_ref());
    let warn_from = judged.due.zip(warning).map(|(due, before)| plus(due, -before));
    Limit { warn_from, ..judged }
}

/// The last start before the stop: a time not to be undercut is measured from there.
fn last(starts: &[Reached], stop: Option<Reached>) -> Option<Reached> {
    let before = |start: &&Reached| stop.is_none_or(|stop| start.recorded <= stop.recorded);
    starts.iter().rfind(before).copied()
}

/// Both bases: a limit that ran out by the server's clock stays so, whatever is confirmed later.
fn judge(
    limit: Limit,
    (start, last): (Reached, Reached),
    stop: Option<Reached>,
    (min, max, grace): (Option<i64>, Option<i64>, i64),
    at: Instant,
) -> Limit {
    let span = |started: Instant| Span { started, max, grace };
    let end = |time: fn(&Reached) -> Instant| stop.map(|stop| (time(&stop), stop.done));
    let recorded = limit.clone().between(&span(start.recorded), end(|end| end.recorded), at);
    let counts = limit.between(&span(start.counts()), end(Reached::counts), at);
    let short = |time: fn(&Reached) -> Instant| {
        let stopped = stop.as_ref().filter(|stop| stop.done);
        let length = stopped.map(|stop| time(stop).since(time(&last)));
        min.zip(length).is_some_and(|(min, length)| length < min)
    };
    let declared = |reached: &Reached| reached.performed.unwrap_or(reached.recorded);
    let is_declared = start.performed.is_some() || stop.is_some_and(|s| s.performed.is_some());
    let performed =
        is_declared.then(|| span(declared(&start)).reading(stop.as_ref().map(declared)));
    let state = if recorded.state == State::Overdue {
        State::Overdue
    } else if short(|end| end.recorded) || short(Reached::counts) {
        State::TooShort
    } else {
        counts.state
    };
    Limit {
        state,
        earliest: min.map(|min| plus(last.counts(), min)),
        overdue_after: recorded.overdue_after.min(counts.overdue_after),
        recorded: recorded.recorded,
        performed,
        ..counts
    }
}

/// Since when nothing can end it any more: its occurrence declared not performed, the operation it waits
/// in closed or ended, execution complete, or the run aborted.
fn over(run: &Run, key: &StepKey, stops: &Moment, step: &Step) -> Option<Instant> {
    let awaited = run.recipe.step(&stops.of).map_or(stops.of.as_str(), |(op, _)| op.id.as_str());
    let operation = run.operations.get(&key.operation).filter(|_| awaited == key.operation.op);
    let closed = operation.and_then(|state| state.closed.as_ref()).map(|(at, _)| *at);
    let ended = operation.and_then(|state| state.ended.as_ref());
    let ended = ended.filter(|ending| ending.kind == EndingKind::EarlyEnd).map(|end| end.at);
    let own = run.steps.get(key).filter(|state| state.phase == StepPhase::NotPerformed);
    let declared = own.and_then(|state| state.not_performed.as_ref()).map(|(_, signed)| signed.at);
    let declared = declared.filter(|_| stops.of == step.id);
    let complete = run.completed.as_ref().map(|(at, _)| *at);
    let aborted = run.aborted.as_ref().map(|(at, _)| *at);
    [closed, ended, declared, complete, aborted].into_iter().flatten().min()
}

/// The timer for people: its name, where, and what it asks.
fn said(timer: &Timer, key: &StepKey) -> String {
    let asks = match (&timer.min, &timer.max) {
        (Some(min), Some(max)) => format!("{} to {}", written(min), written(max)),
        (Some(min), None) => format!("at least {}", written(min)),
        (None, Some(max)) => format!("at most {}", written(max)),
        (None, None) => "measured".to_owned(),
    };
    format!("{} ({key}), {asks}", timer.name)
}

fn written(text: &str) -> String {
    use crate::domain::master::timing::{microseconds, shown};
    microseconds(text).map_or_else(|_| text.to_owned(), shown)
}
