//! Times that must be kept between two moments: hold times. Not resettable: the longest time runs from the
//! first start, by the earliest time that anybody claims for it; the shortest from the last one before the
//! stop, by what counts. A correction moves none, and no declared absence ends or stops one.

use super::limit::{Limit, Sort, Span, State, plus};
use super::moment::{self, Reached};
use crate::domain::clock::Instant;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::timing::{Moment, MomentAt, Timer, shown};
use crate::domain::recipe::{Operation, Step};
use crate::domain::run::acts::condition;
use crate::domain::run::asked::performing;
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
    for of in operations(run, operation) {
        for k in 1..=awaited(run, operation, step, &of) {
            let key = StepKey { operation: of.clone(), step: step.id.clone(), k };
            for timer in &step.timers {
                list.push(one(run, operation, step, &key, timer, at));
            }
        }
    }
}

/// The occurrences of an operation that are there, or else the one that is awaited: the first.
pub(super) fn operations(run: &Run, operation: &Operation) -> Vec<OperationKey> {
    let mut operations: Vec<OperationKey> =
        run.operations.keys().filter(|key| key.op == operation.id).cloned().collect();
    if operations.is_empty() {
        operations.push(OperationKey { op: operation.id.clone(), n: 1 });
    }
    operations
}

/// The last occurrence of a step that is there or awaited: the first, or the partner of one that a timer begins
/// with.
pub(super) fn awaited(run: &Run, operation: &Operation, step: &Step, of: &OperationKey) -> u32 {
    let partners = step.timers.iter().map(|timer| {
        let partner = operation.steps.iter().find(|other| other.id == timer.starts.of);
        let paired = partner.filter(|other| step.order.repeats() && other.order.repeats());
        paired.map_or(1, |other| run.steps.newest(of, &other.id))
    });
    partners.max().unwrap_or(1).max(run.steps.newest(of, &step.id)).max(1)
}

/// One timer of one occurrence.
pub(super) fn one(
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
        Limit::pending(format!("timer/{key}/{}", timer.id), Sort::HoldTime, said(run, timer, key));
    limit.step = Some(key.clone());
    limit.effect = timer.on_expiry.unwrap_or(step.on_critical);
    limit.who_can = performing(step).to_vec();
    if let Some((_, ending)) = run.recipe.step(&stops.of) {
        limit.who_can = performing(ending).to_vec();
    }
    limit.waits = Some(stops.clone());
    let begun = run.steps.contains_key(key);
    let owed = operation.order.occurs().min > 0
        && step.order.occurs().min > 0
        && condition::leaves_out(run, key).is_none();
    let starts = moment::starts(run, &timer.starts, key);
    let Some(first) = starts.first().filter(|_| begun || owed) else { return limit };
    let length = |text: &Option<String>| run.recipe.length(text.as_ref());
    let (max, min) = (length(&timer.max), length(&timer.min));
    let grace = length(&timer.grace).unwrap_or(0);
    let ends = moment::stops(run, &stops, key);
    let stop = ends.into_iter().find(|end| end.recorded >= first.recorded);
    let over = || over(run, key, &stops, step).filter(|end| *end >= first.recorded);
    let stop = stop.or_else(|| over().map(Reached::ended));
    let judged = judge(limit, &starts, stop, (min, max, grace), at);
    let warning = length(&timer.warn_before);
    let warn_from = judged.due.zip(warning).map(|(due, before)| plus(due, -before));
    Limit { warn_from, ..judged }
}

/// The last start before the stop: a time not to be undercut is measured from there.
fn last(starts: &[Reached], stop: Option<Reached>) -> Option<Reached> {
    let before = |start: &&Reached| stop.is_none_or(|stop| start.recorded <= stop.recorded);
    starts.iter().rfind(before).copied()
}

/// Both bases: a limit that ran out by the server's clock stays so, whatever is confirmed later. The
/// longest time runs from the earliest start that is claimed: a claim can only shorten it. All else counts
/// as recorded, or as declared and confirmed, whichever is stricter.
fn judge(
    limit: Limit,
    starts: &[Reached],
    stop: Option<Reached>,
    (min, max, grace): (Option<i64>, Option<i64>, i64),
    at: Instant,
) -> Limit {
    let Some(first) = starts.first() else { return limit };
    let last = last(starts, stop).unwrap_or(*first);
    let claimed = starts.iter().map(Reached::earliest).min().unwrap_or(first.recorded);
    let declared = |reached: &Reached| reached.performed.unwrap_or(reached.recorded);
    let (began, said) = match max {
        Some(_) => (claimed, claimed),
        None => (first.counts(), declared(first)),
    };
    let span = |started: Instant| Span { started, max, grace };
    let end = |time: fn(&Reached) -> Instant| stop.map(|stop| (time(&stop), stop.done));
    let recorded = limit.clone().between(&span(began), end(|end| end.recorded), at);
    let counts = limit.between(&span(began), end(Reached::counts), at);
    let earliest = min.map(|min| plus(last.latest(), min));
    let short = earliest.zip(stop.filter(|stop| stop.done)).is_some_and(|(earliest, stop)| {
        stop.recorded < earliest || stop.counts() < plus(last.counts(), min.unwrap_or(0))
    });
    let is_declared = said != first.recorded || stop.is_some_and(|stop| stop.performed.is_some());
    let performed = is_declared.then(|| span(said).reading(stop.as_ref().map(declared)));
    let state = if recorded.state == State::Overdue {
        State::Overdue
    } else if short {
        State::TooShort
    } else {
        counts.state
    };
    let told = span(first.recorded).reading(stop.map(|stop| stop.recorded));
    Limit { state, earliest, recorded: Some(told), performed, ..counts }
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
    // Who declared the end absent closes nothing by closing what it stood in.
    let goes_on = moment::is_absent(run, stops, key);
    let (closed, complete) = (closed.filter(|_| !goes_on), complete.filter(|_| !goes_on));
    let aborted = run.aborted.as_ref().map(|(at, _)| *at);
    [closed, ended, declared, complete, aborted].into_iter().flatten().min()
}

/// The timer for people: its name, where, and what it asks.
fn said(run: &Run, timer: &Timer, key: &StepKey) -> String {
    let written = |text: &String| run.recipe.length(Some(text)).map_or_else(|| text.clone(), shown);
    let asks = match (&timer.min, &timer.max) {
        (Some(min), Some(max)) => format!("{} to {}", written(min), written(max)),
        (Some(min), None) => format!("at least {}", written(min)),
        (None, Some(max)) => format!("at most {}", written(max)),
        (None, None) => "measured".to_owned(),
    };
    format!("{} ({key}), {asks}", timer.name)
}
