//! A small model of time, exhaustively: a hold time before an act behind a gate, an hourly feed, and
//! twenty minutes that pass between any two acts, as often as it takes for everything to run out.

use super::restarts::{absent, between_entries, done_at};
use super::times::{held, hold};
use super::world::{World, at_entry, by};
use batchwright::domain::run::Run;
use batchwright::domain::run::acts::exception::lets_go_on;
use batchwright::domain::run::acts::time::next_due;
use batchwright::domain::run::acts::{
    CompleteStep, DecideNotDeviation, NoticeOverdue, PassGate, RunCommand, closed,
};
use batchwright::domain::run::time::{State, limits};
use serde_json::json;
use std::collections::{BTreeSet, HashSet, VecDeque};
use std::fmt::Write;

/// Minutes that pass at once, and how long the model looks.
const PASS: i64 = 20;
const HORIZON: i64 = 80;
const HOLD: &str = "timer/A~1/charge~1/hold";

/// A state with its times, but without sequence numbers.
fn essence(w: &World) -> String {
    let run = &w.run;
    let mut text = format!("{} {:?}", w.now.0, run.phase);
    for (key, step) in &run.steps {
        let recorded = step.entries.values().map(|entry| entry.versions.len()).sum::<usize>();
        let times = (step.started_at.0, step.completed_at.map(|at| at.0));
        let _ = write!(text, "|{key} {:?} {times:?} {recorded}", step.phase);
    }
    for exception in &run.exceptions {
        let opened = &exception.opened;
        let _ = write!(text, "|{} {:?} {}", opened.detail, opened.at, exception.triage.is_some());
    }
    let passed = run.gates.get("G").map_or(0, |gate| gate.passages.len().min(1));
    let _ = write!(text, "|{passed} {:?}", run.noticed.keys().collect::<Vec<_>>());
    text
}

fn acts(w: &World) -> Vec<(&'static str, RunCommand)> {
    let mut all = vec![
        ("ana", w.start("A~1/thaw~1")),
        ("ana", w.complete("A~1/thaw~1")),
        ("sue", RunCommand::PassGate(PassGate { gate: "G".into() })),
        ("ana", w.start("A~1/charge~1")),
        ("ana", w.start("A~1/feed~1")),
        ("ana", w.record("A~1/feed~1/ph", "6.85")),
        ("ana", w.complete("A~1/feed~1")),
        ("ana", w.start("A~1/feed~2")),
        ("ana", RunCommand::NoticeOverdue(NoticeOverdue {})),
    ];
    all.extend(w.run.exceptions.iter().map(|exception| {
        let rationale = "looked into".to_owned();
        let exception = exception.opened.no;
        ("quinn", RunCommand::DecideNotDeviation(DecideNotDeviation { exception, rationale }))
    }));
    all
}

/// Limits that ran out, by their ids.
fn out(w: &World) -> BTreeSet<String> {
    let all = limits(&w.run, w.now).into_iter();
    all.filter(|limit| matches!(limit.state, State::Overdue | State::TooShort))
        .map(|limit| limit.id)
        .collect()
}

fn noticed(run: &Run) -> BTreeSet<String> {
    run.noticed.keys().cloned().collect()
}

fn holds_in(w: &World) {
    // Care stays recordable, whatever ran out.
    if w.run.operations.keys().next().is_some() {
        let next = (1..).find(|k| {
            w.entry(&at_entry(&format!("A~1/feed~{k}/ph"))).is_none_or(|e| e.current().is_none())
        });
        let at = format!("A~1/feed~{}/ph", next.expect("one"));
        assert!(w.ask(by("ana"), &w.record(&at, "6.85")).is_ok(), "{}", essence(w));
    }
    // Noticing tells of everything that ran out, and telling again tells nothing.
    let mut told = w.clone();
    told.does(by("ana"), RunCommand::NoticeOverdue(NoticeOverdue {}));
    assert_eq!(noticed(&told.run), out(w).union(&noticed(&w.run)).cloned().collect());
    assert!(told.does(by("ana"), RunCommand::NoticeOverdue(NoticeOverdue {})).is_empty());
    assert_eq!(told.run.exceptions.len(), told.run.noticed.len() + others(&told.run));
    // The watch never sleeps over a limit.
    if out(w).is_subset(&noticed(&w.run)) {
        assert!(next_due(&w.run, w.now).is_none_or(|due| due > w.now), "{}", essence(w));
    } else {
        assert_eq!(next_due(&w.run, w.now), Some(w.now));
    }
    // No irreversible act passes a gate that an expired hold time closed.
    let decided = told.run.noticed.get(HOLD).is_none_or(|noticed| {
        let of = told.run.exceptions.iter().find(|e| e.opened.no == noticed.exception);
        of.is_some_and(|exception| lets_go_on(&told.run, exception))
    });
    if !decided {
        assert!(!closed::closed(&told.run, "G", w.now).is_empty());
        for onward in [w.start("A~1/charge~1"), RunCommand::PassGate(PassGate { gate: "G".into() })]
        {
            assert!(w.ask(by("sue"), &onward).is_err(), "{onward:?} in {}", essence(w));
        }
    }
}

fn others(run: &Run) -> usize {
    let of_time: BTreeSet<u32> = run.noticed.values().map(|noticed| noticed.exception).collect();
    run.exceptions.iter().filter(|e| !of_time.contains(&e.opened.no)).count()
}

