//! A step that repeats every so often: occurrence k+1 is due so long after occurrence k began, the first
//! one so long after what it runs beside began.

use super::{Limit, Sort, Span, length};
use crate::domain::clock::Instant;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::timing::shown;
use crate::domain::recipe::{Operation, Step};
use crate::domain::run::decide::{access, condition};
use crate::domain::run::floor::EndingKind;
use crate::domain::run::{OperationRun, Run};

pub(super) fn collect(
    run: &Run,
    operation: &Operation,
    step: &Step,
    at: Instant,
    list: &mut Vec<Limit>,
) {
    let Some(every) = length(step.order.every.as_ref()) else { return };
    let grace = length(step.order.grace.as_ref()).unwrap_or(0);
    for (key, state) in run.operations.iter().filter(|(key, _)| key.op == operation.id) {
        let (begin, end) = runs(run, key, state, step);
        let most = step.order.occurs().max;
        let mut before = begin;
        for k in (1..).take_while(|k| most.is_none_or(|most| *k <= most)) {
            let at_step = StepKey { operation: key.clone(), step: step.id.clone(), k };
            let began = run.steps.get(&at_step).map(|state| state.started_at);
            let what = format!("{} ({at_step}), every {}", step.name, shown(every));
            let mut limit = Limit::pending(format!("period/{at_step}"), Sort::Period, what);
            let of = at_step.clone();
            limit.step = Some(at_step);
            limit.effect = step.on_critical;
            limit.who_can = access::performing(step).to_vec();
            let left_out = condition::leaves_out(run, &of).is_some();
            let Some(started) = before.filter(|_| !left_out) else {
                list.push(limit);
                break;
            };
            let ended = began.map(|at| (at, true)).or(end.map(|at| (at.max(started), false)));
            let span = Span { started, max: Some(every), grace };
            list.push(limit.between(&span, ended, at));
            if began.is_none() {
                break;
            }
            before = began;
        }
    }
}

/// Since when the period runs, and until when: with its operation, or what it runs beside (`while`).
fn runs(
    run: &Run,
    key: &OperationKey,
    state: &OperationRun,
    step: &Step,
) -> (Option<Instant>, Option<Instant>) {
    let own = (Some(state.started_at), over(state));
    let aborted = run.aborted.as_ref().map(|(at, _)| *at);
    let until = |end: Option<Instant>| [end, aborted].into_iter().flatten().min();
    let host = step.order.while_runs.as_ref().filter(|host| **host != key.op);
    let Some(host) = host else { return (own.0, until(own.1)) };
    let spans: Vec<(Instant, Option<Instant>)> = match run.recipe.step(host) {
        Some((operation, _)) => run
            .steps
            .iter()
            .filter(|(at, _)| at.step == *host)
            .filter(|(at, _)| operation.id != key.op || at.operation == *key)
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
