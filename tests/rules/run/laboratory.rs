//! What a laboratory result stands on: the values that count now, every correction judged, every run judged.

use super::specifications::{begun, conforms, determined};
use super::world::{World, at_entry, by};
use batchwright::domain::entry::Input;
use batchwright::domain::exception::ExceptionKind;
use batchwright::domain::ids::{RecordKey, RecordKind};
use batchwright::domain::run::EntryRun;
use batchwright::domain::run::acts::linked::ExceptionsToDeviation;
use batchwright::domain::run::acts::{
    CorrectEntry, DecideNotDeviation, InvestigateResult, RunCommand, RunEvent,
};
use batchwright::domain::run::obligations::Status;
use serde_json::{Value, json};

pub const ASSAY: &str = "release/assay";

/// A run that reports one of two, or their mean, unless they are too far apart.
pub fn two(reportable: &str, range: &str) -> World {
    begun(&json!({ "per": "run", "replicates": 2, "reportable": reportable,
        "spread": { "range": range } }))
}

pub fn one() -> World {
    begun(&json!({ "per": "run" }))
}

pub fn tests(w: &mut World, who: &str, values: &[&str]) {
    for value in values {
        w.does(by(who), determined(value, json!({})));
    }
}

pub fn entry(w: &World) -> &EntryRun {
    &w.run.release_entries["assay"]
}

/// A correction, of the number alone or of more.
pub fn corrects(w: &World, determination: u32, value: &str, more: Value) -> RunCommand {
    let mut sent = json!({ "value": value, "determination": determination });
    for (member, said) in more.as_object().expect("members") {
        sent[member] = said.clone();
    }
    let (at, reason) = (at_entry("assay"), Some("misread".to_owned()));
    let (input, expected) =
        (Input { value: sent, unit: Some("%".into()) }, Some(w.entry_seq(&at_entry("assay"))));
    RunCommand::CorrectEntry(CorrectEntry {
        at,
        input,
        reason,
        slip: false,
        confirmed: false,
        expected,
    })
}

pub fn takes(step: Value) -> RunCommand {
    let step = serde_json::from_value(step).expect("a step");
    RunCommand::InvestigateResult(InvestigateResult { at: at_entry("assay"), of: None, step })
}

/// A statement of the laboratory with its raw data.
pub fn statement(claim: Option<u32>) -> Value {
    let raw = json!({ "name": "run.csv", "sha256": "00", "bytes": 1, "media_type": "text/csv" });
    json!({ "phase": "laboratory", "finding": "read again", "raw_data": [raw], "claim": claim })
}

pub fn speak(w: &mut World, who: &[&str], claim: Option<u32>) {
    for who in who {
        w.does(by(who), takes(statement(claim)));
    }
}

pub fn decides(claim: u32, accepted: bool) -> RunCommand {
    takes(json!({ "phase": "transcription", "claim": claim, "accepted": accepted,
        "conclusion": "the printout says so" }))
}

pub fn no_cause() -> RunCommand {
    takes(
        json!({ "phase": "assignable-cause", "found": false, "cause": "none", "invalidates": [] }),
    )
}

pub fn cause(determination: u32) -> RunCommand {
    takes(json!({ "phase": "assignable-cause", "found": true, "cause": "standard expired",
        "invalidates": [determination] }))
}

pub fn plan(retests: u32, analyst: &str) -> RunCommand {
    takes(json!({ "phase": "retest-plan", "retests": retests, "rationale": "another analyst",
        "analyst": { "user_name": analyst } }))
}

pub fn reports(determination: u32) -> RunCommand {
    let conclusion = "as found";
    takes(
        json!({ "phase": "reportable", "determination": determination, "conclusion": conclusion }),
    )
}

/// Exceptions that nobody has decided on become part of a deviation.
pub fn deviates(w: &mut World) {
    let exceptions = w.run.exceptions.iter().filter(|it| it.triage.is_none());
    let exceptions = exceptions.map(|it| it.opened.no).collect();
    let record = RecordKey::new(RecordKind::Deviation, uuid::Uuid::from_u128(0xD));
    let deviation = "D-1".to_owned();
    w.hears(
        by("quinn"),
        RunEvent::ExceptionsToDeviation(ExceptionsToDeviation { exceptions, deviation, record }),
    );
}

