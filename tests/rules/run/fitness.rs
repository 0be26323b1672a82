//! Which result speaks for which lot, and for how long: after reprocessing, corrections, rejections, claims.

use super::scene::{master, step};
use super::specifications::{begun, conforms, determined, lot, owing};
use super::world::{World, at_entry, by};
use batchwright::domain::entry::Input;
use batchwright::domain::exception::ExceptionKind;
use batchwright::domain::run::acts::outcome::LotDecided;
use batchwright::domain::run::acts::{
    CorrectEntry, DecideAmendment, InvestigateResult, ProposeAmendment, RecordEntry, RunCommand,
    RunEvent,
};
use batchwright::domain::run::amendment::Change;
use batchwright::domain::run::obligations::conforms::tested_anew;
use batchwright::domain::run::obligations::{
    Obligation, ObligationFacts, Stage, Status, not_conforming, obligations,
};
use batchwright::domain::run::testing::{Investigated, InvestigationStep};
use serde_json::{Value, json};

pub const ASSAY: &str = "release/assay";

pub fn owed(w: &World, id: &str) -> Option<Obligation> {
    let list = obligations(&w.run, &ObligationFacts::default(), w.now);
    list.into_iter().find(|owed| owed.id == id)
}

pub fn said(w: &World) -> String {
    conforms(w, ASSAY).evidence.unwrap_or_default()
}

pub fn in_force(w: &mut World, change: Change) {
    let (reason, assessment) = ("turbid".to_owned(), "filtered again".to_owned());
    w.does(
        by("eva"),
        RunCommand::ProposeAmendment(ProposeAmendment { change, reason, assessment }),
    );
    let no = u32::try_from(w.run.amendments.len()).expect("few");
    for who in ["sue", "quinn"] {
        let conclusion = "agreed".to_owned();
        w.does(
            by(who),
            RunCommand::DecideAmendment(DecideAmendment { no, approved: true, conclusion }),
        );
    }
}

pub fn reprocess(lot: Option<&str>) -> Change {
    let lot = lot.map(str::to_owned);
    Change::Reprocess { operation: "OP-1".into(), times: 1, lot }
}

pub fn rejected(w: &mut World, number: &str) {
    let (lot, disposition) = (number.to_owned(), "rejected".to_owned());
    w.hears(by("quinn"), RunEvent::LotDecided(LotDecided { lot, disposition, lot_seq: 2 }));
}

pub fn investigated(w: &mut World, of: Option<&str>, step: InvestigationStep) {
    let (at, of) = (at_entry("assay"), of.map(str::to_owned));
    let told = Investigated {
        at,
        of,
        step,
        reported: None,
        reopens: None,
        run: None,
        exceptions: Vec::new(),
    };
    w.hears(by("quinn"), RunEvent::ResultInvestigated(Box::new(told)));
}

fn set_aside(w: &mut World, of: Option<&str>, invalidates: Vec<u32>) {
    let cause = "the wrong name was typed".to_owned();
    let step = InvestigationStep::AssignableCause { found: true, cause, invalidates };
    investigated(w, of, step);
}

/// A correction of the newest determination, which the raw data show to be right.
fn corrected(w: &mut World, of: Option<&str>, value: Value) {
    let claim = u32::try_from(w.entry(&at_entry("assay")).expect("tested").claims.len());
    let claim = claim.expect("few") + 1;
    let (input, reason) = (Input { value, unit: Some("%".into()) }, Some("misread".to_owned()));
    let (at, expected) = (at_entry("assay"), Some(w.entry_seq(&at_entry("assay"))));
    let (slip, confirmed) = (false, false);
    w.does(
        by("lab"),
        RunCommand::CorrectEntry(CorrectEntry { at, input, reason, slip, confirmed, expected }),
    );
    let conclusion = "shown by the raw data".to_owned();
    investigated(w, of, InvestigationStep::Transcription { claim, accepted: true, conclusion });
}

