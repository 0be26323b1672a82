//! A step that repeats every so often: occurrence k+1 is due so long after occurrence k began, the first
//! one so long after what it runs beside began. Days are those of the calendar at the site.

use super::limit::{Limit, Sort, Span};
use crate::domain::clock::Instant;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::timing::{microseconds, next, period_shown};
use crate::domain::recipe::{Operation, Step};
use crate::domain::run::acts::condition;
use crate::domain::run::asked::performing;
use crate::domain::run::floor::EndingKind;
use crate::domain::run::{OperationRun, Run};

pub(super) fn collect(
    run: &Run,
    operation: &Operation,
    step: &Step,
    at: Instant,
    list: &mut Vec<Limit>,
) {
    for of in run.operations.keys().filter(|key| key.op == operation.id) {
        let span = span(run, of, step);
        let key = |k| StepKey { operation: of.clone(), step: step.id.clone(), k };
        list.extend((1..).map_while(|k| one(run, step, &key(k), span, at)));
    }
}

/// Since when a period runs, and until when.
pub(super) type Runs = (Option<Instant>, Option<Instant>);

/// Since when the period of a step runs in an occurrence of its operation; never, where that never began.
pub(super) fn span(run: &Run, of: &OperationKey, step: &Step) -> Runs {
    run.operations.get(of).map_or((None, None), |state| runs(run, of, state, step))
}

/// The id of an occurrence's period.
pub(super) fn id(key: &StepKey) -> String {
    format!("period/{key}")
}

/// The period of one occurrence, where those before it began; it has not begun as long as nobody awaits it.
pub(super) fn one(
    run: &Run,
    step: &Step,
    key: &StepKey,
    (begin, end): Runs,
    at: Instant,
) -> Option<Limit> {
    let every = step.order.every.as_ref().filter(|every| microseconds(every).is_ok())?;
    let grace = run.recipe.length(step.order.grace.as_ref()).unwrap_or(0);
    let most = step.order.occurs().max;
    let before = match key.k {
        _ if !run.operations.contains_key(&key.operation) => return None,
        0 => return None,
        k if most.is_some_and(|most| k > most) => return None,
        1 => begin,
        k => {
            let mut earlier = run.steps.up_to(&key.operation, &step.id, k - 1);
            if begin.is_none() || u32::try_from(earlier.len()) != Ok(k - 1) {
                return None;
            }
            earlier.next_back().map(|(_, state)| state.started_at)
        }
    };
    let began = run.steps.get(key).map(|state| state.started_at);
    let what = format!("{} ({key}), every {}", step.name, period_shown(every));
    let mut limit = Limit::pending(id(key), Sort::Period, what);
    limit.step = Some(key.clone());
    limit.effect = step.on_critical;
    limit.who_can = performing(step).to_vec();
    let left_out = condition::leaves_out(run, key).is_some();
    let Some(started) = before.filter(|_| !left_out) else { return Some(limit) };
    let ended = began.map(|at| (at, true)).or(end.map(|at| (at.max(started), false)));
    let due = next(every, started, &run.zone)?;
    let span = Span { started, max: Some(due.since(started)), grace };
    Some(limit.between(&span, ended, at))
}

/// Since when the period runs, and until when: with its operation, or what it runs beside (`while`).
fn runs(run: &Run, key: &OperationKey, state: &OperationRun, step: &Step) -> Runs {
    let own = (Some(state.started_at), over(state));
    let aborted = run.aborted.as_ref().map(|(at, _)| *at);
    let until = |end: Option<Instant>| [end, aborted].into_iter().flatten().min();
    let host = step.order.while_runs.as_ref().filter(|host| **host != key.op);
    let Some(host) = host else { return (own.0, until(own.1)) };
    let spans: Vec<(Instant, Option<Instant>)> = match run.recipe.step(host) {
        Some((operation, _)) => run
            .steps
            .seen_from(&operation.id, Some(key).filter(|_| operation.id == key.op), host, None)
            .map(|(_, state)| {
                let declared = state.not_performed.as_ref().map(|(_, signed)| signed.at);
                (state.started_at, state.completed_at.or(declared))
            })
            .collect(),
        None => run
            .operations
            .iter()
            .filter(|(at, _)| at.op == *host)
            .map(|(_, state)| (state.started_at, over(state)))
            .collect(),
    };
    let begin = spans.iter().map(|(begin, _)| *begin).min();
    let last = spans.iter().max_by_key(|(begin, _)| *begin);
    let end = last.and_then(|(_, end)| *end);
    let end = [end, own.1].into_iter().flatten().min();
    (begin.map(|begin| begin.max(state.started_at)), until(end))
}

/// Since when an operation's occurrence is over: closed, or ended early.
fn over(state: &OperationRun) -> Option<Instant> {
    let closed = state.closed.as_ref().map(|(at, _)| *at);
    let ended = state.ended.as_ref().filter(|ending| ending.kind == EndingKind::EarlyEnd);
    [closed, ended.map(|ending| ending.at)].into_iter().flatten().min()
}
