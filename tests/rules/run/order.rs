//! Order: what may begin, when; and that no report opens a way.

use super::scene::{master, note, ph, process, step};
use super::world::{World, at_step, by};
use batchwright::domain::run::acts::{
    CompleteStep, DecideNotDeviation, PassGate, PlaceHold, RunCommand, StartStep,
};
use batchwright::domain::words::HoldScope;
use serde_json::json;

/// Prepared, gate passed, inoculated with a witness.
pub fn inoculated() -> World {
    let mut w = World::new(process());
    w.does(by("ana"), w.start("OP-1~1/prep~1"));
    w.does(by("ana"), w.record("OP-1~1/prep~1/ph", "6.85"));
    w.does(by("ana"), w.complete("OP-1~1/prep~1"));
    w.does(by("sue"), RunCommand::PassGate(PassGate { gate: "G-INOC".into() }));
    w.does(by("ana").with("ben"), w.start("OP-1~1/inoc~1"));
    w.does(by("ana"), w.complete("OP-1~1/inoc~1"));
    w
}

/// A feed carried through.
pub fn feed(w: &mut World, k: u32) {
    let key = format!("OP-1~1/feed~{k}");
    w.does(by("ana"), w.start(&key));
    w.does(by("ana"), w.record(&format!("{key}/ph"), "6.85"));
    w.does(by("ana"), w.complete(&key));
}

/// The culture ended and closed.
pub fn harvested() -> World {
    let mut w = inoculated();
    feed(&mut w, 1);
    w.does(by("ana"), w.start("OP-1~1/end~1"));
    w.does(by("ana"), w.record("OP-1~1/end~1/note", "clear"));
    w.does(by("ana").with("ben"), w.complete("OP-1~1/end~1"));
    w.does(by("ana"), w.close("OP-1~1"));
    w
}

// shows: P11-10f.a, T15.a
#[test]
fn a_step_waits_for_what_comes_before_and_says_so() {
    let w = World::new(process());
    let refusal = w.ask(by("ana"), &w.start("OP-1~1/feed~1")).expect_err("out of order");
    assert_eq!(refusal.rule.code, "out-of-order");
    assert!(refusal.missing.iter().any(|m| m.contains("inoc")), "{:?}", refusal.missing);
    // Completing a step before its predecessor names the predecessor too.
    let refusal = w.ask(by("ana"), &w.complete("OP-1~1/inoc~1")).expect_err("out of order");
    assert_eq!(refusal.rule.code, "out-of-order");
    assert!(refusal.missing.iter().any(|m| m.contains("prep")), "{:?}", refusal.missing);
    assert_eq!(w.refused(by("ana"), w.start("OP-2~1/load~1")), "out-of-order");
    assert_eq!(w.refused(by("ana"), w.complete("OP-1~1/prep~1")), "step-not-started");
}

// shows: P11-10f.a, P11-10f.e
#[test]
fn of_two_completions_exactly_one_succeeds() {
    let mut w = World::new(process());
    w.does(by("ana"), w.start("OP-1~1/prep~1"));
    assert_eq!(w.refused(by("ben"), w.start("OP-1~1/prep~1")), "already-started");
    assert_eq!(w.refused(by("ana"), w.complete("OP-1~1/prep~1")), "entries-missing");
    w.does(by("ana"), w.record("OP-1~1/prep~1/ph", "6.85"));
    let both = w.complete("OP-1~1/prep~1");
    w.does(by("ana"), both.clone());
    assert_eq!(w.refused(by("ben"), both), "already-complete");
}

// shows: P11-10f.a
#[test]
fn a_request_decided_on_an_older_version_is_stale() {
    let mut w = World::new(process());
    w.does(by("ana"), w.start("OP-1~1/prep~1"));
    let old = w.complete("OP-1~1/prep~1");
    w.does(by("ana"), w.record("OP-1~1/prep~1/ph", "6.85"));
    assert_eq!(w.refused(by("ana"), old), "stale-version");
    let none =
        RunCommand::CompleteStep(CompleteStep { step: at_step("OP-1~1/prep~1"), expected: None });
    assert_eq!(w.refused(by("ana"), none), "version-required");
    let never =
        RunCommand::StartStep(StartStep { step: at_step("OP-1~1/sample~1"), expected: Some(7) });
    assert_eq!(w.refused(by("ana"), never), "stale-version");
}

