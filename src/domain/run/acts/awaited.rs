//! What a gate awaits: the entries due at it, of every occurrence that began and of what must occur.

use super::{condition, ending, exception};
use crate::domain::entry::spec::{Due, EntrySpec};
use crate::domain::exception::{Exception, ExceptionKind};
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::{Operation, Step};
use crate::domain::run::acts::closed_because::ClosedBecause;
use crate::domain::run::{Content, EntryRun, Run};
use crate::domain::words::EntryKey;

/// Why the entries due at a gate keep it closed: empty, none does.
#[must_use]
pub fn closed(run: &Run, gate: &str) -> Vec<ClosedBecause> {
    let mut reasons = Vec::new();
    for (operation, step) in run.recipe.steps() {
        let due: Vec<_> = due(step, gate).collect();
        if due.is_empty() {
            continue;
        }
        for key in occurrences(run, operation, step) {
            reasons.extend(due.iter().filter_map(|spec| missing(run, &key, spec)));
        }
    }
    reasons
}

/// The same in an occurrence of an operation that has not begun: what must occur in it before the gate.
#[must_use]
pub fn closed_in(run: &Run, gate: &str, of: &OperationKey) -> Vec<ClosedBecause> {
    let operation = run.recipe.operation(&of.op).filter(|_| !run.operations.contains_key(of));
    let mut reasons = Vec::new();
    for step in operation.map_or(&[][..], |operation| &operation.steps) {
        for key in of_step(run, step, vec![of.clone()]) {
            reasons.extend(due(step, gate).filter_map(|spec| missing(run, &key, spec)));
        }
    }
    reasons
}

/// Whether a gate awaits an entry of a step.
#[must_use]
pub fn asks(run: &Run, step: &str, gate: &str) -> bool {
    run.recipe.step(step).is_some_and(|(_, step)| due(step, gate).next().is_some())
}

/// The entries of a step that a gate awaits.
fn due<'s>(step: &'s Step, gate: &str) -> impl Iterator<Item = &'s EntrySpec> {
    let at_gate = Due::Gate(gate.to_owned());
    step.entries.iter().filter(move |entry| entry.mandatory && entry.due == at_gate)
}

/// The occurrences of a step that began, and the first of each occurrence of its operation in which it must
/// occur and has not begun: also in one that reprocesses.
fn occurrences(run: &Run, operation: &Operation, step: &Step) -> Vec<StepKey> {
    let mut operations: Vec<OperationKey> =
        run.operations.keys().filter(|key| key.op == operation.id).cloned().collect();
    if operations.is_empty() && operation.order.occurs().min > 0 {
        operations.push(OperationKey { op: operation.id.clone(), n: 1 });
    }
    of_step(run, step, operations)
}

fn of_step(run: &Run, step: &Step, operations: Vec<OperationKey>) -> Vec<StepKey> {
    let mut keys = Vec::new();
    for of in operations {
        let begun = run.steps.keys().filter(|key| key.operation == of && key.step == step.id);
        let before = keys.len();
        keys.extend(begun.cloned());
        let first = StepKey { operation: of, step: step.id.clone(), k: 1 };
        let owed = step.order.occurs().min > 0
            && !ending::waives_by_quality(run, &first)
            && condition::leaves_out(run, &first).is_none();
        if keys.len() == before && owed {
            keys.push(first);
        }
    }
    keys
}

/// Why an entry of an occurrence does not answer the gate. A declared absence answers it once quality has
/// decided the exception that the declaration opened: no one person's word stands for a value.
fn missing(run: &Run, key: &StepKey, spec: &EntrySpec) -> Option<ClosedBecause> {
    let state = run.steps.get(key);
    let recorded = state.and_then(|state| state.entries.get(&spec.id));
    let answered = recorded.filter(|entry| entry.is_answered()).and_then(EntryRun::current);
    if answered.is_some_and(|version| matches!(version.content, Content::Value(_))) {
        return None;
    }
    let place = EntryKey { step: Some(key.clone()), entry: spec.id.clone() };
    if condition::entry(run, &place, spec).not_taken().is_some() {
        return None;
    }
    let (at, what) = (place.to_string(), spec.name.clone());
    let declared = answered.is_some() || state.is_some_and(|state| state.not_performed.is_some());
    if !declared {
        return Some(ClosedBecause::EntryMissing { at, what });
    }
    let mut opened = absences(run, key, &spec.id).peekable();
    if opened.peek().is_none() {
        return Some(ClosedBecause::EntryMissing { at, what });
    }
    let undecided = opened.find(|it| !exception::lets_go_on(run, it))?;
    Some(ClosedBecause::AbsenceUndecided { at, what, exception: undecided.opened.no })
}

/// The exceptions that say that a step, or one entry of it, was not performed.
pub fn absences<'r>(
    run: &'r Run,
    key: &'r StepKey,
    entry: &'r str,
) -> impl Iterator<Item = &'r Exception> {
    run.exceptions.iter().filter(move |exception| {
        let opened = &exception.opened;
        let about = opened.at.as_ref().filter(|at| at.step.as_ref() == Some(key));
        opened.kind == ExceptionKind::NotPerformed
            && about.is_some_and(|at| at.entry.is_empty() || at.entry == entry)
    })
}
