//! Orders to correct an entry, and that it was corrected.

use super::correct;
use crate::domain::clock::Instant;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::entry::result::outside;
use crate::domain::entry::{EntryValue, Input};
use crate::domain::limits::Verdict;
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::derive::changes;
use crate::domain::run::acts::event::{Event, Moves, Part, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Late, Order, order_of};
use crate::domain::run::acts::recorded::confirmed;
use crate::domain::run::acts::told::Told;
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses, report};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::time::kept::Bears;
use crate::domain::run::{Content, EntryVersion, Run};
use crate::domain::words::EntryKey;
use serde::{Deserialize, Serialize};

/// Report: a new version of a value.
#[derive(Debug, Clone)]
pub struct CorrectEntry {
    /// Where.
    pub at: EntryKey,
    /// What was sent.
    pub input: Input,
    /// Why.
    pub reason: Option<String>,
    /// Whether it is said to be a slip.
    pub slip: bool,
    /// The person has seen that the value is implausible and means it.
    pub confirmed: bool,
    /// The version decided on.
    pub expected: Option<u64>,
}

impl Order for CorrectEntry {
    const NAME: &'static str = "correct-entry";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        let Self { at, input, reason, slip, confirmed, expected } = self;
        let correction = report::Correction {
            at,
            input,
            performed_at: None,
            reason: reason.as_deref(),
            slip: *slip,
            confirmed: *confirmed,
            expected: *expected,
        };
        correct(run, facts, &correction, stamp)
    }

    fn late(&self) -> Late<'_> {
        Late::Addendum(self.reason.as_deref())
    }

    order_of!(entry, alone, versioned);
}

/// Report: a new version of a value that corrects when it was done; the value may stay.
#[derive(Debug, Clone)]
pub struct CorrectTime {
    /// Where.
    pub at: EntryKey,
    /// What was sent.
    pub input: Input,
    /// When it was done, where it is said to have been before.
    pub performed_at: Instant,
    /// Why.
    pub reason: Option<String>,
    /// The person has seen that the value is implausible and means it.
    pub confirmed: bool,
    /// The version decided on.
    pub expected: Option<u64>,
}

impl Order for CorrectTime {
    const NAME: &'static str = "correct-time";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        let value = (&self.at, &self.input, self.reason.as_deref());
        let correction =
            report::Correction::of_time(value, self.performed_at, self.confirmed, self.expected);
        correct(run, facts, &correction, stamp)
    }

    fn late(&self) -> Late<'_> {
        Late::Addendum(self.reason.as_deref())
    }

    order_of!(entry, alone, versioned);
}

/// A value was replaced by a new version; the old one stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryCorrected {
    /// Where.
    pub at: EntryKey,
    /// The new version's number.
    pub version: u32,
    /// What stood there before, as people read it (who reads the entry alone sees both).
    #[serde(default)]
    pub old: String,
    /// The new value.
    pub value: EntryValue,
    /// The input as sent.
    pub raw: String,
    /// Verdicts on the new value.
    pub verdicts: Vec<Verdict>,
    /// Why.
    pub reason: String,
    /// A slip: within 60 s, unsigned, unused.
    pub slip: bool,
    /// When it was done, where this corrects that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performed_at: Option<Instant>,
    /// Acts already done on the old value: executed on a superseded value.
    pub superseded_uses: Vec<String>,
    /// Whether the new version owes a check.
    pub check_owed: bool,
    /// Exceptions it opened.
    pub exceptions: Vec<u32>,
}

impl Event for EntryCorrected {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        Self { at, value, verdicts, .. } if outside(verdicts) && at.step.is_none() =>
            "a release specification, now outside", Blocks, format!("{at} was corrected to {}, outside its specification", value.shown);
        Self { at, old, value, .. } =>
            "any other", Shown, format!("{at} was corrected from {old} to {}", value.shown);
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let mut version = EntryVersion {
            raw: self.raw.clone(),
            verdicts: self.verdicts.clone(),
            reason: Some(self.reason.clone()),
            slip: self.slip,
            superseded_uses: self.superseded_uses.clone(),
            check_owed: self.check_owed,
            exceptions: self.exceptions.clone(),
            ..written.version(self.version, Content::Value(self.value.clone()))
        };
        let entry = written.entry(run, &self.at, None)?;
        confirmed(entry, &self.raw, written.who.person);
        version.performed_before = self.performed_at.and(entry.said_done());
        let kept = entry.current().and_then(|current| current.performed_at);
        version.performed_at = self.performed_at.or(kept);
        entry.versions.push(version);
        run.corrections += 1;
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::entry(&self.at, "corrected")
    }

    fn moves(&self) -> Moves<'_> {
        changes::entry(&self.at, "corrected")
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
}
