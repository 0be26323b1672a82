//! What lapses a review, of every event there is: the matrix that quality reads.

use super::scene::{master, process, step};
use super::specifications::{determined, lot};
use super::world::{World, by};
use crate::matrix::{hold, table};
use batchwright::domain::run::acts::event::Part;
use batchwright::domain::run::acts::{
    CompleteRun, DecideNotDeviation, ReviewRun, RunCommand, RunEvent,
};
use serde_json::{Value, json};

fn record() -> Value {
    json!({ "kind": "run", "id": "00000000-0000-0000-0000-0000000000de" })
}

/// The names of all events, as the type itself knows them.
fn names() -> Vec<String> {
    let unknown = serde_json::from_value::<RunEvent>(json!({ "name": "?", "data": {} }));
    let text = unknown.expect_err("no such event").to_string();
    let (_, list) = text.split_once("expected one of ").expect("the list of events");
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// An event of this name in operation OP-1~1; each member is there that any event asks for.
fn sample(name: &str) -> RunEvent {
    let at = json!({ "step": "OP-1~1/prep~1", "entry": "ph" });
    let value = json!({ "kind": "number", "data": {}, "shown": "6.85" });
    let data = match name {
        "issued" => json!({ "number": "N", "issue_no": 1, "purpose": "production", "product": "P",
            "master": { "record": record(), "code": "C", "version": 1, "content_hash": "" } }),
        "entry-recorded" => json!({ "at": at, "value": value, "raw": "", "verdicts": [],
            "basis": { "kind": "direct" }, "under_exceptions": [], "check_owed": false,
            "exceptions": [] }),
        "entry-corrected" => json!({ "at": at, "version": 2, "value": value, "raw": "",
            "verdicts": [], "reason": "", "slip": false, "superseded_uses": [],
            "check_owed": true, "exceptions": [] }),
        "exception-opened" => json!({ "no": 1, "kind": "event", "severity": "minor",
            "effect": "continue", "at": at, "detail": "" }),
        "determination-recorded" => json!({ "at": at, "no": 1, "value": value, "raw": "",
            "verdicts": [], "exceptions": [] }),
        "result-investigated" => json!({ "at": at, "step": { "phase": "resampling",
            "reason": "" } }),
        "test-skipped" => json!({ "entry": "sterile", "document": "QS-114", "reason": "" }),
        "determination-corrected" => json!({ "at": at, "no": 1, "determination": 1, "old": "",
            "value": value, "raw": "", "verdicts": [], "reason": "", "claimed": true,
            "exceptions": [] }),
        "parent-added" | "parent-removed" => {
            json!({ "lot": "L-1", "parent": "L-0", "reason": "" })
        }
        "foreign-lot-decided" => json!({ "lot": "R-1", "supplier": "", "document": "",
            "accepted": true }),
        "notice-recorded" => json!({ "no": 1, "kind": "complaint", "text": "" }),
        "lot-found-to-stand" => json!({ "lot": "L-1", "lot_seq": 1 }),
        "addended" => json!({ "no": 1, "what": "", "entries": [1, 2] }),
        "alarm-raised" => json!({ "no": 1, "at": at, "tag": "", "priority": "low", "text": "",
            "raised_at": 1 }),
        "happened" => json!({ "no": 1, "what": "", "exception": 1,
            "place": { "kind": "operation", "operation": "OP-1~1" } }),
        "step-taken-back" => json!({ "step": "OP-1~1/prep~1", "reason": "", "exception": 1 }),
        "emergency-acted" => json!({ "no": 1, "operation": "OP-1~1", "what": "", "reason": "",
            "notified": "", "ratify_until": 1, "exception": 1 }),
        "operation-ended" => json!({ "operation": "OP-1~1", "kind": "early-end", "reason": "",
            "exception": 1 }),
        "handed-over" => json!({ "no": 1, "to": "00000000-0000-0000-0000-0000000000de",
            "sections": [] }),
        "amendment-proposed" => json!({ "no": 1, "before": "", "after": "", "reason": "",
            "assessment": "", "change": { "kind": "reprocess", "operation": "OP-1", "times": 1 } }),
        "amendment-decided" => json!({ "no": 1, "side": "quality", "approved": true,
            "conclusion": "", "takes_effect": true }),
        "entry-computed" => json!({ "at": at, "version": 1, "old": "", "value": value,
            "verdicts": [], "formula": "", "used": [], "cause": "", "superseded_uses": [],
            "check_owed": false, "exceptions": [] }),
        _ => members(&at),
    };
    serde_json::from_value(json!({ "name": name, "data": data }))
        .unwrap_or_else(|e| panic!("{name} has no sample: {e}"))
}

/// The members that most events are made of; an event takes what it has.
fn members(at: &Value) -> Value {
    let mut all = json!({ "at": at, "step": "OP-1~1/prep~1", "operation": "OP-1~1", "under_exceptions": [],
        "exception": 1, "exceptions": [1], "by": -1, "before": 1, "raw": "", "shown": "", "verdicts": [], "kind": "reading",
        "data": {}, "basis": { "kind": "direct" }, "absence": "not-performed", "reason": "", "version": 1, "cause": "",
        "comment": "", "rationale": "", "deviation": "D-1", "record": record(), "what": "",
        "impact_concluded": false, "closed": false, "gate": "G-INOC", "until":
        1, "due": 1, "index": 0,
        "attempts": [1], "why": "mistyped", "old": "", "superseded_uses": [], "check_owed": false,
        "against": "seen", "together": [], "conclusion": "", "serves": ["OP-1~1"], "steps": ["OP-1~1/prep~1"], "no": 1 });
    let more = json!({
        "scope": { "kind": "run" }, "lifted_by_authority": "hold", "number": "L-1",
        "material": "M", "quantity": { "value": "1", "unit": "L" }, "covers_seq": 1,
        "output": "o", "class": "product", "parents": [], "lot": "L-1", "disposition": "released", "lot_seq": 1, "text": "", "blob": "",
        "bytes": 1, "limit": "", "upheld": true });
    let members = all.as_object_mut().expect("members");
    members.extend(more.as_object().cloned().unwrap_or_default());
    all
}

// shows: T21.a
// finding: A14
#[test]
fn what_lapses_a_review_is_a_property_of_the_event() {
    let w = World::new(process());
    let head = ["event", "signed", "takes part", "lapses", "because"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for event in RunEvent::catalogue() {
        let sample = sample(&event.name);
        let (lapse, because) = sample.lapses(&w.run);
        let signed = if event.signed { "always" } else { "" };
        let part = match sample.part() {
            Part::All => "who acts and signs",
            Part::Actor => "who acts",
            Part::None => "",
        };
        let cells = [signed, part, lapse.as_str(), because.as_str()].map(str::to_owned);
        rows.push(std::iter::once(event.name).chain(cells).collect());
    }
    let listed: Vec<&String> = rows.iter().skip(1).map(|row| &row[0]).collect();
    assert_eq!(listed, names().iter().collect::<Vec<_>>(), "no event is left out");
    assert!(rows.len() > 50, "{} events", rows.len());
    hold(
        "lapses.txt",
        &format!(
            "Event -> whether it is nothing without a signature, who takes part in the work by it (quality's\n\
             oversight does not), which standing reviews it lapses, and because of what. A result that was\n\
             pending at a review and conforms when it comes, and its check, lapse nothing. Where an event names\n\
             no operation, the final review.\n\n{}",
            table(&rows)
        ),
    );
}

/// A run made and reviewed while its assay, of each of two lots or of the run, is pending.
fn reviewed(assay: &Value, more: &Value) -> World {
    let mut own = json!({ "id": "assay", "name": "Assay", "kind": "result", "method": "HPLC",
        "method_version": "1", "due": "release", "authorities": ["test"],
        "classification": "specification", "result": { "type": "number", "unit": "%", "limits": [
            { "purpose": "acceptance", "low": { "value": "97.0", "inclusive": true } }] } });
    for (member, value) in assay.as_object().expect("members") {
        own[member] = value.clone();
    }
    let mut all = vec![own];
    all.extend(more.as_array().expect("a list").clone());
    let operation =
        json!({ "id": "OP-1", "name": "Make", "steps": [step("make", json!([]), json!({}))] });
    let mut w = World::new(master(json!([operation]), json!([]), json!(all)));
    w.does(by("ana"), w.start("OP-1~1/make~1"));
    w.does(by("ana"), w.complete("OP-1~1/make~1"));
    w.does(by("ana"), lot("L-1"));
    w.does(by("ana"), lot("L-2"));
    w.does(by("sue"), w.close("OP-1~1"));
    w.does(by("sue"), RunCommand::CompleteRun(CompleteRun { expected: Some(w.run.seq) }));
    w
}

fn review(w: &mut World) {
    for exception in w.open_exceptions() {
        let rationale = "looked into".to_owned();
        w.does(
            by("quinn"),
            RunCommand::DecideNotDeviation(DecideNotDeviation { exception, rationale }),
        );
    }
    w.later(5);
    if w.run.release_entries.contains_key("assay") {
        w.does(by("lena"), w.check_entry("assay"));
    }
    let review = RunCommand::ReviewRun(ReviewRun {
        conclusion: "in order".into(),
        expected: Some(w.run.seq),
    });
    w.does(by("quinn"), review);
}

fn stands(w: &World) -> bool {
    w.run.reviews.last().is_some_and(|review| review.lapsed.is_none())
}

// finding: A14
#[test]
fn the_pending_result_of_each_lot_is_waited_for_whatever_another_lot_has() {
    let item = |lot: &str| json!({ "item": lot });
    let mut w = reviewed(&json!({}), &json!([]));
    w.does(by("lab"), determined("98.0", item("L-1")));
    review(&mut w);
    w.does(by("lab"), determined("98.2", item("L-2")));
    assert!(stands(&w), "{:?}", w.run.reviews);
    w.later(5);
    w.does(by("lena"), w.check_entry("assay"));
    assert!(stands(&w), "its check: {:?}", w.run.reviews);
    // A further test of what was there already was not waited for, nor what does not conform.
    for (value, of) in [("98.1", "L-1"), ("90.0", "L-2")] {
        let mut w = reviewed(&json!({}), &json!([]));
        w.does(by("lab"), determined("98.0", item("L-1")));
        review(&mut w);
        w.does(by("lab"), determined(value, item(of)));
        assert!(!stands(&w), "{value} of {of}");
    }
}

// finding: A14
#[test]
fn what_is_computed_from_a_pending_result_is_waited_for_with_it() {
    let share = |low: &str| {
        json!([{ "id": "share", "name": "Share", "kind": "calculation",
        "due": "release", "language": "batchwright.calc/1", "expression": "2 * [assay]",
        "unit": "%", "decimals": 1, "rounding": "half-even", "limits": [
            { "purpose": "acceptance", "low": { "value": low, "inclusive": true } }] }])
    };
    for (low, so) in [("190.0", true), ("197.0", false)] {
        let mut w = reviewed(&json!({ "per": "run" }), &share(low));
        review(&mut w);
        let told = w.does(by("lab"), determined("98.0", json!({})));
        assert!(told.iter().any(|name| name == "run.entry-computed"), "{told:?}");
        assert_eq!(stands(&w), so, "at least {low}: {:?}", w.run.reviews);
    }
}
