//! Values that were sent and do not count: implausible, and not confirmed by who sent them (rule 2.5).

use super::looks::Look;
use super::looks::NAMED;
use super::reading::ReadingSource;
use super::{EntryRun, Run};
use crate::domain::clock::Instant;
use crate::domain::exception::Exception;
use crate::domain::ids::PersonId;
use crate::domain::limits::Verdict;
use crate::domain::words::{Basis, EntryKey, Who};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A value that was sent and kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// From 1, for each entry.
    pub no: u32,
    /// The input as sent, canonical JSON.
    pub raw: String,
    /// As people read it.
    pub shown: String,
    pub verdicts: Vec<Verdict>,
    /// When.
    pub at: Instant,
    /// Who.
    pub by: Who,
    /// The journal entry it stands in.
    pub seq: u64,
    /// Performed at, where declared.
    pub performed_at: Option<Instant>,
    pub basis: Basis,
    /// The device it came from, with its own text.
    pub source: Option<ReadingSource>,
    /// Who did it, where a scribe sent it.
    pub performer: Option<PersonId>,
    /// Sent again and meant: a version says the same, and nothing more is owed of the attempt.
    pub confirmed: bool,
    /// Why it was sent, by its author or a supervisor.
    pub explained: Option<Explained>,
    /// The look of somebody else.
    pub looked: Option<Look>,
    /// The exception that names it, where more than one was sent.
    pub exception: Option<u32>,
}

/// Why a value was sent that does not count: the coded reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mistake {
    /// Another digit, point or sign than meant.
    Mistyped,
    /// Read in another unit than the one asked.
    WrongUnit,
    /// Meant for another entry, step or batch.
    WrongEntry,
    /// Read off wrongly.
    Misread,
    /// The instrument showed it, and was wrong.
    Instrument,
    /// Something else, which is said in words.
    Other,
}

impl Mistake {
    /// The word that is printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mistyped => "mistyped",
            Self::WrongUnit => "wrong unit",
            Self::WrongEntry => "wrong entry",
            Self::Misread => "misread",
            Self::Instrument => "instrument",
            Self::Other => "other",
        }
    }
}

/// Why a value was sent, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    pub why: Mistake,
    /// In words.
    pub words: Option<String>,
    pub by: Who,
    pub at: Instant,
}

impl Explained {
    /// As a line for people.
    #[must_use]
    pub fn line(&self) -> String {
        let words = self.words.as_ref().map_or_else(String::new, |words| format!(": {words}"));
        format!("{}{words} ({})", self.why.as_str(), self.by.printed_name)
    }
}

impl Attempt {
    /// As the list of a signature names it.
    #[must_use]
    pub fn line(&self, at: &EntryKey) -> String {
        format!("{at} attempt {}: {}", self.no, self.shown)
    }

    /// Everybody who has a part in it and so does not look: who typed it and who performed.
    #[must_use]
    pub fn authors(&self) -> BTreeSet<PersonId> {
        self.by.person.into_iter().chain(self.performer).collect()
    }

    /// Whether it still owes its reason, or a look.
    #[must_use]
    pub fn owes(&self) -> bool {
        !self.confirmed && (self.explained.is_none() || self.looked.is_none())
    }
}

impl EntryRun {
    /// The values that were sent and that nobody confirmed.
    pub fn unconfirmed(&self) -> impl Iterator<Item = &Attempt> {
        self.attempts.iter().filter(|attempt| !attempt.confirmed)
    }
}

/// The last values of a list, as they were sent, after how many stand before them.
#[must_use]
pub fn last_shown(all: &[&str]) -> String {
    let before = all.len().saturating_sub(NAMED);
    let last = all.get(before..).unwrap_or_default().join(", ");
    if before == 0 { last } else { format!("{before} more, then {last}") }
}

/// What happened by which an exception opened, with the last values that it names: those sent since, too.
#[must_use]
pub fn detail(run: &Run, exception: &Exception) -> String {
    let said = &exception.opened.detail;
    let entry = exception.opened.at.as_ref().and_then(|at| run.entry(at));
    let named = entry.into_iter().flat_map(|entry| &entry.attempts);
    let no = Some(exception.opened.no);
    let since = named.filter(|it| it.exception == no && it.at > exception.at);
    let since: Vec<_> = since.map(|it| it.shown.as_str()).collect();
    if since.is_empty() {
        said.clone()
    } else {
        format!("{said}; since then {}", last_shown(&since))
    }
}
