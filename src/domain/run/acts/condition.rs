//! Conditions: whether a branch is taken. Holds, does not hold, or is not decided yet.
//!
//! Pure: a condition is asked anew whenever somebody wants to know. What has begun goes on, whatever
//! its condition says later: a fact is not undone by a correction of what led to it.

use super::spot::next_occurrence;
use crate::domain::calc::{self, Answer};
use crate::domain::clock::Instant;
use crate::domain::entry::computing::Known;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::refusal::Refusal;
use crate::domain::run::Run;
use crate::domain::run::known::Here;
use crate::domain::run::refusal::{BRANCH_NOT_TAKEN, BRANCH_UNDECIDED};
use crate::domain::words::EntryKey;
use std::sync::Arc;

/// Whether a branch is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Branch {
    /// It is: there is no condition, or it holds.
    Taken,
    /// It is not: the condition with the values that decided it.
    NotTaken(String),
    /// Not decided yet: what is missing, one thing a line.
    Undecided(Vec<String>),
}

impl Branch {
    /// `true`, `false` or `undecided`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Taken => "true",
            Self::NotTaken(_) => "false",
            Self::Undecided(_) => "undecided",
        }
    }

    /// The condition with its values, where it does not hold.
    #[must_use]
    pub fn not_taken(&self) -> Option<String> {
        match self {
            Self::NotTaken(why) => Some(format!("branch not taken: {why}")),
            _ => None,
        }
    }
}

/// Whether an operation's occurrence is on a branch that is taken.
#[must_use]
pub fn operation(run: &Run, key: &OperationKey) -> Branch {
    let when = run.recipe.operation(&key.op).and_then(|operation| operation.order.when.as_deref());
    ask(when, || Here::operation(run, key, clock(run)))
}

/// Whether a step's occurrence is on a branch that is taken: its operation's, then its own.
#[must_use]
pub fn step(run: &Run, key: &StepKey) -> Branch {
    match operation(run, &key.operation) {
        Branch::Taken => {
            let found = run.recipe.step(&key.step);
            let when = found.and_then(|(_, step)| step.order.when.as_deref());
            ask(when, || Here::step(run, key, clock(run)))
        }
        other => other,
    }
}

/// Whether an entry is asked: its step's branch is not asked again.
#[must_use]
pub fn entry(run: &Run, at: &EntryKey, spec: &EntrySpec) -> Branch {
    ask(spec.when.as_deref(), || Here::entry(run, at, clock(run)))
}

/// The branch of the occurrence of a step that would come next, in the operation's latest occurrence.
#[must_use]
pub fn next_of(run: &Run, step: &str) -> Branch {
    next_of_step(run, step, None)
}

/// The same within an occurrence of the operation.
#[must_use]
pub fn next_of_step(run: &Run, id: &str, within: Option<&OperationKey>) -> Branch {
    let Some((operation, _)) = run.recipe.step(id) else { return Branch::Taken };
    let last = || run.operations.keys().rev().find(|key| key.op == operation.id).cloned();
    let first = || OperationKey { op: operation.id.clone(), n: 1 };
    let of = within.cloned().or_else(last).unwrap_or_else(first);
    let k = next_occurrence(run, &of, id);
    step(run, &StepKey { operation: of, step: id.to_owned(), k })
}

/// Whether an occurrence that has not begun is left out because its branch is not taken.
#[must_use]
pub fn leaves_out(run: &Run, key: &StepKey) -> Option<String> {
    if run.steps.contains_key(key) { None } else { step(run, key).not_taken() }
}

/// The same of an operation's occurrence.
#[must_use]
pub fn leaves_out_operation(run: &Run, key: &OperationKey) -> Option<String> {
    if run.operations.contains_key(key) { None } else { operation(run, key).not_taken() }
}

/// An occurrence may begin as far as conditions go.
///
/// # Errors
/// `branch-not-taken` naming the condition with its values; `branch-undecided` naming what is missing.
pub fn allows(run: &Run, key: &StepKey) -> Result<(), Refusal> {
    match step(run, key) {
        Branch::Taken => Ok(()),
        Branch::NotTaken(why) => {
            Err(Refusal::new(&BRANCH_NOT_TAKEN, format!("{key}: branch not taken: {why}"))
                .missing(vec![format!("branch not taken: {why}")]))
        }
        Branch::Undecided(missing) => {
            let detail = format!("{key}: {}", missing.join("; "));
            Err(Refusal::new(&BRANCH_UNDECIDED, detail).missing(missing))
        }
    }
}

/// No condition looks at the clock.
fn clock(run: &Run) -> Instant {
    run.last_at
}

fn ask<'r>(when: Option<&str>, here: impl FnOnce() -> Here<'r>) -> Branch {
    let Some(when) = when else { return Branch::Taken };
    let here = here();
    let known: &dyn Known = &here;
    let expr = match known.read(when).map_or_else(|| calc::parse(when).map(Arc::new), Ok) {
        Ok(expr) => expr,
        Err(why) => return Branch::Undecided(vec![format!("{when}: {why}")]),
    };
    let (answer, used) = calc::answer(&expr, known);
    let values: Vec<_> = used.iter().map(|used| format!("{} is {}", used.at, used.shown)).collect();
    match answer {
        Answer::Holds => Branch::Taken,
        Answer::Fails if values.is_empty() => Branch::NotTaken(expr.readable()),
        Answer::Fails => Branch::NotTaken(format!("{} ({})", expr.readable(), values.join(", "))),
        Answer::Undecided(missing) => Branch::Undecided(missing),
    }
}
