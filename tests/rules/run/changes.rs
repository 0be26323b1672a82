//! One-batch changes: redline, reprocessing, rework; three persons, and what they cannot do.

use super::endings::{feed, recipe, tested_beside};
use super::scene::{master, ph, step};
use super::world::{World, by};
use batchwright::domain::exception::{ExceptionKind, Severity};
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::acts::{
    DecideAmendment, PassGate, ProposeAmendment, RecordEntry, RunCommand,
};
use batchwright::domain::run::amendment::{Change, redlines, reprocessing, rework};
use batchwright::domain::run::obligations::{ObligationFacts, Status, obligations};
use serde_json::{Value, json};

fn change(value: Value) -> Change {
    serde_json::from_value(value).expect("a change")
}

fn instruction(step: &str) -> Change {
    change(json!({ "kind": "instruction", "step": step, "instruction": "Do it slowly." }))
}

fn propose(change: Change) -> RunCommand {
    RunCommand::ProposeAmendment(ProposeAmendment {
        change,
        reason: "the pump is slow".into(),
        assessment: "no effect on quality".into(),
    })
}

fn decides(no: u32, approved: bool) -> RunCommand {
    RunCommand::DecideAmendment(DecideAmendment { no, approved, conclusion: "agreed".into() })
}

fn owed(w: &World, no: u32) -> (Status, String, String) {
    let all = obligations(&w.run, &ObligationFacts::default(), w.now);
    let id = format!("amendment/{no}/decided");
    let found = all.into_iter().find(|owed| owed.id == id).expect("owed");
    (found.status, found.rule, found.what)
}

fn in_force(w: &mut World, change: Change) -> u32 {
    w.does(by("eva"), propose(change));
    let no = u32::try_from(w.run.amendments.len()).expect("few");
    w.does(by("sue"), decides(no, true));
    w.does(by("quinn"), decides(no, true));
    no
}

// shows: C211-115.a, CH4-20.j, T4.b
#[test]
fn a_redline_needs_three_persons_and_stands_beside_the_original_for_ever() {
    let mut w = World::new(recipe());
    for who in ["ana", "lab", "quinn", "adam"] {
        let refused = w.refused(by(who), propose(instruction("harvest")));
        assert_eq!(refused, "authority-missing", "{who}");
    }
    assert_eq!(
        w.refused(by("sue").unsigned(), propose(instruction("harvest"))),
        "signature-required"
    );
    w.does(by("sue"), propose(instruction("harvest")));
    assert_eq!(owed(&w, 1).0, Status::Open);
    assert_eq!(w.refused(by("sue"), decides(1, true)), "three-persons-required");
    for who in ["ana", "lab", "eva", "adam"] {
        assert_eq!(w.refused(by(who), decides(1, true)), "authority-missing", "{who}");
    }
    assert_eq!(w.refused(by("quinn").unsigned(), decides(1, true)), "signature-required");
    w.does(by("quinn"), decides(1, true));
    assert_eq!(w.refused(by("quentin"), decides(1, true)), "amendment-decided");
    assert_eq!(w.run.recipe, w.run.original, "one approval changes nothing");
    w.does(by("eva"), propose(instruction("polish")));
    w.does(by("sue"), decides(2, true));
    assert_eq!(owed(&w, 2).0, Status::Open);
    w.does(by("quinn"), decides(2, true));
    assert_eq!(owed(&w, 2).0, Status::Met);
    let now = &w.run.recipe.step("polish").expect("a step").1.instruction;
    let then = &w.run.original.step("polish").expect("a step").1.instruction;
    assert_eq!((now.as_str(), then.as_str()), ("Do it slowly.", "Do polish."));
    let told = &w.run.amendments[1].told;
    assert_eq!((told.before.as_str(), told.after.as_str()), ("Do polish.", "Do it slowly."));
    assert_eq!(redlines(&w.run, "polish", None), [2]);
    assert!(redlines(&w.run, "harvest", None).is_empty(), "not in force");
    let exception = &w.run.exceptions[0].opened;
    assert_eq!(
        (exception.kind, exception.severity),
        (ExceptionKind::PlannedChange, Severity::Minor)
    );
    assert_eq!(w.refused(by("quinn"), decides(2, false)), "amendment-decided");
    assert!(!w.run.participants.contains(&w.person("quinn").key.id), "oversight");
    assert!(w.run.participants.contains(&w.person("eva").key.id));
    assert_eq!(w.run.master, w.replay().master);
    assert_eq!(w.replay().recipe, w.run.recipe);
}

