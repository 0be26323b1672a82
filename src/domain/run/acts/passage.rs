//! When a gate's turn has come, and what a passage serves.
//!
//! A gate is a decision about something: it is passed when a step that it guards could begin as far as order
//! goes, never before there is anything to decide. A passage serves the operation occurrences in which that
//! was so; another occurrence asks for another decision (21 CFR 211.110(c)).

use super::{awaited, condition, order};
use crate::domain::clock::Instant;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::{Gate, Operation, Step};
use crate::domain::run::Run;
use crate::domain::run::acts::closed::closed;
use crate::domain::run::acts::closed_because::ClosedBecause;
use std::collections::BTreeSet;

/// The operation occurrences that a passage signed now would serve.
///
/// # Errors
/// Why the gate cannot be passed now: what closes it, and that its turn has not come.
pub fn serves(
    run: &Run,
    gate: &Gate,
    at: Instant,
) -> Result<BTreeSet<OperationKey>, Vec<ClosedBecause>> {
    let mut reasons = closed(run, &gate.id, at);
    let mut ready = match turn(run, gate) {
        Ok(ready) => ready,
        Err(not_yet) => {
            reasons.push(not_yet);
            return Err(reasons);
        }
    };
    let state = run.gates.get(&gate.id);
    let served: BTreeSet<_> = state.map(|state| state.serves.clone()).unwrap_or_default();
    if ready.is_subset(&served) {
        let operations = ready.iter().map(ToString::to_string).collect();
        reasons.push(ClosedBecause::AlreadyPassed { operations });
        return Err(reasons);
    }
    ready.retain(|of| !served.contains(of));
    let mut awaited = Vec::new();
    ready.retain(|of| {
        let missing = awaited::closed_in(run, &gate.id, of);
        let none = missing.is_empty();
        awaited.extend(missing);
        none
    });
    if ready.is_empty() {
        reasons.extend(awaited);
    }
    if reasons.is_empty() { Ok(ready) } else { Err(reasons) }
}

/// The operation occurrences in which a guarded step may begin now as far as order and conditions go;
/// where there is none, those in which one was found running and what comes before it is done by now.
///
/// # Errors
/// What is missing before the guarded step that comes next.
pub fn turn(run: &Run, gate: &Gate) -> Result<BTreeSet<OperationKey>, ClosedBecause> {
    let mut ready = BTreeSet::new();
    let mut waits = None;
    for key in ahead(run, gate) {
        match missing(run, &key) {
            missing if missing.is_empty() => {
                ready.insert(key.operation);
            }
            missing if waits.is_none() => {
                waits = Some(ClosedBecause::NotYet { step: key.to_string(), missing });
            }
            _ => {}
        }
    }
    if ready.is_empty() {
        ready = found(run, gate);
    }
    match (ready.is_empty(), waits) {
        (false, _) => Ok(ready),
        (true, waits) => Err(waits.unwrap_or(ClosedBecause::NothingAhead {})),
    }
}

/// The occurrence of a guarded step that a gate waits for, with what is missing before it.
#[must_use]
pub fn awaits(run: &Run, gate: &Gate) -> Option<(StepKey, Vec<String>)> {
    turn(run, gate).err()?;
    let key = ahead(run, gate).into_iter().next()?;
    let missing = missing(run, &key);
    Some((key, missing))
}

fn missing(run: &Run, key: &StepKey) -> Vec<String> {
    let mut missing = order::may_start(run, key).err().unwrap_or_default();
    missing.extend(condition::allows(run, key).err().into_iter().flat_map(|why| why.missing));
    missing
}

/// The next occurrence of each guarded step, in the occurrences of its operation that go on, and in the
/// next one.
fn ahead(run: &Run, gate: &Gate) -> Vec<StepKey> {
    let mut keys = Vec::new();
    for (operation, step) in guarded(run, gate) {
        let going = run
            .operations
            .iter()
            .filter(|(key, state)| key.op == operation.id && state.closed.is_none())
            .map(|(key, _)| key.clone());
        let next =
            OperationKey { op: operation.id.clone(), n: order::next_operation(run, &operation.id) };
        let most = operation.order.occurs().max;
        let next = Some(next).filter(|key| most.is_none_or(|most| key.n <= most));
        for of in going.chain(next) {
            let k = order::next_occurrence(run, &of, &step.id);
            if step.order.occurs().max.is_none_or(|most| k <= most) {
                keys.push(StepKey { operation: of, step: step.id.clone(), k });
            }
        }
    }
    keys
}

/// Where a guarded step was found running before anybody passed the gate: the decision comes late, and
/// not before what it is about.
fn found(run: &Run, gate: &Gate) -> BTreeSet<OperationKey> {
    let served =
        |of: &OperationKey| run.gates.get(&gate.id).is_some_and(|state| state.serves.contains(of));
    run.steps
        .iter()
        .filter(|(key, state)| gate.before.contains(&key.step) && state.found_running.is_some())
        .filter(|(key, _)| !served(&key.operation) && order::turn_has_come(run, key).is_ok())
        .map(|(key, _)| key.operation.clone())
        .collect()
}

fn guarded<'r>(run: &'r Run, gate: &'r Gate) -> impl Iterator<Item = (&'r Operation, &'r Step)> {
    gate.before.iter().filter_map(|id| run.recipe.step(id))
}
