//! Which version of an entry somebody has seen and checks.

use crate::domain::act::seen;
use crate::domain::refusal::Refusal;
use crate::domain::run::EntryVersion;
use crate::domain::run::acts::spot::Spot;
use crate::domain::words::EntryKey;

/// The version that somebody has seen and checks.
#[derive(Debug, Clone, Copy)]
pub enum Which {
    /// By the journal entry it stands in.
    Entry(Option<u64>),
    /// By its number.
    Version(u32),
}

impl Which {
    /// Refused, where somebody has seen another version than this one.
    pub(super) fn is_seen(self, version: &EntryVersion, at: &EntryKey) -> Result<(), Refusal> {
        match self {
            Self::Entry(expected) => seen(expected, version.seq, &at.to_string()),
            Self::Version(no) => {
                seen(Some(no.into()), version.version.into(), &format!("the versions of {at}"))
            }
        }
    }

    /// The version that is checked: that the entry was struck, where the caller has seen that; of a laboratory result the
    /// newest one of a lot, where the caller has seen that one; else the one that counts.
    pub(super) fn of<'r>(self, spot: &Spot<'r>) -> Option<&'r EntryVersion> {
        let seen = |version: &&EntryVersion| match self {
            Which::Entry(seq) => Some(version.seq) == seq,
            Which::Version(no) => version.version == no,
        };
        let struck = spot.entry?.versions.iter().find(|it| it.strikes_unchecked() && seen(it));
        let newest = spot.entry?.newest().find(|version| version.is_value() && seen(version));
        struck.or(newest.filter(|_| spot.spec.as_result().is_some())).or_else(|| spot.current())
    }
}
