//! The living half of the fold: computed values, results, alarms, events, emergencies, handovers, changes.

use super::Fold;
use crate::domain::command::EvolveFault;
use crate::domain::recipe::MasterRecord;
use crate::domain::run::amendment::{AmendmentRun, Change};
use crate::domain::run::computed::Computed;
use crate::domain::run::event::{
    AlarmAcknowledged, AlarmRaised, AmendmentDecided, AmendmentProposed, Emergency,
    EmergencyRatified, HandedOver, Happening, OperationEnded, OverdueNoticed, TestSkipped,
};
use crate::domain::run::floor::{
    AlarmRun, EmergencyRun, Ending, EndingKind, HandoverRun, HappeningRun,
};
use crate::domain::run::testing::{
    ClaimRun, Determination, DeterminationCorrected, DeterminationRun, Investigated,
    InvestigationRun, InvestigationStep, SkippedRun, correct, set_aside,
};
use crate::domain::run::timing::Noticed;
use crate::domain::run::{Content, EntryRun, EntryVersion, Run};
use crate::domain::words::{Absence, Basis, EntryKey};
use std::sync::Arc;

impl Fold<'_> {
    pub(super) fn noticed(&self, run: &mut Run, told: &OverdueNoticed) {
        let (due, at, exception) = (told.due, self.happened.at, told.exception);
        run.noticed.insert(told.limit.clone(), Noticed { due, at, exception });
    }

    pub(super) fn test_skipped(&self, run: &mut Run, told: &TestSkipped) {
        let skipped = SkippedRun { told: told.clone(), signed: self.first_signed() };
        run.skipped.insert(told.entry.clone(), skipped);
    }

    pub(super) fn alarm_raised(&self, run: &mut Run, told: &AlarmRaised) {
        let by = (self.happened.at, self.who.clone());
        run.alarms.push(AlarmRun { told: told.clone(), by, acknowledged: None });
    }

    pub(super) fn alarm_acknowledged(
        &self,
        run: &mut Run,
        told: &AlarmAcknowledged,
    ) -> Result<(), EvolveFault> {
        let alarm = run.alarms.find_mut(|alarm| alarm.told.no == told.no);
        let alarm = alarm.ok_or_else(|| self.fault("acknowledges an unknown alarm"))?;
        alarm.acknowledged = Some((self.happened.at, self.who.clone(), told.comment.clone()));
        Ok(())
    }

    pub(super) fn happening(&self, run: &mut Run, told: &Happening) {
        let (at, by) = (self.happened.at, self.who.clone());
        run.happenings.push(HappeningRun { told: told.clone(), at, by });
    }

    pub(super) fn emergency(&self, run: &mut Run, told: &Emergency) {
        let (at, by) = (self.happened.at, self.who.clone());
        run.emergencies.push(EmergencyRun { told: told.clone(), at, by, ratified: None });
    }

    pub(super) fn emergency_ratified(
        &self,
        run: &mut Run,
        told: &EmergencyRatified,
    ) -> Result<(), EvolveFault> {
        let act = run.emergencies.find_mut(|act| act.told.no == told.no);
        let act = act.ok_or_else(|| self.fault("ratifies an unknown emergency act"))?;
        act.ratified = Some((told.clone(), self.first_signed()));
        Ok(())
    }

    pub(super) fn operation_ended(
        &self,
        run: &mut Run,
        told: &OperationEnded,
    ) -> Result<(), EvolveFault> {
        let (at, signed) = (self.happened.at, self.first_signed());
        let (kind, exception) = (told.kind, told.exception);
        let reason = told.reason.clone();
        let ending = Ending { kind, exception, reason, at, signed };
        let operation = self.operation(run, &told.operation)?;
        match told.kind {
            EndingKind::EarlyEnd => operation.ended = Some(ending),
            EndingKind::PartialHarvest => operation.harvests.push(ending),
        }
        Ok(())
    }

    pub(super) fn handed_over(&self, run: &mut Run, told: &HandedOver) {
        let (at, by) = (self.happened.at, self.who.clone());
        let signed = self.happened.signatures.to_vec();
        run.handovers.push(HandoverRun { told: told.clone(), at, by, signed });
    }

    /// Nobody performs by computing: the performers of the step stay who they are.
    pub(super) fn computed(&self, run: &mut Run, told: &Computed) -> Result<(), EvolveFault> {
        let content = match &told.value {
            Some(value) => Content::Value(value.clone()),
            None => Content::Absent(Absence::NotAvailable),
        };
        let version = EntryVersion {
            verdicts: told.verdicts.clone(),
            basis: Basis::Computed,
            lineage: told.used.clone(),
            reason: (told.version > 1 || told.value.is_none()).then(|| told.cause.clone()),
            superseded_uses: told.superseded_uses.clone(),
            check_owed: told.check_owed,
            exceptions: told.exceptions.clone(),
            raw: told.formula.clone(),
            ..self.version(told.version, content)
        };
        self.bare(run, &told.at)?.versions.push(version);
        Ok(())
    }

    pub(super) fn determined(
        &self,
        run: &mut Run,
        told: &Determination,
    ) -> Result<(), EvolveFault> {
        let determination = DeterminationRun {
            told: told.clone(),
            by: self.who.clone(),
            at: self.happened.at,
            seq: self.happened.seq,
            invalidated: None,
            corrected: None,
            run: told.run.as_deref().cloned(),
        };
        let entry = self.entry(run, &told.at, told.performer)?;
        entry.determinations.push(determination);
        if let Some(run) = &told.run {
            set_aside(entry, run);
        }
        self.reopened(entry, told.of.as_ref(), told.reopens.as_ref());
        Ok(())
    }

    pub(super) fn claimed(
        &self,
        run: &mut Run,
        told: &DeterminationCorrected,
    ) -> Result<(), EvolveFault> {
        let claim = ClaimRun {
            told: told.clone(),
            by: self.who.clone(),
            at: self.happened.at,
            seq: self.happened.seq,
            accepted: None,
        };
        let entry = self.entry(run, &told.at, None)?;
        if !told.claimed {
            let value = (&told.value, told.verdicts.as_slice());
            correct(entry, told.determination, value, told.run.as_deref());
        }
        entry.claims.push(claim);
        self.reopened(entry, told.of.as_ref(), told.reopens.as_ref());
        run.corrections += 1;
        Ok(())
    }

    pub(super) fn investigated(
        &self,
        run: &mut Run,
        told: &Investigated,
    ) -> Result<(), EvolveFault> {
        let taken = InvestigationRun {
            of: told.of.clone(),
            step: told.step.clone(),
            at: self.happened.at,
            signed: self.happened.signatures.first().cloned(),
            second: self.happened.signatures.get(1).cloned(),
            seq: self.happened.seq,
            exceptions: told.exceptions.clone(),
        };
        let version = told.reported.as_ref().map(|reported| EntryVersion {
            verdicts: reported.verdicts.clone(),
            check_owed: reported.check_owed,
            ..self.version(reported.version, Content::Value(reported.value.clone()))
        });
        let entry = self.bare(run, &told.at)?;
        if let InvestigationStep::AssignableCause { found: true, cause, invalidates } = &told.step {
            let invalid = |it: &DeterminationRun| invalidates.contains(&it.told.no);
            let invalidate = |it: &mut DeterminationRun| it.invalidated = Some(cause.clone());
            entry.determinations.change(invalid, invalidate);
        }
        if let InvestigationStep::Transcription { claim, accepted, .. } = &told.step
            && let Some(found) = entry.claims.find_mut(|found| found.told.no == *claim)
        {
            found.accepted = Some(*accepted);
            let claim = found.told.clone();
            if *accepted {
                let value = (&claim.value, claim.verdicts.as_slice());
                correct(entry, claim.determination, value, told.run.as_deref());
            }
        }
        entry.investigation.push(taken);
        entry.versions.extend(version);
        self.reopened(entry, told.of.as_ref(), told.reopens.as_ref());
        Ok(())
    }

    /// What was reported no longer stands: from now on there is no value, and the reason.
    fn reopened(&self, entry: &mut EntryRun, of: Option<&String>, why: Option<&String>) {
        let Some(why) = why else { return };
        let version = entry.versions.last().map_or(1, |last| last.version + 1);
        let absent = Content::Absent(Absence::NotAvailable);
        let reason = Some(why.clone());
        let of = of.cloned();
        entry.versions.push(EntryVersion { reason, of, ..self.version(version, absent) });
    }

    pub(super) fn amendment_proposed(&self, run: &mut Run, told: &AmendmentProposed) {
        run.amendments.push(AmendmentRun {
            told: told.clone(),
            at: self.happened.at,
            by: self.who.clone(),
            decisions: Vec::new(),
            in_force: None,
        });
    }

    pub(super) fn amendment_decided(
        &self,
        run: &mut Run,
        told: &AmendmentDecided,
    ) -> Result<(), EvolveFault> {
        let at = self.happened.at;
        let found = run.amendments.find_mut(|change| change.told.no == told.no);
        let change = found.ok_or_else(|| self.fault("decides an unknown change"))?;
        change.decisions.push((told.clone(), at, self.first_signed()));
        if told.takes_effect {
            change.in_force = Some(at);
            let changed = applied(&run.recipe, &change.told.change);
            run.recipe = Arc::new(changed.map_err(|detail| self.fault(detail))?).into();
        }
        Ok(())
    }

    /// An entry, without making anybody its step's performer.
    fn bare<'r>(&self, run: &'r mut Run, at: &EntryKey) -> Result<&'r mut EntryRun, EvolveFault> {
        let Some(key) = &at.step else {
            return Ok(run.release_entries.entry(at.entry.clone()).or_default());
        };
        let step = run.steps.get_mut(key);
        let step = step.ok_or_else(|| self.fault(format!("there is no occurrence {key}")))?;
        step.version = self.happened.seq;
        Ok(step.entries.entry(at.entry.clone()).or_default())
    }
}

