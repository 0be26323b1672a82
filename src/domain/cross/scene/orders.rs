//! What somebody orders in a scene: decided by the rules on everything that the scene holds, and kept.

use super::Scene;
use crate::domain::command::Stamp;
use crate::domain::cross::deviation::DeviationRuling;
use crate::domain::cross::dispose::decide as decide_lot;
use crate::domain::cross::question::standing;
use crate::domain::cross::ruling::LotRuling;
use crate::domain::cross::withdraw::withdrawals;
use crate::domain::cross::yielding::yield_lot;
use crate::domain::deviation::Deviation;
use crate::domain::entry::Input;
use crate::domain::ids::{RecordKey, RecordKind};
use crate::domain::lot::Lot;
use crate::domain::lot::command::LotCommand;
use crate::domain::person::Person;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::lot::NewLot;
use crate::domain::run::acts::{AbortAndWithdraw, RecordEntry, RunCommand, RunEvent, decide};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::genealogy::Genealogy;
use crate::domain::run::obligations::ObligationFacts;
use crate::domain::scene::stamp_of;
use crate::domain::words::{Basis, EntryKey};
use serde_json::json;
use uuid::Uuid;

impl Scene {
    /// Decides as this person and keeps what follows; the code of the refusal otherwise.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn rules(
        &mut self,
        name: &str,
        decide: impl FnOnce(&Run, &RunFacts<'_>, &Stamp) -> Result<Ruling<RunEvent>, Refusal>,
    ) -> Result<(), &'static str> {
        let actor = self.person(name).clone();
        // Another of quality is at hand, where an act asks for two.
        let other = if name == "quella" { "qadir" } else { "quella" };
        let second = self.person(self.second.unwrap_or(other));
        let stamp = Stamp { second: stamp_of(second).signer, ..self.stamp(name) };
        let deviations: Vec<_> = self.deviations.iter().map(Deviation::facts).collect();
        let lots: Vec<_> = self.lots.iter().map(Lot::facts).collect();
        let (genealogy, standings) = (self.genealogy(), &self.standings);
        let facts = RunFacts {
            deviations: &deviations,
            lots: &lots,
            genealogy: Some(&genealogy),
            standings,
            // Whoever an order names here: the analyst of a retest plan.
            performer: self.people.get("quentin").map(Person::account),
            ..RunFacts::new(self.site.facts(), actor.account(), Some(second.account()))
        };
        let ruling = decide(&self.run, &facts, &stamp).map_err(|refusal| refusal.rule.code)?;
        let planned = ruling.into_planned(self.run.key, "run", None);
        self.keep(&actor, &planned);
        Ok(())
    }

    /// Decides about a deviation of the run as this person and keeps what follows.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn deviates(
        &mut self,
        name: &str,
        decide: impl FnOnce(&Self, &RunFacts<'_>, &Stamp) -> Result<DeviationRuling, Refusal>,
    ) -> Result<(), &'static str> {
        self.deviates_with(name, None, decide)
    }

    /// The same with a second person's signature.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn deviates_with(
        &mut self,
        name: &str,
        second: Option<&str>,
        decide: impl FnOnce(&Self, &RunFacts<'_>, &Stamp) -> Result<DeviationRuling, Refusal>,
    ) -> Result<(), &'static str> {
        let (actor, second) = (self.person(name).clone(), second.map(|name| self.person(name)));
        let mut stamp = self.stamp(name);
        stamp.second = second.and_then(|second| stamp_of(second).signer);
        let facts = RunFacts::new(self.site.facts(), actor.account(), second.map(Person::account));
        let ruling = decide(self, &facts, &stamp).map_err(|refusal| refusal.rule.code)?;
        self.keep(&actor, &ruling.into_planned());
        Ok(())
    }

    /// Decides about lots as this person and keeps what follows.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn lots(
        &mut self,
        name: &str,
        decide: impl FnOnce(&Self, &RunFacts<'_>, &Stamp) -> Result<LotRuling, Refusal>,
    ) -> Result<(), &'static str> {
        let actor = self.person(name).clone();
        let deviations: Vec<_> = self.deviations.iter().map(Deviation::facts).collect();
        let (genealogy, standings) = (self.genealogy(), &self.standings);
        let facts = RunFacts {
            deviations: &deviations,
            genealogy: Some(&genealogy),
            standings,
            ..RunFacts::new(self.site.facts(), actor.account(), None)
        };
        let ruling =
            decide(self, &facts, &self.stamp(name)).map_err(|refusal| refusal.rule.code)?;
        self.keep(&actor, &ruling.into_planned());
        Ok(())
    }

    /// Orders something of a lot as this person.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn on_lot(
        &mut self,
        name: &str,
        index: usize,
        command: &LotCommand,
    ) -> Result<(), &'static str> {
        self.lots(name, |scene, facts, stamp| {
            let owed = ObligationFacts::of(facts);
            decide_lot(&scene.lots[index], &scene.run, facts, &owed, command, stamp)
        })
    }

    /// Aborts the run and withdraws these lots as this person: one act on all chains.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn abort_and_withdraw(
        &mut self,
        name: &str,
        reason: &str,
        withdraw: Vec<String>,
    ) -> Result<(), &'static str> {
        let command =
            RunCommand::AbortAndWithdraw(AbortAndWithdraw { reason: reason.to_owned(), withdraw });
        let mut on_lots = Vec::new();
        let lots = self.lots.clone();
        let of_run: Vec<&Lot> = lots.iter().collect();
        self.rules(name, |run, facts, stamp| {
            let ruling = decide(run, facts, &command, stamp)?;
            on_lots = withdrawals(run, &of_run, facts, reason, stamp)?;
            Ok(ruling)
        })?;
        let actor = self.person(name).clone();
        for (lot, ruling) in on_lots {
            self.keep(&actor, &ruling.into_planned(lot, "lot", None));
        }
        Ok(())
    }

    /// Yields a lot as sven.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn yield_lot(&mut self, number: &str, amount: &str) -> Result<(), &'static str> {
        self.yield_lot_as("sven", number, amount)
    }

    /// Yields a lot as this person.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn yield_lot_as(
        &mut self,
        name: &str,
        number: &str,
        amount: &str,
    ) -> Result<(), &'static str> {
        let quantity =
            serde_json::from_value(json!({ "value": amount, "unit": "[pH]" })).expect("a quantity");
        let id = self.run.key.id.as_u128() * 0x100 + self.lots.len() as u128;
        self.lots(name, |scene, facts, stamp| {
            let new = NewLot {
                record: RecordKey::new(RecordKind::Lot, Uuid::from_u128(id)),
                number,
                twin: scene.lots.iter().map(|lot| lot.number.as_str()).find(|twin| *twin == number),
                material: "bulk",
                output: None,
                quantity: &quantity,
                parents: &[],
            };
            yield_lot(&scene.run, facts, &new, stamp)
        })
    }

    /// Reports a value of *grow* as this person, who means it.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn tells(&mut self, name: &str, at: EntryKey, input: Input) -> Result<(), &'static str> {
        let order = RunCommand::RecordEntry(RecordEntry {
            at,
            input,
            performed_at: None,
            basis: Basis::Direct,
            reason: None,
            confirmed: true,
        });
        self.rules(name, |run, facts, stamp| decide(run, facts, &order, stamp))
    }

    /// Reviews as this person.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn review(&mut self, name: &str) -> Result<(), &'static str> {
        self.rules(name, |run, facts, stamp| {
            crate::domain::run::acts::review::review(run, facts, "in order", Some(run.seq), stamp)
        })
    }

    /// The own lots that may have gone in, and those of the run itself.
    #[must_use]
    pub fn genealogy(&self) -> Genealogy<'_> {
        let mut genealogy = Genealogy::default();
        for (lot, run) in &self.upstream {
            genealogy.put(lot.facts(), Some(run));
        }
        for lot in &self.lots {
            genealogy.put(lot.facts(), Some(&self.run));
        }
        genealogy
    }

    /// These lots of other runs may have gone in, as they stand now.
    pub fn hears_of(&mut self, upstream: Vec<(Lot, Run)>) {
        let heads = |all: &[(Lot, Run)]| -> Vec<(u64, u64)> {
            all.iter().map(|(lot, run)| (lot.seq, run.seq)).collect()
        };
        if heads(&self.upstream) == heads(&upstream) {
            return;
        }
        let owed = ObligationFacts::default();
        self.standings = upstream.iter().map(|(lot, run)| standing(lot, run, &owed)).collect();
        self.upstream = upstream;
    }
}
