//! Specifications: every result of every lot, what the method reports, and what a batch does not owe.

use super::phases::yields;
use super::scene::{master, step};
use super::world::{World, at_entry, by};
use batchwright::domain::entry::Input;
use batchwright::domain::exception::ExceptionKind;
use batchwright::domain::run::acts::{
    DecideNotDeviation, DeclareStepNotPerformed, EndOperation, RecordDetermination, RunCommand,
    SkipTest, YieldLot,
};
use batchwright::domain::run::floor::EndingKind;
use batchwright::domain::run::obligations::{Obligation, ObligationFacts, Status, obligations};
use batchwright::domain::words::Basis;
use serde_json::{Value, json};

/// A run under way with this release specification beside what every one of them has.
pub fn owing(more: &Value) -> World {
    let mut assay = json!({ "id": "assay", "name": "Assay", "kind": "result", "method": "HPLC",
        "method_version": "1", "due": "release", "authorities": ["test"], "skippable": true,
        "classification": "specification", "result": { "type": "number", "unit": "%", "limits": [
            { "purpose": "acceptance", "low": { "value": "97.0", "inclusive": true } }] } });
    for (member, value) in more.as_object().expect("members") {
        assay[member] = value.clone();
    }
    let myco = json!({ "id": "myco", "name": "Mycoplasma", "kind": "result", "method": "PCR",
        "method_version": "1", "due": "release", "authorities": ["test"],
        "classification": "release-IPC", "result": { "type": "choice",
            "options": ["negative", "positive"], "accepted": ["negative"] } });
    let make = step("make", json!([]), json!({}));
    let test = step("test", json!([myco]), json!({ "after": ["make"] }));
    let operation = json!({ "id": "OP-1", "name": "Make", "steps": [make, test] });
    World::new(master(json!([operation]), json!([]), json!([assay])))
}

pub fn begun(more: &Value) -> World {
    let mut w = owing(more);
    w.does(by("ana"), w.start("OP-1~1/make~1"));
    w
}

pub fn lot(number: &str) -> RunCommand {
    let mut order = yields();
    if let RunCommand::YieldLot(YieldLot { number: own, .. }) = &mut order {
        *own = number.to_owned();
    }
    order
}

pub fn determined(value: &str, more: Value) -> RunCommand {
    let mut sent = json!({ "value": value, "method_version": "1" });
    for (member, said) in more.as_object().expect("members") {
        sent[member] = said.clone();
    }
    RunCommand::RecordDetermination(RecordDetermination {
        at: at_entry("assay"),
        input: Input { value: sent, unit: Some("%".into()) },
        performed_at: None,
        basis: Basis::Direct,
        reason: None,
    })
}

pub fn conforms(w: &World, place: &str) -> Obligation {
    let list = obligations(&w.run, &ObligationFacts::default(), w.now);
    let id = format!("entry/{place}/conforms");
    list.into_iter().find(|owed| owed.id == id).expect("owed")
}

// shows: C211-165.a
// finding: G1
#[test]
fn each_lot_owes_its_own_result_and_one_lot_does_not_speak_for_another() {
    let mut w = begun(&json!({}));
    for number in ["L-1", "L-2"] {
        w.does(by("ana"), lot(number));
    }
    // Nothing that was tested is named: that is of no lot.
    w.does(by("lab"), determined("98.1", json!({})));
    assert_eq!(conforms(&w, "release/assay").status, Status::Open);
    for (item, status) in [("L-1", Status::Open), ("l-2", Status::Open)] {
        w.does(by("lab"), determined("98.0", json!({ "item": item })));
        assert_eq!(conforms(&w, "release/assay").status, status, "{item}");
    }
    let mut w = begun(&json!({}));
    for number in ["L-1", "L-2"] {
        w.does(by("ana"), lot(number));
    }
    w.does(by("lab"), determined("98.0", json!({ "item": "L-1" })));
    let open = conforms(&w, "release/assay");
    assert!(open.evidence.as_deref().is_some_and(|why| why.contains("lot L-2")), "{open:?}");
    w.does(by("lab"), determined("98.2", json!({ "item": "L-2" })));
    let met = conforms(&w, "release/assay");
    assert_eq!(met.status, Status::Met, "{met:?}");
    // A further test that fails is not washed away by what passed before.
    w.does(by("lab"), determined("90.0", json!({ "item": "L-1" })));
    assert_eq!(conforms(&w, "release/assay").status, Status::Open);
    assert!(!conforms(&w, "release/assay").waivable);
    assert_eq!(w.replay().release_entries["assay"].determinations.len(), 3);
}

