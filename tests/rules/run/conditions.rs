//! Conditions: a branch is taken, not taken, or not decided yet; and in none of the three is a report
//! refused.

use super::scene::{master, note, step};
use super::world::{World, at_entry, at_step, by};
use batchwright::domain::exception::{ExceptionKind, Severity};
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::acts::condition::{self, Branch};
use batchwright::domain::run::obligations::{ObligationFacts, Status, obligations};
use serde_json::json;

/// Turbid: filtered, in an operation of its own also inspected; clear: neither; then filled.
fn filtration() -> MasterRecord {
    let turbid = json!({ "id": "look", "name": "Look", "kind": "choice",
        "options": ["clear", "turbid"], "mandatory": false });
    let why = json!({ "id": "why", "name": "Why", "kind": "text", "when": "[look] = \"turbid\"" });
    let first = json!({ "id": "OP-1", "name": "Mix", "steps": [
        step("mix", json!([turbid, why]), json!({})),
        step("filter", json!([note("n", true)]), json!({
            "after": ["mix"], "when": "[mix/look] = \"turbid\"", "significant": true,
            "second_person": { "mode": "verify-after", "within_minutes": 60 } })),
        step("fill", json!([]), json!({ "after": ["filter"] })),
    ] });
    let second = json!({ "id": "OP-2", "name": "Inspect", "after": ["OP-1"],
        "when": "[mix/look] = \"turbid\"", "steps": [step("inspect", json!([]), json!({}))] });
    let third = json!({ "id": "OP-3", "name": "Pack", "after": ["OP-2"], "steps": [
        step("pack", json!([]), json!({}))] });
    master(json!([first, second, third]), json!([]), json!([]))
}

/// Looked at, if there was something to see.
fn mixed(look: Option<&str>) -> World {
    let mut w = World::new(filtration());
    w.does(by("ana"), w.start("OP-1~1/mix~1"));
    if let Some(look) = look {
        w.does(by("ana"), w.record("OP-1~1/mix~1/look", look));
    }
    w
}

fn branch(w: &World) -> Branch {
    condition::step(&w.run, &at_step("OP-1~1/filter~1"))
}

fn status(w: &World, id: &str) -> (Status, String) {
    let list = obligations(&w.run, &ObligationFacts::default(), w.now);
    let found = list.into_iter().find(|owed| owed.id == id);
    let found = found.unwrap_or_else(|| panic!("{id} is not on the list"));
    (found.status, found.evidence.unwrap_or_default())
}

// shows: P11-10f.a
#[test]
fn a_branch_that_holds_is_walked_like_any_other() {
    let mut w = mixed(Some("turbid"));
    assert_eq!(w.refused(by("ana"), w.complete("OP-1~1/mix~1")), "entries-missing", "why is asked");
    w.does(by("ana"), w.record("OP-1~1/mix~1/why", "dust"));
    w.does(by("ana"), w.complete("OP-1~1/mix~1"));
    assert_eq!(branch(&w), Branch::Taken);
    assert_eq!(w.refused(by("ana"), w.start("OP-1~1/fill~1")), "out-of-order");
    assert_eq!(w.refused(by("ana"), w.close("OP-1~1")), "operation-unfinished");
    assert_eq!(status(&w, "step/OP-1~1/filter~1/complete").0, Status::Open);
    w.does(by("ana"), w.start("OP-1~1/filter~1"));
}

// shows: P11-10f.a
#[test]
fn a_branch_not_taken_satisfies_what_comes_after_and_is_owed_by_nobody() {
    let mut w = mixed(Some("clear"));
    w.does(by("ana"), w.complete("OP-1~1/mix~1"));
    assert!(matches!(branch(&w), Branch::NotTaken(_)));
    let refusal = w.ask(by("ana"), &w.start("OP-1~1/filter~1")).expect_err("not taken");
    assert_eq!(refusal.rule.code, "branch-not-taken");
    assert!(refusal.detail.contains("OP-1~1/mix~1/look is clear"), "{}", refusal.detail);
    for owed in ["complete", "performed", "verified"] {
        let (status, evidence) = status(&w, &format!("step/OP-1~1/filter~1/{owed}"));
        assert_eq!(status, Status::Waived);
        assert!(evidence.starts_with("branch not taken: [mix/look] = \"turbid\""), "{evidence}");
    }
    assert_eq!(status(&w, "entry/OP-1~1/filter~1/n/recorded").0, Status::Waived);
    assert_eq!(status(&w, "entry/OP-1~1/mix~1/why/recorded").0, Status::Waived);
    w.does(by("ana"), w.start("OP-1~1/fill~1"));
    w.does(by("ana"), w.complete("OP-1~1/fill~1"));
    w.does(by("ana"), w.close("OP-1~1"));
    assert_eq!(w.refused(by("ana"), w.start("OP-2~1/inspect~1")), "branch-not-taken");
    assert_eq!(status(&w, "operation/OP-2~1/closed").0, Status::Waived);
    assert_eq!(status(&w, "step/OP-2~1/inspect~1/complete").0, Status::Waived);
    w.does(by("ana"), w.start("OP-3~1/pack~1"));
}

