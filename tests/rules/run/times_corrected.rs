//! A wrong performed-at is corrected with reason and check: what makes something outside counts at once, what
//! makes it better counts once it is checked.

use super::late_gates::{FILL, fed, late, owed, pass, told};
use super::times::{HOLD, held, limit, of_kind};
use super::world::{World, at_entry, by, input};
use batchwright::domain::clock::{Instant, MINUTE};
use batchwright::domain::exception::ExceptionKind;
use batchwright::domain::run::acts::{CorrectTime, RunCommand};
use batchwright::domain::run::obligations::{ObligationFacts, Status, obligations};
use serde_json::json;

/// The value stays; it was done so many minutes ago.
fn correct(w: &World, at: &str, value: &str, ago: i64) -> RunCommand {
    let at = at_entry(at);
    RunCommand::CorrectTime(CorrectTime {
        input: input(&w.run, &at, value),
        performed_at: Instant(w.now.0 - ago * MINUTE),
        reason: Some("read off the wrong clock".into()),
        confirmed: false,
        expected: Some(w.entry_seq(&at)),
        at,
    })
}

/// Filling told an hour after feeding and 50 minutes after the passage, done so many minutes before.
fn filled(ago: i64) -> World {
    let mut w = fed();
    w.later(10);
    w.does(by("sue"), pass());
    w.later(50);
    w.does(by("ana"), told(&w, FILL, ago));
    w
}

// shows: C211-110c.a
// finding: N21
#[test]
fn a_gate_takes_the_earlier_time_until_the_check_and_the_corrected_one_after_it() {
    let mut w = filled(55);
    late(&w, "A~1/fill~1");
    w.does(by("ana"), correct(&w, FILL, "it flows", 20));
    late(&w, "A~1/fill~1");
    assert_eq!(w.refused(by("ana"), w.check_entry(FILL)), "witness-is-performer");
    w.later(5);
    w.does(by("ben"), w.check_entry(FILL));
    assert_eq!(owed(&w).status, Status::Met);
    let versions = &w.entry(&at_entry(FILL)).expect("recorded").versions;
    let versions = versions.to_vec();
    let [old, new] = versions.as_slice() else { panic!("two versions") };
    assert_eq!(new.performed_before, old.performed_at);
    assert_eq!(new.reason.as_deref(), Some("read off the wrong clock"));
    // A later text keeps the time; an earlier time makes it late at once.
    w.later(5);
    w.does(by("ana"), w.correct(FILL, "it flowed", Some("wording"), false));
    assert_eq!(owed(&w).status, Status::Met);
    let mut w = filled(20);
    assert_eq!(owed(&w).status, Status::Met);
    w.does(by("ana"), correct(&w, FILL, "it flows", 55));
    late(&w, "A~1/fill~1");
    w.later(5);
    w.does(by("ben"), w.check_entry(FILL));
    late(&w, "A~1/fill~1");
}

// finding: N21
#[test]
fn a_corrected_time_needs_its_reason_lies_not_ahead_and_owes_a_check() {
    let mut w = filled(20);
    assert_eq!(w.refused(by("ana"), correct(&w, FILL, "it flows", -3)), "performed-in-the-future");
    let RunCommand::CorrectTime(CorrectTime {
        at, input, performed_at, confirmed, expected, ..
    }) = correct(&w, FILL, "it flows", 30)
    else {
        unreachable!()
    };
    let silent = RunCommand::CorrectTime(CorrectTime {
        at,
        input,
        performed_at,
        reason: None,
        confirmed,
        expected,
    });
    assert_eq!(w.refused(by("ana"), silent), "reason-required");
    w.does(by("ana"), correct(&w, FILL, "it flows", 30));
    let id = format!("entry/{FILL}/checked/2");
    let list = obligations(&w.run, &ObligationFacts::default(), w.now);
    let check = list.iter().find(|owed| owed.id == id).expect("a check is owed");
    assert_eq!(check.status, Status::Open);
    // What changes neither value nor time says nothing.
    let w = filled(20);
    assert_eq!(w.refused(by("ana"), correct(&w, FILL, "it flows", 20)), "nothing-changed");
    assert_eq!(w.replay().corrections, 0);
}

// shows: F7.b
// finding: N21
#[test]
fn a_time_corrected_to_long_before_its_entry_is_a_late_entry() {
    let mut w = fed();
    w.does(by("sue"), pass());
    w.does(by("ana"), w.start("A~1/fill~1"));
    w.later(40);
    w.does(by("ana"), w.record(FILL, "it flows"));
    assert!(of_kind(&w, ExceptionKind::LateEntry).is_empty());
    w.later(5);
    w.does(by("ana"), correct(&w, FILL, "it flows", 35));
    assert_eq!(of_kind(&w, ExceptionKind::LateEntry).len(), 1, "30 minutes before its entry");
    // After it was recorded nobody did it.
    w.later(5);
    w.does(by("ana"), correct(&w, FILL, "it flows", 2));
    assert_eq!(of_kind(&w, ExceptionKind::OutOfOrder).len(), 1);
}

// finding: N21
#[test]
fn a_hold_time_runs_from_the_earlier_time_until_the_check_and_from_the_corrected_one_after_it() {
    const N: &str = "A~1/thaw~1/n";
    let timer = json!({ "id": "hold", "name": "Note to charge", "max": "PT30M",
        "starts": { "of": "thaw", "at": "entry", "entry": "n" },
        "stops": { "of": "charge", "at": "started" } });
    let mut w = World::new(held(&timer));
    w.does(by("ana"), w.start("A~1/thaw~1"));
    w.does(by("ana"), w.record(N, "ice gone"));
    let began = w.now;
    let due = |w: &World| limit(w, HOLD).due.expect("it runs").since(began) / MINUTE;
    assert_eq!(due(&w), 30);
    w.later(5);
    w.does(by("ana"), correct(&w, N, "ice gone", 15));
    assert_eq!(due(&w), 20, "it counts at once");
    w.later(1);
    w.does(by("ben"), w.check_entry(N));
    assert_eq!(due(&w), 20);
    w.later(1);
    w.does(by("ana"), correct(&w, N, "ice gone", 10));
    assert_eq!(due(&w), 20, "what makes it better waits for its check");
    w.later(1);
    w.does(by("ben"), w.check_entry(N));
    assert_eq!(due(&w), 27);
}