/// A recipe with a change applied.
///
/// # Errors
/// What the change names is not in the recipe.
pub fn applied(recipe: &MasterRecord, change: &Change) -> Result<MasterRecord, String> {
    let mut changed = recipe.clone();
    let mut steps = changed
        .unit_procedures
        .iter_mut()
        .flat_map(|up| up.operations.iter_mut())
        .flat_map(|operation| operation.steps.iter_mut());
    match change {
        Change::Instruction { step, instruction } => {
            let found = steps.find(|candidate| candidate.id == *step);
            let found = found.ok_or_else(|| format!("there is no step {step}"))?;
            found.instruction.clone_from(instruction);
        }
        Change::Entry { step, entry } => {
            let found = steps.find(|candidate| candidate.id == *step);
            let found = found.ok_or_else(|| format!("there is no step {step}"))?;
            let place = found.entries.iter_mut().find(|candidate| candidate.id == entry.id);
            let place = place.ok_or_else(|| format!("step {step} has no entry {}", entry.id))?;
            place.clone_from(entry);
        }
        Change::Reprocess { operation, times, .. } => {
            let mut operations =
                changed.unit_procedures.iter_mut().flat_map(|up| up.operations.iter_mut());
            let found = operations.find(|candidate| candidate.id == *operation);
            let found = found.ok_or_else(|| format!("there is no operation {operation}"))?;
            let mut occurs = found.order.occurs();
            occurs.min = occurs.min.saturating_add(*times);
            occurs.max = occurs.max.map(|max| max.saturating_add(*times));
            found.order.occurs = Some(occurs);
        }
        Change::Rework { unit_procedure, operation, .. } => {
            let found = changed.unit_procedures.iter_mut().find(|up| up.id == *unit_procedure);
            let found =
                found.ok_or_else(|| format!("there is no unit procedure {unit_procedure}"))?;
            found.operations.push(operation.as_ref().clone());
        }
    }
    Ok(changed)
}
