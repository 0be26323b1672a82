//! How a played batch came out: which conditions held in it, and which of its exceptions say something of the record.

use super::values::{Branch, Condition};
use crate::domain::entry::spec::EntrySpec;
use crate::domain::exception::ExceptionKind;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::run::acts::condition;
use crate::domain::run::{EntryRun, Run};
use crate::domain::words::EntryKey;
use std::collections::BTreeSet;

/// Whether an exception says nothing against the record: times between acts, which a play does without pause, and
/// values that nobody chose.
pub(super) fn keeps_apart(kind: ExceptionKind) -> bool {
    use ExceptionKind as Kind;
    [
        Kind::HoldTime,
        Kind::Overdue,
        // A value that counts on changes after a step that used it, in the order that was played.
        Kind::Correction,
        Kind::LateEntry,
        Kind::CheckTiming,
        Kind::OutOfAcceptance,
        Kind::OutOfControl,
        Kind::OutOfSpecification,
        Kind::Implausible,
    ]
    .contains(&kind)
}

/// How a condition came out in a batch, occurrence by occurrence.
pub(super) fn sides(run: &Run, condition: &Condition) -> BTreeSet<bool> {
    let mut found = BTreeSet::new();
    match &condition.of {
        Branch::Operation(id) => {
            let key = OperationKey { op: id.clone(), n: 1 };
            if run.operations.contains_key(&key) {
                found.insert(true);
            } else if condition::leaves_out_operation(run, &key).is_some() {
                found.insert(false);
            }
        }
        Branch::Step(id) => {
            let Some((operation, _)) = run.recipe.step(id) else { return found };
            let first = StepKey::new(&operation.id, 1, id, 1);
            if run.steps.keys().any(|key| key.step == *id) {
                found.insert(true);
            } else if condition::leaves_out(run, &first).is_some() {
                found.insert(false);
            }
        }
        Branch::Entry((step, id)) => {
            let Some(spec) = run.recipe.entry(step.as_deref(), id) else { return found };
            let entry = |key: &StepKey| EntryKey { step: Some(key.clone()), entry: id.clone() };
            let places: Vec<EntryKey> = match step {
                Some(step) => run.steps.keys().filter(|key| key.step == *step).map(entry).collect(),
                None => vec![EntryKey { step: None, entry: id.clone() }],
            };
            found.extend(places.iter().filter_map(|at| side(run, at, spec)));
        }
    }
    found
}

fn side(run: &Run, at: &EntryKey, spec: &EntrySpec) -> Option<bool> {
    match condition::entry(run, at, spec) {
        condition::Branch::Taken => {
            let step = at.step.as_ref().and_then(|step| run.steps.get(step));
            step.and_then(|it| it.entries.get(&at.entry))
                .is_some_and(EntryRun::is_answered)
                .then_some(true)
        }
        condition::Branch::NotTaken(_) => Some(false),
        condition::Branch::Undecided(_) => None,
    }
}