// shows: P11-10f.a
#[test]
fn occurrences_follow_one_another_without_gap_and_not_too_often() {
    let mut w = inoculated();
    assert_eq!(w.refused(by("ana"), w.start("OP-1~1/feed~2")), "occurrence-unknown");
    w.does(by("ana"), w.start("OP-1~1/feed~1"));
    assert_eq!(w.refused(by("ana"), w.start("OP-1~1/feed~2")), "out-of-order");
    w.does(by("ana"), w.record("OP-1~1/feed~1/ph", "6.85"));
    w.does(by("ana"), w.complete("OP-1~1/feed~1"));
    feed(&mut w, 2);
    assert_eq!(w.refused(by("ana"), w.start("OP-1~1/prep~2")), "out-of-order");
    // Once the end has begun, feeding with permission is over.
    w.does(by("ana"), w.start("OP-1~1/end~1"));
    assert_eq!(w.refused(by("ana"), w.start("OP-1~1/feed~3")), "out-of-order");
    // A report is stored all the same.
    w.does(by("ana"), w.record("OP-1~1/feed~3/ph", "6.85"));
}

// shows: P11-10f.a
#[test]
fn repeating_steps_of_one_operation_pair_and_the_last_waits_for_all() {
    let mut w = harvested();
    for k in 1..=2 {
        let (load, elute) = (format!("OP-2~1/load~{k}"), format!("OP-2~1/elute~{k}"));
        if k > 1 {
            assert_eq!(w.refused(by("ana"), w.start(&elute)), "out-of-order");
        }
        w.does(by("ana"), w.start(&load));
        w.does(by("ana"), w.record(&format!("{load}/titrate"), "3.52"));
        assert_eq!(w.refused(by("ana"), w.start(&elute)), "out-of-order");
        w.does(by("ana"), w.complete(&load));
        w.does(by("ana"), w.start(&elute));
        assert_eq!(w.refused(by("sue"), w.start("OP-2~1/pool~1")), "out-of-order");
        w.does(by("ana"), w.record(&format!("{elute}/ph"), "6.85"));
        w.does(by("ana"), w.complete(&elute));
        w.later(5);
        w.does(by("ben"), w.check(&elute));
    }
    assert_eq!(w.refused(by("ana"), w.start("OP-2~1/pool~1")), "gate-not-passed");
    w.does(by("sue"), RunCommand::PassGate(PassGate { gate: "G-POOL".into() }));
    w.does(by("ana"), w.start("OP-2~1/pool~1"));
    assert_eq!(w.refused(by("ana"), w.start("OP-2~1/load~3")), "out-of-order");
    assert_eq!(w.refused(by("ana"), w.close("OP-2~1")), "operation-unfinished");
    w.does(by("ana"), w.complete("OP-2~1/pool~1"));
    w.does(by("ana"), w.close("OP-2~1"));
    assert_eq!(w.refused(by("ana"), w.close("OP-2~1")), "operation-closed");
    assert_eq!(w.refused(by("ana"), w.start("OP-2~1/load~3")), "out-of-order");
}

// shows: P11-10f.a
#[test]
fn found_running_can_be_completed_but_opens_no_way_until_triaged() {
    let mut w = World::new(process());
    let names = w.does(by("ana"), w.record("OP-1~1/prep~1/ph", "6.85"));
    assert_eq!(
        names,
        [
            "run.started",
            "run.operation-started",
            "run.step-found-running",
            "run.exception-opened",
            "run.entry-recorded"
        ]
    );
    w.does(by("ana"), w.complete("OP-1~1/prep~1"));
    assert_eq!(
        w.refused(by("sue"), RunCommand::PassGate(PassGate { gate: "G-INOC".into() })),
        "gate-closed"
    );
    assert_eq!(w.refused(by("ana").with("ben"), w.start("OP-1~1/inoc~1")), "out-of-order");
    let rationale = "started by telephone".to_owned();
    w.does(
        by("quinn"),
        RunCommand::DecideNotDeviation(DecideNotDeviation { exception: 1, rationale }),
    );
    w.does(by("sue"), RunCommand::PassGate(PassGate { gate: "G-INOC".into() }));
    w.does(by("ana").with("ben"), w.start("OP-1~1/inoc~1"));
}

// shows: P11-10f.a
#[test]
fn a_report_into_an_operation_does_not_open_the_operation() {
    let mut w = inoculated();
    w.does(by("ana"), w.record("OP-2~1/load~1/titrate", "3.5"));
    // The occurrence is there, but its order has not been met by permission.
    assert_eq!(w.refused(by("ana"), w.start("OP-2~1/elute~1")), "out-of-order");
    assert_eq!(w.refused(by("ana"), w.close("OP-2~1")), "operation-unfinished");
    // And what was first has not passed by being reported on later.
    feed(&mut w, 1);
}

