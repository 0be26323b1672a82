//! Limits of time that nobody restarts: by correcting, by beginning again, by another date.

use super::scene::{master, note, step};
use super::times::{HOLD, held, hold, limit, of_kind, verified_in_half_an_hour};
use super::world::{World, at_entry, at_step, by};
use batchwright::domain::clock::{Instant, MINUTE};
use batchwright::domain::exception::ExceptionKind;
use batchwright::domain::run::Content;
use batchwright::domain::run::acts::{
    DecideNotDeviation, DeclareAbsent, DeclareStepNotPerformed, NoticeOverdue, RecordEntry,
    RunCommand,
};
use batchwright::domain::run::time::State;
use batchwright::domain::words::Absence;
use serde_json::{Value, json};

#[test]
fn no_correction_moves_a_verifications_limit_and_a_second_overrun_is_told_too() {
    let mut w = World::new(verified_in_half_an_hour());
    let reworded = |w: &World, word: &str| w.correct("A~1/weigh~1/n", word, Some("wording"), false);
    w.does(by("ana"), w.start("A~1/weigh~1"));
    w.does(by("ana"), w.record("A~1/weigh~1/n", "one"));
    w.does(by("ana"), w.complete("A~1/weigh~1"));
    let completed = w.now;
    w.later(29);
    w.does(by("ana"), reworded(&w, "two"));
    let first = limit(&w, "check/A~1/weigh~1/1");
    assert_eq!(first.started, Some(completed), "nobody had checked: nothing lapsed");
    w.later(2).does(by("ana"), RunCommand::NoticeOverdue(NoticeOverdue {}));
    assert_eq!(of_kind(&w, ExceptionKind::Overdue).len(), 1);
    w.does(by("ben"), w.check("A~1/weigh~1"));
    w.later(5);
    w.does(by("ana"), reworded(&w, "three"));
    assert_eq!(limit(&w, "check/A~1/weigh~1/2").started, Some(w.now), "a check lapsed");
    w.later(31).does(by("ana"), RunCommand::NoticeOverdue(NoticeOverdue {}));
    assert_eq!(of_kind(&w, ExceptionKind::Overdue).len(), 2);
}

// shows: C211-111.d
#[test]
fn another_start_restarts_no_hold_time_and_shortens_no_shortest_time() {
    let recipe = master(
        json!([{ "id": "A", "name": "A", "steps": [
            step("thaw", json!([]), json!({ "occurs": { "min": 1, "max": 3 } })),
            step("charge", json!([note("n", false)]),
                json!({ "after": ["thaw"], "timers": [hold()] })),
        ] }]),
        json!([]),
        json!([]),
    );
    let mut w = World::new(recipe);
    let thaws = |w: &mut World, k: u32| {
        w.does(by("ana"), w.start(&format!("A~1/thaw~{k}")));
        w.does(by("ana"), w.complete(&format!("A~1/thaw~{k}")));
    };
    thaws(&mut w, 1);
    let began = w.now;
    w.later(20);
    thaws(&mut w, 2);
    let held = limit(&w, HOLD);
    assert_eq!((held.started, held.remaining), (Some(began), Some(10 * MINUTE)));
    assert_eq!(held.earliest, Some(w.now.plus_minutes(5)), "the second thaw needs its time too");
    let mut short = w.clone();
    short.later(4);
    short.does(by("ana"), short.start("A~1/charge~1"));
    assert_eq!(limit(&short, HOLD).state, State::TooShort);
    w.later(11).does(by("ana"), RunCommand::NoticeOverdue(NoticeOverdue {}));
    assert_eq!(of_kind(&w, ExceptionKind::HoldTime).len(), 1);
}

