//! A line is cleared by two before anything begins on it, or quality has decided what was found.

use super::scene::{master, step};
use super::world::{World, at_entry, at_step, by};
use batchwright::domain::entry::Input;
use batchwright::domain::run::acts::{
    CorrectEntry, DecideNotDeviation, DeclareAbsent, DeclareStepNotPerformed, EndOperation,
    RecordEntry, RunCommand,
};
use batchwright::domain::run::floor::EndingKind;
use batchwright::domain::words::{Absence, Basis};
use serde_json::{Value, json};

const CLEAR: &str = "A~1/clear~1";
const AT: &str = "A~1/clear~1/line";

/// A line cleared and packed on in one operation; in `apart`, packed on in the next.
fn recipe(apart: bool, more: Value) -> World {
    let line = json!([{ "id": "line", "name": "Line clearance", "kind": "line-clearance",
        "place": "Line 2", "moment": "before",
        "checks": ["No label is left.", "No container is left."] }]);
    let clear = step("clear", line, more);
    let pack = |after: Value| step("pack", json!([]), after);
    let operations = if apart {
        json!([{ "id": "A", "name": "Clear", "steps": [clear] },
            { "id": "B", "name": "Pack", "after": ["A"], "steps": [pack(json!({}))] }])
    } else {
        json!([{ "id": "A", "name": "Pack", "steps": [clear, pack(json!({ "after": ["clear"] }))] }])
    };
    World::new(master(operations, json!([]), json!([])))
}

fn looked(so: bool) -> RunCommand {
    RunCommand::RecordEntry(RecordEntry {
        at: at_entry(AT),
        input: Input { value: json!([so, so]), unit: None },
        performed_at: None,
        basis: Basis::Direct,
        reason: None,
        confirmed: false,
    })
}

fn triaged(w: &mut World) {
    for exception in w.open_exceptions() {
        let rationale = "cleared again before our eyes".to_owned();
        w.does(
            by("quinn"),
            RunCommand::DecideNotDeviation(DecideNotDeviation { exception, rationale }),
        );
    }
}

/// Packing waits for this.
fn waits(w: &World, pack: &str, what: &str) {
    for who in ["ana", "ben", "sue"] {
        let refusal = w.ask(by(who), &w.start(pack)).expect_err("the line is not clear");
        assert_eq!(refusal.rule.code, "out-of-order");
        assert!(refusal.missing.join("; ").contains(what), "{what}: {refusal:?}");
    }
}

// shows: C211-122.a
#[test]
fn nothing_begins_on_a_line_that_one_person_alone_called_clear() {
    for apart in [false, true] {
        let mut w = recipe(apart, json!({}));
        w.does(by("ana"), w.start(CLEAR));
        w.does(by("ana"), looked(true));
        w.does(by("ana"), w.complete(CLEAR));
        let pack = if apart { "B~1/pack~1" } else { "A~1/pack~1" };
        if apart {
            w.does(by("sue"), w.close("A~1"));
        }
        assert!(w.run.exceptions.is_empty());
        waits(&w, pack, "is not checked by a second person");
        assert_eq!(w.refused(by("ana"), w.check_entry(AT)), "witness-is-performer");
        w.does(by("ben"), w.check_entry(AT));
        w.does(by("ana"), w.start(pack));
    }
}

// shows: C211-122.a
#[test]
fn a_line_that_is_not_clear_waits_until_two_have_cleared_it_again() {
    let mut w = recipe(false, json!({}));
    w.does(by("ana"), w.start(CLEAR));
    w.does(by("ana"), looked(false));
    w.does(by("ana"), w.complete(CLEAR));
    w.does(by("ben"), w.check_entry(AT));
    waits(&w, "A~1/pack~1", "is not clear");
    // Whatever quality decides about what was found, the line is not clear by that.
    triaged(&mut w);
    waits(&w, "A~1/pack~1", "is not clear");
    w.does(by("ana"), again(&w));
    waits(&w, "A~1/pack~1", "is not checked by a second person");
    w.does(by("ben"), w.check_entry(AT));
    triaged(&mut w);
    w.does(by("ana"), w.start("A~1/pack~1"));
}

