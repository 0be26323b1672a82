//! Any order to a deviation that is open; the runs it concerns are told in the same decision.

use crate::app::answer::{Core, DeviationAnswer, Tells, told};
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::domain::clock::Instant;
use crate::domain::command::{Decision, Stamp};
use crate::domain::cross::deviation::decide;
use crate::domain::deviation::Deviation;
use crate::domain::deviation::command::DeviationCommand;
use crate::domain::deviation::content::Owner;
use crate::domain::ids::{Key, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::person::Person;
use crate::domain::refusal::{NOT_FOUND, Refusal};
use crate::domain::run::Run;
use crate::domain::run::facts::RunFacts;

/// An order to a deviation.
pub struct DeviationAct {
    /// Its number.
    pub deviation: String,
    /// The run whose exceptions join, by batch number.
    pub joining: Option<String>,
    pub order: DeviationCommand,
}

impl DeviationAct {
    fn key(&self) -> Key {
        Key::Number(RecordKind::Deviation, self.deviation.clone())
    }

    fn joining_key(&self) -> Option<Key> {
        Some(Key::Number(RecordKind::Run, self.joining.clone()?))
    }
}

impl Command for DeviationAct {
    fn name(&self) -> &'static str {
        match &self.order {
            DeviationCommand::Link { .. } => "link-deviation",
            DeviationCommand::Assign { .. } => "assign-deviation",
            DeviationCommand::Investigate { .. } => "investigate-deviation",
            DeviationCommand::Classify { .. } => "classify-deviation",
            DeviationCommand::ConcludeImpact { .. } => "conclude-impact",
            DeviationCommand::ConcludeInvestigation { .. } => "conclude-investigation",
            DeviationCommand::Close { .. } => "close-deviation",
            DeviationCommand::Reopen { .. } => "reopen-deviation",
        }
    }

    fn reads(&self) -> Vec<Key> {
        std::iter::once(self.key()).chain(self.joining_key()).collect()
    }

    fn reads_further(&self, loaded: &Loaded) -> Vec<Key> {
        loaded.deviation(&self.key()).map(concerned).unwrap_or_default()
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let deviation = loaded.deviation(&self.key())?;
        let runs: Vec<&Run> =
            concerned(deviation).iter().filter_map(|key| loaded.get(key)?.as_run()).collect();
        let joining = match self.joining_key() {
            Some(key) => Some(loaded.run(&key)?),
            None => None,
        };
        let (site, actor) = (loaded.site()?, loaded.actor(stamp)?);
        let second = loaded.second(stamp).map(Person::account);
        let facts = RunFacts::new(site.facts(), actor.account(), second);
        let ruling = decide(deviation, &runs, joining, &facts, &self.order, stamp)?;
        let permit = ruling.permit().clone();
        let events = ruling.into_planned();
        let number = &deviation.number;
        let core = Core::of(deviation.key, (Some(number), deviation.seq), loaded, &events);
        let answer = DeviationAnswer::new(core, number.clone());
        Ok(Decision { permit, events, answer: told::<Self>(&answer) })
    }
}

impl Tells for DeviationAct {
    type Answer = DeviationAnswer;
}

impl Desk {
    /// Orders something of a deviation that the caller may know of. Blocks.
    ///
    /// # Errors
    /// `not-found` beyond the caller's scope, and what the rules of deviations refuse.
    pub fn order_deviation(
        &self,
        envelope: Envelope,
        act: DeviationAct,
    ) -> Result<Done<DeviationAnswer>, Failure> {
        self.deviation(&envelope.caller, &act.deviation)?;
        self.order(envelope, Box::new(act))
    }
}

impl Desk {
    /// Gives a deviation to somebody by user name. Blocks.
    ///
    /// # Errors
    /// `not-found` where there is no such deviation or no such person at work here, and what the rules refuse.
    pub fn assign_deviation(
        &self,
        envelope: Envelope,
        number: String,
        (user_name, due, reason): (&str, Instant, String),
    ) -> Result<Done<DeviationAnswer>, Failure> {
        self.deviation(&envelope.caller, &number)?;
        let person = self.person_named(user_name)?;
        if !person.active || person.service {
            let detail = format!("{user_name} is nobody at work here: name somebody who is");
            return Err(Refusal::new(&NOT_FOUND, detail).into());
        }
        let owner = Owner {
            person: Some(person.key.id),
            user_name: person.user_name.clone(),
            printed_name: person.printed_name.clone(),
        };
        let order = DeviationCommand::Assign { owner, due, reason };
        self.order_deviation(envelope, DeviationAct { deviation: number, joining: None, order })
    }
}

fn concerned(deviation: &Deviation) -> Vec<Key> {
    deviation.runs.keys().map(|run| Key::Id(*run)).collect()
}
