//! What was computed is computed again from what stood then: a version that says anything else is found.

use super::known::Here;
use super::{Content, EntryRun, EntryVersion, Run, lineage};
use crate::domain::entry::computing::Reference;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::words::{Basis, EntryKey};

/// Every computed version that does not stand on what it says: the journal entry it stands in, and why. Times of the
/// process are measured, not computed from values, and are not looked at.
#[must_use]
pub fn unproven(run: &Run) -> Vec<(u64, String)> {
    let mut found = Vec::new();
    for named in &run.recipe.plan().reads.computed {
        let Some(spec) = run.recipe.entry(named.step.as_deref(), &named.entry) else { continue };
        for (at, entry) in entries(run, named.step.as_deref(), &named.entry) {
            for version in entry.versions.iter().filter(|it| it.basis == Basis::Computed) {
                found.extend(fault(run, spec, &at, version).map(|why| (version.seq, why)));
            }
        }
    }
    found
}

fn entries<'r>(run: &'r Run, step: Option<&str>, id: &str) -> Vec<(EntryKey, &'r EntryRun)> {
    let at = |step| EntryKey { step, entry: id.to_owned() };
    let Some(step) = step else {
        return run.release_entries.get(id).map(|entry| (at(None), entry)).into_iter().collect();
    };
    let of = run.recipe.step(step).map_or("", |(operation, _)| operation.id.as_str());
    let all = run.steps.of(of, step);
    all.filter_map(|(key, state)| Some((at(Some(key.clone())), state.entries.get(id)?))).collect()
}

fn fault(run: &Run, spec: &EntrySpec, at: &EntryKey, version: &EntryVersion) -> Option<String> {
    if let Some(list) = lineage::untrue(run, at, version).first() {
        return Some(format!(
            "version {} of {at} was computed from other values than the list from {list} on says",
            version.version
        ));
    }
    let kind = spec.kind.as_kind();
    let from_entries = |input: &Reference| matches!(input, Reference::Entry { .. });
    let Content::Value(value) = &version.content else { return None };
    // What was taken back is not there to be computed from any more.
    if !kind.inputs()?.iter().all(from_entries) || !run.taken_back.is_empty() {
        return None;
    }
    let outcome = kind.compute(&Here::entry(run, at, version.at).before(version.seq));
    let (shown, formula) = match outcome {
        Ok(Some(outcome)) if outcome.value == *value => return None,
        Ok(Some(outcome)) => (outcome.value.shown, outcome.formula),
        Ok(None) => ("nothing, an input is missing".to_owned(), version.raw.clone()),
        Err(why) => (format!("nothing, {why}"), version.raw.clone()),
    };
    // An amendment may have changed the formula since.
    (formula == version.raw).then(|| {
        format!(
            "version {} of {at} stands as {}; from what stood then it is {shown}",
            version.version, value.shown
        )
    })
}
