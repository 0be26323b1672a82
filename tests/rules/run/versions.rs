//! What events say that they make new versions of is what has new versions, in every act of these tests.

use batchwright::domain::ids::StepKey;
use batchwright::domain::ruling::Ruling;
use batchwright::domain::run::Run;
use batchwright::domain::run::acts::RunEvent;
use batchwright::domain::run::acts::versions::{Versioned, given};
use batchwright::domain::words::EntryKey;
use std::collections::BTreeMap;

/// Every part of a run with its version.
fn parts(run: &Run) -> BTreeMap<Versioned, u64> {
    let entry = |step: Option<&StepKey>, entry: &String| {
        Versioned::Entry(EntryKey { step: step.cloned(), entry: entry.clone() })
    };
    let mut parts = BTreeMap::new();
    for (key, operation) in run.operations.iter() {
        parts.insert(Versioned::Operation(key.clone()), operation.version);
    }
    for (key, step) in run.steps.iter() {
        parts.insert(Versioned::Step(key.clone()), step.version);
        for (id, found) in step.entries.iter() {
            parts.extend(found.versions.last().map(|it| (entry(Some(key), id), it.seq)));
        }
    }
    for (id, found) in run.release_entries.iter() {
        parts.extend(found.versions.last().map(|it| (entry(None, id), it.seq)));
    }
    parts.extend(run.holds.iter().map(|hold| (Versioned::Hold(hold.no), hold.version)));
    parts
}

/// Exactly the parts that the events name have a new version, and it is the one that follows from them.
#[track_caller]
pub fn held(before: u64, ruling: &Ruling<RunEvent>, run: &Run) {
    let told = given(before, ruling.events.iter().map(|(event, _)| event.changed()));
    let mut new = parts(run);
    new.retain(|_, version| *version > before);
    assert_eq!(told, new, "{:?}", ruling.events);
}