/// The line was cleared anew, and that is said in place of what was found.
fn again(w: &World) -> RunCommand {
    let seq = w.entry_seq(&at_entry(AT));
    RunCommand::CorrectEntry(CorrectEntry {
        at: at_entry(AT),
        input: Input { value: json!([true, true]), unit: None },
        reason: Some("cleared anew".into()),
        slip: false,
        confirmed: false,
        expected: Some(seq),
    })
}

// shows: C211-122.a
// finding: N12
#[test]
fn the_witness_of_a_clearance_is_its_second_person() {
    let second = json!({ "significant": true, "second_person": { "mode": "witness-during" } });
    for apart in [false, true] {
        let mut w = recipe(apart, second.clone());
        w.does(by("ana"), w.start(CLEAR));
        w.does(by("ana"), looked(true));
        w.does(by("ana").with("ben"), w.complete(CLEAR));
        if apart {
            w.does(by("sue"), w.close("A~1"));
        }
        w.does(by("ana"), w.start(if apart { "B~1/pack~1" } else { "A~1/pack~1" }));
    }
    // A witness of a line that is not clear clears nothing.
    let mut w = recipe(false, second);
    w.does(by("ana"), w.start(CLEAR));
    w.does(by("ana"), looked(false));
    w.does(by("ana").with("ben"), w.complete(CLEAR));
    waits(&w, "A~1/pack~1", "is not clear");
}

// shows: C211-122.a
// finding: N12
#[test]
fn the_verifier_of_a_clearance_is_its_second_person() {
    let second = json!({ "significant": true, "second_person": { "mode": "verify-after" } });
    let mut w = recipe(false, second);
    w.does(by("ana"), w.start(CLEAR));
    w.does(by("ana"), looked(true));
    w.does(by("ana"), w.complete(CLEAR));
    waits(&w, "A~1/pack~1", "second");
    w.later(1);
    w.does(by("ben"), w.check(CLEAR));
    w.does(by("ana"), w.start("A~1/pack~1"));
}

// shows: C211-122.a
#[test]
fn cleared_again_the_line_is_cleared_by_two_again() {
    let mut w = recipe(false, json!({ "occurs": { "min": 1, "max": 2 } }));
    w.does(by("ana"), w.start(CLEAR));
    w.does(by("ana"), looked(false));
    w.does(by("ana"), w.complete(CLEAR));
    // The next look does not wait for the first one; what comes after waits for both.
    w.does(by("ana"), w.start("A~1/clear~2"));
    w.does(
        by("sue"),
        RunCommand::DeclareStepNotPerformed(DeclareStepNotPerformed {
            step: at_step("A~1/clear~2"),
            reason: "shift is over".into(),
        }),
    );
    waits(&w, "A~1/pack~1", "not clear");
    triaged(&mut w);
    waits(&w, "A~1/pack~1", "not clear");
}

// shows: C211-122.a
#[test]
fn a_clearance_left_out_is_decided_by_quality_and_not_by_who_left_it_out() {
    let reason = || "line was never used".to_owned();
    let absent = || {
        RunCommand::DeclareAbsent(DeclareAbsent {
            at: at_entry(AT),
            absence: Absence::NotPerformed,
            reason: reason(),
        })
    };
    let skipped = || {
        RunCommand::DeclareStepNotPerformed(DeclareStepNotPerformed {
            step: at_step(CLEAR),
            reason: reason(),
        })
    };
    let ended = || {
        RunCommand::EndOperation(EndOperation {
            operation: "A~1".parse().expect("an occurrence"),
            kind: EndingKind::EarlyEnd,
            reason: reason(),
        })
    };
    let mut w = recipe(false, json!({}));
    w.does(by("ana"), w.start(CLEAR));
    w.does(by("sue"), absent());
    w.does(by("ana"), w.complete(CLEAR));
    waits(&w, "A~1/pack~1", "was not done, exception 1");
    triaged(&mut w);
    w.does(by("ana"), w.start("A~1/pack~1"));
    let mut w = recipe(false, json!({}));
    w.does(by("sue"), skipped());
    waits(&w, "A~1/pack~1", "was not done, exception 1");
    triaged(&mut w);
    w.does(by("ana"), w.start("A~1/pack~1"));
    // Begun with another step, ended early before the line was cleared.
    for apart in [false, true] {
        let mut w = recipe(apart, json!({ "occurs": { "min": 2, "max": 2 } }));
        w.does(by("ana"), w.start(CLEAR));
        w.does(by("ana"), looked(true));
        w.does(by("ana"), w.complete(CLEAR));
        w.does(by("ben"), w.check_entry(AT));
        w.does(by("sue"), ended());
        let (pack, what) = if apart {
            w.does(by("sue"), w.close("A~1"));
            ("B~1/pack~1", "A~1/clear~2 was given up")
        } else {
            ("A~1/pack~1", "step clear is complete 1 of 2 times")
        };
        waits(&w, pack, what);
        triaged(&mut w);
        w.does(by("ana"), w.start(pack));
    }
}