fn opened(w: &World, kind: ExceptionKind) -> usize {
    w.run.exceptions.iter().filter(|it| it.opened.kind == kind).count()
}

/// The value of the run of tests that this determination completed.
fn joined(w: &World, no: usize) -> String {
    let run = entry(w).determinations[no - 1].run.as_ref().expect("a run of tests");
    run.value.as_ref().map_or_else(String::new, |value| value.shown.clone())
}

fn open(w: &World) -> bool {
    conforms(w, ASSAY).status == Status::Open
}

// shows: C211-165.b
#[test]
fn a_single_corrected_to_the_worse_before_the_next_counts_at_once() {
    let mut w = two("mean", "9.0");
    tests(&mut w, "lab", &["97.5"]);
    let worse = corrects(&w, 1, "93.0", json!({}));
    w.does(by("lab"), worse);
    assert!(!entry(&w).claims[0].told.claimed);
    tests(&mut w, "lab", &["97.5"]);
    assert!(joined(&w, 2).starts_with("95.25"), "{}", joined(&w, 2));
    assert!(open(&w));
    assert_eq!(opened(&w, ExceptionKind::OutOfSpecification), 1);
    // To the better it is claimed, whatever comes second.
    let mut w = two("mean", "9.0");
    tests(&mut w, "lab", &["93.0"]);
    let better = corrects(&w, 1, "97.5", json!({}));
    w.does(by("lab"), better);
    assert!(entry(&w).claims[0].told.claimed);
    tests(&mut w, "lab", &["97.5"]);
    assert!(open(&w));
    speak(&mut w, &["lab", "luz"], Some(1));
    w.does(by("quinn"), decides(1, true));
    w.does(by("quentin"), reports(2));
    assert!(joined(&w, 2).starts_with("97.5 "), "{}", joined(&w, 2));
    assert!(!open(&w), "{:?}", conforms(&w, ASSAY));
    assert_eq!(w.replay().release_entries["assay"].determinations, entry(&w).determinations);
}

// shows: C211-165.b
#[test]
fn an_accepted_claim_counts_with_what_stands_then_and_not_with_what_stood_when_it_was_made() {
    let mut w = two("mean", "9.0");
    tests(&mut w, "lab", &["96.0", "98.4"]);
    let better = corrects(&w, 1, "97.0", json!({}));
    w.does(by("lab"), better);
    let worse = corrects(&w, 2, "95.0", json!({}));
    w.does(by("lab"), worse);
    assert!(joined(&w, 2).starts_with("95.5"), "{}", joined(&w, 2));
    speak(&mut w, &["lab", "luz"], Some(1));
    w.does(by("quinn"), decides(1, true));
    assert!(joined(&w, 2).starts_with("96 "), "{}", joined(&w, 2));
    assert!(open(&w));
    // Two claims on one run: both count.
    let mut w = two("mean", "9.0");
    tests(&mut w, "lab", &["96.0", "98.0"]);
    for (no, value) in [(1, "97.0"), (2, "99.0")] {
        let better = corrects(&w, no, value, json!({}));
        w.does(by("lab"), better);
    }
    for claim in [1, 2] {
        speak(&mut w, &["lab", "luz"], Some(claim));
        w.does(by("quinn"), decides(claim, true));
    }
    assert!(joined(&w, 2).starts_with("98 "), "{}", joined(&w, 2));
    assert_eq!(w.replay().release_entries["assay"].determinations, entry(&w).determinations);
}

