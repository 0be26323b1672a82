//! An entry that something is owed of, and how far the result is that it waits for.

use crate::domain::entry::spec::EntrySpec;
use crate::domain::run::acts::result::standing::Standing;
use crate::domain::run::acts::sample;
use crate::domain::run::{EntryRun, Run};

/// An entry with what is known of it, on a step or on the run.
pub(super) struct Owed<'a> {
    pub(super) entry: &'a EntrySpec,
    pub(super) run_entry: Option<&'a EntryRun>,
    pub(super) waived: Option<&'a str>,
    pub(super) who: String,
    /// The second person of a line clearance.
    pub(super) second: Option<String>,
}

/// How far a result is that has no value yet, and on which sample; nothing for other entries.
pub(super) fn pending(run: &Run, entry: &EntrySpec, found: Option<&EntryRun>) -> Option<String> {
    let spec = entry.as_result()?;
    let ids: Vec<_> = sample::all(run)
        .filter(|(_, taken)| spec.sample.as_deref() == Some(taken.entry))
        .map(|(_, taken)| taken.id().to_owned())
        .collect();
    let on = if ids.is_empty() { "no sample taken".to_owned() } else { ids.join(", ") };
    let done = found.map_or(0, |entry| {
        Standing::each(spec, entry).iter().map(|it| it.counting().count()).sum()
    });
    Some(format!("result pending on {on}: {done} of {} determinations", spec.planned()))
}
