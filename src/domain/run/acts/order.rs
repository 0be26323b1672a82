//! Order: what must come before, what must be running, how often. Nothing but permission satisfies
//! it: an occurrence found running counts for nothing until its exception is triaged.

use super::condition::{self, Branch};
use super::exception::lets_go_on;
pub use super::spot::{next_occurrence, next_operation};
use super::{clearance, ending};
use crate::domain::exception::Exception;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::{Operation, Order, Step};
use crate::domain::run::amendment::reprocessing;
pub use crate::domain::run::standing::is_accepted;
use crate::domain::run::{Run, StepPhase, StepRun};
use std::collections::BTreeSet;

/// Exceptions that still decide what may happen next: not triaged, or in a deviation whose impact
/// nobody has concluded.
pub fn open_exceptions(run: &Run) -> impl Iterator<Item = &Exception> {
    run.exceptions.iter().filter(|exception| !lets_go_on(run, exception))
}

/// Numbers of the open exceptions: what an act is marked to have gone on under.
#[must_use]
pub fn open_numbers(run: &Run) -> Vec<u32> {
    open_exceptions(run).map(|exception| exception.opened.no).collect()
}

/// Whether an occurrence is done in a way that what comes after may rely on: its clearances of a line too.
#[must_use]
pub fn is_satisfied(run: &Run, key: &StepKey, step: &StepRun) -> bool {
    is_done(run, step) && clearance::unmet(run, key, step).is_none()
}

fn is_done(run: &Run, step: &StepRun) -> bool {
    matches!(step.phase, StepPhase::Complete | StepPhase::NotPerformed) && is_accepted(run, step)
}

fn is_open(step: &StepRun) -> bool {
    matches!(step.phase, StepPhase::Started | StepPhase::FoundRunning)
}

/// Whether a step's occurrence may begin as far as order goes.
///
/// # Errors
/// What is missing, one thing a line.
pub fn may_start(run: &Run, key: &StepKey) -> Result<(), Vec<String>> {
    let Some((operation, step)) = run.recipe.step(&key.step) else {
        return Err(vec![format!("the master record has no step {}", key.step)]);
    };
    let mut unmet = Vec::new();
    operation_order(run, &key.operation, operation, &mut unmet);
    unmet.extend(after(run, &step.order, Some((operation, key, step))));
    unmet.extend(while_unmet(run, &step.order, Some(&key.operation)));
    unmet.extend(occurs_unmet(run, key, step));
    unmet.extend(passed_step(run, key, operation, step));
    if unmet.is_empty() { Ok(()) } else { Err(unmet) }
}

/// Whether what must come before a step's occurrence is done, whatever runs now: what a supervisor
/// needs to declare it not performed.
///
/// # Errors
/// What is missing, one thing a line.
pub fn turn_has_come(run: &Run, key: &StepKey) -> Result<(), Vec<String>> {
    let Some((operation, step)) = run.recipe.step(&key.step) else {
        return Err(vec![format!("the master record has no step {}", key.step)]);
    };
    let mut unmet = after(run, &operation.order, None);
    unmet.extend(after(run, &step.order, Some((operation, key, step))));
    unmet.extend(occurs_unmet(run, key, step));
    if unmet.is_empty() { Ok(()) } else { Err(unmet) }
}

/// What stands in the way of an operation's occurrence beginning, as far as order goes; one thing a line.
#[must_use]
pub fn operation_may_begin(run: &Run, key: &OperationKey) -> Vec<String> {
    let mut unmet = Vec::new();
    if let Some(operation) = run.recipe.operation(&key.op) {
        operation_order(run, key, operation, &mut unmet);
    }
    unmet
}

/// The order of an operation's occurrence, asked at its first permitted act.
fn operation_order(run: &Run, key: &OperationKey, operation: &Operation, unmet: &mut Vec<String>) {
    if run.operations.get(key).is_some_and(|state| state.closed.is_some()) {
        unmet.push(format!("{key} is closed"));
        return;
    }
    if is_operation_running(run, key) {
        return;
    }
    unmet.extend(after(run, &operation.order, None));
    unmet.extend(while_unmet(run, &operation.order, None));
    if operation.order.occurs().max.is_some_and(|max| key.n > max) {
        unmet.push(format!("{key} is one occurrence more than the master record allows"));
    }
    let earlier = run.operations.iter().filter(|(other, _)| other.op == key.op && other.n < key.n);
    for (other, state) in earlier {
        if state.closed.is_none() {
            unmet.push(format!("{other} is not closed"));
        }
    }
    // Reprocessing comes when what follows may have begun: that is why it was approved.
    if reprocessing(run, key).is_some() {
        return;
    }
    let passed = run.recipe.operations().filter(|later| later.order.after.contains(&operation.id));
    for later in passed {
        if permitted(run, |step| step.operation.op == later.id) {
            unmet.push(format!("operation {} has begun, which comes after", later.id));
        }
    }
}