// shows: P11-10f.a
#[test]
fn as_long_as_it_is_not_decided_the_refusal_names_what_is_missing() {
    let mut w = mixed(None);
    assert!(matches!(branch(&w), Branch::Undecided(_)));
    let refusal = w.ask(by("ana"), &w.start("OP-1~1/filter~1")).expect_err("undecided");
    assert_eq!(refusal.rule.code, "branch-undecided");
    assert_eq!(refusal.missing, ["[mix/look] has no value yet"]);
    assert_eq!(w.refused(by("ana"), w.complete("OP-1~1/mix~1")), "entries-missing");
    assert_eq!(w.refused(by("ana"), w.start("OP-1~1/fill~1")), "out-of-order");
    assert_eq!(status(&w, "step/OP-1~1/filter~1/complete").0, Status::Open);
    w.does(by("ana"), w.record("OP-1~1/mix~1/look", "clear"));
    w.does(by("ana"), w.complete("OP-1~1/mix~1"));
    w.does(by("ana"), w.start("OP-1~1/fill~1"));
}

// shows: P11-10f.a
#[test]
fn what_happens_on_a_branch_not_taken_is_recorded_with_its_exception() {
    for (look, expected) in [(Some("clear"), true), (None, false), (Some("turbid"), false)] {
        let mut w = mixed(look);
        w.does(by("ana"), w.record("OP-1~1/filter~1/n", "filtered all the same"));
        let out_of_order =
            w.run.exceptions.iter().any(|e| e.opened.kind == ExceptionKind::OutOfOrder);
        assert_eq!(out_of_order, expected, "{look:?}");
        assert!(w.entry(&at_entry("OP-1~1/filter~1/n")).is_some());
        // It has begun, so it is owed to its end, whatever the condition says.
        assert_eq!(status(&w, "step/OP-1~1/filter~1/complete").0, Status::Open);
    }
    let mut w = mixed(Some("clear"));
    w.does(by("ana"), w.record("OP-1~1/mix~1/why", "asked by nobody"));
    assert!(w.run.exceptions.iter().any(|e| e.opened.kind == ExceptionKind::OutOfOrder));
}

// shows: P11-10f.a
#[test]
fn a_correction_decides_anew_and_what_has_begun_goes_on() {
    let mut w = mixed(Some("clear"));
    w.does(by("ana"), w.correct("OP-1~1/mix~1/look", "turbid", Some("light was off"), false));
    assert_eq!(branch(&w), Branch::Taken);
    w.does(by("ana"), w.record("OP-1~1/mix~1/why", "dust"));
    w.does(by("ana"), w.complete("OP-1~1/mix~1"));
    w.does(by("ana"), w.start("OP-1~1/filter~1"));
    w.does(by("ana"), w.correct("OP-1~1/mix~1/look", "clear", Some("glass was dirty"), false));
    assert!(matches!(branch(&w), Branch::NotTaken(_)));
    assert_eq!(w.refused(by("ana"), w.start("OP-1~1/fill~1")), "out-of-order", "it is running");
    w.does(by("ana"), w.record("OP-1~1/filter~1/n", "filtered"));
    w.does(by("ana"), w.complete("OP-1~1/filter~1"));
    w.later(1);
    w.does(by("ben"), w.check("OP-1~1/filter~1"));
    w.does(by("ana"), w.start("OP-1~1/fill~1"));
}

