//! The other batches that a deviation may concern, as the system proposes them, and the closing that must
//! name each of them.

use super::decide::DeviationAct;
use crate::app::answer::DeviationAnswer;
use crate::app::desk::{Caller, Desk, Done, Envelope, Failure};
use crate::domain::cross::others::{proposed, window};
use crate::domain::deviation::command::DeviationCommand;
use crate::domain::deviation::content::LotImpact;
pub use crate::domain::deviation::ground::Proposal;
use crate::domain::ids::{Key, RecordKind};
use crate::domain::policy::Authority;
use crate::domain::run::Run;
use crate::domain::state::State;
use crate::store::noun::run::runs_between;
use std::sync::Arc;

/// Other batches that a deviation may concern, for a reader.
pub struct Proposals {
    /// Those of products in the reader's scope.
    pub batches: Vec<Proposal>,
    /// How many there are beyond it.
    pub beyond: usize,
}

/// What quality closes a deviation with.
pub struct Closing {
    /// Conclusion; of a minor deviation its explanation.
    pub conclusion: String,
    /// What it means for each lot of its runs.
    pub lots: Vec<LotImpact>,
    /// Other batches that were looked at, each with a word.
    pub others: Vec<(String, String)>,
}

impl Desk {
    /// The other batches that a deviation in the caller's scope may concern, by number, each with its
    /// grounds; those of products beyond the caller's scope are counted. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn other_batches(&self, caller: &Caller, number: &str) -> Result<Proposals, Failure> {
        let state = self.deviation(caller, number)?;
        let (all, scope) = (self.proposals(&state)?, self.scope(caller)?);
        let (batches, beyond): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|proposal| scope.reaches(&proposal.product));
        Ok(Proposals { batches, beyond: beyond.len() })
    }

    /// Closes a deviation: quality signs over all that its class asks, and over every batch that the
    /// system proposes. Blocks.
    ///
    /// # Errors
    /// What the rules of closing refuse.
    pub fn close_deviation(
        &self,
        envelope: Envelope,
        number: String,
        closing: Closing,
    ) -> Result<Done<DeviationAnswer>, Failure> {
        // Who may not is told so before other batches are looked for.
        let state = self.deviation(&envelope.caller, &number)?;
        let deviation =
            state.as_deviation().ok_or_else(|| Failure::Broken("no deviation".into()))?;
        for key in deviation.runs.keys() {
            let run = self.state(&Key::Id(*key))?;
            let product = run.as_run().map(|run| run.recipe.product.code.as_str());
            let closers = [Authority::Triage, Authority::Release];
            self.may_read(&envelope.caller, &closers, product)?;
        }
        let proposed = self.proposals(&state)?;
        let Closing { conclusion, lots, others } = closing;
        let order = DeviationCommand::Close { conclusion, lots, others, proposed };
        self.order(envelope, Box::new(DeviationAct { deviation: number, joining: None, order }))
    }

    fn proposals(&self, state: &State) -> Result<Vec<Proposal>, Failure> {
        let Some(deviation) = state.as_deviation() else {
            return Err(Failure::Broken("no deviation".into()));
        };
        let mut own = Vec::new();
        for key in deviation.runs.keys() {
            own.push(self.state(&Key::Id(*key))?);
        }
        let runs = of(&own);
        let (from, to) = window(deviation, &runs);
        let mut others = Vec::new();
        for number in self.read(|db| runs_between(db, from, to))? {
            others.push(self.state(&Key::Number(RecordKind::Run, number))?);
        }
        Ok(proposed(deviation, &runs, &of(&others)))
    }
}

fn of(states: &[Arc<State>]) -> Vec<&Run> {
    states.iter().filter_map(|state| state.as_run()).collect()
}