// shows: C211-115.a, CH4-20.j
#[test]
fn one_refusal_ends_a_change() {
    let mut w = World::new(recipe());
    w.does(by("eva"), propose(instruction("polish")));
    assert_eq!(w.refused(by("quinn"), decides(7, true)), "no-such-part");
    let silent = RunCommand::DecideAmendment(DecideAmendment {
        no: 1,
        approved: true,
        conclusion: " ".into(),
    });
    assert_eq!(w.refused(by("quinn"), silent), "reason-required");
    w.does(by("quinn"), decides(1, false));
    assert_eq!(w.refused(by("sue"), decides(1, true)), "amendment-decided");
    assert_eq!(owed(&w, 1).0, Status::Met);
    assert_eq!(w.run.recipe, w.run.original);
    assert!(w.run.exceptions.is_empty(), "nothing was changed");
}

#[test]
fn only_what_has_not_begun_is_redlined_and_the_whole_must_stay_sound() {
    let mut w = World::new(recipe());
    let entry = |id: &str, low: &str| {
        let mut spec = ph(id);
        spec["limits"][0]["low"]["value"] = low.into();
        change(json!({ "kind": "entry", "step": "polish", "entry": spec }))
    };
    assert_eq!(w.refused(by("eva"), propose(instruction("nowhere"))), "no-such-part");
    assert_eq!(w.refused(by("eva"), propose(entry("none", "6.5"))), "no-such-part");
    assert_eq!(w.refused(by("eva"), propose(entry("ph", "9.0"))), "amendment-findings");
    assert_eq!(
        w.refused(by("eva"), propose(entry("ph", "6.6"))),
        "malformed",
        "it changes nothing"
    );
    let text = json!({ "id": "ph", "name": "pH", "kind": "text" });
    let other_kind = change(json!({ "kind": "entry", "step": "polish", "entry": text }));
    assert_eq!(w.refused(by("eva"), propose(other_kind)), "malformed", "a kind stays");
    let empty = RunCommand::ProposeAmendment(ProposeAmendment {
        change: instruction("polish"),
        reason: "x".into(),
        assessment: " ".into(),
    });
    assert_eq!(w.refused(by("eva"), empty), "reason-required");
    let no = in_force(&mut w, entry("ph", "6.5"));
    assert_eq!(redlines(&w.run, "polish", Some("ph")), [no]);
    let told = &w.run.amendments[0].told;
    assert!(told.before.contains("6.6") && told.after.contains("6.5"), "{told:?}");
    // Two proposals on one place: the second was proposed for what no longer stands there.
    w.does(by("eva"), propose(instruction("harvest")));
    w.does(
        by("eva"),
        propose(change(
            json!({ "kind": "instruction", "step": "harvest", "instruction": "Do it fast." }),
        )),
    );
    for who in ["sue", "quinn"] {
        w.does(by(who), decides(2, true));
    }
    assert_eq!(w.refused(by("sue"), decides(3, true)), "stale-version");
    w.does(by("sue"), decides(3, false));
    // Begun meanwhile: refused at the approval too.
    w.does(by("eva"), propose(instruction("look")));
    w.does(by("sue"), decides(4, true));
    feed(&mut w, 1);
    w.does(by("ana"), w.start("A~1/look~1"));
    assert_eq!(w.refused(by("quinn"), decides(4, true)), "step-begun");
    assert_eq!(w.refused(by("eva"), propose(instruction("look"))), "step-begun");
    assert_eq!(w.refused(by("eva"), propose(instruction("feed"))), "step-begun");
    w.does(by("quinn"), decides(4, false));
}

