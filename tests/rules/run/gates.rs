//! When a gate is passed, and for what: not before there is something to decide, and once for each occurrence
//! of the operation.

use super::scene::{master, note, ph, process, step};
use super::world::{World, by};
use batchwright::domain::clock::Zone;
use batchwright::domain::policy::Authority;
use batchwright::domain::run::acts::{AcceptRisk, DecideNotDeviation, PassGate, RunCommand};
use batchwright::domain::run::obligations::ObligationFacts;
use batchwright::domain::run::preflight::{Act, Foreseen, Look, preflight};
use serde_json::{Value, json};

fn pass(gate: &str) -> RunCommand {
    RunCommand::PassGate(PassGate { gate: gate.into() })
}

fn done(w: &mut World, key: &str, entry: Option<(&str, &str)>) {
    w.does(by("ana"), w.start(key));
    if let Some((id, value)) = entry {
        w.does(by("ana"), w.record(&format!("{key}/{id}"), value));
    }
    w.does(by("ana"), w.complete(key));
}

fn triage(w: &mut World) {
    for exception in w.open_exceptions() {
        let rationale = "looked into".to_owned();
        w.does(
            by("quinn"),
            RunCommand::DecideNotDeviation(DecideNotDeviation { exception, rationale }),
        );
    }
}

/// A transfer that occurs twice behind the quality unit's gate, and what its gate awaits.
fn twice(transfer: Value) -> World {
    let titre = json!([{ "id": "titre", "name": "Titre", "kind": "text",
        "due": { "gate": "G" }, "classification": "IPC" }]);
    let operation = json!({ "id": "A", "name": "Culture", "area": "R1",
        "occurs": { "min": 1, "max": 2 },
        "steps": [step("test", titre, json!({})), step("transfer", json!([]), transfer)] });
    let gate = json!({ "id": "G", "name": "Transfer", "before": ["transfer"],
        "authorities": ["review"] });
    World::new(master(json!([operation]), json!([gate]), json!([])))
}

fn foreseen(w: &World, gate: &str) -> Foreseen {
    let look = Look { at: w.now, hours: 1, zone: &Zone::utc() };
    let rows = preflight(&w.run, &ObligationFacts::default(), &look);
    let pass = |row: &Foreseen| row.act == Some(Act::Pass) && row.place == gate;
    rows.into_iter().find(pass).expect("preflight speaks of every gate")
}

// shows: P11-10f.a, C211-110c.a, F7.c
#[test]
fn no_gate_is_passed_before_the_turn_of_what_it_guards() {
    let mut w = World::new(process());
    let early = |w: &World, what: &str| {
        for who in ["ana", "sue"] {
            let refusal = w.ask(by(who), &pass("G-INOC")).expect_err("too early");
            assert_eq!(refusal.rule.code, "gate-closed");
            let lines = refusal.missing.join("; ");
            assert!(lines.contains("OP-1~1/inoc~1") && lines.contains(what), "{lines}");
        }
        let row = foreseen(w, "G-INOC");
        assert_eq!(row.code, Some("gate-closed"));
        assert!(row.missing.join("; ").contains(what), "{row:?}");
        assert!(row.who_can.contains(&Authority::Execute), "{row:?}");
    };
    assert_eq!(w.refused(by("sue"), pass("G-INOC")), "phase-forbids");
    w.does(by("ana"), w.start("OP-1~1/prep~1"));
    early(&w, "OP-1~1/prep~1 is not complete");
    w.does(by("ana"), w.record("OP-1~1/prep~1/ph", "6.85"));
    early(&w, "OP-1~1/prep~1 is not complete");
    w.does(by("ana"), w.complete("OP-1~1/prep~1"));
    assert_eq!(w.refused(by("sue"), pass("G-POOL")), "gate-closed", "OP-1 is not closed");
    assert_eq!(foreseen(&w, "G-INOC").code, None);
    w.does(by("sue"), pass("G-INOC"));
    w.does(by("ana").with("ben"), w.start("OP-1~1/inoc~1"));
    let refusal = w.ask(by("sue"), &pass("G-INOC")).expect_err("nothing is left to decide");
    assert!(refusal.missing[0].contains("nothing that it guards may begin"), "{refusal:?}");
}

// shows: C211-110c.a
#[test]
fn nobody_proceeds_at_risk_before_there_is_anything_to_proceed_to() {
    let mut w = World::new(master(
        json!([{ "id": "A", "name": "Culture", "steps": [
            step("feed", json!([ph("ph")]), json!({ "care": true })),
            step("transfer", json!([]), json!({ "after": ["feed"], "irreversible": "transfer" })),
        ] }]),
        json!([{ "id": "G", "name": "Transfer", "before": ["transfer"], "at_risk_minutes": 60 }]),
        json!([]),
    ));
    let risk = || {
        RunCommand::AcceptRisk(AcceptRisk {
            gate: "G".into(),
            reason: "it dies".into(),
            minutes: 60,
        })
    };
    w.does(by("ana"), w.start("A~1/feed~1"));
    w.does(by("ana"), w.record("A~1/feed~1/ph", "7.50"));
    assert_eq!(w.refused(by("sue"), risk()), "gate-closed");
    w.does(by("ana"), w.complete("A~1/feed~1"));
    w.does(by("sue"), risk());
    w.does(by("sue"), pass("G"));
    w.does(by("ana"), w.start("A~1/transfer~1"));
}