/// A run whose one step has these entries, and whose product is assayed.
pub fn made(entries: &Value, more: &Value) -> World {
    let assay = &owing(more).run.recipe.release_specifications[0];
    let make = step("make", entries.clone(), json!({}));
    let operation = json!({ "id": "OP-1", "name": "Make", "steps": [make] });
    let mut w = World::new(master(json!([operation]), json!([]), json!([assay])));
    w.does(by("ana"), w.start("OP-1~1/make~1"));
    w
}

/// The same with a sample, on which the assay is made.
fn sampled(more: &Value) -> World {
    let mut more = more.clone();
    more["sample"] = json!("s");
    made(&json!([{ "id": "s", "name": "Sample", "kind": "sample", "point": "vessel" }]), &more)
}

/// The operation is done once more.
fn again(w: &mut World) {
    w.does(by("ana"), w.complete("OP-1~1/make~1"));
    w.does(by("sue"), w.close("OP-1~1"));
    w.later(5);
    w.does(by("ana"), w.start("OP-1~2/make~1"));
    w.later(5);
}

// shows: C211-165.a, C211-165.d
// finding: G2
#[test]
fn what_was_reprocessed_is_tested_anew_and_an_older_result_speaks_for_it_no_more() {
    for per in [json!({ "per": "run" }), json!({})] {
        let mut w = made(&json!([]), &per);
        let named = json!({ "item": "F-1" });
        w.does(by("lab"), determined("98.0", named.clone()));
        assert_eq!(conforms(&w, ASSAY).status, Status::Met);
        in_force(&mut w, reprocess(None));
        assert_eq!(conforms(&w, ASSAY).status, Status::Met, "nothing was done to it yet");
        again(&mut w);
        w.does(by("ana"), lot("L-1"));
        let open = conforms(&w, ASSAY);
        assert_eq!(open.status, Status::Open, "{open:?}");
        assert!(said(&w).contains("reprocessed since by change 1, not tested anew"), "{open:?}");
        w.later(5);
        w.does(by("lab"), determined("98.3", named.clone()));
        let met = conforms(&w, ASSAY);
        assert_eq!(met.status, Status::Met, "{met:?}");
        let repeats =
            |w: &World| w.run.exceptions.iter().any(|it| it.opened.kind == ExceptionKind::Repeat);
        assert!(!repeats(&w), "it is owed, and so no repeat");
        assert_eq!(w.replay().release_entries["assay"].anew, w.run.release_entries["assay"].anew);
        // Once more is one.
        w.does(by("lab"), determined("98.4", named));
        assert!(repeats(&w));
    }
    // What failed before stands against it.
    let mut w = made(&json!([]), &json!({ "per": "run" }));
    w.does(by("lab"), determined("90.0", json!({ "item": "F-1" })));
    in_force(&mut w, reprocess(None));
    again(&mut w);
    w.does(by("lab"), determined("98.0", json!({ "item": "F-1" })));
    assert!(said(&w).contains("90.0"), "{}", said(&w));
}

fn sample(w: &World, at: &str, value: Value) -> RunCommand {
    let first = w.entry(&at_entry(at)).is_none_or(|entry| entry.versions.is_empty());
    let mut command =
        if first { w.record(at, "") } else { w.correct(at, "", Some("misread"), false) };
    match &mut command {
        RunCommand::RecordEntry(RecordEntry { input, .. })
        | RunCommand::CorrectEntry(CorrectEntry { input, .. }) => {
            *input = Input { value, unit: None };
        }
        other => unreachable!("{other:?}"),
    }
    command
}

