//! What ran out opens its exception by itself: in front of the next act, or by the watch. Each limit
//! once, whoever notices it and however late.

use crate::domain::clock::{Instant, Zone};
use crate::domain::command::{EvolveFault, Happened, Stamp};
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::policy::Permit;
use crate::domain::recipe::timing::shown;
use crate::domain::ruling::{Ruling, planned};
use crate::domain::run::acts::set_back::ClockSetBack;
use crate::domain::run::acts::{RunEvent, exception, lapse};
use crate::domain::run::time::limit::Mark;
use crate::domain::run::time::{Limit, Sort, State, is_watched, kept, limits};
use crate::domain::run::timing::OverdueNoticed;
use crate::domain::run::{Phase, Run, evolve};
use crate::domain::words::{EntryKey, OnCritical};

/// What ran out before an act: its events, and the run as it stands with them.
#[derive(Debug)]
pub struct Before {
    /// The notices, to stand in front of the act's own events.
    pub events: Vec<RunEvent>,
    /// The run with them; its sequence is the one that people have seen.
    pub run: Run,
}

/// What the system writes down when it looks: one notice and one exception for each limit that ran out.
/// No events: nothing did.
#[must_use]
pub fn notice(run: &Run, stamp: &Stamp) -> Ruling<RunEvent> {
    let permit = Permit { role: "system".into(), authority: None };
    let events = told(run, &ran_out(run, stamp.at), exception::next_no(run), &stamp.zone);
    let plain = events.into_iter().map(|event| (event, Vec::new())).collect();
    lapse::follow(run, Ruling { permit, events: plain })
}

/// What ran out before an act, if anything did.
#[must_use]
pub fn before(run: &Run, stamp: &Stamp) -> Option<Before> {
    let events = notice(run, stamp).events.into_iter().map(|(event, _)| event);
    let events: Vec<RunEvent> = events.collect();
    if events.is_empty() {
        return None;
    }
    // What cannot be folded is not noticed here: the act goes on, and the watch tells of the fault.
    let noticed = scratch(run, &events, stamp).ok()?;
    Some(Before { events, run: noticed })
}

/// What an act ended too early: the notices that stand behind its own events.
#[must_use]
pub fn too_short(run: &Run, acts: &Ruling<RunEvent>, stamp: &Stamp) -> Vec<RunEvent> {
    if !kept::any_too_short(run, marks(acts), stamp.at) {
        return Vec::new();
    }
    let mut short: Vec<Limit> = limits(run, stamp.at)
        .into_iter()
        .filter(|limit| limit.state == State::Running && !run.noticed.contains_key(&limit.id))
        .filter(|limit| limit.earliest.is_some_and(|earliest| stamp.at < earliest))
        .filter(|limit| marks(acts).any(|mark| limit.ends_with(run, mark)))
        .collect();
    for limit in &mut short {
        limit.state = State::TooShort;
        limit.ended = Some(stamp.at);
    }
    let opened = acts.events.iter().filter(|(e, _)| matches!(e, RunEvent::ExceptionOpened(_)));
    let opened = u32::try_from(opened.count()).unwrap_or(u32::MAX);
    told(run, &short, exception::next_no(run).saturating_add(opened), &stamp.zone)
}

fn marks(acts: &Ruling<RunEvent>) -> impl Iterator<Item = Mark<'_>> {
    acts.events.iter().filter_map(|(event, _)| event.marks())
}

/// When the next limit of a run runs out that nobody has noticed; what has run out already is due at
/// once.
#[must_use]
pub fn next_due(run: &Run, at: Instant) -> Option<Instant> {
    if !is_watched(run.phase) {
        return None;
    }
    if kept::any_ran_out(run, at) {
        return Some(at);
    }
    kept::next_out(run, at)
}

/// The exception that a doubt of the clock opens on a run under way: its times stand beside a clock that was
/// wrong, before or after.
#[must_use]
pub fn clock_jumped(run: &Run, by: i64) -> Option<RunEvent> {
    let way = if by < 0 { "behind" } else { "ahead of" };
    let length = shown(by.saturating_abs());
    let detail = format!(
        "the server's clock is {length} {way} site time: what is written until that is settled is marked"
    );
    doubtful(run, detail)
}