/// Whether an operation's occurrence runs with permission: a report alone opens no way.
#[must_use]
pub fn is_operation_running(run: &Run, key: &OperationKey) -> bool {
    run.operations.get(key).is_some_and(|state| state.closed.is_none())
        && run.steps.iter().any(|(step, state)| step.operation == *key && is_accepted(run, state))
}

fn permitted(run: &Run, concerns: impl Fn(&StepKey) -> bool) -> bool {
    run.steps.iter().any(|(key, state)| concerns(key) && state.found_running.is_none())
}

/// Whether two steps of one operation repeat together: the k-th waits for the k-th.
fn pairs(a: &Step, b: &Step) -> bool {
    a.order.repeats() && b.order.repeats()
}

/// What `after` misses. `own`: the step that asks, when a step asks.
fn after(run: &Run, order: &Order, own: Option<(&Operation, &StepKey, &Step)>) -> Vec<String> {
    order
        .after
        .iter()
        .filter_map(|id| {
            if let Some(target) = run.recipe.operation(id) {
                return operation_unmet(run, target);
            }
            let (of, target) = run.recipe.step(id)?;
            match own {
                Some((operation, key, step)) if operation.id == of.id => {
                    if pairs(step, target) {
                        let pair = StepKey { step: id.clone(), ..key.clone() };
                        let done =
                            run.steps.get(&pair).is_some_and(|s| is_satisfied(run, &pair, s))
                                || clearance::is_waived(run, &pair)
                                || condition::leaves_out(run, &pair).is_some();
                        return (!done).then(|| unmet_step(run, &pair));
                    }
                    step_unmet(run, target, Some(&key.operation), 1)
                }
                _ => step_unmet(run, target, None, of.order.occurs().min),
            }
        })
        .collect()
}

fn unmet_step(run: &Run, key: &StepKey) -> String {
    match run.steps.get(key) {
        Some(state) if !is_accepted(run, state) => {
            format!("{key} was found running and its exception is not triaged")
        }
        Some(state) if is_done(run, state) => {
            clearance::unmet(run, key, state).unwrap_or_else(|| format!("{key} is not complete"))
        }
        Some(_) => format!("{key} is not complete"),
        None => format!("{key} has not begun"),
    }
}

/// Every open occurrence done, and at least as many complete as the master record asks.
fn step_unmet(
    run: &Run,
    target: &Step,
    within: Option<&OperationKey>,
    operations: u32,
) -> Option<String> {
    let mut done = 0u32;
    for (key, state) in &run.steps {
        let concerned = key.step == target.id && within.is_none_or(|op| key.operation == *op);
        if !concerned {
            continue;
        }
        if !is_satisfied(run, key, state) {
            return Some(unmet_step(run, key));
        }
        done += 1;
    }
    let least = target.order.occurs().min;
    let wanted =
        least.saturating_mul(operations).saturating_sub(waived(run, target, within, least));
    if done >= wanted {
        return None;
    }
    match condition::next_of_step(run, &target.id, within) {
        Branch::NotTaken(_) => None,
        Branch::Undecided(what) => {
            Some(format!("step {} is not decided yet: {}", target.id, what.join("; ")))
        }
        Branch::Taken => Some(format!("step {} is complete {done} of {wanted} times", target.id)),
    }
}

/// How many occurrences of a step are no longer owed, because their operations ended early.
fn waived(run: &Run, target: &Step, within: Option<&OperationKey>, least: u32) -> u32 {
    let Some((operation, _)) = run.recipe.step(&target.id) else { return 0 };
    let concerned =
        |key: &&OperationKey| key.op == operation.id && within.is_none_or(|own| own == *key);
    let ended =
        run.operations.keys().filter(concerned).filter(|key| ending::of(run, key).is_some());
    let left = |key: &OperationKey| {
        let begun = next_occurrence(run, key, &target.id) - 1;
        let next = StepKey { operation: key.clone(), step: target.id.clone(), k: begun + 1 };
        if clearance::is_waived(run, &next) { least.saturating_sub(begun) } else { 0 }
    };
    ended.map(left).sum()
}