// shows: C211-165.a
// finding: G2
#[test]
fn a_sample_taken_before_the_reprocessing_does_not_test_it_anew() {
    let mut w = sampled(&json!({ "per": "run" }));
    w.does(by("ana"), sample(&w, "OP-1~1/make~1/s", json!({ "id": "S-1" })));
    in_force(&mut w, reprocess(None));
    again(&mut w);
    w.does(by("lab"), determined("98.0", json!({ "sample": "S-1" })));
    assert_eq!(conforms(&w, ASSAY).status, Status::Open, "{}", said(&w));
    w.does(by("ana"), sample(&w, "OP-1~2/make~1/s", json!({ "id": "S-2" })));
    w.does(by("lab"), determined("98.1", json!({ "sample": "S-2" })));
    assert_eq!(conforms(&w, ASSAY).status, Status::Met, "{}", said(&w));
}

// shows: C211-165.a
// finding: G1
#[test]
fn a_determination_that_is_corrected_to_another_lot_speaks_for_neither() {
    let mut w = begun(&json!({}));
    for number in ["L-1", "L-2"] {
        w.does(by("ana"), lot(number));
    }
    w.does(by("lab"), determined("98.0", json!({ "lot": "L-2", "item": "L-2" })));
    w.does(by("lab"), determined("98.0", json!({ "lot": "L-1", "item": "C-1" })));
    assert_eq!(conforms(&w, ASSAY).status, Status::Met, "{}", said(&w));
    let moved = json!({ "value": "98.0", "method_version": "1", "lot": "L-2", "item": "C-1" });
    corrected(&mut w, Some("L-1"), moved);
    assert_eq!(conforms(&w, ASSAY).status, Status::Open, "{}", said(&w));
    // One lot by its word, another by the item.
    let mut w = begun(&json!({}));
    for number in ["L-1", "L-2"] {
        w.does(by("ana"), lot(number));
    }
    w.does(by("lab"), determined("98.0", json!({ "item": "L-2" })));
    w.does(by("lab"), determined("98.0", json!({ "lot": "L-1", "item": "L-2" })));
    assert!(said(&w).contains("the item is L-2"), "{}", said(&w));
    // One container for two lots.
    let mut w = begun(&json!({}));
    for number in ["L-1", "L-2"] {
        w.does(by("ana"), lot(number));
        w.does(by("lab"), determined("98.0", json!({ "lot": number, "item": "C-1" })));
    }
    assert!(said(&w).contains("C-1 is named as the item tested of"), "{}", said(&w));
}

// shows: C211-165.a
// finding: G1
#[test]
fn a_sample_says_of_which_lot_it_is() {
    let at = "OP-1~1/make~1/s";
    let mut w = sampled(&json!({}));
    w.does(by("ana"), sample(&w, at, json!({ "id": "S-1" })));
    for number in ["L-1", "L-2"] {
        w.does(by("ana"), lot(number));
        w.does(by("lab"), determined("98.0", json!({ "sample": "S-1", "lot": number })));
    }
    assert!(said(&w).contains("sample S-1 does not say of which"), "{}", said(&w));
    // The only lot: an unnamed result speaks for it, unless the sample turns out to be of another.
    let mut w = sampled(&json!({}));
    w.does(by("ana"), sample(&w, at, json!({ "id": "S-1" })));
    w.does(by("lab"), determined("98.0", json!({ "sample": "S-1" })));
    w.does(by("ana"), lot("L-1"));
    assert_eq!(conforms(&w, ASSAY).status, Status::Met, "{}", said(&w));
    w.does(by("ana"), sample(&w, at, json!({ "id": "S-1", "lot": "OTHER-9" })));
    assert!(said(&w).contains("its sample is of OTHER-9"), "{}", said(&w));
}

fn decided_inconclusive(w: &mut World) {
    let all = || "as documented".to_owned();
    let step = InvestigationStep::DecidedInconclusive {
        investigation: all(),
        production_review: all(),
        process_history: all(),
        retests: vec![2],
    };
    investigated(w, None, step);
}

