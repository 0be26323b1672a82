//! Conformity counts what counts: determinations as corrected, and the value that the method joins of them.

use super::scene::{master, step};
use super::world::{World, at_entry, by};
use batchwright::domain::entry::Input;
use batchwright::domain::run::acts::{CorrectEntry, RecordDetermination, RunCommand};
use batchwright::domain::run::obligations::{Obligation, ObligationFacts, Status, obligations};
use batchwright::domain::words::Basis;
use serde_json::{Value, json};

const ASSAY: &str = "A~1/make~1/assay";

/// A step in which an assay of two determinations is due, at least 97.0; with these words more.
fn assayed(more: &Value) -> World {
    let mut assay = json!({ "id": "assay", "name": "Assay", "kind": "result", "method": "HPLC",
        "method_version": "1", "authorities": ["test"], "classification": "IPC",
        "replicates": 2, "result": { "type": "number", "unit": "%", "limits": [
            { "purpose": "acceptance", "low": { "value": "97.0", "inclusive": true } }] } });
    for (member, value) in more.as_object().expect("members") {
        assay[member] = value.clone();
    }
    let operation =
        json!({ "id": "A", "name": "Make", "steps": [step("make", json!([assay]), json!({}))] });
    let mut w = World::new(master(json!([operation]), json!([]), json!([])));
    w.does(by("ana"), w.start("A~1/make~1"));
    w
}

fn determined(value: &str) -> RunCommand {
    RunCommand::RecordDetermination(RecordDetermination {
        at: at_entry(ASSAY),
        input: Input {
            value: json!({ "value": value, "method_version": "1" }),
            unit: Some("%".into()),
        },
        performed_at: None,
        basis: Basis::Direct,
        reason: None,
    })
}

fn corrected(w: &World, no: u32, value: &str) -> RunCommand {
    RunCommand::CorrectEntry(CorrectEntry {
        at: at_entry(ASSAY),
        input: Input {
            value: json!({ "determination": no, "value": value }),
            unit: Some("%".into()),
        },
        reason: Some("misread".into()),
        slip: false,
        confirmed: false,
        expected: Some(w.entry_seq(&at_entry(ASSAY))),
    })
}

fn conformity(w: &World) -> Obligation {
    let list = obligations(&w.run, &ObligationFacts::default(), w.now);
    list.into_iter().find(|owed| owed.id == "operation/A~1/conforms").expect("owed")
}

#[track_caller]
fn not_met(w: &World, what: &[&str]) {
    let owed = conformity(w);
    assert_eq!(owed.status, Status::Open, "{owed:?}");
    let why = owed.evidence.unwrap_or_default();
    for word in what {
        assert!(why.contains(word), "{word}: {why}");
    }
}

#[test]
fn a_joined_value_outside_its_limit_is_no_conformity_of_its_operation() {
    let single =
        json!([{ "purpose": "acceptance", "low": { "value": "80.0", "inclusive": true } }]);
    for more in
        [json!({ "reportable": "mean" }), json!({ "reportable": "median", "single": single })]
    {
        let mut w = assayed(&more);
        w.does(by("lab"), determined("90.0"));
        w.does(by("lab"), determined("91.0"));
        not_met(&w, &[ASSAY, "90.5", "not decided"]);
        // What is within is counted, once as the value that stands for both.
        let mut w = assayed(&more);
        w.does(by("lab"), determined("98.0"));
        w.does(by("lab"), determined("99.0"));
        assert_eq!(conformity(&w).status, Status::Met);
    }
}

#[test]
fn a_determination_corrected_to_outside_is_outside() {
    for more in [json!({}), json!({ "reportable": "mean" })] {
        let mut w = assayed(&more);
        w.does(by("lab"), determined("98.0"));
        w.does(by("lab"), determined("98.2"));
        assert_eq!(conformity(&w).status, Status::Met);
        w.later(10);
        w.does(by("lab"), corrected(&w, 1, "90.0"));
        let shown = if more["reportable"] == "mean" { "94.1" } else { "90.0" };
        not_met(&w, &[ASSAY, shown]);
        // What is claimed to be better does not count before it is found right.
        w.later(10);
        w.does(by("lab"), corrected(&w, 1, "98.0"));
        not_met(&w, &[ASSAY, shown]);
    }
}

#[test]
fn a_run_of_tests_that_is_invalid_by_its_spread_is_listed_with_what_became_of_it() {
    let mut w = assayed(&json!({ "reportable": "mean",
        "spread": { "range": "0.5", "repeats": 1 } }));
    w.does(by("lab"), determined("98.0"));
    w.does(by("lab"), determined("99.0"));
    not_met(&w, &[ASSAY, "invalid"]);
}
