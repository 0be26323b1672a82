//! A value was recorded for the first time, or came and waits to be confirmed.

use crate::domain::clock::Instant;
use crate::domain::command::EvolveFault;
use crate::domain::entry::EntryValue;
use crate::domain::entry::result::outside;
use crate::domain::ids::PersonId;
use crate::domain::limits::Verdict;
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::run::acts::derive::changes;
use crate::domain::run::acts::event::{Event, Moves, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses;
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::told::Told;
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::reading::ReadingSource;
use crate::domain::run::time::kept::Bears;
use crate::domain::run::time::limit::Mark;
use crate::domain::run::{Attempt, Content, EntryRun, EntryVersion, Run};
use crate::domain::words::{Basis, EntryKey};
use serde::{Deserialize, Serialize};

/// A value was recorded for the first time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRecorded {
    /// Where.
    pub at: EntryKey,
    pub value: EntryValue,
    /// The input as sent, canonical JSON.
    pub raw: String,
    pub verdicts: Vec<Verdict>,
    /// Performed at, where declared.
    pub performed_at: Option<Instant>,
    pub basis: Basis,
    /// The device it came from, with its own text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<ReadingSource>,
    /// Who did it, where a scribe recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performer: Option<PersonId>,
    /// Reason given (late entry, confirmation of an implausible value).
    pub reason: Option<String>,
    /// Open exceptions under which it was recorded.
    pub under_exceptions: Vec<u32>,
    /// Whether it owes a check by a second person.
    pub check_owed: bool,
    /// Exceptions it opened.
    pub exceptions: Vec<u32>,
}

impl Event for EntryRecorded {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        Self { at, value, verdicts, .. } if outside(verdicts) && at.step.is_none() =>
            "a release specification, outside", Blocks, format!("{at} is {}, outside its specification", value.shown);
        Self { at, value, verdicts, exceptions, .. } if outside(verdicts) || !exceptions.is_empty() =>
            "outside acceptance, or with an exception", Shown, format!("{at} was recorded as {}", value.shown);
        _ => "planned, without exception", Nothing, String::new();
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let mut version = EntryVersion {
            raw: self.raw.clone(),
            verdicts: self.verdicts.clone(),
            performed_at: self.performed_at,
            basis: self.basis.clone(),
            source: self.source.clone(),
            performer: self.performer,
            reason: self.reason.clone(),
            check_owed: self.check_owed,
            exceptions: self.exceptions.clone(),
            ..written.version(1, Content::Value(self.value.clone()))
        };
        let entry = written.entry(run, &self.at, self.performer)?;
        confirmed(entry, &self.raw, written.who.person);
        version.version = entry.next_version();
        entry.versions.push(version);
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::entry(&self.at, "recorded")
    }

    fn moves(&self) -> Moves<'_> {
        changes::entry(&self.at, "recorded")
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Entry(&self.at)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::version(&self.at)
    }

    fn tell(&self, answer: &mut Told) {
        answer.recorded(&self.at, &self.value.shown, &self.verdicts);
        answer.check_owed = Some(self.check_owed);
    }

    fn performer(&self) -> Option<PersonId> {
        self.performer
    }

    fn marks(&self) -> Option<Mark<'_>> {
        Some(Mark::Recorded(&self.at))
    }
}

/// What its author sent again, and meant, is no attempt any more; what another typed stays one.
pub(super) fn confirmed(entry: &mut EntryRun, raw: &str, by: Option<PersonId>) {
    let own = |attempt: &Attempt| attempt.raw == raw && attempt.by.person == by;
    let same = |attempt: &Attempt| own(attempt) && !attempt.confirmed;
    entry.attempts.change(same, |attempt| attempt.confirmed = true);
}

/// An implausible value came and confirmation was asked: the attempt stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImplausibleValueKept {
    /// Where.
    pub at: EntryKey,
    /// The input as sent, canonical JSON.
    pub raw: String,
    /// As people read it.
    pub shown: String,
    pub verdicts: Vec<Verdict>,
    /// Performed at, where declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performed_at: Option<Instant>,
    pub basis: Basis,
    /// The device it came from, with its own text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<ReadingSource>,
    /// Who did it, where a scribe sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performer: Option<PersonId>,
    /// The exception that names it and all before it: from the second one on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<u32>,
}

impl Event for ImplausibleValueKept {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        Self { at, shown, .. } => "", Shown, format!("{at} was attempted as {shown}");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let entry = written.entry(run, &self.at, self.performer)?;
        let attempt = Attempt {
            no: u32::try_from(entry.attempts.len()).unwrap_or(u32::MAX).saturating_add(1),
            raw: self.raw.clone(),
            shown: self.shown.clone(),
            verdicts: self.verdicts.clone(),
            at: written.happened.at,
            by: written.who.clone(),
            seq: written.happened.seq,
            performed_at: self.performed_at,
            basis: self.basis.clone(),
            source: self.source.clone(),
            performer: self.performer,
            confirmed: false,
            explained: None,
            looked: None,
            exception: self.exception,
        };
        if self.exception.is_some() {
            let unnamed = |it: &Attempt| !it.confirmed && it.exception.is_none();
            entry.attempts.change(unnamed, |it| it.exception = self.exception);
        }
        entry.attempts.push(attempt);
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::entry(&self.at, "attempted")
    }

    fn changed(&self) -> Changed<'_> {
        Changed::within(&self.at)
    }

    fn tell(&self, answer: &mut Told) {
        answer.confirmation_asked = Some(true)
    }

    fn performer(&self) -> Option<PersonId> {
        self.performer
    }

    nothing_in!(moves, bears);
}