/// The exception of the newest correction.
fn corrected(w: &World) -> (Severity, String) {
    let opened = w.run.exceptions.iter().rev().map(|e| &e.opened);
    let found = opened.into_iter().find(|opened| opened.kind == ExceptionKind::Correction);
    found.map(|opened| (opened.severity, opened.detail.clone())).expect("a correction was found")
}

// shows: P11-10f.a
#[test]
fn a_correction_names_the_branches_it_changes_and_leaving_out_what_was_done_or_owed_is_major() {
    // What was owed is left out; nobody had begun it.
    let mut w = mixed(Some("turbid"));
    w.later(5);
    w.does(by("ana"), w.correct("OP-1~1/mix~1/look", "clear", Some("dirty glass"), false));
    let (severity, detail) = corrected(&w);
    assert_eq!(severity, Severity::Major, "{detail}");
    for line in [
        "OP-1~1/mix~1/why: not taken, was taken",
        "OP-1~1/filter~1: not taken, was taken, now [mix/look]",
        "OP-2~1: not taken, was taken",
    ] {
        assert!(detail.contains(line), "{line}: {detail}");
    }
    assert!(!detail.contains("inspect"), "its operation says it: {detail}");
    // The other way nothing is left out.
    w.later(5);
    w.does(by("ana"), w.correct("OP-1~1/mix~1/look", "turbid", Some("light was off"), false));
    let (severity, detail) = corrected(&w);
    assert_eq!(severity, Severity::Minor, "{detail}");
    assert!(detail.contains("OP-1~1/filter~1: taken, was not taken, was [mix/look]"), "{detail}");
    // Done and verified because of the old value.
    w.does(by("ana"), w.record("OP-1~1/mix~1/why", "dust"));
    w.does(by("ana"), w.complete("OP-1~1/mix~1"));
    w.does(by("ana"), w.start("OP-1~1/filter~1"));
    w.does(by("ana"), w.record("OP-1~1/filter~1/n", "filtered"));
    w.does(by("ana"), w.complete("OP-1~1/filter~1"));
    w.later(1);
    w.does(by("ben"), w.check("OP-1~1/filter~1"));
    w.does(by("ana"), w.correct("OP-1~1/mix~1/look", "clear", Some("dirty glass"), false));
    let (severity, detail) = corrected(&w);
    assert_eq!(severity, Severity::Major, "{detail}");
    let begun = "OP-1~1/filter~1 begun by Printed ana on the branch that was taken";
    assert!(detail.contains(begun), "{detail}");
    let entry = w.entry(&at_entry("OP-1~1/mix~1/look")).expect("corrected");
    let uses = &entry.current().expect("a value").superseded_uses;
    assert!(uses.iter().any(|used| used == begun), "{uses:?}");
    assert_eq!(w.replay().exceptions.len(), w.run.exceptions.len());
}

// shows: P11-10f.a
#[test]
fn a_branch_that_a_computed_value_decides_is_followed_and_one_that_stays_is_not_named() {
    let number = |id: &str| json!({ "id": id, "name": id, "kind": "number", "unit": "kg" });
    let net = json!({ "id": "net", "name": "net", "kind": "calculation",
        "language": "batchwright.calc/1", "expression": "[gross] - [tare]", "unit": "kg",
        "decimals": 1, "rounding": "half-even" });
    let operation = json!({ "id": "OP-1", "name": "Mix", "steps": [
        step("weigh", json!([number("gross"), number("tare"), net]), json!({})),
        step("dilute", json!([]), json!({ "after": ["weigh"], "when": "[weigh/net] > 2 'kg'" })) ] });
    let mut w = World::new(master(json!([operation]), json!([]), json!([])));
    w.does(by("ana"), w.start("OP-1~1/weigh~1"));
    w.does(by("ana"), w.record("OP-1~1/weigh~1/gross", "5"));
    w.does(by("ana"), w.record("OP-1~1/weigh~1/tare", "1"));
    w.later(5);
    w.does(by("ana"), w.correct("OP-1~1/weigh~1/gross", "4", Some("misread"), false));
    assert!(w.run.exceptions.is_empty(), "{:?}", w.run.exceptions);
    w.does(by("ana"), w.correct("OP-1~1/weigh~1/gross", "2", Some("misread"), false));
    let (severity, detail) = corrected(&w);
    assert_eq!(severity, Severity::Major);
    assert!(detail.contains("OP-1~1/dilute~1: not taken, was taken"), "{detail}");
}
