//! Line clearance before the work: what comes after it waits until the line is clear and a second person has
//! looked, or until quality has decided what the clearance showed (21 CFR 211.122, 211.130).

use super::awaited::absences;
use super::spot::next_occurrence;
use super::{condition, ending, exception};
use crate::domain::entry::KindSpec;
use crate::domain::entry::line_clearance::When;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::exception::ExceptionKind;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::limits::Side;
use crate::domain::master::{Operation, Step};
use crate::domain::run::event::EntryKey;
use crate::domain::run::{Content, EntryRun, EntryVersion, Run, StepRun};

/// The clearances before the work that a step must carry.
pub fn before(step: &Step) -> impl Iterator<Item = &EntrySpec> {
    step.entries.iter().filter(|spec| {
        let clears = matches!(&spec.kind, KindSpec::LineClearance(it) if it.moment == When::Before);
        spec.mandatory && clears
    })
}

/// What the clearances of a step's occurrence lack, so that nothing may come after it yet.
#[must_use]
pub fn unmet(run: &Run, key: &StepKey, state: &StepRun) -> Option<String> {
    let (_, step) = run.recipe.step(&key.step)?;
    before(step).find_map(|spec| lacking(run, key, state, spec))
}

/// The same of an operation's occurrence: of every step that began, and of those that were given up.
#[must_use]
pub fn unmet_in(run: &Run, key: &OperationKey, operation: &Operation) -> Option<String> {
    let of_it = run.steps.iter().filter(|(step, _)| step.operation == *key);
    let begun = of_it.into_iter().find_map(|(step, state)| unmet(run, step, state));
    begun.or_else(|| {
        let owed = operation.steps.iter().filter(|step| before(step).next().is_some());
        let next = owed.filter_map(|step| {
            let k = next_occurrence(run, key, &step.id);
            let next = StepKey { operation: key.clone(), step: step.id.clone(), k };
            (k <= step.order.occurs().min).then_some(next)
        });
        let given_up = |next: &StepKey| ending::waives(run, next) && !is_waived(run, next);
        let next = next.into_iter().find(given_up)?;
        Some(format!("{next} was given up, and quality has not decided on that"))
    })
}

/// Whether an occurrence that was not begun is no longer owed: the early end of its operation waives it; a
/// clearance only once quality has decided on that end.
#[must_use]
pub fn is_waived(run: &Run, key: &StepKey) -> bool {
    let clears = run.recipe.step(&key.step).is_some_and(|(_, step)| before(step).next().is_some());
    if clears {
        ending::waives_by_quality(run, key)
            || ending::waives(run, key) && condition::leaves_out(run, key).is_some()
    } else {
        ending::waives(run, key)
    }
}

fn lacking(run: &Run, key: &StepKey, state: &StepRun, spec: &EntrySpec) -> Option<String> {
    let at = EntryKey { step: Some(key.clone()), entry: spec.id.clone() };
    let what = format!("{} at {at}", spec.name);
    let current = state.entries.get(&spec.id).and_then(EntryRun::current);
    if let Some(version) = current.filter(|it| matches!(it.content, Content::Value(_))) {
        return unclear(run, version, &what);
    }
    if condition::entry(run, &at, spec).not_taken().is_some() {
        return None;
    }
    let mut opened = absences(run, key, &spec.id).peekable();
    if opened.peek().is_none() {
        return Some(format!("{what} is not recorded"));
    }
    let undecided = opened.find(|it| !exception::lets_go_on(run, it))?;
    let no = undecided.opened.no;
    Some(format!("{what} was not done, exception {no} (a holder of triage decides it)"))
}

fn unclear(run: &Run, version: &EntryVersion, what: &str) -> Option<String> {
    if version.verdicts.iter().all(|verdict| verdict.side == Side::Within) {
        let alone = version.checked.is_none();
        return alone.then(|| format!("{what} is not checked by a second person"));
    }
    let mut opened = run
        .exceptions
        .iter()
        .filter(|it| version.exceptions.contains(&it.opened.no))
        .filter(|it| it.opened.kind == ExceptionKind::LineClearance)
        .peekable();
    if opened.peek().is_none() {
        return Some(format!("{what} is not clear"));
    }
    let no = opened.find(|it| !exception::lets_go_on(run, it))?.opened.no;
    Some(format!("{what} is not clear, exception {no} (a holder of triage decides it)"))
}
