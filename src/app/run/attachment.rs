//! Files of a run: the very bytes that its record names, and no others.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::entry::attachment;
use crate::domain::refusal::{NOT_FOUND, Refusal};
use crate::domain::run::{Content, EntryRun, Run};
use crate::domain::words::Enclosure;

/// Every file that a run's record names: of entries in all their versions, of reported events.
fn named(run: &Run) -> impl Iterator<Item = Enclosure> + '_ {
    let steps = run.reported_steps().flat_map(|(_, step)| step.entries.values());
    let entries = steps.chain(run.release_entries.values());
    let told = run.happenings.iter().flat_map(|happening| happening.told.enclosures.clone());
    entries.flat_map(of_entry).chain(told)
}

fn of_entry(entry: &EntryRun) -> Vec<Enclosure> {
    let values = entry.versions.iter().filter_map(|version| match &version.content {
        Content::Value(value) => Some(value),
        Content::Absent(_) | Content::Struck => None,
    });
    values.flat_map(attachment::files).collect()
}

impl Desk {
    /// A file of a run by its hash, with its bytes. Blocks.
    ///
    /// # Errors
    /// `not-found` also where the run's record does not name it; `authority-missing` without *read*.
    pub fn attachment(
        &self,
        caller: &Caller,
        number: &str,
        sha256: &str,
    ) -> Result<(Enclosure, Vec<u8>), Failure> {
        let state = self.run(caller, number)?;
        let found = state.as_run().and_then(|run| named(run).find(|file| file.sha256 == sha256));
        let found = found.ok_or_else(|| {
            Refusal::new(&NOT_FOUND, format!("run {number} names no file {sha256:?}"))
        })?;
        let bytes = self.content_bytes(&found.sha256)?;
        Ok((found, bytes))
    }
}
