//! Operations ended early or harvested in part, what of that is quality's word alone, and gates of
//! the quality unit.

use super::scene::{master, ph, step};
use super::world::{World, at_entry, at_step, by};
use batchwright::domain::exception::{ExceptionKind, Severity};
use batchwright::domain::ids::OperationKey;
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::acts::linked::{DeviationChanged, ExceptionsToDeviation};
use batchwright::domain::run::acts::{
    AcceptRisk, DecideNotDeviation, DeclareAbsent, DeclareStepNotPerformed, EndOperation, PassGate,
    RunCommand, RunEvent,
};
use batchwright::domain::run::floor::EndingKind;
use batchwright::domain::run::obligations::{ObligationFacts, Status, obligations};
use batchwright::domain::words::{Absence, OnCritical};
use serde_json::json;

/// A culture fed three times and harvested behind a gate of the quality unit, then polished.
pub fn recipe() -> MasterRecord {
    master(
        json!([
            { "id": "A", "name": "Culture", "area": "R1", "steps": [
                step("feed", json!([ph("ph")]), json!({ "care": true, "occurs": { "min": 3 } })),
                step("look", json!([]), json!({ "occurs": { "min": 3 }, "after": ["feed"] })),
                step("harvest", json!([]), json!({ "after": ["feed"], "irreversible": "transfer" })),
            ] },
            { "id": "B", "name": "Polish", "after": ["A"], "steps": [
                step("polish", json!([ph("ph")]), json!({})),
            ] },
        ]),
        json!([{ "id": "G", "name": "Harvest", "before": ["harvest"], "authorities": ["review"] }]),
        json!([]),
    )
}

pub fn feed(w: &mut World, k: u32) {
    let key = format!("A~1/feed~{k}");
    w.does(by("ana"), w.start(&key));
    w.does(by("ana"), w.record(&format!("{key}/ph"), "6.85"));
    w.does(by("ana"), w.complete(&key));
}

fn key() -> OperationKey {
    "A~1".parse().expect("an occurrence")
}

fn end(kind: EndingKind, reason: &str) -> RunCommand {
    RunCommand::EndOperation(EndOperation { operation: key(), kind, reason: reason.into() })
}

fn triage(w: &mut World, exception: u32) {
    let order = RunCommand::DecideNotDeviation(DecideNotDeviation {
        exception,
        rationale: "planned".into(),
    });
    w.does(by("quinn"), order);
}

fn status(w: &World, id: &str) -> (Status, String) {
    let all = obligations(&w.run, &ObligationFacts::default(), w.now);
    let found = all.iter().find(|owed| owed.id == id).unwrap_or_else(|| panic!("no {id}"));
    (found.status, found.evidence.clone().unwrap_or_default())
}

// shows: C211-110c.a
#[test]
fn an_early_end_waives_what_had_not_begun_and_nothing_else() {
    let mut w = World::new(recipe());
    let early = || end(EndingKind::EarlyEnd, "viability falls");
    assert_eq!(w.refused(by("sue"), early()), "phase-forbids");
    feed(&mut w, 1);
    let other = RunCommand::EndOperation(EndOperation {
        operation: "B~1".parse().expect("an occurrence"),
        kind: EndingKind::EarlyEnd,
        reason: "no feed".into(),
    });
    assert_eq!(w.refused(by("sue"), other), "operation-not-begun");
    w.does(by("ana"), w.start("A~1/feed~2"));
    assert_eq!(w.refused(by("ana"), early()), "authority-missing");
    assert_eq!(w.refused(by("quinn"), early()), "authority-missing");
    assert_eq!(w.refused(by("sue").unsigned(), early()), "signature-required");
    assert_eq!(w.refused(by("sue"), end(EndingKind::EarlyEnd, " ")), "reason-required");
    assert_eq!(w.refused(by("ana"), w.start("A~1/harvest~1")), "out-of-order");
    w.does(by("sue"), early());
    assert_eq!(w.refused(by("sue"), early()), "already-ended");
    let exception = &w.run.exceptions[0].opened;
    assert_eq!(exception.kind, ExceptionKind::EarlyEnd);
    assert_eq!((exception.severity, exception.effect), (Severity::Major, OnCritical::Gate));
    // What began is still owed; what had not begun is not.
    assert_eq!(w.refused(by("sue"), w.close("A~1")), "operation-unfinished");
    assert_eq!(status(&w, "step/A~1/feed~2/complete").0, Status::Open);
    let (waived, evidence) = status(&w, "step/A~1/feed~3/complete");
    assert_eq!(waived, Status::Waived);
    assert!(evidence.contains("viability falls") && evidence.contains("Printed sue"), "{evidence}");
    assert_eq!(status(&w, "entry/A~1/feed~3/ph/recorded").0, Status::Waived);
    w.does(by("ana"), w.record("A~1/feed~2/ph", "6.85"));
    w.does(by("ana"), w.complete("A~1/feed~2"));
    // The harvest may follow now, as far as order goes; its gate waits for quality.
    assert_eq!(w.refused(by("ana"), w.start("A~1/harvest~1")), "gate-closed");
    triage(&mut w, 1);
    assert_eq!(w.refused(by("ana"), w.start("A~1/harvest~1")), "gate-not-passed");
    w.does(by("quinn"), RunCommand::PassGate(PassGate { gate: "G".into() }));
    w.does(by("ana"), w.start("A~1/harvest~1"));
    w.does(by("ana"), w.complete("A~1/harvest~1"));
    w.does(by("sue"), w.close("A~1"));
    assert_eq!(w.refused(by("sue"), early()), "operation-closed");
    w.does(by("ana"), w.start("B~1/polish~1"));
    assert_eq!(w.replay().operations[&key()].ended, w.run.operations[&key()].ended);
}

