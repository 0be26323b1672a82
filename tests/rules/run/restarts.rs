//! Limits of time that nobody restarts: by correcting, by beginning again, by another date.

use super::scene::{master, note, step};
use super::times::{HOLD, hold, limit, of_kind};
use super::world::{World, at_entry, by};
use batchwright::domain::clock::MINUTE;
use batchwright::domain::exception::ExceptionKind;
use batchwright::domain::run::Content;
use batchwright::domain::run::command::RunCommand;
use batchwright::domain::run::decide::time::State;
use serde_json::json;

// shows: F10, C211-188b11
#[test]
fn no_correction_moves_a_verifications_limit_and_a_second_overrun_is_told_too() {
    let recipe = master(
        json!([{ "id": "A", "name": "A", "steps": [
            step("weigh", json!([note("n", false)]), json!({ "significant": true,
                "second_person": { "mode": "verify-after", "within_minutes": 30 } })),
        ] }]),
        json!([]),
        json!([]),
    );
    let mut w = World::new(recipe);
    let reworded = |w: &World, word: &str| w.correct("A~1/weigh~1/n", word, Some("wording"), false);
    w.does(by("ana"), w.start("A~1/weigh~1"));
    w.does(by("ana"), w.record("A~1/weigh~1/n", "one"));
    w.does(by("ana"), w.complete("A~1/weigh~1"));
    let completed = w.now;
    w.later(29);
    w.does(by("ana"), reworded(&w, "two"));
    let first = limit(&w, "check/A~1/weigh~1/1");
    assert_eq!(first.started, Some(completed), "nobody had checked: nothing lapsed");
    w.later(2).does(by("ana"), RunCommand::NoticeOverdue {});
    assert_eq!(of_kind(&w, ExceptionKind::Overdue).len(), 1);
    w.does(by("ben"), w.check("A~1/weigh~1"));
    w.later(5);
    w.does(by("ana"), reworded(&w, "three"));
    assert_eq!(limit(&w, "check/A~1/weigh~1/2").started, Some(w.now), "a check lapsed");
    w.later(31).does(by("ana"), RunCommand::NoticeOverdue {});
    assert_eq!(of_kind(&w, ExceptionKind::Overdue).len(), 2);
}

// shows: C211-111
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
    w.later(11).does(by("ana"), RunCommand::NoticeOverdue {});
    assert_eq!(of_kind(&w, ExceptionKind::HoldTime).len(), 1);
}

// shows: C211-111, F7
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
    assert_eq!(waited(&w), 10.into(), "recorded-at: nobody has confirmed it");
    w.does(by("ben"), w.check_entry("A~1/thaw~1/when"));
    assert_eq!(waited(&w), 30.into());
    assert_eq!(limit(&w, HOLD).started, Some(began.plus_minutes(10)));
    w.does(by("ana"), w.correct("A~1/thaw~1/when", &said(25), Some("misread"), false));
    assert_eq!(waited(&w), 10.into(), "the check was of another version");
    assert_eq!(limit(&w, HOLD).started, Some(began.plus_minutes(30)));
}
