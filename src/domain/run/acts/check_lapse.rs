//! A verification lapses because what it covered changed.

use crate::domain::command::EvolveFault;
use crate::domain::ids::StepKey;
use crate::domain::permits::{ANYONE, Admitted, or_system};
use crate::domain::run::Run;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses;
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::time::kept::Bears;
use serde::{Deserialize, Serialize};

/// A check lapsed because what it covered changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepCheckLapsed {
    /// Which.
    pub step: StepKey,
    /// Why.
    pub cause: String,
}

impl Event for StepCheckLapsed {
    const ADMITTED: Admitted = or_system(ANYONE);
    const SIGNED: bool = false;

    weighs! {
        Self { step, cause } => "", Shown, format!("the verification of {step} lapsed: {cause}");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let state = written.step(run, &self.step)?;
        state.checked = None;
        state.lapses.push(written.happened.at);
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::step(&self.step, "changed after its check")
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Check(&self.step)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::step(&self.step)
    }

    nothing_in!(moves);
}