// shows: C211-110c.a
#[test]
fn a_passage_serves_one_occurrence_of_the_operation() {
    for transfer in [
        json!({ "irreversible": "transfer" }),
        json!({ "irreversible": "transfer", "after": ["test"] }),
    ] {
        let mut w = twice(transfer);
        for n in 1..=2 {
            let code = if n == 1 { "phase-forbids" } else { "gate-closed" };
            assert_eq!(w.refused(by("quinn"), pass("G")), code, "A~{n}: no value exists");
            let start = w.start(&format!("A~{n}/transfer~1"));
            assert!(w.ask(by("ana"), &start).is_err(), "A~{n}: no value exists");
            done(&mut w, &format!("A~{n}/test~1"), Some(("titre", "high")));
            let refusal = w.ask(by("ana"), &start).expect_err("nobody decided on this one");
            assert_eq!(refusal.rule.code, "gate-not-passed");
            assert_eq!(
                n == 2,
                refusal.detail.contains("passed for A~1, not for A~2"),
                "{refusal:?}"
            );
            w.does(by("quinn"), pass("G"));
            done(&mut w, &format!("A~{n}/transfer~1"), None);
            w.does(by("sue"), w.close(&format!("A~{n}")));
        }
        assert_eq!(format!("{:?}", w.replay().gates), format!("{:?}", w.run.gates));
    }
}

// shows: C211-110c.a
#[test]
fn a_further_occurrence_of_the_step_within_its_operation_needs_no_further_passage() {
    let mut w = twice(json!({ "irreversible": "transfer", "occurs": { "min": 1, "max": 3 } }));
    done(&mut w, "A~1/test~1", Some(("titre", "high")));
    w.does(by("quinn"), pass("G"));
    for k in 1..=3 {
        done(&mut w, &format!("A~1/transfer~{k}"), None);
    }
    w.does(by("sue"), w.close("A~1"));
    // Where the first time passed without its step, the second asks for its own passage all the same.
    let mut w = twice(json!({ "irreversible": "transfer", "occurs": { "min": 0, "max": 1 } }));
    done(&mut w, "A~1/test~1", Some(("titre", "high")));
    w.does(by("quinn"), pass("G"));
    w.does(by("sue"), w.close("A~1"));
    done(&mut w, "A~2/test~1", Some(("titre", "high")));
    assert_eq!(w.refused(by("ana"), w.start("A~2/transfer~1")), "gate-not-passed");
    w.does(by("quinn"), pass("G"));
    w.does(by("ana"), w.start("A~2/transfer~1"));
}

// shows: C211-110c.a
#[test]
fn a_gate_before_steps_of_several_operations_is_passed_for_each_when_its_turn_comes() {
    let mut w = World::new(master(
        json!([
            { "id": "A", "name": "Charge", "steps": [step("look", json!([]), json!({})),
                step("charge", json!([]), json!({ "after": ["look"], "irreversible": "charge" }))] },
            { "id": "B", "name": "Pool", "after": ["A"], "steps": [
                step("weigh", json!([]), json!({})),
                step("pool", json!([]), json!({ "after": ["weigh"], "irreversible": "pool" }))] },
        ]),
        json!([{ "id": "G", "name": "Both", "before": ["charge", "pool"] }]),
        json!([]),
    ));
    done(&mut w, "A~1/look~1", None);
    w.does(by("sue"), pass("G"));
    done(&mut w, "A~1/charge~1", None);
    w.does(by("sue"), w.close("A~1"));
    done(&mut w, "B~1/weigh~1", None);
    assert_eq!(w.refused(by("ana"), w.start("B~1/pool~1")), "gate-not-passed");
    w.does(by("sue"), pass("G"));
    done(&mut w, "B~1/pool~1", None);
}

// shows: C211-110c.a
#[test]
fn what_was_found_running_is_decided_on_late_and_never_before_what_comes_before_it() {
    let mut w = World::new(master(
        json!([{ "id": "A", "name": "Culture", "steps": [
            step("feed", json!([ph("ph")]), json!({})),
            step("transfer", json!([note("note", false)]),
                json!({ "after": ["feed"], "irreversible": "transfer", "occurs": { "min": 1, "max": 2 } })),
        ] }]),
        json!([{ "id": "G", "name": "Transfer", "before": ["transfer"] }]),
        json!([]),
    ));
    w.does(by("ana"), w.record("A~1/transfer~1/note", "it flows"));
    triage(&mut w);
    assert_eq!(w.refused(by("sue"), pass("G")), "gate-closed", "nothing was fed");
    w.does(by("ana"), w.complete("A~1/transfer~1"));
    assert_eq!(w.refused(by("sue"), pass("G")), "gate-closed", "nothing was fed");
    done(&mut w, "A~1/feed~1", Some(("ph", "6.85")));
    w.does(by("sue"), pass("G"));
    done(&mut w, "A~1/transfer~2", None);
    w.does(by("sue"), w.close("A~1"));
}

// shows: C211-110c.a
#[test]
fn a_decision_that_comes_after_the_last_of_what_it_guards_is_still_owed_and_still_possible() {
    let mut w = World::new(master(
        json!([{ "id": "A", "name": "Culture", "steps": [
            step("feed", json!([ph("ph")]), json!({})),
            step("transfer", json!([note("note", false)]),
                json!({ "after": ["feed"], "irreversible": "transfer" })),
        ] }]),
        json!([{ "id": "G", "name": "Transfer", "before": ["transfer"] }]),
        json!([]),
    ));
    done(&mut w, "A~1/feed~1", Some(("ph", "6.85")));
    w.does(by("ana"), w.record("A~1/transfer~1/note", "it flows"));
    triage(&mut w);
    w.does(by("ana"), w.complete("A~1/transfer~1"));
    w.does(by("sue"), w.close("A~1"));
    w.does(by("sue"), pass("G"));
}