// shows: C211-165.a
// finding: G3
#[test]
fn a_decision_about_what_is_inconclusive_falls_only_by_what_decides_or_counts() {
    let mut w = begun(&json!({ "per": "run" }));
    w.does(by("lab"), determined("90.0", json!({ "item": "F-1" })));
    decided_inconclusive(&mut w);
    assert_eq!(conforms(&w, ASSAY).status, Status::DecidedInconclusive);
    let (finding, raw_data) = ("nothing new".to_owned(), Vec::new());
    let step = InvestigationStep::Laboratory {
        speaker: None,
        finding,
        raw_data,
        claim: None,
        unavailable: None,
    };
    w.does(
        by("lab"),
        RunCommand::InvestigateResult(InvestigateResult { at: at_entry("assay"), of: None, step }),
    );
    assert_eq!(conforms(&w, ASSAY).status, Status::DecidedInconclusive, "{}", said(&w));
    w.does(by("lab"), determined("98.0", json!({ "item": "F-1" })));
    assert_eq!(conforms(&w, ASSAY).status, Status::DecidedInconclusive, "{}", said(&w));
    w.does(by("lab"), determined("91.0", json!({ "item": "F-1" })));
    assert_eq!(conforms(&w, ASSAY).status, Status::Open);
    // A sample that nobody knows is found out there too.
    let mut w = begun(&json!({ "per": "run" }));
    w.does(by("lab"), determined("90.0", json!({ "sample": "S-404" })));
    decided_inconclusive(&mut w);
    assert!(said(&w).contains("S-404"), "{}", said(&w));
}

// shows: C211-165.a
// finding: G3
#[test]
fn a_claim_keeps_a_lot_back_and_takes_nothing_back_from_a_released_one() {
    let mut w = begun(&json!({}));
    w.does(by("ana"), lot("L-1"));
    w.does(by("lab"), determined("98.0", json!({ "item": "L-1" })));
    let claim = "result/release/assay/claim/1";
    let value = json!({ "value": "98.0", "method_version": "2" });
    let (input, reason) = (Input { value, unit: Some("%".into()) }, Some("misread".to_owned()));
    let (at, expected) = (at_entry("assay"), Some(w.entry_seq(&at_entry("assay"))));
    let (slip, confirmed) = (false, false);
    let claims =
        RunCommand::CorrectEntry(CorrectEntry { at, input, reason, slip, confirmed, expected });
    w.does(by("lab"), claims.clone());
    assert_eq!(conforms(&w, ASSAY).status, Status::Met);
    let owing = owed(&w, claim).expect("owed");
    assert_eq!((owing.status, owing.stage), (Status::Open, Stage::Release));
    assert!(!owing.waivable);
    let (lot, disposition) = ("L-1".to_owned(), "released".to_owned());
    w.hears(by("quinn"), RunEvent::LotDecided(LotDecided { lot, disposition, lot_seq: 2 }));
    let failing = not_conforming(&w.run, &ObligationFacts::default());
    assert!(!failing.iter().any(|line| line.starts_with("Assay")), "{failing:?}");
    assert_eq!(owed(&w, claim).expect("owed").stage, Stage::AfterRelease);
}