// shows: C211-115.a, Q7-14.2.a
#[test]
fn reprocessing_is_the_same_operation_again_and_only_as_approved() {
    let mut w = World::new(recipe());
    feed(&mut w, 1);
    for k in 2..=3 {
        feed(&mut w, k);
    }
    let again = |times: u32| Change::Reprocess { operation: "A".into(), times, lot: None };
    for k in 1..=3 {
        let key = format!("A~1/look~{k}");
        w.does(by("ana"), w.start(&key));
        w.does(by("ana"), w.complete(&key));
    }
    let pass = || RunCommand::PassGate(PassGate { gate: "G".into() });
    w.does(by("quinn"), pass());
    w.does(by("ana"), w.start("A~1/harvest~1"));
    w.does(by("ana"), w.complete("A~1/harvest~1"));
    w.does(by("sue"), w.close("A~1"));
    assert_eq!(w.refused(by("ana"), w.start("A~2/feed~1")), "out-of-order");
    assert_eq!(w.refused(by("eva"), propose(again(0))), "malformed");
    assert_eq!(w.refused(by("eva"), propose(again(10))), "malformed");
    let none = Change::Reprocess { operation: "C".into(), times: 1, lot: None };
    assert_eq!(w.refused(by("eva"), propose(none)), "no-such-part");
    w.does(by("ana"), w.start("B~1/polish~1"));
    w.does(by("eva"), propose(again(1)));
    w.does(by("sue"), decides(1, true));
    assert_eq!(w.refused(by("ana"), w.start("A~2/feed~1")), "out-of-order", "not yet approved");
    w.later(1).does(by("quinn"), decides(1, true));
    let exception = w.run.exceptions.last().expect("opened").opened.clone();
    assert_eq!((exception.kind, exception.severity), (ExceptionKind::Reprocess, Severity::Major));
    let (status, rule, what) = owed(&w, 1);
    assert_eq!((status, rule.as_str()), (Status::Met, "C211-115"));
    assert!(what.starts_with("reprocessing 1"), "{what}");
    // Although what follows has begun.
    w.later(1);
    w.does(by("ana"), w.start("A~2/feed~1"));
    let key = "A~2".parse().expect("an occurrence");
    assert_eq!(reprocessing(&w.run, &key).map(|change| change.told.no), Some(1));
    w.does(by("ana"), w.record("A~2/feed~1/ph", "6.85"));
    w.does(by("ana"), w.complete("A~2/feed~1"));
    for k in 2..=3 {
        let key = format!("A~2/feed~{k}");
        w.does(by("ana"), w.start(&key));
        w.does(by("ana"), w.record(&format!("{key}/ph"), "6.85"));
        w.does(by("ana"), w.complete(&key));
    }
    // The gate let the first time pass; the second passes it anew.
    assert_eq!(w.refused(by("ana"), w.start("A~2/harvest~1")), "gate-not-passed");
    w.does(by("quinn"), pass());
    w.does(by("ana"), w.start("A~2/harvest~1"));
    assert_eq!(w.refused(by("ana"), w.start("A~3/feed~1")), "out-of-order");
}

// shows: C211-110c.a, Q7-8.1.d
#[test]
fn what_is_reprocessed_owes_its_gate_every_test_anew() {
    let mut w = World::new(tested_beside());
    let pass = || RunCommand::PassGate(PassGate { gate: "G".into() });
    let done = |w: &mut World, key: &str, entry: Option<(&str, &str)>| {
        w.does(by("ana"), w.start(key));
        if let Some((id, value)) = entry {
            w.does(by("ana"), w.record(&format!("{key}/{id}"), value));
        }
        w.does(by("ana"), w.complete(key));
    };
    let transferred = |w: &mut World, n: u32| {
        done(w, &format!("A~{n}/feed~1"), Some(("ph", "6.85")));
        assert_eq!(w.refused(by("sue"), pass()), "gate-closed", "A~{n} has no titre");
        done(w, &format!("A~{n}/test~1"), Some(("titre", "2.1 g/L")));
        w.does(by("sue"), pass());
        done(w, &format!("A~{n}/transfer~1"), None);
    };
    transferred(&mut w, 1);
    w.does(by("quentin"), w.check("A~1/test~1"));
    w.does(by("sue"), w.close("A~1"));
    in_force(&mut w, Change::Reprocess { operation: "A".into(), times: 1, lot: None });
    w.later(1);
    transferred(&mut w, 2);
}

// shows: C211-115.a, Q7-14.2.a
#[test]
fn rework_is_another_operation_and_only_as_approved() {
    let mut w = World::new(recipe());
    let added = |id: &str, more: Value| {
        change(json!({ "kind": "rework", "unit_procedure": "UP", "operation":
            { "id": id, "name": "Refiltration", "area": "R1", "steps": [step("refilter", json!([]), more)] } }))
    };
    assert_eq!(w.refused(by("ana"), w.start("R~1/refilter~1")), "occurrence-unknown");
    assert_eq!(w.refused(by("eva"), propose(added("A", json!({})))), "amendment-findings");
    let unguarded = added("R", json!({ "irreversible": "pool" }));
    assert_eq!(w.refused(by("eva"), propose(unguarded)), "amendment-findings");
    let no = in_force(&mut w, added("R", json!({ "after": ["A"] })));
    assert_eq!(rework(&w.run, "R").map(|change| change.told.no), Some(no));
    let exception = &w.run.exceptions[0].opened;
    assert_eq!(exception.kind, ExceptionKind::Rework);
    let (status, rule, what) = owed(&w, no);
    assert_eq!((status, rule.as_str()), (Status::Met, "Q7-14.2"));
    assert!(what.starts_with("rework 1"), "{what}");
    assert_eq!(w.refused(by("ana"), w.start("R~1/refilter~1")), "out-of-order");
    let all = obligations(&w.run, &ObligationFacts::default(), w.now);
    assert!(all.iter().any(|owed| owed.id == "operation/R~1/closed"), "the addition is owed");
}

