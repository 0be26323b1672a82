//! What went into a lot: named later, or taken away by quality.

use crate::app::answer::{Core, LotAnswer, Tells, told};
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::app::run::facts::{Linked, ancestry, of_run};
use crate::domain::command::{Decision, Stamp};
use crate::domain::cross::parents::{add, remove};
use crate::domain::ids::{Key, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::lot::command::ParentOrder;
use crate::domain::refusal::Refusal;

/// An order about a lot's parents.
struct ChangeParents {
    /// Lot number.
    lot: String,
    /// The run it came out of.
    run: Key,
    order: ParentOrder,
    /// The lot that is to be a parent, so that what went into it is loaded.
    named: Vec<String>,
}

impl ChangeParents {
    fn key(&self) -> Key {
        Key::Number(RecordKind::Lot, self.lot.clone())
    }
}

impl Command for ChangeParents {
    fn name(&self) -> &'static str {
        match &self.order {
            ParentOrder::Add { .. } => "add-parent",
            ParentOrder::Remove { .. } => "remove-parent",
        }
    }

    fn reads(&self) -> Vec<Key> {
        vec![self.key(), self.run.clone()]
    }

    fn reads_further(&self, loaded: &Loaded) -> Vec<Key> {
        let Ok(run) = loaded.run(&self.run) else { return Vec::new() };
        of_run(run).into_iter().chain(ancestry(run, &self.named, loaded)).collect()
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let (lot, run) = (loaded.lot(&self.key())?, loaded.run(&self.run)?);
        let linked = Linked::of(run, &self.named, loaded);
        let facts = linked.facts(loaded, stamp, None)?;
        let ruling = match &self.order {
            ParentOrder::Add { parent, reason } => add(lot, run, &facts, parent, reason)?,
            ParentOrder::Remove { parent, reason } => {
                remove(lot, run, &facts, parent, reason, stamp)?
            }
        };
        let permit = ruling.permit().clone();
        let events = ruling.into_planned();
        let answer =
            LotAnswer::new(Core::of(lot.key, (Some(&lot.number), lot.seq), loaded, &events));
        Ok(Decision { permit, events, answer: told::<Self>(&answer) })
    }
}

impl Tells for ChangeParents {
    type Answer = LotAnswer;
}

impl Desk {
    /// Names a parent of a lot, or takes one away. Blocks.
    ///
    /// # Errors
    /// `not-found`, and what the rules about parents refuse.
    pub fn change_parents(
        &self,
        envelope: Envelope,
        lot: &str,
        order: ParentOrder,
    ) -> Result<Done<LotAnswer>, Failure> {
        let state = self.state(&Key::Number(RecordKind::Lot, lot.to_owned()))?;
        let run = state.as_lot().map(|lot| Key::Id(lot.run.0));
        let run = run.ok_or_else(|| Failure::Broken("a lot that is none".into()))?;
        let (ParentOrder::Add { parent, .. } | ParentOrder::Remove { parent, .. }) = &order;
        let named = vec![parent.clone()];
        let lot = lot.to_owned();
        self.order(envelope, Box::new(ChangeParents { lot, run, order, named }))
    }
}
