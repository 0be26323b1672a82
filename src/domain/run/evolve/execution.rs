//! The execution half of the fold: steps, entries, operations.

use super::Fold;
use crate::domain::command::EvolveFault;
use crate::domain::entry::identifier;
use crate::domain::ids::{OperationKey, PersonId, StepKey};
use crate::domain::run::amendment::{self, Change};
use crate::domain::run::decide::sample;
use crate::domain::run::event::RunEvent;
use crate::domain::run::state::{List, Map, Set};
use crate::domain::run::taken_back::{TakenBack, TakenBackRun};
use crate::domain::run::testing::{Anew, reported_of};
use crate::domain::run::{
    Attempt, Content, EntryRun, EntryVersion, OperationRun, Phase, Run, StepPhase, StepRun,
    TrailPoint,
};
use crate::domain::signing::Meaning;
use crate::domain::words::{Basis, EntryKey};

impl Fold<'_> {
    /// Folds an event of execution; `false`: it is none.
    pub(super) fn execution(&self, run: &mut Run, event: &RunEvent) -> Result<bool, EvolveFault> {
        match event {
            RunEvent::Issued { .. } => {}
            RunEvent::Started {} => run.phase = Phase::Running,
            RunEvent::OperationStarted { operation } => self.operation_started(run, operation),
            RunEvent::StepStarted { step, under_exceptions, .. } => {
                let begun = self.begun(StepPhase::Started, under_exceptions);
                self.begin(run, step, begun);
            }
            RunEvent::StepFoundRunning { step, exception } => {
                let mut begun = self.begun(StepPhase::FoundRunning, &[]);
                begun.found_running = Some(*exception);
                self.begin(run, step, begun);
            }
            RunEvent::StepCompleted { step, .. } => self.step_completed(run, step)?,
            RunEvent::StepChecked { step, .. } => {
                let signed = self.must_be_signed()?;
                self.step(run, step)?.checked = Some(signed);
            }
            RunEvent::StepCheckLapsed { step, .. } => {
                let state = self.step(run, step)?;
                state.checked = None;
                state.lapses.push(self.happened.at);
            }
            RunEvent::StepNotPerformed { step, reason, .. } => {
                let signed = self.must_be_signed()?;
                if !run.steps.contains_key(step) {
                    let begun = self.begun(StepPhase::NotPerformed, &[]);
                    self.begin(run, step, begun);
                }
                let state = self.step(run, step)?;
                state.phase = StepPhase::NotPerformed;
                // Whoever declares work not performed has judged it, and cannot check it too.
                state.performers.extend(self.who.person);
                state.not_performed = Some((reason.clone(), signed));
            }
            RunEvent::StepTakenBack(told) => self.taken_back(run, told)?,
            RunEvent::OperationClosed { operation } => {
                let signed = self.must_be_signed()?;
                self.operation(run, operation)?.closed = Some((self.happened.at, signed));
            }
            RunEvent::AlertsAcknowledged { operation, .. } => {
                let by = (self.happened.at, self.who.clone());
                self.operation(run, operation)?.alerts_acknowledged = Some(by);
            }
            other => return self.entry_event(run, other),
        }
        Ok(true)
    }

    fn entry_event(&self, run: &mut Run, event: &RunEvent) -> Result<bool, EvolveFault> {
        match event {
            RunEvent::EntryRecorded { at, performer, .. } => {
                let mut version = self.recorded(event);
                let entry = self.entry(run, at, *performer)?;
                version.version = next_version(entry);
                entry.versions.push(version);
            }
            RunEvent::EntryAbsent { at, absence, reason, exceptions } => {
                let mut version = self.version(1, Content::Absent(*absence));
                version.reason = Some(reason.clone());
                version.exceptions.clone_from(exceptions);
                let entry = self.entry(run, at, None)?;
                version.version = next_version(entry);
                entry.versions.push(version);
            }
            RunEvent::EntryCorrected { at, performed_at, .. } => {
                let mut version = self.corrected(event);
                let entry = self.entry(run, at, None)?;
                let before = entry.said_done();
                version.performed_before = performed_at.and(before);
                let kept = entry.current().and_then(|current| current.performed_at);
                version.performed_at = performed_at.or(kept);
                entry.versions.push(version);
                run.corrections += 1;
            }
            RunEvent::EntryChecked { at, version, recomputed, .. } => {
                let checked = self.checked(run, at, *version)?;
                checked.recomputed.clone_from(recomputed);
            }
            RunEvent::TrailPointRecorded { at, kind, data, shown } => {
                let point = TrailPoint {
                    kind: kind.clone(),
                    shown: shown.clone(),
                    data: data.clone(),
                    at: self.happened.at,
                    by: self.who.clone(),
                };
                self.entry(run, at, None)?.trail.push(point);
            }
            RunEvent::ImplausibleValueKept { at, raw, shown, verdicts } => {
                let attempt = Attempt {
                    raw: raw.clone(),
                    shown: shown.clone(),
                    verdicts: verdicts.clone(),
                    at: self.happened.at,
                    by: self.who.clone(),
                };
                self.entry(run, at, None)?.attempts.push(attempt);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn operation_started(&self, run: &mut Run, key: &OperationKey) {
        let at = self.happened.at;
        let version = self.happened.seq;
        run.operations.entry(key.clone()).or_insert(OperationRun {
            started_at: at,
            closed: None,
            alerts_acknowledged: None,
            ended: None,
            reviews: List::new(),
            harvests: List::new(),
            version,
        });
        self.tested_anew(run, key);
    }

    /// With the first step of a reprocessing or rework, what was tested for release no longer speaks for what
    /// comes out of it.
    fn tested_anew(&self, run: &mut Run, key: &OperationKey) {
        let change = amendment::reprocessing(run, key).or_else(|| amendment::rework(run, &key.op));
        let Some(change) = change else { return };
        let spared = match &change.told.change {
            Change::Reprocess { lot: Some(of), .. } | Change::Rework { lot: Some(of), .. } => {
                let others = run
                    .lots
                    .iter()
                    .filter(|lot| identifier::key(&lot.number) != identifier::key(of));
                others.map(|lot| lot.number.clone()).collect()
            }
            Change::Reprocess { lot: None, .. }
            | Change::Rework { lot: None, .. }
            | Change::Instruction { .. }
            | Change::Entry { .. } => Vec::new(),
        };
        let samples = sample::all(run).map(|(_, taken)| identifier::key(taken.id())).collect();
        let (change, at, seq) = (change.told.no, self.happened.at, self.happened.seq);
        let anew = Anew { change, operation: key.clone(), at, seq, spared, samples };
        let recipe = run.recipe.clone();
        for spec in &recipe.release_specifications {
            run.release_entries.entry(spec.id.clone()).or_default().anew.push(anew.clone());
        }
    }

    fn begun(&self, phase: StepPhase, under_exceptions: &[u32]) -> StepRun {
        StepRun {
            phase,
            began: phase != StepPhase::NotPerformed,
            found_running: None,
            started_at: self.happened.at,
            started_by: self.who.clone(),
            witness: self.signed(&[Meaning::Witnessed]),
            entries: Map::new(),
            completed_at: None,
            completed_by: None,
            performed: None,
            checked: None,
            lapses: Vec::new(),
            under_exceptions: under_exceptions.to_vec(),
            not_performed: None,
            performers: Set::new(),
            version: self.happened.seq,
        }
    }

    fn begin(&self, run: &mut Run, key: &StepKey, begun: StepRun) {
        let mut begun = begun;
        begun.performers.extend(self.who.person);
        run.steps.insert(key.clone(), begun);
        if let Some(operation) = run.operations.get_mut(&key.operation) {
            operation.version = self.happened.seq;
        }
    }

    /// The occurrence is as not begun; what was noticed or waived about it is asked anew.
    fn taken_back(&self, run: &mut Run, told: &TakenBack) -> Result<(), EvolveFault> {
        let key = &told.step;
        let state = run.steps.remove(key);
        let state = state.ok_or_else(|| self.fault(format!("there is no occurrence {key}")))?;
        let of_it = |at: &EntryKey| at.step.as_ref() == Some(key);
        let about = |no: u32| {
            let found = run.exceptions.iter().find(|it| it.opened.no == no);
            found.is_some_and(|it| it.opened.at.as_ref().is_some_and(of_it))
        };
        run.noticed.retain(|_, noticed| !about(noticed.exception));
        run.gates.change_all(|gate| {
            gate.waived.remove(key);
        });
        if told.operation {
            run.operations.remove(&key.operation);
            run.release_entries.change_all(|entry| {
                entry.anew.retain(|anew| anew.operation != key.operation);
            });
        } else if let Some(operation) = run.operations.get_mut(&key.operation) {
            operation.version = self.happened.seq;
        }
        let (at, by, signed) =
            (self.happened.at, self.who.clone(), self.happened.signatures.to_vec());
        run.taken_back.push(TakenBackRun { told: told.clone(), state, at, by, signed });
        Ok(())
    }

    fn step_completed(&self, run: &mut Run, key: &StepKey) -> Result<(), EvolveFault> {
        // Where equipment did it, the one person who checked it signed *verified* (21 CFR 211.68(c)).
        let verified = self.signed(&[Meaning::Verified]);
        let performed = self.signed(&[Meaning::Performed]).or_else(|| verified.clone());
        let witnessed = self.signed(&[Meaning::Witnessed]).or(verified);
        let (at, who) = (self.happened.at, self.who.clone());
        let state = self.step(run, key)?;
        state.phase = StepPhase::Complete;
        state.completed_at = Some(at);
        state.performers.extend(who.person);
        state.completed_by = Some(who);
        state.performed = performed;
        if witnessed.is_some() {
            state.checked = witnessed;
        }
        Ok(())
    }

    fn recorded(&self, event: &RunEvent) -> EntryVersion {
        let RunEvent::EntryRecorded {
            value,
            raw,
            verdicts,
            performed_at,
            basis,
            source,
            performer,
            reason,
            check_owed,
            exceptions,
            ..
        } = event
        else {
            unreachable!("called for a recorded entry only")
        };
        EntryVersion {
            raw: raw.clone(),
            verdicts: verdicts.clone(),
            performed_at: *performed_at,
            basis: basis.clone(),
            source: source.clone(),
            performer: *performer,
            reason: reason.clone(),
            check_owed: *check_owed,
            exceptions: exceptions.clone(),
            ..self.version(1, Content::Value(value.clone()))
        }
    }

    fn corrected(&self, event: &RunEvent) -> EntryVersion {
        let RunEvent::EntryCorrected {
            version,
            value,
            raw,
            verdicts,
            reason,
            slip,
            superseded_uses,
            check_owed,
            exceptions,
            ..
        } = event
        else {
            unreachable!("called for a corrected entry only")
        };
        EntryVersion {
            raw: raw.clone(),
            verdicts: verdicts.clone(),
            reason: Some(reason.clone()),
            slip: *slip,
            superseded_uses: superseded_uses.clone(),
            check_owed: *check_owed,
            exceptions: exceptions.clone(),
            ..self.version(*version, Content::Value(value.clone()))
        }
    }

    pub(super) fn version(&self, version: u32, content: Content) -> EntryVersion {
        EntryVersion {
            version,
            of: of_lot(&content),
            content,
            raw: String::new(),
            verdicts: Vec::new(),
            by: self.who.clone(),
            at: self.happened.at,
            performed_at: None,
            performed_before: None,
            basis: Basis::Direct,
            source: None,
            lineage: Vec::new(),
            performer: None,
            reason: None,
            slip: false,
            superseded_uses: Vec::new(),
            check_owed: false,
            checked: None,
            recomputed: None,
            exceptions: Vec::new(),
            seq: self.happened.seq,
        }
    }

    fn checked<'r>(
        &self,
        run: &'r mut Run,
        at: &EntryKey,
        version: u32,
    ) -> Result<&'r mut EntryVersion, EvolveFault> {
        let check = (self.happened.at, self.who.clone());
        let entry = match &at.step {
            None => run.release_entries.get_mut(&at.entry),
            Some(key) => self.step(run, key)?.entries.get_mut(&at.entry),
        };
        let found = entry.and_then(|e| e.versions.find_mut(|v| v.version == version));
        let found = found.ok_or_else(|| self.fault(format!("{at} has no version {version}")))?;
        found.checked = Some(check);
        Ok(found)
    }

    /// The entry something was recorded on; who did so is from now on a performer of its step.
    pub(super) fn entry<'r>(
        &self,
        run: &'r mut Run,
        at: &EntryKey,
        performer: Option<PersonId>,
    ) -> Result<&'r mut EntryRun, EvolveFault> {
        let Some(key) = &at.step else {
            return Ok(run.release_entries.entry(at.entry.clone()).or_default());
        };
        let by = self.who.person;
        let state = self.step(run, key)?;
        state.performers.extend(by);
        state.performers.extend(performer);
        Ok(state.entries.entry(at.entry.clone()).or_default())
    }

    /// The occurrence that changes now; its version and its operation's become this entry's.
    fn step<'r>(&self, run: &'r mut Run, key: &StepKey) -> Result<&'r mut StepRun, EvolveFault> {
        let seq = self.happened.seq;
        if let Some(operation) = run.operations.get_mut(&key.operation) {
            operation.version = seq;
        }
        let state = run
            .steps
            .get_mut(key)
            .ok_or_else(|| self.fault(format!("there is no occurrence {key}")))?;
        state.version = seq;
        Ok(state)
    }

    pub(super) fn operation<'r>(
        &self,
        run: &'r mut Run,
        key: &OperationKey,
    ) -> Result<&'r mut OperationRun, EvolveFault> {
        let state = run
            .operations
            .get_mut(key)
            .ok_or_else(|| self.fault(format!("there is no occurrence {key}")))?;
        state.version = self.happened.seq;
        Ok(state)
    }
}

/// The lot that a reported result is of.
fn of_lot(content: &Content) -> Option<String> {
    let Content::Value(value) = content else { return None };
    reported_of(value).map(str::to_owned)
}

fn next_version(entry: &EntryRun) -> u32 {
    entry.versions.last().map_or(1, |last| last.version + 1)
}