// shows: C211-165.a
// finding: G2
#[test]
fn a_rejected_lot_does_not_keep_back_the_one_that_conforms() {
    for result in [Some("90.0"), None] {
        let mut w = begun(&json!({}));
        for number in ["L-1", "L-2"] {
            w.does(by("ana"), lot(number));
        }
        w.does(by("lab"), determined("98.0", json!({ "item": "L-1" })));
        if let Some(value) = result {
            w.does(by("lab"), determined(value, json!({ "item": "L-2" })));
        }
        assert_eq!(conforms(&w, ASSAY).status, Status::Open);
        rejected(&mut w, "L-2");
        assert_eq!(conforms(&w, ASSAY).status, Status::Met, "{}", said(&w));
        let recorded = owed(&w, "entry/release/assay/recorded").expect("owed");
        assert_eq!(recorded.status, Status::Met, "{recorded:?}");
        let investigated = owed(&w, "result/release/assay/investigated");
        assert_eq!(investigated.is_some(), result.is_some(), "{investigated:?}");
        // Where none is left, nothing is met.
        rejected(&mut w, "L-1");
        assert_eq!(conforms(&w, ASSAY).status, Status::Open);
    }
    // What fails for the run is not excused.
    let mut w = begun(&json!({ "per": "run" }));
    for number in ["L-1", "L-2"] {
        w.does(by("ana"), lot(number));
    }
    w.does(by("lab"), determined("90.0", json!({ "item": "F-1" })));
    rejected(&mut w, "L-2");
    assert_eq!(conforms(&w, ASSAY).status, Status::Open);
    // And neither is what turns out to be of the lot that is left.
    let mut w = begun(&json!({}));
    for number in ["L-1", "L-2"] {
        w.does(by("ana"), lot(number));
    }
    w.does(by("lab"), determined("98.0", json!({ "item": "L-1" })));
    w.does(by("lab"), determined("90.0", json!({ "lot": "L-2", "item": "L-1" })));
    rejected(&mut w, "L-2");
    assert_eq!(conforms(&w, ASSAY).status, Status::Open);
}

// shows: C211-165.a, C211-165.d
// finding: G2
#[test]
fn a_lot_that_was_reprocessed_leaves_the_others_as_they_were_tested() {
    let mut w = made(&json!([]), &json!({}));
    for (number, value) in [("L-1", "90.0"), ("L-2", "98.0")] {
        w.does(by("ana"), lot(number));
        w.does(by("lab"), determined(value, json!({ "item": number })));
    }
    rejected(&mut w, "L-1");
    in_force(&mut w, reprocess(Some("L-1")));
    again(&mut w);
    assert_eq!(conforms(&w, ASSAY).status, Status::Met, "{}", said(&w));
    w.does(by("ana"), lot("L-3"));
    assert!(said(&w).contains("lot L-3"), "{}", said(&w));
    let anew = |w: &World, number: &str| {
        let link = w.run.lots.iter().find(|lot| lot.number == number).expect("yielded");
        tested_anew(&w.run, &w.run.recipe.release_specifications[0], link, 1)
    };
    assert!(!anew(&w, "L-3"), "another lot's result does not make it good");
    w.does(by("lab"), determined("98.2", json!({ "item": "L-3" })));
    assert_eq!(conforms(&w, ASSAY).status, Status::Met, "{}", said(&w));
    assert!(anew(&w, "L-3") && !anew(&w, "L-2"));
}

// shows: C211-165.a
// finding: G1
#[test]
fn a_name_that_no_lot_bears_owes_nothing_once_everything_under_it_is_set_aside() {
    for name in [json!({ "lot": "L-11", "item": "C-9" }), json!({ "item": "C-9" })] {
        let mut w = begun(&json!({}));
        for number in ["L-1", "L-2"] {
            w.does(by("ana"), lot(number));
            w.does(by("lab"), determined("98.0", json!({ "item": number })));
        }
        w.does(by("lab"), determined("90.0", name.clone()));
        assert_eq!(conforms(&w, ASSAY).status, Status::Open);
        set_aside(&mut w, name["lot"].as_str(), vec![3]);
        assert_eq!(conforms(&w, ASSAY).status, Status::Met, "{}", said(&w));
        let recorded = owed(&w, "entry/release/assay/recorded").expect("owed");
        assert_eq!(recorded.status, Status::Met, "{recorded:?}");
    }
    // Alone it is no result.
    let mut w = begun(&json!({}));
    w.does(by("lab"), determined("98.0", json!({ "lot": "L-11", "item": "C-9" })));
    set_aside(&mut w, Some("L-11"), vec![1]);
    assert_eq!(conforms(&w, ASSAY).status, Status::Open);
}
