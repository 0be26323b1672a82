//! Which branches a correction changes: of operations, steps and entries, before and after it, with what
//! the server computes because of it.

use super::super::condition::{self, Branch};
use super::super::{derive, spot};
use crate::domain::command::Stamp;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::policy::Permit;
use crate::domain::recipe::{Operation, Step};
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::{Run, StepPhase};
use crate::domain::words::EntryKey;

/// The branches that an act changes.
#[derive(Debug, Default)]
pub struct Changed {
    /// Each of them, in words.
    pub lines: Vec<String>,
    /// Steps that have begun and stand now on a branch that is not taken: done because of the old value.
    pub begun: Vec<String>,
    /// Whether work that was begun, or that was owed, is left out now.
    pub grave: bool,
}

/// What an event changes, if it is told of this run.
pub fn changed(run: &Run, permit: &Permit, event: RunEvent, stamp: &Stamp) -> Changed {
    let mut changed = Changed::default();
    if !has_conditions(run) {
        return changed;
    }
    // What cannot be folded is found, named and undone by the lane.
    let Some(after) = derive::after(run, Ruling::of(permit.clone(), event), stamp) else {
        return changed;
    };
    for operation in run.recipe.operations() {
        for key in occurrences(run, operation) {
            changed.operation(run, &after, operation, &key);
        }
    }
    for spec in run.recipe.release_specifications.iter().filter(|spec| spec.when.is_some()) {
        let at = EntryKey { step: None, entry: spec.id.clone() };
        let branches = [run, &after].map(|run| condition::entry(run, &at, spec));
        changed.line(&at.to_string(), branches);
    }
    changed
}

fn has_conditions(run: &Run) -> bool {
    let recipe = &run.recipe;
    recipe.operations().any(|operation| operation.order.when.is_some())
        || recipe.release_specifications.iter().any(|spec| spec.when.is_some())
        || recipe.steps().any(|(_, step)| {
            step.order.when.is_some() || step.entries.iter().any(|entry| entry.when.is_some())
        })
}

/// The occurrences of an operation that have begun; the first, where none has.
fn occurrences(run: &Run, operation: &Operation) -> Vec<OperationKey> {
    let begun = run.operations.keys().filter(|key| key.op == operation.id);
    let mut all: Vec<_> = begun.cloned().collect();
    if all.is_empty() {
        all.push(OperationKey { op: operation.id.clone(), n: 1 });
    }
    all
}

impl Changed {
    fn operation(&mut self, run: &Run, after: &Run, operation: &Operation, key: &OperationKey) {
        let branches = [run, after].map(|run| condition::operation(run, key));
        let whole = self.line(&key.to_string(), branches);
        for step in &operation.steps {
            let begun = run.steps.keys().filter(|at| at.operation == *key && at.step == step.id);
            let mut all: Vec<_> = begun.cloned().collect();
            let next = spot::next_occurrence(run, key, &step.id);
            if next <= step.order.occurs().min {
                all.push(StepKey { operation: key.clone(), step: step.id.clone(), k: next });
            }
            for at in all {
                self.step(run, after, step, &at, whole);
            }
        }
    }

    /// `whole`: its operation's branch changed, which was said.
    fn step(&mut self, run: &Run, after: &Run, step: &Step, key: &StepKey, whole: bool) {
        let branches = [run, after].map(|run| condition::step(run, key));
        let [before, now] = &branches;
        let left_out = now.not_taken().filter(|_| before.not_taken().is_none());
        let state = run.steps.get(key).filter(|state| state.phase != StepPhase::NotPerformed);
        if let (Some(_), Some(state)) = (&left_out, state) {
            let who = &state.started_by.printed_name;
            self.begun.push(format!("{key} begun by {who} on the branch that was taken"));
            self.grave = true;
        }
        self.grave |=
            left_out.is_some() && !run.steps.contains_key(key) && *before == Branch::Taken;
        if !whole {
            self.line(&key.to_string(), branches);
        }
        if state.is_none() {
            return;
        }
        for spec in step.entries.iter().filter(|spec| spec.when.is_some()) {
            let at = EntryKey { step: Some(key.clone()), entry: spec.id.clone() };
            let branches = [run, after].map(|run| condition::entry(run, &at, spec));
            self.line(&at.to_string(), branches);
        }
    }

    /// Says how a branch changed, if it did.
    fn line(&mut self, what: &str, [before, now]: [Branch; 2]) -> bool {
        let word = |branch: &Branch| match branch {
            Branch::Taken => "taken",
            Branch::NotTaken(_) => "not taken",
            Branch::Undecided(_) => "undecided",
        };
        if word(&before) == word(&now) {
            return false;
        }
        let why = match (&before, &now) {
            (_, Branch::NotTaken(why)) => format!(", now {why}"),
            (Branch::NotTaken(why), _) => format!(", was {why}"),
            (_, Branch::Undecided(missing)) => format!(", now {}", missing.join(", ")),
            (Branch::Undecided(_) | Branch::Taken, Branch::Taken) => String::new(),
        };
        self.lines.push(format!("{what}: {}, was {}{why}", word(&now), word(&before)));
        true
    }
}
