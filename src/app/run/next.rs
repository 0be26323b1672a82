//! What may be begun next in a run, and what stands in the way of the rest.

use crate::domain::clock::Instant;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::run::acts::condition::{self, Branch};
use crate::domain::run::acts::order::next_occurrence;
use crate::domain::run::acts::start::no_obstacle;
use crate::domain::run::{Phase, Run};

/// The next occurrence of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextStep {
    /// Which.
    pub step: StepKey,
    /// The step's name.
    pub name: String,
    /// Whether its branch is taken.
    pub branch: Branch,
    /// Whether it may begin now, as far as the process goes.
    pub may_start: bool,
    /// What stands in the way, one thing a line.
    pub why: Vec<String>,
}

/// The operation's occurrence that goes on, or the one that would come next.
fn occurrence(run: &Run, op: &str) -> OperationKey {
    let of = |n| OperationKey { op: op.to_owned(), n };
    let open = run
        .operations
        .iter()
        .filter(|(key, state)| key.op == op && state.closed.is_none())
        .map(|(key, _)| key.n)
        .min();
    let last = run.operations.keys().filter(|key| key.op == op).map(|key| key.n).max();
    of(open.unwrap_or_else(|| last.unwrap_or(0) + 1))
}

/// The next occurrence of every step that is not exhausted, in order of writing.
#[must_use]
pub fn next_steps(run: &Run, at: Instant) -> Vec<NextStep> {
    if !matches!(run.phase, Phase::Issued | Phase::Running) {
        return Vec::new();
    }
    let mut next = Vec::new();
    for (operation, step) in run.recipe.steps() {
        let of = occurrence(run, &operation.id);
        if operation.order.occurs().max.is_some_and(|max| of.n > max) {
            continue;
        }
        let k = next_occurrence(run, &of, &step.id);
        if step.order.occurs().max.is_some_and(|max| k > max) {
            continue;
        }
        let key = StepKey { operation: of, step: step.id.clone(), k };
        let branch = condition::step(run, &key);
        let why = match no_obstacle(run, &key, step, at) {
            Ok(()) => Vec::new(),
            Err(refusal) if refusal.missing.is_empty() => vec![refusal.detail],
            Err(refusal) => refusal.missing,
        };
        let name = step.name.clone();
        next.push(NextStep { step: key, name, branch, may_start: why.is_empty(), why });
    }
    next
}