fn operation_unmet(run: &Run, target: &Operation) -> Option<String> {
    let mut closed = 0u32;
    for (key, state) in run.operations.iter().filter(|(key, _)| key.op == target.id) {
        if state.closed.is_none() {
            return Some(format!("{key} is not closed"));
        }
        if let Some(unmet) = clearance::unmet_in(run, key, target) {
            return Some(unmet);
        }
        closed += 1;
    }
    let wanted = target.order.occurs().min;
    if closed >= wanted {
        return None;
    }
    let next = OperationKey { op: target.id.clone(), n: next_operation(run, &target.id) };
    match condition::operation(run, &next) {
        Branch::NotTaken(_) => None,
        Branch::Undecided(what) => {
            Some(format!("operation {} is not decided yet: {}", target.id, what.join("; ")))
        }
        Branch::Taken => {
            Some(format!("operation {} is closed {closed} of {wanted} times", target.id))
        }
    }
}

/// What `while` misses.
fn while_unmet(run: &Run, order: &Order, own: Option<&OperationKey>) -> Option<String> {
    let id = order.while_runs.as_ref()?;
    if own.is_some_and(|operation| operation.op == *id) {
        return None;
    }
    if run.recipe.operation(id).is_some() {
        let runs = run.operations.keys().any(|key| key.op == *id && is_operation_running(run, key));
        return (!runs).then(|| format!("operation {id} is not running"));
    }
    let same = run.recipe.step(id).is_some_and(|(op, _)| own.is_some_and(|own| own.op == op.id));
    let runs = run.steps.iter().any(|(key, state)| {
        key.step == *id
            && (!same || own.is_some_and(|own| key.operation == *own))
            && is_open(state)
            && is_accepted(run, state)
    });
    (!runs).then(|| format!("step {id} is not running"))
}

/// What `occurs` misses: not too often, and the one before is done.
fn occurs_unmet(run: &Run, key: &StepKey, step: &Step) -> Option<String> {
    if step.order.occurs().max.is_some_and(|max| key.k > max) {
        return Some(format!("{key} is one occurrence more than the master record allows"));
    }
    let before = StepKey { k: key.k.checked_sub(1).filter(|k| *k > 0)?, ..key.clone() };
    let state = run.steps.get(&before);
    // Care must go on: for it an untriaged exception of the one before is no obstacle.
    let done = state.is_some_and(|state| {
        is_done(run, state)
            || (super::hold::always_open(step) && state.phase == StepPhase::Complete)
    });
    (!done).then(|| unmet_step(run, &before))
}

/// Once what comes after has begun with permission, what came before is over.
fn passed_step(run: &Run, key: &StepKey, operation: &Operation, step: &Step) -> Vec<String> {
    let mut passed = Vec::new();
    let again = reprocessing(run, &key.operation).is_some();
    for (of, later) in run.recipe.steps() {
        if !later.order.after.contains(&step.id) || (of.id == operation.id && pairs(step, later)) {
            continue;
        }
        let same = of.id == operation.id;
        if !same && again {
            continue;
        }
        let begun = permitted(run, |other| {
            other.step == later.id && (!same || other.operation == key.operation)
        });
        if begun {
            passed.push(format!("step {} has begun, which comes after", later.id));
        }
    }
    for later in run.recipe.operations().filter(|op| op.order.after.contains(&step.id)) {
        if !again && permitted(run, |other| other.operation.op == later.id) {
            passed.push(format!("operation {} has begun, which comes after", later.id));
        }
    }
    passed
}

/// The named steps with all that must come before them, near or far, through `after` of steps and of
/// operations.
pub(super) fn predecessors<'r>(
    run: &'r Run,
    named: impl IntoIterator<Item = &'r str>,
) -> BTreeSet<&'r str> {
    let mut open: Vec<&str> = named.into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        if let Some((operation, step)) = run.recipe.step(id) {
            open.extend(step.order.after.iter().map(String::as_str));
            open.extend(operation.order.after.iter().map(String::as_str));
        } else if let Some(operation) = run.recipe.operation(id) {
            open.extend(operation.order.after.iter().map(String::as_str));
            open.extend(operation.steps.iter().map(|step| step.id.as_str()));
        }
    }
    seen
}
