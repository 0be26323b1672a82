//! A step of an out-of-specification investigation.

use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::permits::{Admitted, by};
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::derive::changes;
use crate::domain::run::acts::event::{Event, Moves, Part, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::testing::{
    DeterminationRun, Investigated, InvestigationRun, InvestigationStep, correct,
};
use crate::domain::run::time::kept::Bears;
use crate::domain::run::{Content, EntryVersion, Run};
use crate::domain::words::EntryKey;

impl Event for Investigated {
    const ADMITTED: Admitted = by(&[
        Authority::Triage,
        Authority::Test,
        Authority::SuperviseLaboratory,
        Authority::Supervise,
    ]);
    const SIGNED: bool = true;

    weighs! {
        told if told.reopens.is_some() =>
            "the result no longer stands", Blocks, format!("the result of {} no longer stands", told.at);
        _ => "any other step", Nothing, String::new();
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let taken = InvestigationRun {
            of: self.of.clone(),
            step: self.step.clone(),
            at: written.happened.at,
            signed: written.first_signed(),
            second: written.second_signed(),
            seq: written.happened.seq,
            exceptions: self.exceptions.clone(),
        };
        let version = self.reported.as_ref().map(|reported| EntryVersion {
            verdicts: reported.verdicts.clone(),
            check_owed: reported.check_owed,
            ..written.version(reported.version, Content::Value(reported.value.clone()))
        });
        let entry = written.bare(run, &self.at)?;
        if let InvestigationStep::AssignableCause { found: true, cause, invalidates } = &self.step {
            let invalid = |it: &DeterminationRun| invalidates.contains(&it.told.no);
            let invalidate = |it: &mut DeterminationRun| it.invalidated = Some(cause.clone());
            entry.determinations.change(invalid, invalidate);
        }
        if let InvestigationStep::Transcription { claim, accepted, .. } = &self.step
            && let Some(found) = entry.claims.find_mut(|found| found.told.no == *claim)
        {
            found.accepted = Some(*accepted);
            let claim = found.told.clone();
            if *accepted {
                let value = (&claim.value, claim.verdicts.as_slice());
                correct(entry, claim.determination, value, self.run.as_deref());
            }
        }
        entry.investigation.push(taken);
        entry.versions.extend(version);
        written.reopened(entry, self.of.as_ref(), self.reopens.as_ref());
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::entry(&self.at, "investigated")
    }

    fn moves(&self) -> Moves<'_> {
        changes::entry(&self.at, "investigated")
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Entry(&self.at)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::result(&self.at, self.reported.is_some() || self.reopens.is_some())
    }
}

/// Request: a step of an out-of-specification investigation.
#[derive(Debug, Clone)]
pub struct InvestigateResult {
    /// Where.
    pub at: EntryKey,
    /// The lot whose result it is, where the determinations name one.
    pub of: Option<String>,
    /// Which occurrence.
    pub step: InvestigationStep,
}

impl Order for InvestigateResult {
    const NAME: &'static str = "investigate-result";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        super::investigate(run, facts, &self.at, self.of.as_deref(), &self.step, stamp)
    }

    order_of!(entry, alone, request, unversioned);
}
