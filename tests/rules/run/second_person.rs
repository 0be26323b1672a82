//! Second persons: distinct from every performer, qualified, in time, not faster than possible.

use super::order::{harvested, inoculated};
use super::scene::{master, note, process, step};
use super::world::{World, by};
use batchwright::domain::exception::ExceptionKind;
use batchwright::domain::run::acts::{LiftHold, PassGate, PlaceHold, RunCommand};
use serde_json::json;

fn gate_open() -> World {
    let mut w = World::new(process());
    w.does(by("ana"), w.start("OP-1~1/prep~1"));
    w.does(by("ana"), w.record("OP-1~1/prep~1/ph", "6.85"));
    w.does(by("ana"), w.complete("OP-1~1/prep~1"));
    w.does(by("sue"), RunCommand::PassGate(PassGate { gate: "G-INOC".into() }));
    w
}

// shows: C211-188b11.a
#[test]
fn a_witness_before_is_another_qualified_person() {
    let mut w = gate_open();
    let start = w.start("OP-1~1/inoc~1");
    assert_eq!(w.refused(by("ana"), start.clone()), "second-person-required");
    assert_eq!(w.refused(by("ana").with("ana"), start.clone()), "witness-is-performer");
    assert_eq!(w.refused(by("ana").with("quinn"), start.clone()), "authority-missing");
    w.does(by("ana").with("ben"), start);
    assert!(w.run.participants.contains(&w.person("ben").key.id));
    w.does(by("ana"), w.complete("OP-1~1/inoc~1"));
    assert_eq!(w.refused(by("sue"), w.check("OP-1~1/inoc~1")), "no-check-asked");
}

#[test]
fn a_witness_during_has_done_nothing_of_the_step() {
    let mut w = inoculated();
    super::order::feed(&mut w, 1);
    w.does(by("ana"), w.start("OP-1~1/end~1"));
    w.does(by("ben"), w.record("OP-1~1/end~1/note", "clear"));
    let complete = w.complete("OP-1~1/end~1");
    assert_eq!(w.refused(by("ana").unsigned(), complete.clone()), "signature-required");
    assert_eq!(w.refused(by("ana"), complete.clone()), "second-person-required");
    assert_eq!(w.refused(by("ana").with("ben"), complete.clone()), "witness-is-performer");
    w.does(by("ana").with("sue"), complete);
}

fn eluted() -> World {
    let mut w = harvested();
    w.does(by("ana"), w.start("OP-2~1/load~1"));
    w.does(by("ana"), w.record("OP-2~1/load~1/titrate", "3.52"));
    w.does(by("ana"), w.complete("OP-2~1/load~1"));
    w.does(by("ana"), w.start("OP-2~1/elute~1"));
    assert_eq!(w.refused(by("ben"), w.check("OP-2~1/elute~1")), "step-not-complete");
    w.does(by("ben"), w.record("OP-2~1/elute~1/ph", "6.85"));
    w.does(by("ana"), w.complete("OP-2~1/elute~1"));
    w
}

// shows: C211-188b11.a, F10.a
#[test]
fn a_verifier_is_distinct_from_every_performer() {
    let mut w = eluted();
    w.later(5);
    for who in ["ana", "ben"] {
        assert_eq!(w.refused(by(who), w.check("OP-2~1/elute~1")), "witness-is-performer");
    }
    assert_eq!(w.refused(by("quinn"), w.check("OP-2~1/elute~1")), "authority-missing");
    assert_eq!(w.refused(by("sue").unsigned(), w.check("OP-2~1/elute~1")), "signature-required");
    w.does(by("sue"), w.check("OP-2~1/elute~1"));
    assert_eq!(w.refused(by("sue"), w.check("OP-2~1/elute~1")), "already-checked");
    assert!(w.run.exceptions.is_empty());
}

// shows: F10.b
#[test]
fn a_check_too_fast_or_too_late_stands_with_an_exception() {
    for (minutes, kind) in [(0, ExceptionKind::CheckTiming), (31, ExceptionKind::Overdue)] {
        let mut w = eluted();
        w.later(minutes);
        w.does(by("sue"), w.check("OP-2~1/elute~1"));
        let kinds: Vec<_> = w.run.exceptions.iter().map(|e| e.opened.kind).collect();
        assert_eq!(kinds, [kind], "{minutes}");
    }
}

// shows: C211-188b11.a
#[test]
fn a_step_found_running_without_its_witness_owes_a_verification() {
    let mut w = gate_open();
    // Nothing to record on it but an event; the sample shows the same for entries.
    w.does(by("ana"), w.record("OP-1~1/end~1/note", "it had ended"));
    let complete = w.complete("OP-1~1/end~1");
    assert_eq!(w.refused(by("ana"), complete.clone()), "second-person-required");
    w.does(by("ana").with("ben"), complete);
}