/// What a clock that was set means for a run under way: its exception, and where it was set back that the times
/// across it are owed.
#[must_use]
pub fn clock_set(run: &Run, by: i64) -> Vec<RunEvent> {
    let length = shown(by.saturating_abs());
    if by >= 0 {
        let detail =
            format!("site time was set forward by {length}: times across it are longer by that");
        return doubtful(run, detail).into_iter().collect();
    }
    let detail = format!(
        "the site's clock was set back by {length}: times that lie across it cannot be computed"
    );
    let told = RunEvent::ClockSetBack(ClockSetBack { by, before: run.last_at });
    doubtful(run, detail).into_iter().flat_map(|opened| [told.clone(), opened]).collect()
}

fn doubtful(run: &Run, detail: String) -> Option<RunEvent> {
    if !matches!(run.phase, Phase::Issued | Phase::Running) {
        return None;
    }
    let (kind, effect) = (ExceptionKind::ClockJump, OnCritical::Continue);
    Some(exception::opens(run, kind, Severity::Major, effect, detail))
}

/// Limits that ran out, or ended too early, and that nobody has noticed.
fn ran_out(run: &Run, at: Instant) -> Vec<Limit> {
    if !kept::any_ran_out(run, at) {
        return Vec::new();
    }
    let mut list = limits(run, at);
    list.retain(|limit| {
        matches!(limit.state, State::Overdue | State::TooShort)
            && limit.sort != Sort::Risk
            && (run.phase != Phase::Aborted || limit.sort == Sort::Ratification)
            && !run.noticed.contains_key(&limit.id)
    });
    list
}

fn told(run: &Run, list: &[Limit], first: u32, zone: &Zone) -> Vec<RunEvent> {
    let mut events = Vec::new();
    for (no, limit) in (first..).zip(list) {
        let (kind, severity) = match limit.sort {
            Sort::HoldTime => (ExceptionKind::HoldTime, Severity::Major),
            Sort::Check => (ExceptionKind::Overdue, Severity::Minor),
            Sort::Period | Sort::Ratification | Sort::Risk => {
                (ExceptionKind::Overdue, Severity::Major)
            }
        };
        let effect = if severity == Severity::Minor { OnCritical::Continue } else { limit.effect };
        let due = if limit.state == State::TooShort { limit.earliest } else { limit.due };
        let due = due.or(limit.started).unwrap_or(run.last_at);
        events.push(RunEvent::OverdueNoticed(OverdueNoticed {
            limit: limit.id.clone(),
            what: limit.what.clone(),
            due,
            step: limit.step.clone(),
            exception: no,
        }));
        let at = limit.step.clone().map(EntryKey::whole);
        let detail = sentence(limit, due, zone);
        events.push(RunEvent::ExceptionOpened(Opened { no, kind, severity, effect, at, detail }));
    }
    events
}

fn sentence(limit: &Limit, due: Instant, zone: &Zone) -> String {
    let what = &limit.what;
    let due = due.shown_short(zone);
    let Some(end) = limit.ended else { return format!("{what}: was due by {due}") };
    let end = end.shown_short(zone);
    if limit.state == State::TooShort {
        format!("{what}: ended at {end}, not to end before {due}")
    } else {
        format!("{what}: was due by {due}, ended at {end}")
    }
}

/// The run with notices told, for deciding only.
fn scratch(run: &Run, events: &[RunEvent], stamp: &Stamp) -> Result<Run, EvolveFault> {
    let mut noticed = run.clone();
    for event in events {
        let planned = planned(run.key, "run", None, event, Vec::new());
        let happened = Happened {
            record: run.key,
            seq: run.seq,
            at: stamp.at,
            zone: &stamp.zone,
            actor: None,
            role: "system",
            name: &planned.name,
            version: planned.version,
            data: (&planned.data).into(),
            signatures: &[],
            link: run.head,
        };
        noticed = evolve(Some(noticed), &happened, None)?;
    }
    noticed.last_at = run.last_at;
    Ok(noticed)
}