/// A step with an entry due at the gate, one due at release, a specification, an ordinary one, and a
/// result on a sample that another step takes.
fn judged() -> MasterRecord {
    let with = |id: &str, more: Value| {
        let mut spec = ph(id);
        for (key, value) in more.as_object().expect("attributes") {
            spec[key] = value.clone();
        }
        spec
    };
    let result = json!({ "id": "purity", "name": "Purity", "kind": "result", "sample": "s",
        "method": "HPLC", "result": { "type": "number", "unit": "%",
            "limits": [{ "purpose": "acceptance", "low": { "value": "95", "inclusive": true } }] } });
    let sample = json!({ "id": "s", "name": "Sample", "kind": "sample", "point": "vessel" });
    master(
        json!([{ "id": "A", "name": "Culture", "area": "R1", "steps": [
            step("take", json!([sample]), json!({})),
            step("test", json!([with("gated", json!({ "due": { "gate": "G" } })),
                with("late", json!({ "due": "release" })),
                with("spec", json!({ "classification": "specification" })), ph("ph"), result]), json!({})),
            step("pool", json!([]), json!({ "after": ["test"], "irreversible": "pool" })),
        ] }]),
        json!([{ "id": "G", "name": "Pooling", "before": ["pool"] }]),
        json!([]),
    )
}

/// An entry of the step `test` as it stands, with one member another.
fn redlined(w: &World, id: &str, member: &str, value: &Value) -> Change {
    let (_, step) = w.run.recipe.step("test").expect("a step");
    let spec = step.entries.iter().find(|spec| spec.id == id).expect("an entry");
    let mut spec = serde_json::to_value(spec).expect("JSON");
    match member {
        "low" => spec["limits"][0]["low"]["value"] = value.clone(),
        _ => spec[member] = value.clone(),
    }
    change(json!({ "kind": "entry", "step": "test", "entry": spec }))
}

#[test]
fn no_change_of_one_batch_loosens_what_opens_a_gate_or_a_release() {
    let mut w = World::new(judged());
    for id in ["gated", "late", "spec"] {
        for (member, value) in [
            ("due", json!("step")),
            ("mandatory", json!(false)),
            ("limits", json!([])),
            ("low", json!("6.5")),
            ("classification", json!("KPP")),
            ("authorities", json!(["execute"])),
        ] {
            let asked = redlined(&w, id, member, &value);
            if asked == redlined(&w, id, "name", &json!("pH")) {
                continue;
            }
            let refused = w.refused(by("eva"), propose(asked));
            assert_eq!(refused, "specification-stands", "{id} {member}");
        }
    }
    let severity = |w: &World| {
        let opened = &w.run.exceptions.last().expect("opened").opened;
        assert_eq!(opened.kind, ExceptionKind::PlannedChange);
        opened.severity
    };
    // What is tightened, and what is said otherwise, is minor; wider limits of others are not.
    let tighter = redlined(&w, "gated", "low", &json!("6.65"));
    in_force(&mut w, tighter);
    assert_eq!(severity(&w), Severity::Minor);
    let renamed = redlined(&w, "ph", "name", &json!("pH of the pool"));
    in_force(&mut w, renamed);
    assert_eq!(severity(&w), Severity::Minor);
    for (member, value) in [("low", json!("6.5")), ("mandatory", json!(false))] {
        let looser = redlined(&w, "ph", member, &value);
        in_force(&mut w, looser);
        assert_eq!(severity(&w), Severity::Major, "{member}");
    }
    assert_eq!(w.replay().recipe, w.run.recipe);
}

#[test]
fn what_a_sample_is_tested_against_stands_once_the_sample_is_taken() {
    let mut w = World::new(judged());
    let before = redlined(&w, "purity", "name", &json!("Purity by HPLC"));
    w.does(by("eva"), propose(before));
    w.does(by("sue"), decides(1, true));
    w.does(by("ana"), w.start("A~1/take~1"));
    let mut taken = w.record("A~1/take~1/s", "");
    if let RunCommand::RecordEntry(RecordEntry { input, .. }) = &mut taken {
        input.value = json!({ "id": "S-1" });
    }
    w.does(by("ana"), taken);
    assert_eq!(w.refused(by("quinn"), decides(1, true)), "specification-stands");
    w.does(by("quinn"), decides(1, false));
    let after = redlined(&w, "purity", "method", &json!("another"));
    assert_eq!(w.refused(by("eva"), propose(after)), "specification-stands");
}