#[test]
fn a_witness_who_goes_on_to_perform_is_a_witness_no_more() {
    let recipe = master(
        json!([{ "id": "A", "name": "A", "area": "Seed", "steps": [
            step("thaw", json!([note("n", true)]), json!({ "significant": true,
                "second_person": { "mode": "witness-before" } })),
        ] }]),
        json!([]),
        json!([]),
    );
    let mut w = World::new(recipe);
    w.does(by("ana").with("ben"), w.start("A~1/thaw~1"));
    let mut kept = w.clone();
    kept.does(by("ana"), kept.record("A~1/thaw~1/n", "clear"));
    assert_eq!(kept.refused(by("ben"), kept.complete("A~1/thaw~1")), "witness-is-performer");
    kept.does(by("ana"), kept.complete("A~1/thaw~1"));
    kept.does(by("ana"), kept.close("A~1"));
    // The report is stored; its witness is made up for by a verification.
    w.does(by("ben"), w.record("A~1/thaw~1/n", "clear"));
    assert_eq!(w.run.exceptions[0].opened.kind, ExceptionKind::Unqualified);
    w.does(by("ana"), w.complete("A~1/thaw~1"));
    assert_eq!(w.refused(by("ana"), w.close("A~1")), "operation-unfinished");
    w.later(5);
    w.does(by("sue"), w.check("A~1/thaw~1"));
    w.does(by("ana"), w.close("A~1"));
}

// shows: P11-10g.a
#[test]
fn a_grant_for_another_area_neither_starts_nor_records_here() {
    let recipe = master(
        json!([{ "id": "A", "name": "A", "area": "Seed",
            "steps": [step("thaw", json!([note("n", true)]), json!({}))] }]),
        json!([]),
        json!([]),
    );
    let mut w = World::new(recipe);
    let people = std::sync::Arc::make_mut(&mut w.people);
    people[0].grants[0].area = Some("Fill".into());
    assert_eq!(w.refused(by("ana"), w.start("A~1/thaw~1")), "authority-missing");
    assert_eq!(w.refused(by("ana"), w.record("A~1/thaw~1/n", "x")), "authority-missing");
    w.does(by("ben"), w.start("A~1/thaw~1"));
}

/// A step whose own length is computed with its completion.
fn timed(second: &serde_json::Value) -> World {
    let length = json!({ "id": "length", "name": "length", "kind": "duration", "unit": "min",
        "mandatory": false,
        "from": { "of": "mix", "at": "started" }, "to": { "of": "mix", "at": "completed" } });
    World::new(master(
        json!([{ "id": "A", "name": "A", "steps": [
            step("mix", json!([note("n", true), length]), json!({ "significant": true,
                "second_person": second })),
        ] }]),
        json!([]),
        json!([]),
    ))
}

// shows: P11-70.a
// finding: N3
#[test]
fn what_a_completion_makes_computed_stands_before_the_signatures_that_cover_it() {
    // Siblings: the witness during it, the one before it, and the closing of the operation.
    for mode in ["witness-during", "witness-before"] {
        let mut w = timed(&json!({ "mode": mode }));
        w.does(by("ana").with("ben"), w.start("A~1/mix~1"));
        w.later(20);
        w.does(by("ana"), w.record("A~1/mix~1/n", "clear"));
        w.does(by("ana").with("ben"), w.complete("A~1/mix~1"));
        let names: Vec<&str> = w.journal.iter().map(|row| row.name.as_str()).collect();
        let of = |name: &str| names.iter().position(|known| *known == name).expect(name);
        assert!(of("run.entry-computed") < of("run.step-completed"), "{names:?}");
        assert!(!names.contains(&"run.step-check-lapsed"), "{names:?}");
        w.does(by("ana"), w.close("A~1"));
        let last = w.journal.last().expect("closed");
        assert_eq!(last.name, "run.operation-closed", "nothing is computed behind the signature");
    }
}

// shows: C211-192a.c
// finding: N13
#[test]
fn who_of_quality_verified_a_step_does_not_review_and_oversight_disqualifies_nobody() {
    let verified = json!({ "mode": "verify-after", "within_minutes": 600, "authority": "review" });
    let mut w = timed(&verified);
    w.does(by("ana"), w.start("A~1/mix~1"));
    w.later(20);
    w.does(by("ana"), w.record("A~1/mix~1/n", "clear"));
    w.does(by("ana"), w.complete("A~1/mix~1"));
    // Oversight: a hold placed and lifted, what happened waved through.
    let scope = batchwright::domain::words::HoldScope::Run;
    w.does(by("quinn"), RunCommand::PlaceHold(PlaceHold { scope, reason: "a smell".into() }));
    let expected = w.run.holds.first().map(|hold| hold.version);
    w.does(
        by("quinn"),
        RunCommand::LiftHold(LiftHold { no: 1, reason: "it was paint".into(), expected }),
    );
    let quinn = w.person("quinn").key.id;
    assert!(!w.run.participants.contains(&quinn), "oversight is no part in the work");
    w.later(5);
    w.does(by("quinn"), w.check("A~1/mix~1"));
    assert!(w.run.participants.contains(&quinn), "a signature on a step is");
    w.does(by("ana"), w.close("A~1"));
    w.does(by("sue"), super::phases::yields());
    w.does(by("sue"), super::phases::complete(&w));
    let refused = w.refused(by("quinn"), super::phases::review(&w));
    assert_eq!(refused, "took-part-in-the-run");
}