#[test]
fn a_partial_harvest_is_declared_and_the_rest_goes_on() {
    let mut w = World::new(recipe());
    feed(&mut w, 1);
    for _ in 0..2 {
        w.does(by("sue"), end(EndingKind::PartialHarvest, "2 of 5 L taken"));
    }
    let exception = &w.run.exceptions[1].opened;
    assert_eq!((exception.severity, exception.effect), (Severity::Minor, OnCritical::Continue));
    assert_eq!(w.run.operations[&key()].harvests.len(), 2);
    assert!(w.run.operations[&key()].ended.is_none());
    assert_eq!(status(&w, "step/A~1/feed~2/complete").0, Status::Open);
    assert_eq!(w.refused(by("sue"), w.close("A~1")), "operation-unfinished");
    feed(&mut w, 2);
}

// shows: C211-110c.a
#[test]
fn what_is_given_up_with_its_operation_owes_no_gate() {
    let mut w = World::new(recipe());
    feed(&mut w, 1);
    assert_eq!(status(&w, "gate/G/passed").0, Status::Open);
    w.does(by("sue"), end(EndingKind::EarlyEnd, "contaminated"));
    assert_eq!(status(&w, "gate/G/passed").0, Status::Waived);
    w.does(by("sue"), w.close("A~1"));
}

// shows: C211-110c.a
#[test]
fn a_gate_of_the_quality_unit_is_passed_by_nobody_else_and_that_is_no_part_in_the_work() {
    let mut w = World::new(recipe());
    for k in 1..=3 {
        feed(&mut w, k);
    }
    let pass = || RunCommand::PassGate(PassGate { gate: "G".into() });
    for who in ["ana", "sue", "lab", "adam", "eva"] {
        assert_eq!(w.refused(by(who), pass()), "authority-missing", "{who}");
    }
    assert_eq!(w.refused(by("ana"), w.start("A~1/harvest~1")), "gate-not-passed");
    w.does(by("quinn"), pass());
    assert!(!w.run.participants.contains(&w.person("quinn").key.id));
    w.does(by("ana"), w.start("A~1/harvest~1"));
}

/// A culture whose titre opens a gate that a supervisor may pass at risk, and whose purity is due at
/// release on a step that quality verifies.
pub fn tested() -> MasterRecord {
    transferred_after("test")
}

/// The same with a transfer that the order lets begin before the test: the gate alone waits for its titre.
pub fn tested_beside() -> MasterRecord {
    transferred_after("feed")
}

fn transferred_after(before: &str) -> MasterRecord {
    let entry = |id: &str, due: serde_json::Value| json!({ "id": id, "name": id, "kind": "text", "classification": "IPC", "due": due });
    master(
        json!([{ "id": "A", "name": "Culture", "area": "R1", "steps": [
            step("feed", json!([ph("ph")]), json!({ "care": true, "occurs": { "min": 1 } })),
            step("test", json!([entry("titre", json!({ "gate": "G" })), entry("purity", json!("release"))]),
                json!({ "after": ["feed"], "second_person": { "mode": "verify-after", "authority": "review" } })),
            step("transfer", json!([]), json!({ "after": [before], "irreversible": "transfer" })),
        ] }]),
        json!([{ "id": "G", "name": "Transfer", "before": ["transfer"], "at_risk_minutes": 60 }]),
        json!([]),
    )
}

