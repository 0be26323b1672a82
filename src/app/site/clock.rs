//! Site time follows a clock that was set: the order, and what it means for the batches under way.

use super::settle::SiteAct;
use crate::app::answer::{SiteAnswer, Tells};
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::domain::command::{Decision, Stamp};
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::refusal::Refusal;
use crate::domain::ruling::planned;
use crate::domain::run::acts::time::clock_set;
use crate::domain::site::command::SiteCommand;
use crate::store::noun::run::watched_runs;

/// The order as the lane takes it, with the batches that are under way.
struct SetClock {
    act: SiteAct,
    by: Option<i64>,
    runs: Vec<RecordKey>,
}

impl Command for SetClock {
    fn name(&self) -> &'static str {
        self.act.name()
    }

    fn reads(&self) -> Vec<Key> {
        let runs = self.runs.iter().map(|run| Key::Id(*run));
        std::iter::once(Key::Site).chain(runs).collect()
    }

    fn sets_clock(&self) -> bool {
        self.by.is_some()
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let mut decided = self.act.decide(loaded, stamp)?;
        for key in &self.runs {
            let Some(run) = loaded.get(&Key::Id(*key)).and_then(|state| state.as_run()) else {
                continue;
            };
            let told = clock_set(run, self.by.unwrap_or_default());
            let told = told.iter().map(|event| planned(*key, "run", None, event, Vec::new()));
            decided.events.extend(told);
        }
        Ok(decided)
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
        let act = SiteAct(SiteCommand::SetClock { by, reason });
        self.order(envelope, Box::new(SetClock { act, by, runs }))
    }
}
