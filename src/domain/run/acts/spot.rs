//! Where an act concerns: the recipe's words and the run's state for one address.

use crate::domain::entry::spec::EntrySpec;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::{Operation, Step};
use crate::domain::refusal::Refusal;
use crate::domain::run::refusal::OCCURRENCE_UNKNOWN;
use crate::domain::run::{EntryRun, EntryVersion, OperationRun, Run, StepPhase, StepRun};
use crate::domain::words::EntryKey;

/// An entry with all that is known of it.
#[derive(Debug, Clone, Copy)]
pub struct Spot<'r> {
    /// The operation; none for release specifications.
    pub operation: Option<&'r Operation>,
    /// The step; none for release specifications.
    pub step: Option<&'r Step>,
    /// What the master record says of the entry.
    pub spec: &'r EntrySpec,
    /// The operation's occurrence, once it has begun.
    pub operation_run: Option<&'r OperationRun>,
    /// The step's occurrence, once it has begun.
    pub step_run: Option<&'r StepRun>,
    /// What was recorded.
    pub entry: Option<&'r EntryRun>,
}

impl<'r> Spot<'r> {
    /// The version that counts.
    #[must_use]
    pub fn current(&self) -> Option<&'r EntryVersion> {
        self.entry.and_then(EntryRun::current)
    }

    /// Whether the step's occurrence has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.step_run
            .is_some_and(|s| matches!(s.phase, StepPhase::Complete | StepPhase::NotPerformed))
    }
}

/// Finds an operation's occurrence in the recipe; it may be the next one, not yet begun.
///
/// # Errors
/// `occurrence-unknown` naming the next occurrence.
pub fn operation<'r>(run: &'r Run, key: &OperationKey) -> Result<&'r Operation, Refusal> {
    let found = run.recipe.operation(&key.op);
    let operation =
        found.ok_or_else(|| unknown(format!("the master record has no operation {}", key.op)))?;
    let next = next_operation(run, &key.op);
    if key.n == 0 || key.n > next {
        return Err(unknown(format!("the next occurrence is {}~{next}, not {key}", key.op)));
    }
    Ok(operation)
}

/// Finds a step's occurrence in the recipe; it may be the next one, not yet begun.
///
/// # Errors
/// `occurrence-unknown` naming the next occurrence.
pub fn step<'r>(run: &'r Run, key: &StepKey) -> Result<(&'r Operation, &'r Step), Refusal> {
    let operation = operation(run, &key.operation)?;
    let found = operation.steps.iter().find(|step| step.id == key.step);
    let step = found.ok_or_else(|| {
        unknown(format!("operation {} has no step {}", key.operation.op, key.step))
    })?;
    let next = next_occurrence(run, &key.operation, &key.step);
    if key.k == 0 || key.k > next {
        let detail =
            format!("the next occurrence is {}/{}~{next}, not {key}", key.operation, key.step);
        return Err(unknown(detail));
    }
    Ok((operation, step))
}

/// Finds an entry of a step's occurrence, or a release specification of the run.
///
/// # Errors
/// `occurrence-unknown`.
pub fn entry<'r>(run: &'r Run, at: &EntryKey) -> Result<Spot<'r>, Refusal> {
    let Some(key) = &at.step else {
        let spec = run.recipe.release_specifications.iter().find(|spec| spec.id == at.entry);
        let spec = spec.ok_or_else(|| {
            unknown(format!("the master record has no release specification {}", at.entry))
        })?;
        return Ok(Spot {
            operation: None,
            step: None,
            spec,
            operation_run: None,
            step_run: None,
            entry: run.release_entries.get(&at.entry),
        });
    };
    let (operation, step) = step(run, key)?;
    let spec = step.entries.iter().find(|spec| spec.id == at.entry);
    let spec =
        spec.ok_or_else(|| unknown(format!("step {} has no entry {:?}", step.id, at.entry)))?;
    let step_run = run.steps.get(key);
    Ok(Spot {
        operation: Some(operation),
        step: Some(step),
        spec,
        operation_run: run.operations.get(&key.operation),
        step_run,
        entry: step_run.and_then(|state| state.entries.get(&at.entry)),
    })
}

/// The number of an operation's next occurrence; occurrences are without gaps.
#[must_use]
pub fn next_operation(run: &Run, op: &str) -> u32 {
    let of = run.operations.span(|key| key.op.as_str() < op, |key| key.op.as_str() <= op);
    1 + count(of.len())
}

/// The number of a step's next occurrence in an occurrence of its operation.
#[must_use]
pub fn next_occurrence(run: &Run, operation: &OperationKey, step: &str) -> u32 {
    1 + count(run.steps.within(operation, step).len())
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX - 1)
}

fn unknown(detail: String) -> Refusal {
    Refusal::new(&OCCURRENCE_UNKNOWN, detail)
}