// shows: C211-110c.a
#[test]
fn a_value_told_of_a_step_that_nobody_began_opens_no_gate_until_quality_has_seen_it() {
    let mut w = World::new(tested_beside());
    let pass = || RunCommand::PassGate(PassGate { gate: "G".into() });
    feed(&mut w, 1);
    w.does(by("ana"), w.record("A~1/test~1/titre", "2.1 g/L"));
    let risk = RunCommand::AcceptRisk(AcceptRisk {
        gate: "G".into(),
        reason: "it dies".into(),
        minutes: 60,
    });
    w.act(by("sue"), &risk).ok();
    let refusal = w.ask(by("sue"), &pass()).expect_err("refused");
    assert!(refusal.missing.join("; ").contains("A~1/test~1 was found running"), "{refusal:?}");
    for no in w.open_exceptions() {
        triage(&mut w, no);
    }
    w.does(by("sue"), pass());
}

// shows: C211-110c.a
#[test]
fn one_supervisor_does_not_end_early_and_proceed_at_risk_past_what_was_never_tested() {
    let mut w = World::new(tested());
    let risk = || {
        RunCommand::AcceptRisk(AcceptRisk {
            gate: "G".into(),
            reason: "it dies".into(),
            minutes: 60,
        })
    };
    let pass = || RunCommand::PassGate(PassGate { gate: "G".into() });
    feed(&mut w, 1);
    assert_eq!(w.refused(by("sue"), risk()), "gate-not-closed", "what is missing is no exception");
    w.does(by("sue"), end(EndingKind::EarlyEnd, "viability falls"));
    let refusal = w.ask(by("sue"), &risk()).expect_err("refused");
    assert_eq!(refusal.rule.code, "gate-closed");
    let lines = refusal.missing.join("; ");
    assert!(lines.contains("under an early end") && lines.contains("titre"), "{lines}");
    // Another exception may be gone on under; that covers the early end no more than before.
    w.does(by("ana"), w.start("A~1/feed~2"));
    w.does(by("ana"), w.record("A~1/feed~2/ph", "7.50"));
    w.does(by("ana"), w.complete("A~1/feed~2"));
    w.does(by("sue"), risk());
    assert_eq!(w.run.gates["G"].risks[0].exceptions, [2]);
    assert_eq!(w.refused(by("sue"), pass()), "gate-closed");
    assert_eq!(w.refused(by("sue"), w.start("A~1/transfer~1")), "gate-closed");
    // Quality decides, and the gate no longer waits for what was given up.
    triage(&mut w, 1);
    w.does(by("sue"), pass());
    w.does(by("sue"), w.start("A~1/transfer~1"));
}

fn absent(at: &str, absence: Absence) -> RunCommand {
    RunCommand::DeclareAbsent(DeclareAbsent {
        at: at_entry(at),
        absence,
        reason: "nothing left to test".into(),
    })
}

fn not_performed(key: &str) -> RunCommand {
    RunCommand::DeclareStepNotPerformed(DeclareStepNotPerformed {
        step: at_step(key),
        reason: "no titre kit".into(),
    })
}

// shows: C211-110c.a
#[test]
fn no_absence_opens_a_gate_before_quality_has_decided_it_whatever_risk_was_accepted() {
    let risk = || {
        RunCommand::AcceptRisk(AcceptRisk {
            gate: "G".into(),
            reason: "it dies".into(),
            minutes: 60,
        })
    };
    let words = [Absence::NotApplicable, Absence::NotPerformed, Absence::NotAvailable];
    for word in words.map(Some).into_iter().chain([None]) {
        let mut w = World::new(tested());
        feed(&mut w, 1);
        match word {
            Some(word) => {
                w.does(by("ana"), w.start("A~1/test~1"));
                w.does(by("sue"), absent("A~1/test~1/titre", word));
                assert_eq!(w.refused(by("sue"), risk()), "gate-closed", "its turn has not come");
                w.does(by("ana"), w.complete("A~1/test~1"));
            }
            None => drop(w.does(by("sue"), not_performed("A~1/test~1"))),
        }
        assert_eq!(w.run.exceptions.len(), 1, "{word:?}");
        w.does(by("sue"), risk());
        let refusal = w.ask(by("sue"), &RunCommand::PassGate(PassGate { gate: "G".into() }));
        let refusal = refusal.expect_err("refused");
        assert_eq!(refusal.rule.code, "gate-closed", "{word:?}");
        assert!(refusal.missing.join("; ").contains("declared absent, exception 1"), "{word:?}");
        triage(&mut w, 1);
        w.does(by("sue"), RunCommand::PassGate(PassGate { gate: "G".into() }));
    }
}