// shows: C211-165.b
#[test]
fn a_claim_is_overtaken_by_a_later_correction_of_its_determination() {
    let mut w = one();
    tests(&mut w, "lab", &["98"]);
    let better = corrects(&w, 1, "99", json!({}));
    w.does(by("lab"), better);
    speak(&mut w, &["lab", "luz"], Some(1));
    let worse = corrects(&w, 1, "90", json!({}));
    w.does(by("lab"), worse);
    assert_eq!(opened(&w, ExceptionKind::OutOfSpecification), 1);
    assert_eq!(w.refused(by("quinn"), decides(1, true)), "claim-overtaken");
    w.does(by("quinn"), decides(1, false));
    assert_eq!(entry(&w).determinations[0].value().shown, "90 %");
    assert!(open(&w));
    // Of two claims on one determination the first that is accepted overtakes the other.
    let mut w = one();
    tests(&mut w, "lab", &["98"]);
    for value in ["98.5", "99.5"] {
        let better = corrects(&w, 1, value, json!({}));
        w.does(by("lab"), better);
    }
    for claim in [1, 2] {
        speak(&mut w, &["lab", "luz"], Some(claim));
    }
    w.does(by("quinn"), decides(2, true));
    assert_eq!(w.refused(by("quinn"), decides(1, true)), "claim-overtaken");
}

// shows: C211-165.b
#[test]
fn a_correction_to_the_worse_counts_also_when_it_names_another_item() {
    let mut w = one();
    w.does(by("lab"), determined("98", json!({ "item": "F-1" })));
    let moved = json!({ "item": "F-2", "method_version": "2" });
    let worse = corrects(&w, 1, "90", moved);
    w.does(by("lab"), worse);
    let tested = &entry(&w).determinations[0];
    assert_eq!(
        (tested.value().shown.as_str(), &tested.value().data["item"]),
        ("90 %", &json!("F-1"))
    );
    assert_eq!(opened(&w, ExceptionKind::OutOfSpecification), 1);
    let claimed: Vec<_> = entry(&w).claims.iter().map(|it| it.told.claimed).collect();
    assert_eq!(claimed, [false, true], "the other item is claimed");
    assert!(open(&w));
    // The claim of the other item alone, accepted, is judged like a determination.
    speak(&mut w, &["lab", "luz"], Some(2));
    w.does(by("quinn"), decides(2, true));
    assert_eq!(opened(&w, ExceptionKind::OutOfSpecification), 2);
    assert_eq!(entry(&w).determinations[0].value().data["item"], "F-2");
    assert_eq!(w.refused(by("quentin"), reports(1)), "phase-one-first");
    assert_eq!(w.replay().release_entries["assay"].determinations, entry(&w).determinations);
}

// shows: C211-192b.d, C211-165.b
#[test]
fn what_a_correction_puts_outside_is_a_deviation_before_the_second_phase() {
    let phase_two = || {
        let review = takes(json!({ "phase": "production-review", "finding": "in order" }));
        let ends = takes(json!({ "phase": "inconclusive", "conclusion": "nothing found" }));
        [("quentin", plan(2, "lena")), ("sue", review), ("quentin", ends)]
    };
    // One that fails itself, and one by which the mean of a run fails that another completed.
    for (reportable, of) in [("worst", 1), ("mean", 1), ("mean", 2)] {
        let mut w = two(reportable, "9.0");
        tests(&mut w, "lab", &["97.5", "97.5"]);
        let worse = corrects(&w, of, "93.0", json!({}));
        w.does(by("lab"), worse);
        assert!(open(&w));
        speak(&mut w, &["lab", "luz"], None);
        w.does(by("quinn"), no_cause());
        for (who, order) in phase_two() {
            assert_eq!(w.refused(by(who), order), "second-phase-needs-deviation", "{reportable}");
        }
        let rationale = "no effect".to_owned();
        let waved = RunCommand::DecideNotDeviation(DecideNotDeviation { exception: 1, rationale });
        assert_eq!(w.refused(by("quinn"), waved), "must-be-a-deviation", "{reportable} {of}");
        deviates(&mut w);
        for (who, order) in phase_two() {
            w.clone().does(by(who), order);
        }
    }
    // What was examined is examined again when another of its run is corrected.
    let mut w = two("mean", "9.0");
    tests(&mut w, "lab", &["96.5", "96.5"]);
    speak(&mut w, &["lab", "luz"], None);
    w.does(by("quinn"), no_cause());
    deviates(&mut w);
    w.clone().does(by("quentin"), plan(2, "lena"));
    let worse = corrects(&w, 1, "93.0", json!({}));
    w.does(by("lab"), worse);
    assert_eq!(w.refused(by("quentin"), plan(2, "lena")), "phase-one-first");
    speak(&mut w, &["lab", "luz"], None);
    w.does(by("quinn"), no_cause());
    assert_eq!(w.refused(by("quentin"), plan(2, "lena")), "second-phase-needs-deviation");
}

