//! The execution half of the fold: steps, entries, operations.

use super::Fold;
use crate::domain::command::EvolveFault;
use crate::domain::entry::identifier;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::run::amendment::{self, Change};
use crate::domain::run::decide::sample;
use crate::domain::run::state::{List, Map, Set};
use crate::domain::run::taken_back::{TakenBack, TakenBackRun};
use crate::domain::run::testing::Anew;
use crate::domain::run::{OperationRun, Run, StepPhase, StepRun};
use crate::domain::signing::Meaning;
use crate::domain::words::EntryKey;

impl Fold<'_> {
    pub(super) fn step_started(&self, run: &mut Run, step: &StepKey, under_exceptions: &[u32]) {
        let begun = self.begun(StepPhase::Started, under_exceptions);
        self.begin(run, step, begun);
    }

    pub(super) fn step_found_running(&self, run: &mut Run, step: &StepKey, exception: u32) {
        let mut begun = self.begun(StepPhase::FoundRunning, &[]);
        begun.found_running = Some(exception);
        self.begin(run, step, begun);
    }

    pub(super) fn step_checked(&self, run: &mut Run, step: &StepKey) -> Result<(), EvolveFault> {
        let signed = self.must_be_signed()?;
        self.step(run, step)?.checked = Some(signed);
        Ok(())
    }

    pub(super) fn step_check_lapsed(
        &self,
        run: &mut Run,
        step: &StepKey,
    ) -> Result<(), EvolveFault> {
        let state = self.step(run, step)?;
        state.checked = None;
        state.lapses.push(self.happened.at);
        Ok(())
    }

    pub(super) fn step_not_performed(
        &self,
        run: &mut Run,
        step: &StepKey,
        reason: &str,
    ) -> Result<(), EvolveFault> {
        let signed = self.must_be_signed()?;
        if !run.steps.contains_key(step) {
            let begun = self.begun(StepPhase::NotPerformed, &[]);
            self.begin(run, step, begun);
        }
        let state = self.step(run, step)?;
        state.phase = StepPhase::NotPerformed;
        // Whoever declares work not performed has judged it, and cannot check it too.
        state.performers.extend(self.who.person);
        state.not_performed = Some((reason.to_owned(), signed));
        Ok(())
    }

    pub(super) fn operation_closed(
        &self,
        run: &mut Run,
        operation: &OperationKey,
    ) -> Result<(), EvolveFault> {
        let signed = self.must_be_signed()?;
        self.operation(run, operation)?.closed = Some((self.happened.at, signed));
        Ok(())
    }

    pub(super) fn alerts_acknowledged(
        &self,
        run: &mut Run,
        operation: &OperationKey,
    ) -> Result<(), EvolveFault> {
        let by = (self.happened.at, self.who.clone());
        self.operation(run, operation)?.alerts_acknowledged = Some(by);
        Ok(())
    }

    pub(super) fn operation_started(&self, run: &mut Run, key: &OperationKey) {
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
    pub(super) fn taken_back(&self, run: &mut Run, told: &TakenBack) -> Result<(), EvolveFault> {
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

    pub(super) fn step_completed(&self, run: &mut Run, key: &StepKey) -> Result<(), EvolveFault> {
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

    /// The occurrence that changes now; its version and its operation's become this entry's.
    pub(super) fn step<'r>(
        &self,
        run: &'r mut Run,
        key: &StepKey,
    ) -> Result<&'r mut StepRun, EvolveFault> {
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
