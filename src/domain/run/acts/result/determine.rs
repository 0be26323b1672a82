//! A determination of a laboratory result.

use crate::domain::clock::Instant;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::entry::Input;
use crate::domain::entry::result::{level, outside};
use crate::domain::ids::PersonId;
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::derive::changes;
use crate::domain::run::acts::event::{Event, Moves, Part, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Late, Order, order_of};
use crate::domain::run::acts::told::Told;
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses, report};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::testing::{Determination, DeterminationRun, set_aside, settle};
use crate::domain::run::time::kept::Bears;
use crate::domain::words::{Basis, EntryKey};

impl Event for Determination {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        told if outside(&told.verdicts) =>
            "outside", Blocks, format!("determination {} of {} is {}, {}", told.no, told.at, told.value.shown, level(&told.verdicts).as_str());
        told if told.repeat || !told.exceptions.is_empty() =>
            "a repeat, or with an exception", Shown, format!("determination {} of {} is {}", told.no, told.at, told.value.shown);
        _ => "planned and within", Nothing, String::new();
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let determination = DeterminationRun {
            told: self.clone(),
            by: written.who.clone(),
            at: written.happened.at,
            seq: written.happened.seq,
            invalidated: None,
            corrected: None,
            run: self.run.as_deref().cloned(),
        };
        let entry = written.entry(run, &self.at, self.performer)?;
        if let Some(settled) = self.settles {
            settle(entry, settled, self.no);
        }
        entry.determinations.push(determination);
        if let Some(run) = &self.run {
            set_aside(entry, run);
        }
        written.reopened(entry, self.of.as_ref(), self.reopens.as_ref());
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::entry(&self.at, "determined")
    }

    fn moves(&self) -> Moves<'_> {
        changes::entry(&self.at, "determined")
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Entry(&self.at)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::result(&self.at, self.reopens.is_some())
    }

    fn tell(&self, answer: &mut Told) {
        answer.recorded(&self.at, &self.value.shown, &self.verdicts);
        answer.determination = Some(self.no);
    }

    fn performer(&self) -> Option<PersonId> {
        self.performer
    }
}

/// Report: a determination of a laboratory result.
#[derive(Debug, Clone)]
pub struct RecordDetermination {
    /// Where.
    pub at: EntryKey,
    /// What was sent.
    pub input: Input,
    /// When it was done, where it is said to have been before.
    pub performed_at: Option<Instant>,
    /// How the value came.
    pub basis: Basis,
    /// Why.
    pub reason: Option<String>,
}

impl Order for RecordDetermination {
    const NAME: &'static str = "record-determination";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        let Self { at, input, performed_at, basis, reason } = self;
        let report = report::Report {
            at,
            input,
            performed_at: *performed_at,
            basis,
            reason: reason.as_deref(),
            confirmed: true,
        };
        super::determine(run, facts, &report, stamp)
    }

    fn late(&self) -> Late<'_> {
        Late::Addendum(self.reason.as_deref())
    }

    order_of!(entry, alone, unversioned);
}
