//! Site time follows a clock that was set: the order, and what it means for the batches under way.

use crate::app::answer::{Core, SiteAnswer, Tells, told};
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::domain::command::{Decision, Planned, Stamp};
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::refusal::Refusal;
use crate::domain::ruling::planned;
use crate::domain::run::acts::time::clock_set;
use crate::domain::site::command::SiteCommand;
use crate::domain::site::decide;
use crate::store::noun::run::watched_runs;

/// The order as the lane takes it, with the batches that are under way.
struct SetClock {
    command: SiteCommand,
    by: Option<i64>,
    runs: Vec<RecordKey>,
}

impl Command for SetClock {
    fn name(&self) -> &'static str {
        "set-clock"
    }

    fn reads(&self) -> Vec<Key> {
        let runs = self.runs.iter().map(|run| Key::Id(*run));
        std::iter::once(Key::Site).chain(runs).collect()
    }

    fn sets_clock(&self) -> bool {
        self.by.is_some()
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let site = loaded.site()?;
        let actor = match &stamp.actor {
            None => None,
            Some(actor) => Some(loaded.person(actor.person)?.account()),
        };
        let second = loaded.second(stamp).map(|person| person.account());
        let ruling = decide(&self.command, site, (actor, second), stamp)?;
        let permit = ruling.permit.clone();
        let mut events: Vec<Planned> = ruling.into_planned(site.key, "site", None);
        let answer = SiteAnswer::new(Core::of(site.key, None, site.seq, &events));
        for key in &self.runs {
            let Some(run) = loaded.get(&Key::Id(*key)).and_then(|state| state.as_run()) else {
                continue;
            };
            let told = clock_set(run, self.by.unwrap_or_default());
            let told = told.iter().map(|event| planned(*key, "run", None, event, Vec::new()));
            events.extend(told);
        }
        Ok(Decision { permit, events, answer: told::<Self>(&answer) })
    }
}

impl Tells for SetClock {
    type Answer = SiteAnswer;
}

impl Desk {
    /// Has site time follow this node's clock: an administrator and one of quality sign. Blocks.
    ///
    /// # Errors
    /// `clock-agrees`, `second-person-required`, `authority-missing`, `reason-required`.
    pub fn set_clock(
        &self,
        envelope: Envelope,
        reason: String,
    ) -> Result<Done<SiteAnswer>, Failure> {
        let by = self.readiness().clock_apart;
        let runs = self.read(watched_runs)?.into_iter();
        let runs = runs.map(|run| RecordKey::new(RecordKind::Run, run.id)).collect();
        let command = SiteCommand::SetClock { by, reason };
        self.order(envelope, Box::new(SetClock { command, by, runs }))
    }
}