// shows: C211-165.a, C211-165.c
// finding: G8
#[test]
fn the_method_reports_a_mean_and_singles_outside_its_limit_alone_are_no_oos() {
    let mean = json!({ "per": "run", "replicates": 3, "reportable": "mean",
        "spread": { "range": "1.0", "repeats": 1 } });
    let values = ["97.2", "96.96", "97.4"];
    let mut w = begun(&mean);
    for value in values {
        w.does(by("lab"), determined(value, json!({})));
    }
    assert!(w.run.exceptions.is_empty(), "{:?}", w.run.exceptions);
    let met = conforms(&w, "release/assay");
    assert_eq!(met.status, Status::Met, "{met:?}");
    assert!(met.evidence.as_deref().is_some_and(|text| text.contains("rounded 97.2")), "{met:?}");
    // The worst of them, where the method joins none: 96.96 is 97.0 when rounded, 96.94 is not.
    for (low, fails) in [("96.96", false), ("96.94", true)] {
        let mut w = begun(&json!({ "per": "run", "replicates": 3 }));
        for value in ["97.2", low, "97.4"] {
            w.does(by("lab"), determined(value, json!({})));
        }
        assert_eq!(conforms(&w, "release/assay").status == Status::Open, fails, "{low}");
    }
    // A mean below its limit is out of specification, and so is a single below its own.
    let mut w = begun(&mean);
    for value in ["96.9", "96.9", "97.0"] {
        w.does(by("lab"), determined(value, json!({})));
    }
    assert_eq!(w.run.exceptions[0].opened.kind, ExceptionKind::OutOfSpecification);
    assert_eq!(conforms(&w, "release/assay").status, Status::Open);
}

// shows: C211-165.a, F6.b
// finding: G8
#[test]
fn a_run_apart_is_invalid_counts_and_is_repeated_as_often_as_the_method_says() {
    let median = json!({ "per": "run", "replicates": 2, "reportable": "median",
        "spread": { "range": "1.0", "repeats": 1 } });
    let mut w = begun(&median);
    for value in ["97.2", "99.9"] {
        w.does(by("lab"), determined(value, json!({})));
    }
    assert_eq!(w.run.exceptions[0].opened.kind, ExceptionKind::OutOfControl);
    assert!(w.run.release_entries["assay"].determinations.iter().all(|t| t.invalidated.is_some()));
    let mut again = w.clone();
    for value in ["98.2", "98.4"] {
        again.does(by("lab"), determined(value, json!({})));
    }
    assert_eq!(conforms(&again, "release/assay").status, Status::Met);
    // Invalid once more: the method lets nobody repeat it again.
    for value in ["97.2", "99.9", "98.0", "98.0"] {
        w.does(by("lab"), determined(value, json!({})));
    }
    assert_eq!(conforms(&w, "release/assay").status, Status::Open);
    let repeats = w.run.exceptions.iter().filter(|it| it.opened.kind == ExceptionKind::Repeat);
    assert_eq!(repeats.count(), 2);
}

// shows: C211-165.a
// finding: G2
#[test]
fn no_early_end_and_no_step_not_performed_waives_a_specification_on_a_step() {
    let place = "OP-1~1/test~1/myco";
    let mut w = begun(&json!({}));
    let operation = "OP-1~1".parse().expect("an operation");
    let (kind, reason) = (EndingKind::EarlyEnd, "contaminated".to_owned());
    w.does(by("sue"), RunCommand::EndOperation(EndOperation { operation, kind, reason }));
    assert_eq!(conforms(&w, place).status, Status::Open);
    let mut w = begun(&json!({}));
    w.does(by("ana"), w.complete("OP-1~1/make~1"));
    let step = "OP-1~1/test~1".parse().expect("a step");
    let reason = "reagent missing".to_owned();
    w.does(
        by("sue"),
        RunCommand::DeclareStepNotPerformed(DeclareStepNotPerformed { step, reason }),
    );
    let rationale = "no effect".to_owned();
    w.does(
        by("quinn"),
        RunCommand::DecideNotDeviation(DecideNotDeviation { exception: 1, rationale }),
    );
    let owed = conforms(&w, place);
    assert_eq!((owed.status, owed.waivable), (Status::Open, false), "{owed:?}");
}

// shows: C211-165.a
// finding: G2
#[test]
fn a_batch_does_not_owe_a_test_only_by_quality_s_signature_before_it_starts() {
    let skip = |document: &str| {
        RunCommand::SkipTest(SkipTest {
            entry: "assay".into(),
            document: document.into(),
            reason: "every fifth batch".into(),
        })
    };
    let mut w = owing(&json!({}));
    assert_eq!(w.refused(by("sue"), skip("SOP-17")), "authority-missing");
    assert_eq!(w.refused(by("quinn"), skip(" ")), "reason-required");
    assert_eq!(w.refused(by("quinn").unsigned(), skip("SOP-17")), "signature-required");
    let fixed = owing(&json!({ "skippable": false }));
    assert_eq!(fixed.refused(by("quinn"), skip("SOP-17")), "not-skippable");
    let late = begun(&json!({}));
    assert_eq!(late.refused(by("quinn"), skip("SOP-17")), "phase-forbids");
    w.does(by("quinn"), skip("SOP-17"));
    let list = obligations(&w.run, &ObligationFacts::default(), w.now);
    let owed = list.iter().find(|owed| owed.id == "entry/release/assay/skipped").expect("shown");
    assert!(owed.evidence.as_deref().is_some_and(|text| text.contains("SOP-17")), "{owed:?}");
    assert_eq!(owed.status, Status::Waived, "a test that was skipped is not met");
    let recorded = list.iter().find(|owed| owed.id == "entry/release/assay/recorded");
    assert_eq!(recorded.expect("shown").status, Status::Waived);
    assert!(!list.iter().any(|owed| owed.id == "entry/release/assay/conforms"));
    // Who tests all the same is held to what was found.
    w.does(by("ana"), w.start("OP-1~1/make~1"));
    w.does(by("lab"), determined("90", json!({ "item": "F-1" })));
    assert_eq!(conforms(&w, "release/assay").status, Status::Open);
}