// shows: C211-122.a
// finding: N12
#[test]
fn a_clearance_that_need_not_be_recorded_closes_all_the_same_once_it_is() {
    let optional = || {
        let line = json!([{ "id": "line", "name": "Line clearance", "kind": "line-clearance",
            "place": "Line 2", "moment": "before", "mandatory": false,
            "checks": ["No label is left.", "No container is left."] }]);
        let steps = json!([
            step("clear", line, json!({})),
            step("pack", json!([]), json!({ "after": ["clear"] }))
        ]);
        let operation = json!({ "id": "A", "name": "Pack", "steps": steps });
        let mut w = World::new(master(json!([operation]), json!([]), json!([])));
        w.does(by("ana"), w.start(CLEAR));
        w
    };
    let mut w = optional();
    w.does(by("ana"), w.complete(CLEAR));
    w.does(by("ana"), w.start("A~1/pack~1"));
    let mut w = optional();
    w.does(by("ana"), looked(false));
    w.does(by("ana"), w.complete(CLEAR));
    waits(&w, "A~1/pack~1", "is not clear");
    triaged(&mut w);
    waits(&w, "A~1/pack~1", "is not clear");
    let mut w = optional();
    w.does(by("ana"), looked(true));
    w.does(by("ana"), w.complete(CLEAR));
    waits(&w, "A~1/pack~1", "is not checked by a second person");
}

// shows: C211-122.a
// finding: N12
#[test]
fn a_line_found_not_clear_is_cleared_again_and_that_is_no_correction() {
    let mut w = recipe(false, json!({}));
    w.does(by("ana"), w.start(CLEAR));
    w.does(by("ana"), looked(false));
    w.does(by("ana"), w.complete(CLEAR));
    w.does(by("ben"), w.check_entry(AT));
    let opened = w.open_exceptions();
    waits(&w, "A~1/pack~1", "is not clear");
    w.later(30);
    w.does(by("ana"), looked(false));
    waits(&w, "A~1/pack~1", "is not clear");
    w.later(30);
    w.does(by("ben"), looked(true));
    waits(&w, "A~1/pack~1", "is not checked by a second person");
    assert_eq!(w.refused(by("ben"), w.check_entry(AT)), "witness-is-performer");
    w.later(1);
    w.does(by("sue"), w.check_entry(AT));
    assert_eq!(w.refused(by("ana"), looked(true)), "already-recorded", "it is clear");
    let entry = w.entry(&at_entry(AT)).expect("recorded");
    let reasons: Vec<_> = entry.versions.iter().map(|it| it.reason.as_deref()).collect();
    let said = [None, Some("looked at again, not clear"), Some("cleared again")];
    assert_eq!((reasons.as_slice(), w.run.corrections), (said.as_slice(), 0));
    assert!(opened.iter().all(|no| w.open_exceptions().contains(no)), "quality decides on it");
    triaged(&mut w);
    w.does(by("ana"), w.start("A~1/pack~1"));
}
