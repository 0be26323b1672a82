//! Line clearance before the work: what comes after it waits until the line is clear and a second person has
//! looked, or until quality has decided what the clearance showed (21 CFR 211.122, 211.130).

use super::awaited::absences;
use super::spot::{Spot, next_occurrence};
use super::{condition, ending, exception};
use crate::domain::entry::spec::EntrySpec;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::limits::{Side, Verdict};
use crate::domain::recipe::{Operation, Step};
use crate::domain::run::{Content, EntryRun, EntryVersion, Run, StepRun};
use crate::domain::words::EntryKey;

/// The clearances before the work that a step must carry.
pub fn before(step: &Step) -> impl Iterator<Item = &EntrySpec> {
    clearances(step).filter(|spec| spec.mandatory)
}

/// The clearances before the work that a step may carry.
fn clearances(step: &Step) -> impl Iterator<Item = &EntrySpec> {
    step.entries.iter().filter(|spec| spec.clears_before())
}

/// What the clearances of a step's occurrence lack, so that nothing may come after it yet.
#[must_use]
pub fn unmet(run: &Run, key: &StepKey, state: &StepRun) -> Option<String> {
    let (_, step) = run.recipe.step(&key.step)?;
    clearances(step).find_map(|spec| lacking(run, key, state, spec))
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
        return unclear(run, key, state, spec, version, &what);
    }
    // What was recorded counts; only what was not may have been left out.
    if !spec.mandatory || condition::entry(run, &at, spec).not_taken().is_some() {
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

/// Why a clearance does not let go on: not clear, until the line is cleared anew; or looked at by one alone.
/// No triage opens it: a line that is not clear stays so whatever is decided about that.
fn unclear(
    run: &Run,
    key: &StepKey,
    state: &StepRun,
    spec: &EntrySpec,
    version: &EntryVersion,
    what: &str,
) -> Option<String> {
    if is_clear(version) {
        let alone = second(state, version).is_none();
        return alone.then(|| format!("{what} is not checked by a second person"));
    }
    let anew = run.steps.iter().filter(|(other, _)| {
        other.operation == key.operation && other.step == key.step && other.k > key.k
    });
    let cleared = anew.into_iter().any(|(_, later)| {
        let current = later.entries.get(&spec.id).and_then(EntryRun::current);
        current.is_some_and(|it| is_clear(it) && second(later, it).is_some())
    });
    (!cleared).then(|| {
        format!("{what} is not clear (it is cleared, and that recorded with a second person)")
    })
}

fn is_clear(version: &EntryVersion) -> bool {
    matches!(version.content, Content::Value(_)) && within(&version.verdicts)
}

fn within(verdicts: &[Verdict]) -> bool {
    verdicts.iter().all(|verdict| verdict.side == Side::Within)
}

/// Whether a line that was found not clear is looked at anew: that is another clearance with its own two persons,
/// no correction of the first, which stays.
#[must_use]
pub fn again(spot: &Spot<'_>) -> bool {
    spot.spec.kind.as_kind().clears().is_some()
        && spot.current().is_some_and(|it| matches!(it.content, Content::Value(_)) && !is_clear(it))
}

/// What is written of a further clearance.
#[must_use]
pub fn said_again(verdicts: &[Verdict], reason: Option<&str>) -> String {
    let word = if within(verdicts) { "cleared again" } else { "looked at again, not clear" };
    reason.map_or_else(|| word.to_owned(), |reason| format!("{word}: {reason}"))
}

/// The second person of a clearance: who checked it, or whose signature as witness or verifier of its step
/// stands over it.
#[must_use]
pub fn second(state: &StepRun, version: &EntryVersion) -> Option<String> {
    if let Some((_, who)) = &version.checked {
        return Some(format!("checked by {} ({})", who.printed_name, who.user_name));
    }
    let signed = state.checked.as_ref().filter(|signed| signed.seq > version.seq)?;
    let meaning = signed.meaning.as_str();
    Some(format!("{meaning} by {} ({})", signed.printed_name, signed.user_name))
}
