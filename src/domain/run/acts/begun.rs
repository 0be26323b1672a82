//! What begins by itself with the first act: the run, an operation's occurrence, and a step's that was reported
//! without having been started.

use crate::domain::command::EvolveFault;
use crate::domain::entry::identifier;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::run::acts::derive::changes;
use crate::domain::run::acts::event::{Event, Moves, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses;
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::sample::register::all;
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::state::List;
use crate::domain::run::testing::Anew;
use crate::domain::run::time::kept::Bears;
use crate::domain::run::{OperationRun, Phase, Run, StepPhase, amendment};
use serde::{Deserialize, Serialize};

/// The first act of execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {}

impl Event for Started {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, _: &Written<'_>) -> Result<(), EvolveFault> {
        run.phase = Phase::Running;
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        (Lapses::FinalOnly, "execution began".into())
    }

    nothing_in!(moves, bears, changed);
}

/// The first act of an operation's occurrence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationStarted {
    /// Which.
    pub operation: OperationKey,
}

impl Event for OperationStarted {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        Self { operation } => "", Shown, format!("{operation} was begun");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        run.operations.entry(self.operation.clone()).or_insert(OperationRun {
            started_at: written.happened.at,
            closed: None,
            alerts_acknowledged: None,
            ended: None,
            reviews: List::new(),
            harvests: List::new(),
            version: written.happened.seq,
        });
        tested_anew(run, &self.operation, written);
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::operation(&self.operation, "started")
    }

    fn moves(&self) -> Moves<'_> {
        changes::operation(&self.operation, "started")
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Operation(&self.operation)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::operation(&self.operation)
    }
}

/// A report came for an occurrence that was not started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepFoundRunning {
    /// Which.
    pub step: StepKey,
    /// The exception that says so.
    pub exception: u32,
}

impl Event for StepFoundRunning {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        Self { step, .. } => "", Shown, format!("{step} was found running");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let mut begun = written.begun(StepPhase::FoundRunning, &[]);
        begun.found_running = Some(self.exception);
        written.begin(run, &self.step, begun);
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::step(&self.step, "found running")
    }

    fn moves(&self) -> Moves<'_> {
        changes::step(&self.step, "found running")
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Step(&self.step)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::step(&self.step)
    }
}

/// With the first step of a reprocessing or rework, what was tested for release no longer speaks for what
/// comes out of it.
fn tested_anew(run: &mut Run, key: &OperationKey, written: &Written<'_>) {
    let change = amendment::reprocessing(run, key).or_else(|| amendment::rework(run, &key.op));
    let Some(change) = change else { return };
    let spared = match &change.told.change {
        amendment::Change::Reprocess { lot: Some(of), .. }
        | amendment::Change::Rework { lot: Some(of), .. } => {
            let others =
                run.lots.iter().filter(|lot| identifier::key(&lot.number) != identifier::key(of));
            others.map(|lot| lot.number.clone()).collect()
        }
        amendment::Change::Reprocess { lot: None, .. }
        | amendment::Change::Rework { lot: None, .. }
        | amendment::Change::Instruction { .. }
        | amendment::Change::Entry { .. } => Vec::new(),
    };
    let samples = all(run).map(|(_, taken)| identifier::key(taken.id())).collect();
    let (change, at, seq) = (change.told.no, written.happened.at, written.happened.seq);
    let anew = Anew { change, operation: key.clone(), at, seq, spared, samples };
    let recipe = run.recipe.clone();
    for spec in &recipe.release_specifications {
        run.release_entries.entry(spec.id.clone()).or_default().anew.push(anew.clone());
    }
}
