//! What a specification is, that it is never waived or loosened, and that each of its results is looked over.

use super::fitness::owed;
use super::scene::{master, step};
use super::specifications::{begun, conforms, determined, lot};
use super::world::{World, at_entry, by};
use batchwright::domain::run::acts::{
    CheckEntry, DecideNotDeviation, DeclareAbsent, ProposeAmendment, RunCommand,
};
use batchwright::domain::run::amendment::Change;
use batchwright::domain::run::obligations::Status;
use batchwright::domain::words::Absence;
use serde_json::{Value, json};

// shows: C211-165.a, C211-194a.g
// finding: N9
#[test]
fn the_result_of_each_lot_is_looked_over_by_a_second_person() {
    let mut w = begun(&json!({}));
    for number in ["L-1", "L-2"] {
        w.does(by("ana"), lot(number));
        w.does(by("lab"), determined("98.0", json!({ "item": number })));
        w.later(1);
    }
    let id = |version: u32| format!("entry/release/assay/checked/{version}");
    let status = |w: &World, version| owed(w, &id(version)).map(|owed| owed.status);
    assert_eq!([status(&w, 1), status(&w, 2)], [Some(Status::Open); 2]);
    let check = |w: &World, version: usize| {
        let at = at_entry("assay");
        let expected = w.entry(&at).expect("tested").versions.get(version - 1).map(|it| it.seq);
        RunCommand::CheckEntry(CheckEntry { at, against: None, expected })
    };
    w.does(by("lena"), check(&w, 2));
    assert_eq!([status(&w, 1), status(&w, 2)], [Some(Status::Open), Some(Status::Met)]);
    // A result that is reopened leaves the other one as it is owed.
    w.does(by("lab"), determined("90.0", json!({ "item": "L-2" })));
    assert_eq!([status(&w, 1), status(&w, 2)], [Some(Status::Open), None]);
    w.does(by("lena"), check(&w, 1));
    assert_eq!(status(&w, 1), Some(Status::Met));
    assert_eq!(w.refused(by("luz"), check(&w, 1)), "already-checked");
}

// shows: C211-165.a
// finding: G2
#[test]
fn what_is_due_at_release_is_never_waived_by_a_declaration_or_a_deviation() {
    let choice = json!({ "id": "look", "name": "Look", "kind": "choice", "due": "release",
        "options": ["clear", "turbid"], "accepted": ["clear"] });
    let ipc = json!({ "id": "count", "name": "Count", "kind": "result", "method": "M",
        "method_version": "1", "due": "release", "classification": "IPC", "mandatory": false,
        "result": { "type": "choice", "options": ["none", "some"], "accepted": ["none"] } });
    let make = step("make", json!([choice, ipc]), json!({}));
    let operation = json!({ "id": "OP-1", "name": "Make", "steps": [make] });
    let mut w = World::new(master(json!([operation]), json!([]), json!([])));
    w.does(by("ana"), w.start("OP-1~1/make~1"));
    for id in ["look", "count"] {
        let (at, reason) = (at_entry(&format!("OP-1~1/make~1/{id}")), "bag lost".to_owned());
        let absence = Absence::NotApplicable;
        w.does(by("sue"), RunCommand::DeclareAbsent(DeclareAbsent { at, absence, reason }));
    }
    while let Some(open) = w.run.exceptions.iter().find(|it| it.triage.is_none()) {
        let (exception, rationale) = (open.opened.no, "no effect".to_owned());
        w.does(
            by("quinn"),
            RunCommand::DecideNotDeviation(DecideNotDeviation { exception, rationale }),
        );
    }
    for id in ["look", "count"] {
        let owed = conforms(&w, &format!("OP-1~1/make~1/{id}"));
        assert_eq!((owed.status, owed.waivable), (Status::Open, false), "{owed:?}");
    }
}

// shows: C211-165.a
// finding: G3
#[test]
fn a_laboratory_result_without_a_class_is_a_specification_and_no_redline_loosens_it() {
    let result = |id: &str, more: Value| {
        let mut result = json!({ "id": id, "name": id, "kind": "result", "method": "HPLC",
            "method_version": "1", "item": "F", "result": { "type": "number", "unit": "%",
                "limits": [{ "purpose": "acceptance",
                    "low": { "value": "95.0", "inclusive": true } }] } });
        for (member, value) in more.as_object().expect("members") {
            result[member] = value.clone();
        }
        result
    };
    let classified = json!({ "classification": "specification" });
    let test = step(
        "test",
        json!([result("plain", json!({})), result("spec", classified.clone())]),
        json!({ "after": ["make"] }),
    );
    let make = step("make", json!([]), json!({}));
    let operation = json!({ "id": "OP-1", "name": "Make", "steps": [make, test] });
    let w = World::new(master(json!([operation]), json!([]), json!([])));
    let limit = |low: &str| {
        json!({ "name": "other", "result": { "type": "number", "unit": "%", "limits": [
            { "purpose": "acceptance", "low": { "value": low, "inclusive": true } }] } })
    };
    let left_out = json!({ "classification": "IPC", "mandatory": false });
    for (id, class) in [("plain", json!({})), ("spec", classified)] {
        for change in [limit("90.0"), limit("95"), left_out.clone()] {
            let mut entry = result(id, class.clone());
            for (member, value) in change.as_object().expect("members") {
                entry[member] = value.clone();
            }
            let entry = serde_json::from_value(entry).expect("an entry");
            let change = Change::Entry { step: "test".into(), entry: Box::new(entry) };
            let (reason, assessment) = ("easier".to_owned(), "none".to_owned());
            let command =
                RunCommand::ProposeAmendment(ProposeAmendment { change, reason, assessment });
            assert_eq!(w.refused(by("eva"), command), "specification-stands", "{id}");
        }
    }
}
