//! Every sample of the run that counts now.

use crate::domain::alike::forms;
use crate::domain::entry::EntryValue;
use crate::domain::entry::sample::is_sample;
use crate::domain::run::{Content, EntryRun, Run};
use crate::domain::words::EntryKey;

/// A sample of the run that counts now.
#[derive(Debug, Clone, Copy)]
pub struct Taken<'r> {
    /// Entry id in the master record.
    pub entry: &'r str,
    pub value: &'r EntryValue,
}

impl<'r> Taken<'r> {
    /// Its id as typed.
    #[must_use]
    pub fn id(&self) -> &'r str {
        self.value.data["id"].as_str().unwrap_or_default()
    }
}

/// The value of a recorded sample.
#[must_use]
pub fn recorded(entry: &EntryRun) -> Option<&EntryValue> {
    match &entry.current()?.content {
        Content::Value(value) if is_sample(value) => Some(value),
        _ => None,
    }
}

/// The samples that a text names: those that are written just so, else those that read like it.
pub fn called<'r>(run: &'r Run, named: &str) -> Vec<(EntryKey, Taken<'r>)> {
    let exact: Vec<_> = all(run).filter(|(_, taken)| taken.id() == named).collect();
    if !exact.is_empty() {
        return exact;
    }
    let own = forms(named);
    all(run).filter(|(_, taken)| own.meet(&forms(taken.id()))).collect()
}

/// Every sample of the run that counts now, with its place.
pub fn all(run: &Run) -> impl Iterator<Item = (EntryKey, Taken<'_>)> {
    run.steps.iter().flat_map(|(step, state)| {
        state.entries.iter().filter_map(move |(entry, found)| {
            let at = EntryKey { step: Some(step.clone()), entry: entry.clone() };
            Some((at, Taken { entry, value: recorded(found)? }))
        })
    })
}
