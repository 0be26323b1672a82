//! When an entry was performed, as people declare it, and what an entry without a value says.

use super::{Content, EntryRun, EntryVersion, StepRun};
use crate::domain::clock::Instant;
use crate::domain::entry::date_time;
use crate::domain::words::Basis;

/// When an entry was performed: as the server recorded it first, and as people declare it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    /// The server's clock at its first value.
    pub recorded: Instant,
    /// What a date-time entry says, else what the first value declares: performed-at, and when a device says that it
    /// measured, whichever is earlier.
    pub performed: Option<Instant>,
    /// Whether a checker confirmed what is declared, or a registered device signed it.
    pub confirmed: bool,
}

/// The times of an entry that ever had a value. What a date-time entry says can change with each version,
/// so only a check of the newest confirms it; performed-at stands in every version since it
/// was last corrected, so any of these does.
#[must_use]
pub fn declared(entry: &EntryRun) -> Option<Declared> {
    let first = entry.beginning()?;
    let said = entry.current().and_then(|current| {
        let Content::Value(value) = &current.content else { return None };
        Some((date_time::said(value)?, current.checked.is_some()))
    });
    let (performed, confirmed) = match said {
        Some((said, checked)) => (Some(said), checked),
        None => {
            let from = entry.time_corrections().last();
            let told = from.map_or(first, |from| &entry.versions[from]);
            let since = entry.versions.since(from.unwrap_or(0));
            let proven = told.source.as_ref().is_some_and(|source| source.verified);
            let checked = since.clone().any(|v| v.checked.is_some());
            (done(told), checked || told.performed_at.is_none() && proven)
        }
    };
    Some(Declared { recorded: first.at, performed, confirmed })
}

/// When a version is said to have been done: performed-at, and when a device says that it measured.
#[must_use]
pub fn done(version: &EntryVersion) -> Option<Instant> {
    let measured = version.source.as_ref().and_then(|source| source.measured_at);
    version.performed_at.into_iter().chain(measured).min()
}

/// The earliest time at which something is said to have been done in an occurrence: by then it had begun.
#[must_use]
pub fn claimed_within(state: &StepRun) -> Option<Instant> {
    state.entries.values().flat_map(EntryRun::timed).filter_map(done).min()
}

/// Whether a version is the server's word that it could not compute a value.
#[must_use]
pub fn is_not_computable(version: &EntryVersion) -> bool {
    version.basis == Basis::Computed && matches!(version.content, Content::Absent(_))
}

/// Whether a version is the word of somebody that there is no value.
#[must_use]
pub fn is_declared_absent(version: &EntryVersion) -> bool {
    matches!(version.content, Content::Absent(_)) && !is_not_computable(version)
}
