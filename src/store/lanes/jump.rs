//! A clock that jumped is told: by an entry of the site, an exception on every running batch, and an
//! error in the log of the server (F8).

use super::decided::Group;
use super::knowledge::Knowledge;
use crate::domain::command::{Decision, Planned, Stamp};
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::policy::Permit;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::planned;
use crate::domain::run::acts::time::clock_jumped;
use crate::domain::site::event::SiteEvent;
use crate::store::clock::Clock;
use crate::store::db::Db;
use crate::store::fault::StoreError;
use crate::store::noun::run::watched_runs;
use crate::store::submission::{Outcome, Submission};
use serde_json::Value;

/// A jump of the system's clock that is worth an entry: a second, µs.
const JUMP: i64 = 1_000_000;

/// So much of the time gone by may be the clock's own correction: one part in a thousand, twice what
/// time services slew at most.
const SLEW: i64 = 1_000;

/// Tells of a jump since the lane last looked; no entry is ever earlier than the newest.
pub(super) fn note(
    conn: &mut Db,
    known: &mut Knowledge,
    group: &mut Group,
) -> Result<(), StoreError> {
    let now = known.clock.time().0;
    let pace = &mut known.pace;
    let looked = pace.looked.replace((now, std::time::Instant::now()));
    let before = looked.map(|(clock, steady)| {
        (clock, i64::try_from(steady.elapsed().as_micros()).unwrap_or(i64::MAX))
    });
    let found = jump(now, pace.last_at, before, pace.jumped);
    pace.jumped = now < pace.last_at && (pace.jumped || found.is_some());
    let (Some(by), Clock::System, Some(site)) = (found, &known.clock, known.site) else {
        return Ok(());
    };
    tracing::error!(seconds = by / JUMP, "the server's clock jumped");
    let runs = watched_runs(conn)?.into_iter();
    let runs = runs.map(|run| RecordKey::new(RecordKind::Run, run.id)).collect();
    let jump = Submission::of(Box::new(NoteJump { site, runs, by }));
    match group.command(conn, known, &jump)? {
        Outcome::Failed(fault) => Err(fault),
        _ => Ok(()),
    }
}

/// By how much the clock jumped: back behind what was written, or further than steady time went on since
/// the lane last looked. `before`: the clock then, and the steady time since.
fn jump(now: i64, last_at: i64, before: Option<(i64, i64)>, told: bool) -> Option<i64> {
    if now < last_at {
        let by = now - last_at;
        return (!told && by <= -JUMP).then_some(by);
    }
    let (clock, steady) = before?;
    let ahead = now.saturating_sub(clock).saturating_sub(steady);
    (ahead.saturating_abs() > JUMP + steady / SLEW).then_some(ahead)
}

/// The system's own act: the clock was found to have jumped.
struct NoteJump {
    site: RecordKey,
    runs: Vec<RecordKey>,
    by: i64,
}

impl Command for NoteJump {
    fn name(&self) -> &'static str {
        "note-clock-jump"
    }

    fn reads(&self) -> Vec<Key> {
        self.runs.iter().map(|run| Key::Id(*run)).collect()
    }

    fn decide(&self, loaded: &Loaded, _stamp: &Stamp) -> Result<Decision, Refusal> {
        let event = SiteEvent::ClockJumped { by: self.by };
        let mut events: Vec<Planned> = vec![planned(self.site, "site", None, &event, Vec::new())];
        for run in &self.runs {
            let state = loaded.get(&Key::Id(*run)).and_then(|state| state.as_run());
            let told = state.and_then(|run| clock_jumped(run, self.by));
            events.extend(told.map(|event| planned(*run, "run", None, &event, Vec::new())));
        }
        let permit = Permit { role: "system".into(), authority: None };
        Ok(Decision { permit, events, answer: Value::Null })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // shows: F8
    #[test]
    fn a_jump_is_seen_back_and_ahead_and_slewing_is_none() {
        let second = 1_000_000;
        assert_eq!(jump(100 * second, 200 * second, None, false), Some(-100 * second));
        assert_eq!(jump(100 * second, 200 * second, None, true), None, "told once");
        assert_eq!(jump(200 * second - 5, 200 * second, None, false), None);
        let hour = 3600 * second;
        assert_eq!(jump(2 * hour, 0, Some((0, hour)), false), Some(hour));
        assert_eq!(jump(hour, 0, Some((2 * hour, hour)), false), Some(-2 * hour));
        assert_eq!(jump(hour + 2 * second, 0, Some((0, hour)), false), None, "slewed");
        assert_eq!(jump(hour, 0, None, false), None);
    }
}