// shows: C211-111.d
#[test]
fn a_backdated_moment_counts_only_as_long_as_its_own_version_is_confirmed() {
    let when = json!({ "id": "when", "name": "When", "kind": "date-time" });
    let of = json!({ "of": "thaw", "at": "entry", "entry": "when" });
    let to = json!({ "of": "charge", "at": "started" });
    let wait = json!({ "id": "wait", "name": "Wait", "kind": "duration", "unit": "min",
        "from": of, "to": to });
    let timer = json!({ "id": "hold", "name": "Hold", "max": "PT2H", "starts": of, "stops": to });
    let recipe = master(
        json!([{ "id": "A", "name": "A", "steps": [
            step("thaw", json!([when]), json!({})),
            step("charge", json!([wait]), json!({ "after": ["thaw"], "timers": [timer] })),
        ] }]),
        json!([]),
        json!([]),
    );
    let mut w = World::new(recipe);
    w.does(by("ana"), w.start("A~1/thaw~1"));
    let began = w.now;
    let said = |minutes: i64| began.plus_minutes(minutes).to_rfc3339();
    let waited = |w: &World| {
        let entry = w.entry(&at_entry("A~1/charge~1/wait")).and_then(|e| e.current()).cloned();
        match entry.expect("computed").content {
            Content::Value(value) => value.number.expect("one").value,
            absent => panic!("{absent:?}"),
        }
    };
    w.later(30);
    w.does(by("ana"), w.record("A~1/thaw~1/when", &said(10)));
    w.does(by("ana"), w.complete("A~1/thaw~1"));
    w.later(10);
    w.does(by("ana"), w.start("A~1/charge~1"));
    assert_eq!(waited(&w), 30.into(), "a date-time entry is the time that it says");
    assert_eq!(limit(&w, HOLD).started, Some(began.plus_minutes(10)), "a longest time waits not");
    w.does(by("ben"), w.check_entry("A~1/thaw~1/when"));
    assert_eq!(waited(&w), 30.into());
    assert_eq!(limit(&w, HOLD).started, Some(began.plus_minutes(10)));
    w.does(by("ana"), w.correct("A~1/thaw~1/when", &said(25), Some("misread"), false));
    assert_eq!(waited(&w), 15.into(), "as it says now; the check was of another version");
    assert_eq!(limit(&w, HOLD).started, Some(began.plus_minutes(10)), "no correction restarts it");
}

/// A thaw with an entry, a charge with one, and a hold between the two.
pub fn between_entries(timer: &Value) -> World {
    let timer = json!({ "id": "hold", "name": "Hold", "min": timer["min"], "max": timer["max"],
        "starts": { "of": "thaw", "at": "entry", "entry": "n" },
        "stops": { "of": "charge", "at": "entry", "entry": "n" } });
    let mut timer = timer;
    timer.as_object_mut().expect("a timer").retain(|_, word| !word.is_null());
    let recipe = master(
        json!([{ "id": "A", "name": "A", "steps": [
            step("thaw", json!([note("n", true)]), json!({})),
            step("charge", json!([note("n", true)]), json!({ "timers": [timer] })),
        ] }]),
        json!([]),
        json!([]),
    );
    World::new(recipe)
}

pub fn absent(at: &str) -> RunCommand {
    let (absence, reason) = (Absence::NotApplicable, "nothing to note".to_owned());
    RunCommand::DeclareAbsent(DeclareAbsent { at: at_entry(at), absence, reason })
}

pub fn done_at(w: &World, at: &str, performed_at: Instant) -> RunCommand {
    let mut command = w.record(at, "done");
    if let RunCommand::RecordEntry(RecordEntry { performed_at: done, .. }) = &mut command {
        *done = Some(performed_at);
    }
    command
}

// shows: C211-111.d
#[test]
fn a_declared_absence_begins_a_hold_time_and_ends_none() {
    let mut w = between_entries(&json!({ "max": "PT30M" }));
    w.does(by("ana"), w.start("A~1/thaw~1"));
    w.later(5);
    w.does(by("sue"), absent("A~1/thaw~1/n"));
    let declared = w.now;
    let running = limit(&w, HOLD);
    assert_eq!((running.state, running.started), (State::Running, Some(declared)));
    w.later(5);
    w.does(by("ana"), w.correct("A~1/thaw~1/n", "ice gone", Some("found"), false));
    assert_eq!(limit(&w, HOLD).started, Some(declared), "a value later moves nothing");
    w.does(by("ana"), w.complete("A~1/thaw~1"));
    w.does(by("ana"), w.start("A~1/charge~1"));
    w.does(by("sue"), absent("A~1/charge~1/n"));
    assert_eq!(limit(&w, HOLD).state, State::Running, "nobody knows when it ended");
    w.does(by("ana"), w.complete("A~1/charge~1"));
    w.does(by("ben"), w.check_entry("A~1/thaw~1/n"));
    w.does(by("ana"), w.close("A~1"));
    w.later(26).does(by("ana"), RunCommand::NoticeOverdue(NoticeOverdue {}));
    assert_eq!(limit(&w, HOLD).state, State::Overdue);
    assert_eq!(of_kind(&w, ExceptionKind::HoldTime).len(), 1);
}