// shows: P11-10f.a
#[test]
fn time_in_every_reachable_state() {
    let begin = World::new(held(&hold()));
    let end = begin.now.plus_minutes(HORIZON);
    let mut seen = HashSet::from([essence(&begin)]);
    let mut queue = VecDeque::from([begin]);
    while let Some(w) = queue.pop_front() {
        holds_in(&w);
        let mut nexts = Vec::new();
        if w.now < end {
            let mut later = w.clone();
            later.later(PASS);
            nexts.push(later);
        }
        // What is found running says nothing new of time.
        for (who, command) in acts(&w) {
            let mut next = w.clone();
            if next.act(by(who), &command).is_ok() && others(&next.run) == 0 {
                assert!(next.run.noticed.len() >= w.run.noticed.len());
                nexts.push(next);
            }
        }
        for next in nexts {
            if seen.insert(essence(&next)) {
                queue.push_back(next);
            }
        }
        assert!(seen.len() < 60_000, "the model has outgrown its test");
    }
    println!("{} states", seen.len());
    assert!(seen.len() > 500, "only {} states: the model does not move", seen.len());
}

/// What somebody may do in a state.
type Acts = fn(&World) -> Vec<(&'static str, RunCommand)>;

/// A hold time between two entries, and all that can be said of them: now, as of twenty minutes ago, that
/// there is none, another value, and a report on what nobody has started.
fn sayings(w: &World) -> Vec<(&'static str, RunCommand)> {
    let ago = w.now.plus_minutes(-PASS);
    vec![
        ("ana", w.start("A~1/thaw~1")),
        ("ana", w.record("A~1/thaw~1/n", "gone")),
        ("ana", done_at(w, "A~1/thaw~1/n", ago)),
        ("sue", absent("A~1/thaw~1/n")),
        ("ana", w.correct("A~1/thaw~1/n", "all gone", Some("wording"), false)),
        ("ana", w.start("A~1/charge~1")),
        ("ana", w.record("A~1/charge~1/n", "in")),
        ("ana", done_at(w, "A~1/charge~1/n", ago)),
        ("sue", absent("A~1/charge~1/n")),
    ]
}

/// Nothing that is done or said moves a hold time's begin to later, or takes it back; and only a value in an
/// occurrence that somebody started ends it.
fn never_restarts(before: &World, after: &World) {
    let of = |w: &World| limits(&w.run, w.now).into_iter().find(|limit| limit.id == HOLD);
    let (Some(was), Some(is)) = (of(before), of(after)) else { return };
    if let Some(started) = was.started {
        assert!(is.started.is_some_and(|now| now <= started), "{}", essence(after));
    }
    let (Some(ended), Some(began)) = (is.ended, is.recorded.map(|reading| reading.started)) else {
        return;
    };
    assert!(is.started <= Some(began) && ended >= began);
    let charge = after.run.steps.iter().find(|(key, _)| key.step == "charge");
    assert!(charge.is_some_and(|(_, state)| state.found_running.is_none()), "{}", essence(after));
}

/// The same life, told twice: once with somebody who looks after every act, once with nobody.
fn walk(lazy: &World, eager: &World, depth: u32, acts: Acts, lives: &mut u64) {
    let mut looked = lazy.clone();
    looked.does(by("ana"), RunCommand::NoticeOverdue(NoticeOverdue {}));
    assert_eq!(noticed(&looked.run), noticed(&eager.run), "{}", essence(lazy));
    let told = |run: &Run| -> BTreeSet<String> {
        let all = run.exceptions.iter().map(|e| &e.opened);
        all.map(|o| format!("{:?} {:?} {:?} {:?}", o.kind, o.severity, o.effect, o.at)).collect()
    };
    assert_eq!(told(&looked.run), told(&eager.run));
    *lives += 1;
    if depth == 0 {
        return;
    }
    let both = |after: World, mut eager: World, lives: &mut u64| {
        never_restarts(lazy, &after);
        eager.does(by("ana"), RunCommand::NoticeOverdue(NoticeOverdue {}));
        walk(&after, &eager, depth - 1, acts, lives);
    };
    let (mut one, mut other) = (lazy.clone(), eager.clone());
    one.later(PASS);
    other.later(PASS);
    both(one, other, lives);
    let commands = acts(lazy).into_iter().filter(|(who, _)| *who != "quinn");
    for (who, command) in commands {
        let (mut one, mut other) = (lazy.clone(), eager.clone());
        let left = one.act(by(who), &command).is_ok();
        assert_eq!(left, other.act(by(who), &reread(&other, &command)).is_ok(), "{command:?}");
        if left {
            both(one, other, lives);
        }
    }
}

/// The same order on the version that stands there now.
fn reread(w: &World, command: &RunCommand) -> RunCommand {
    match command {
        RunCommand::CompleteStep(CompleteStep { step, .. }) => {
            RunCommand::CompleteStep(CompleteStep {
                step: step.clone(),
                expected: Some(w.version(step)),
            })
        }
        other => other.clone(),
    }
}

#[test]
fn noticing_early_or_late_tells_the_same() {
    let begin = World::new(held(&hold()));
    let mut lives = 0;
    walk(&begin, &begin, 6, acts, &mut lives);
    println!("{lives} lives");
    assert!(lives > 500, "{lives}");
    let begin = between_entries(&json!({ "min": "PT10M", "max": "PT30M" }));
    let mut said = 0;
    walk(&begin, &begin, 6, sayings, &mut said);
    println!("{said} lives of sayings");
    assert!(said > 500, "{said}");
}
