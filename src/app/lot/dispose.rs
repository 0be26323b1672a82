//! Deciding on a lot: everything the run owes is looked at again inside this one decision.

use super::lineage::parents_loaded;
use crate::app::answer::{Core, LotAnswer, Tells, told};
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::app::run::facts::{Linked, ancestry, of_run};
use crate::domain::command::{Decision, Stamp};
use crate::domain::cross::dispose::decide;
use crate::domain::ids::{Key, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::lot::command::LotCommand;
use crate::domain::refusal::Refusal;
use crate::domain::run::obligations::ObligationFacts;

/// Decides on a lot.
pub struct DisposeLot {
    /// Lot number.
    pub lot: String,
    /// The run it came out of, as read before; checked again in the decision.
    pub run: Key,
    pub order: LotCommand,
}

impl DisposeLot {
    fn key(&self) -> Key {
        Key::Number(RecordKind::Lot, self.lot.clone())
    }
}

impl Command for DisposeLot {
    fn name(&self) -> &'static str {
        match &self.order {
            LotCommand::Decide { .. } => "dispose-lot",
            LotCommand::Stand { .. } => "find-lot-to-stand",
        }
    }

    fn reads(&self) -> Vec<Key> {
        vec![self.key(), self.run.clone()]
    }

    fn reads_further(&self, loaded: &Loaded) -> Vec<Key> {
        let Ok(run) = loaded.run(&self.run) else { return Vec::new() };
        let upstream = ancestry(run, &[], loaded);
        let origins = upstream.iter().filter(|key| matches!(key, Key::Id(_)));
        let runs = origins.filter_map(|key| loaded.get(key)?.as_run());
        let related = runs.flat_map(of_run).collect::<Vec<_>>();
        of_run(run).into_iter().chain(upstream).chain(related).collect()
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let (lot, run) = (loaded.lot(&self.key())?, loaded.run(&self.run)?);
        let linked = Linked::of(run, &[], loaded);
        let facts = linked.facts(loaded, stamp, None)?;
        let standings = parents_loaded(loaded, &linked.lots);
        let owed = ObligationFacts { standings: &standings, ..ObligationFacts::of(&facts) };
        let ruling = decide(lot, run, &facts, &owed, &self.order, stamp)?;
        let permit = ruling.permit().clone();
        let events = ruling.into_planned();
        let mut answer =
            LotAnswer::new(Core::of(lot.key, (Some(&lot.number), lot.seq), loaded, &events));
        let disposition = match &self.order {
            LotCommand::Decide { disposition, .. } => *disposition,
            LotCommand::Stand { .. } => {
                answer.decision = Some("stands".to_owned());
                lot.disposition()
            }
        };
        answer.disposition = Some(disposition.as_str().to_owned());
        Ok(Decision { permit, events, answer: told::<Self>(&answer) })
    }
}

impl Tells for DisposeLot {
    type Answer = LotAnswer;
}

impl Desk {
    /// Decides on a lot. Blocks.
    ///
    /// # Errors
    /// `not-found`, and what the rules of disposition refuse.
    pub fn dispose(
        &self,
        envelope: Envelope,
        lot: &str,
        order: LotCommand,
    ) -> Result<Done<LotAnswer>, Failure> {
        let state = self.state(&Key::Number(RecordKind::Lot, lot.to_owned()))?;
        let run = state.as_lot().map(|lot| Key::Id(lot.run.0));
        let run = run.ok_or_else(|| Failure::Broken("a lot that is none".into()))?;
        self.order(envelope, Box::new(DisposeLot { lot: lot.to_owned(), run, order }))
    }
}