#[test]
fn a_start_declared_not_performed_begins_a_hold_time_and_erases_no_start_that_was() {
    let of_start = json!({ "id": "hold", "name": "Hold", "max": "PT30M",
        "starts": { "of": "thaw", "at": "started" }, "stops": { "of": "charge", "at": "started" } });
    for begun in [true, false] {
        let mut w = World::new(held(&of_start));
        let began = w.now;
        if begun {
            w.does(by("ana"), w.start("A~1/thaw~1"));
        }
        w.later(10);
        let (step, reason) = (at_step("A~1/thaw~1"), "lamp broke".to_owned());
        w.does(
            by("sue"),
            RunCommand::DeclareStepNotPerformed(DeclareStepNotPerformed { step, reason }),
        );
        let expected = if begun { began } else { w.now };
        let running = limit(&w, HOLD);
        assert_eq!((running.state, running.started), (State::Running, Some(expected)), "{begun}");
    }
}

// shows: C211-111.a
#[test]
fn a_longest_time_runs_from_the_earliest_claim_at_once_and_a_shortest_from_what_is_confirmed() {
    let mut w = between_entries(&json!({ "min": "PT5M", "max": "PT30M" }));
    w.does(by("ana"), w.start("A~1/thaw~1"));
    let began = w.now;
    w.later(11);
    w.does(by("ana"), done_at(&w, "A~1/thaw~1/n", began));
    assert!(w.run.exceptions.is_empty(), "inside the grace for recording: no check is owed");
    let running = limit(&w, HOLD);
    assert_eq!((running.started, running.due), (Some(began), Some(began.plus_minutes(30))));
    assert_eq!(running.recorded.map(|reading| reading.started), Some(w.now), "both are shown");
    assert_eq!(running.performed.map(|reading| reading.started), Some(began));
    assert_eq!(running.earliest, Some(w.now.plus_minutes(5)), "nobody has confirmed it");
    w.does(by("ana"), w.complete("A~1/thaw~1"));
    w.does(by("ana"), w.start("A~1/charge~1"));
    let mut short = w.clone();
    short.later(4);
    let names = short.does(by("ana"), short.record("A~1/charge~1/n", "charged"));
    assert!(names.contains(&"run.overdue-noticed".to_owned()), "{names:?}");
    assert_eq!(limit(&short, HOLD).state, State::TooShort);
    // What ends it is late by the server's clock, whatever is claimed.
    w.later(20);
    w.does(by("ana"), done_at(&w, "A~1/charge~1/n", w.now.plus_minutes(-5)));
    assert_eq!(limit(&w, HOLD).state, State::Overdue);
    assert_eq!(of_kind(&w, ExceptionKind::HoldTime).len(), 1);
}

#[test]
fn what_was_found_running_begins_a_hold_time_with_its_earliest_report() {
    let of_start = json!({ "id": "hold", "name": "Hold", "max": "PT30M",
        "starts": { "of": "thaw", "at": "started" }, "stops": { "of": "charge", "at": "started" } });
    let mut w = World::new(held(&of_start));
    let began = w.now;
    w.later(12);
    w.does(by("ana"), done_at(&w, "A~1/thaw~1/n", began));
    let running = limit(&w, HOLD);
    assert_eq!((running.state, running.started), (State::Running, Some(began)));
}

// shows: C211-111.d
#[test]
fn a_report_on_what_nobody_started_ends_no_hold_time_before_quality_has_triaged_it() {
    for (at, entry) in [("started", None), ("entry", Some("n"))] {
        let mut stops = json!({ "of": "charge", "at": at });
        if let Some(entry) = entry {
            stops["entry"] = entry.into();
        }
        let timer = json!({ "id": "hold", "name": "Hold", "min": "PT5M", "max": "PT30M",
            "starts": { "of": "thaw", "at": "completed" }, "stops": stops });
        let mut w = World::new(held(&timer));
        w.does(by("ana"), w.start("A~1/thaw~1"));
        w.does(by("ana"), w.complete("A~1/thaw~1"));
        w.later(10);
        w.does(by("ana"), w.record("A~1/charge~1/n", "charged"));
        let reported = w.now;
        assert_eq!(of_kind(&w, ExceptionKind::FoundRunning).len(), 1);
        assert_eq!(limit(&w, HOLD).state, State::Running, "{at}");
        let mut decided = w.clone();
        decided.later(5);
        let rationale = "charged on time, see the video".to_owned();
        decided.does(
            by("quinn"),
            RunCommand::DecideNotDeviation(DecideNotDeviation { exception: 1, rationale }),
        );
        decided.later(60);
        let met = limit(&decided, HOLD);
        assert_eq!((met.state, met.ended), (State::Met, Some(reported)), "at its own time");
        w.later(21).does(by("ana"), RunCommand::NoticeOverdue(NoticeOverdue {}));
        assert_eq!(limit(&w, HOLD).state, State::Overdue, "{at}");
        assert_eq!(of_kind(&w, ExceptionKind::HoldTime).len(), 1);
    }
}