// shows: L4.c
#[test]
fn what_is_not_performed_or_not_applicable_is_waived_for_release_by_quality_alone() {
    let mut w = World::new(tested());
    feed(&mut w, 1);
    w.does(by("sue"), not_performed("A~1/test~1"));
    let owed = [
        "entry/A~1/test~1/purity/recorded",
        "entry/A~1/test~1/purity/conforms",
        "step/A~1/test~1/verified",
    ];
    assert_eq!(status(&w, "step/A~1/test~1/complete").0, Status::Waived);
    for id in owed {
        assert_eq!(status(&w, id).0, Status::Open, "{id}");
    }
    triage(&mut w, 1);
    for id in [owed[0], owed[2]] {
        let (found, evidence) = status(&w, id);
        assert_eq!(found, Status::Waived, "{id}");
        assert!(evidence.contains("Printed quinn"), "{id}: {evidence}");
    }
    // What is due at release is a specification: no decision makes up for it.
    assert_eq!(status(&w, owed[1]).0, Status::Open);
    let mut w = World::new(tested());
    feed(&mut w, 1);
    w.does(by("ana"), w.start("A~1/test~1"));
    w.does(by("ana").with("sue"), absent("A~1/test~1/purity", Absence::NotApplicable));
    assert_eq!(status(&w, owed[1]).0, Status::Open);
    triage(&mut w, 1);
    assert_eq!(status(&w, owed[1]).0, Status::Open);
}

// shows: L4.c
#[test]
fn release_tests_and_the_signature_of_quality_are_waived_by_quality_alone() {
    let owed = [
        "entry/A~1/test~1/purity/recorded",
        "entry/A~1/test~1/purity/conforms",
        "step/A~1/test~1/verified",
    ];
    let ended = || {
        let mut w = World::new(tested());
        feed(&mut w, 1);
        w.does(by("sue"), end(EndingKind::EarlyEnd, "viability falls"));
        assert_eq!(status(&w, "step/A~1/test~1/complete").0, Status::Waived);
        assert_eq!(status(&w, "entry/A~1/test~1/titre/recorded").0, Status::Waived);
        w
    };
    let all = |w: &World, expected: Status, said: &str| {
        // A specification is tested, whatever quality decides.
        assert_eq!(status(w, owed[1]).0, Status::Open);
        for id in [owed[0], owed[2]] {
            let (found, evidence) = status(w, id);
            assert_eq!(found, expected, "{id}");
            assert!(evidence.contains(said), "{id}: {evidence}");
        }
    };
    let mut w = ended();
    all(&w, Status::Open, "");
    triage(&mut w, 1);
    all(&w, Status::Waived, "exception 1 decided as not a deviation: planned; Printed quinn");
    // In a deviation it is waived when that is closed, not before.
    let mut w = ended();
    let (exceptions, deviation, record) = (vec![1], "D-1".to_owned(), w.run.key);
    let opened =
        RunEvent::ExceptionsToDeviation(ExceptionsToDeviation { exceptions, deviation, record });
    w.hears(by("quinn"), opened);
    for closed in [false, true] {
        let (deviation, what) = ("D-1".to_owned(), "progress".to_owned());
        all(&w, Status::Open, "");
        w.hears(
            by("quinn"),
            RunEvent::DeviationChanged(DeviationChanged {
                deviation,
                what,
                impact_concluded: true,
                closed,
            }),
        );
    }
    all(&w, Status::Waived, "in deviation D-1, which is closed");
    // Or it is done after all.
    let mut w = ended();
    w.does(by("lab"), w.record("A~1/test~1/purity", "pure"));
    assert_eq!(status(&w, owed[0]).0, Status::Met);
    assert_eq!(status(&w, owed[1]).0, Status::Met);
}
