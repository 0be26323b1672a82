//! Entries recorded in error: what was struck stays, and the entry is open again (rule 2.9).

use super::{Content, EntryRun, EntryVersion, Run};
use crate::domain::clock::Instant;
use crate::domain::entry::EntryValue;
use crate::domain::exception::Exception;

impl EntryVersion {
    /// Its value, if it has one.
    #[must_use]
    pub fn value(&self) -> Option<&EntryValue> {
        match &self.content {
            Content::Value(value) => Some(value),
            Content::Absent(_) | Content::Struck => None,
        }
    }

    /// Whether it says that what stood before was recorded in error.
    #[must_use]
    pub fn strikes(&self) -> bool {
        self.content == Content::Struck
    }

    /// Whether it strikes, and nobody else has looked at that where somebody must.
    #[must_use]
    pub fn strikes_unchecked(&self) -> bool {
        self.strikes() && self.check_owed && self.checked.is_none()
    }
}

impl EntryRun {
    /// Behind the newest version that strikes.
    fn opened_again(&self) -> usize {
        self.behind(EntryVersion::strikes)
    }

    /// Behind the newest version that strikes and was checked where it owes a check: what stands before it says
    /// nothing any more.
    #[must_use]
    pub fn struck_for_good(&self) -> usize {
        self.behind(|version| version.strikes() && !version.strikes_unchecked())
    }

    fn behind(&self, is: impl Fn(&EntryVersion) -> bool) -> usize {
        let all = self.versions.iter().enumerate().filter(|(_, version)| is(version));
        all.last().map_or(0, |(index, _)| index.saturating_add(1))
    }

    /// The first value of those that stand: it says when the entry was recorded.
    #[must_use]
    pub fn beginning(&self) -> Option<&EntryVersion> {
        self.versions.since(self.opened_again()).find(|it| it.is_value())
    }

    /// The first value of those that were struck by their author alone: until somebody checks that, it still
    /// begins what it began.
    #[must_use]
    pub fn doubted(&self) -> Option<&EntryVersion> {
        let (from, to) = (self.struck_for_good(), self.opened_again());
        self.versions.iter().take(to).skip(from).find(|it| it.is_value())
    }

    /// When it was done, as it is said now: else when its first value was recorded.
    #[must_use]
    pub fn said_done(&self) -> Option<Instant> {
        let first = self.beginning().map(|it| it.at);
        self.current().and_then(|current| current.performed_at).or(first)
    }

    /// The version that struck a value which opened an exception.
    fn struck(&self, exception: u32) -> Option<&EntryVersion> {
        let mut all = self.versions.iter();
        all.find(|version| version.exceptions.contains(&exception) && !version.strikes())?;
        all.find(|version| version.strikes())
    }
}

/// Where the value that opened an exception was struck since: who says so, when and why.
#[must_use]
pub fn struck<'r>(run: &'r Run, exception: &Exception) -> Option<&'r EntryVersion> {
    let entry = run.entry(exception.opened.at.as_ref()?)?;
    entry.struck(exception.opened.no)
}