// shows: P11-10f.a
#[test]
fn while_waits_for_a_run_that_was_permitted_and_ends_with_it() {
    let recipe = master(
        json!([
            { "id": "A", "name": "A", "steps": [step("grow", json!([note("n", false)]), json!({}))] },
            { "id": "B", "name": "B", "on_demand": true, "while": "A",
                "steps": [step("watch", json!([]), json!({ "while": "grow", "on_demand": true }))] },
        ]),
        json!([]),
        json!([]),
    );
    let mut w = World::new(recipe);
    assert_eq!(w.refused(by("ana"), w.start("B~1/watch~1")), "out-of-order");
    let mut reported = w.clone();
    reported.does(by("ana"), w.record("A~1/grow~1/n", "seen"));
    assert_eq!(reported.refused(by("ana"), w.start("B~1/watch~1")), "out-of-order");
    w.does(by("ana"), w.start("A~1/grow~1"));
    w.does(by("ana"), w.start("B~1/watch~1"));
    w.does(by("ana"), w.complete("A~1/grow~1"));
    w.does(by("ana"), w.complete("B~1/watch~1"));
    assert_eq!(w.refused(by("ana"), w.start("B~1/watch~2")), "out-of-order");
    assert_eq!(w.refused(by("ana"), w.start("B~2/watch~1")), "out-of-order");
}

// shows: Q7-8.1.c, S88-3.a
#[test]
fn a_hold_forbids_starting_and_closing_but_never_care() {
    let mut w = inoculated();
    let reason = "power cut".to_owned();
    w.does(by("sue"), RunCommand::PlaceHold(PlaceHold { scope: HoldScope::Run, reason }));
    feed(&mut w, 1);
    w.does(by("ana"), w.start("OP-1~1/sample~1"));
    w.does(by("ana"), w.record("OP-1~1/sample~1/count", "12"));
    w.does(by("ana"), w.complete("OP-1~1/sample~1"));
    assert_eq!(w.refused(by("ana"), w.start("OP-1~1/end~1")), "on-hold");
    assert_eq!(w.refused(by("ana"), w.close("OP-1~1")), "on-hold");
}

/// Steps in a row: the first's exceptions have this effect, the third is a safe point.
fn row(effect: &str) -> World {
    World::new(master(
        json!([{ "id": "A", "name": "A", "steps": [
            step("one", json!([ph("ph")]), json!({ "on_critical": effect, "occurs": { "min": 1, "max": 2 } })),
            step("two", json!([]), json!({ "after": ["one"] })),
            step("three", json!([]), json!({ "after": ["two"], "safe_point": true })),
            step("four", json!([]), json!({})),
            step("water", json!([]), json!({ "care": true })),
        ] }]),
        json!([]),
        json!([]),
    ))
}

// shows: Q7-8.1.c
#[test]
fn to_safe_point_lets_only_the_way_there_begin() {
    let mut w = row("to-safe-point");
    w.does(by("ana"), w.start("A~1/one~1"));
    w.does(by("ana"), w.record("A~1/one~1/ph", "7.5"));
    w.does(by("ana"), w.complete("A~1/one~1"));
    assert_eq!(w.refused(by("ana"), w.start("A~1/four~1")), "exception-forbids");
    w.does(by("ana"), w.start("A~1/water~1"));
    w.does(by("ana"), w.start("A~1/two~1"));
    w.does(by("ana"), w.complete("A~1/two~1"));
    w.does(by("ana"), w.start("A~1/three~1"));
    w.does(by("ana"), w.complete("A~1/three~1"));
    assert_eq!(w.refused(by("ana"), w.start("A~1/four~1")), "exception-forbids");
}

// shows: Q7-8.1.c
#[test]
fn stop_forbids_the_step_itself_and_continue_nothing() {
    for (effect, again, other) in [("stop", false, true), ("continue", true, true)] {
        let mut w = row(effect);
        w.does(by("ana"), w.start("A~1/one~1"));
        w.does(by("ana"), w.record("A~1/one~1/ph", "7.5"));
        w.does(by("ana"), w.complete("A~1/one~1"));
        assert_eq!(w.ask(by("ana"), &w.start("A~1/one~2")).is_ok(), again, "{effect}");
        assert_eq!(w.ask(by("ana"), &w.start("A~1/four~1")).is_ok(), other, "{effect}");
    }
}