// shows: C211-165.b, C211-165.c
#[test]
fn a_single_that_fails_by_itself_is_hidden_by_no_spread() {
    let mut w = two("worst", "1.0");
    tests(&mut w, "lab", &["97.5", "99.9"]);
    assert!(entry(&w).determinations.iter().all(|it| it.invalidated.is_some()));
    let worse = corrects(&w, 1, "90", json!({}));
    w.does(by("lab"), worse);
    assert!(!entry(&w).claims[0].told.claimed);
    assert!(entry(&w).determinations.iter().all(|it| it.invalidated.is_none()));
    assert_eq!(opened(&w, ExceptionKind::OutOfSpecification), 1);
    // A correction that puts two apart counts at once, and says so.
    let mut w = two("mean", "1.0");
    tests(&mut w, "lab", &["97.5", "97.5"]);
    let worse = corrects(&w, 1, "93.0", json!({}));
    w.does(by("lab"), worse);
    assert!(!entry(&w).claims[0].told.claimed);
    assert_eq!(opened(&w, ExceptionKind::OutOfControl), 1);
    assert!(open(&w));
}

// shows: C211-165.b
#[test]
fn the_runs_of_every_plan_are_judged_by_their_spread() {
    let mut w = two("worst", "1.0");
    tests(&mut w, "lab", &["97.5", "97.7"]);
    speak(&mut w, &["lab", "luz"], None);
    for no in [1, 2] {
        w.does(by("quinn"), cause(no));
    }
    assert_eq!(w.refused(by("quentin"), plan(1, "lena")), "malformed", "half a run has no spread");
    w.does(by("quentin"), plan(2, "lena"));
    tests(&mut w, "lena", &["97", "99.9"]);
    assert!(entry(&w).determinations.iter().all(|it| it.invalidated.is_some()));
    assert_eq!(opened(&w, ExceptionKind::OutOfControl), 1);
    assert_eq!(w.refused(by("quentin"), reports(3)), "determination-does-not-count");
    assert!(open(&w));
    // The method says never again: only in a deviation.
    assert_eq!(w.refused(by("quentin"), plan(2, "lena")), "second-phase-needs-deviation");
    let waved = RunCommand::DecideNotDeviation(DecideNotDeviation {
        exception: 1,
        rationale: "no effect".into(),
    });
    assert_eq!(w.refused(by("quinn"), waved), "must-be-a-deviation");
    deviates(&mut w);
    w.does(by("quentin"), plan(2, "lena"));
}

// shows: C211-165.b
#[test]
fn invalid_runs_under_plans_count_against_what_the_method_lets_be_repeated() {
    for repeats in [0, 1] {
        let mut w = begun(&json!({ "per": "run", "replicates": 2, "reportable": "mean",
            "spread": { "range": "1.0", "repeats": repeats } }));
        for _ in 0..=repeats {
            tests(&mut w, "lab", &["93", "98"]);
        }
        speak(&mut w, &["lab", "luz"], None);
        w.does(by("quinn"), no_cause());
        for again in ["93", "94"] {
            assert_eq!(
                w.refused(by("quentin"), plan(2, "lena")),
                "second-phase-needs-deviation",
                "{again}"
            );
            deviates(&mut w);
            w.does(by("quentin"), plan(2, "lena"));
            tests(&mut w, "lena", &[again, "98.5"]);
        }
    }
}

// shows: C211-160.b
#[test]
fn who_lacks_the_authority_never_fills_the_place_of_an_original() {
    let mut w = one();
    tests(&mut w, "ana", &["98"]);
    let told = &entry(&w).determinations[0].told;
    assert!(told.repeat);
    assert!(w.run.exceptions.iter().any(|it| it.opened.kind == ExceptionKind::Unqualified));
    assert!(open(&w));
    tests(&mut w, "lab", &["98.2"]);
    assert!(!entry(&w).determinations[1].told.repeat);
    // What was found outside stands against all the same.
    let mut w = one();
    tests(&mut w, "ana", &["90"]);
    tests(&mut w, "lab", &["98.2"]);
    assert!(open(&w));
}
