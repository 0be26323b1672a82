//! A clock that is apart from site time is told: by an entry of the site, an exception on every running batch, and
//! an error in the log of the server (F8). What is written until it is settled is marked.

use super::decided::Group;
use super::knowledge::Knowledge;
use crate::domain::command::{Decision, Planned, Stamp};
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::policy::Permit;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::planned;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::time::{clock_jumped, clock_set};
use crate::domain::site::event::SiteEvent;
use crate::domain::site::time::apart;
use crate::store::clock::Clock;
use crate::store::db::Db;
use crate::store::fault::StoreError;
use crate::store::noun::run::watched_runs;
use crate::store::submission::{Outcome, Submission};
use serde_json::Value;

/// Looks at the clock, and tells once what is found.
pub(super) fn note(
    conn: &mut Db,
    known: &mut Knowledge,
    group: &mut Group,
) -> Result<(), StoreError> {
    let (Clock::System(clock), Some(_)) = (&known.clock, known.site) else { return Ok(()) };
    let seen = clock.look();
    let (stepped, doubt) = (clock.adopted(), apart(seen, known.pace.last_at));
    if let Some(by) = stepped {
        tell(conn, known, group, Finding::Stepped { by })?;
    }
    let told = known.pace.doubt;
    known.pace.doubt = doubt;
    match (told, doubt) {
        (None, Some(by)) => tell(conn, known, group, Finding::Apart { by }),
        (Some(_), Some(_)) | (_, None) => Ok(()),
    }
}

impl Knowledge {
    /// What was adopted is told now.
    pub(super) fn told_of_clock(&self) {
        if let Clock::System(clock) = &self.clock {
            clock.told();
        }
    }
}

/// What was found, µs.
#[derive(Debug, Clone, Copy)]
enum Finding {
    /// A small step forward stood, and site time follows it.
    Stepped { by: i64 },
    /// The clock is apart.
    Apart { by: i64 },
}

fn tell(
    conn: &mut Db,
    known: &mut Knowledge,
    group: &mut Group,
    finding: Finding,
) -> Result<(), StoreError> {
    let Some(site) = known.site else { return Ok(()) };
    match finding {
        Finding::Stepped { by } => {
            tracing::error!(by, "a step of the server's clock was followed, µs")
        }
        Finding::Apart { by } => {
            tracing::error!(by, "the server's clock is apart from site time, µs")
        }
    }
    let runs = watched_runs(conn)?.into_iter();
    let runs = runs.map(|run| RecordKey::new(RecordKind::Run, run.id)).collect();
    let note = Submission::of(Box::new(NoteClock { site, runs, finding }));
    match group.command(conn, known, &note)? {
        Outcome::Failed(fault) => Err(fault),
        _ => Ok(()),
    }
}

/// The system's own act: the clock was looked at.
struct NoteClock {
    site: RecordKey,
    runs: Vec<RecordKey>,
    finding: Finding,
}

impl NoteClock {
    fn on(&self, run: &crate::domain::run::Run) -> Vec<RunEvent> {
        match self.finding {
            Finding::Stepped { by } => clock_set(run, by),
            Finding::Apart { by } => clock_jumped(run, by).into_iter().collect(),
        }
    }
}

impl Command for NoteClock {
    fn name(&self) -> &'static str {
        "note-clock"
    }

    fn reads(&self) -> Vec<Key> {
        self.runs.iter().map(|run| Key::Id(*run)).collect()
    }

    fn decide(&self, loaded: &Loaded, _stamp: &Stamp) -> Result<Decision, Refusal> {
        let event = match self.finding {
            Finding::Stepped { by } => SiteEvent::ClockStepped { by },
            Finding::Apart { by } => SiteEvent::ClockJumped { by },
        };
        let mut events: Vec<Planned> = vec![planned(self.site, "site", None, &event, Vec::new())];
        for run in &self.runs {
            let state = loaded.get(&Key::Id(*run)).and_then(|state| state.as_run());
            let told = state.map(|run| self.on(run)).unwrap_or_default();
            events.extend(told.iter().map(|event| planned(*run, "run", None, event, Vec::new())));
        }
        let permit = Permit { role: "system".into(), authority: None };
        Ok(Decision { permit, events, answer: Value::Null })
    }
}
