//! Who speaks in the first phase, who retests, and what happens when an analyst is no longer there.

use super::laboratory::{
    ASSAY, cause, corrects, decides, deviates, entry, no_cause, one, plan, reports, speak,
    statement, takes, tests,
};
use super::specifications::{conforms, determined};
use super::world::{World, by};
use batchwright::domain::run::acts::RunCommand;
use batchwright::domain::run::obligations::Status;
use serde_json::json;
use std::sync::Arc;

/// Somebody leaves: the account is no longer active.
fn leaves(w: &mut World, user_name: &str) {
    let mut people = w.people.as_ref().clone();
    for person in people.iter_mut().filter(|person| person.user_name == user_name) {
        person.active = false;
    }
    w.people = Arc::new(people);
}

fn unavailable(analyst: &str, claim: Option<u32>) -> RunCommand {
    let mut said = statement(claim);
    said["unavailable"] =
        json!({ "analyst": { "user_name": analyst }, "reason": "left the company in May" });
    takes(said)
}

fn other_analyst(analyst: &str) -> RunCommand {
    takes(json!({ "phase": "other-analyst", "analyst": { "user_name": analyst },
        "reason": "left the company in May" }))
}

// shows: C211-165.b
#[test]
fn the_analyst_of_the_first_phase_tested_what_is_judged() {
    let mut w = one();
    tests(&mut w, "lab", &["90"]);
    // An unplanned repeat gives nobody a voice about what another found.
    tests(&mut w, "lena", &["98"]);
    speak(&mut w, &["lena", "luz"], None);
    assert_eq!(w.refused(by("quinn"), no_cause()), "laboratory-first");
    assert_eq!(w.refused(by("quinn"), cause(1)), "laboratory-first");
    let mut spoken = w.clone();
    speak(&mut spoken, &["lab"], None);
    spoken.does(by("quinn"), no_cause());
    deviates(&mut spoken);
    for tester in ["lab", "lena"] {
        assert_eq!(spoken.refused(by("quentin"), plan(1, tester)), "retest-analyst", "{tester}");
    }
    spoken.does(by("quentin"), plan(1, "lars"));
    // Where her own is outside too, each speaks.
    tests(&mut w, "lena", &["91"]);
    speak(&mut w, &["lab", "luz"], None);
    assert_eq!(w.refused(by("quinn"), no_cause()), "laboratory-first");
    speak(&mut w, &["lena"], None);
    w.does(by("quinn"), no_cause());
}

// shows: C211-165.b
#[test]
fn a_statement_about_a_claim_counts_for_that_claim_alone_and_a_cause_has_raw_data() {
    let mut w = one();
    tests(&mut w, "lab", &["90"]);
    for value in ["98", "99"] {
        let better = corrects(&w, 1, value, json!({}));
        w.does(by("lab"), better);
    }
    speak(&mut w, &["lab", "luz"], Some(1));
    assert_eq!(w.refused(by("quinn"), no_cause()), "laboratory-first");
    assert_eq!(w.refused(by("quinn"), decides(2, true)), "laboratory-first");
    // What is concluded of a claim examines nothing that stands outside.
    w.does(by("quinn"), decides(1, false));
    w.does(by("lab"), takes(statement(Some(2))));
    w.does(by("quinn"), decides(2, false));
    deviates(&mut w);
    assert_eq!(w.refused(by("quentin"), plan(1, "lena")), "phase-one-first");
}

// shows: C211-165.b
#[test]
fn a_cause_that_is_found_is_shown_by_raw_data() {
    let mut w = one();
    tests(&mut w, "lab", &["90"]);
    let mut bare = statement(None);
    bare["raw_data"] = json!([]);
    for who in ["lab", "luz"] {
        w.does(by(who), takes(bare.clone()));
    }
    assert_eq!(w.refused(by("quinn"), cause(1)), "laboratory-first");
    w.clone().does(by("quinn"), no_cause());
    speak(&mut w, &["luz"], None);
    w.does(by("quinn"), cause(1));
}

// shows: C211-165.b
#[test]
fn when_the_first_analyst_has_left_two_of_the_laboratory_speak_all_the_same() {
    let mut w = one();
    tests(&mut w, "lab", &["90"]);
    let better = corrects(&w, 1, "98", json!({}));
    w.does(by("lab"), better);
    leaves(&mut w, "lab");
    // Only who directs the laboratory says so, of somebody who tested, and why.
    assert_eq!(w.refused(by("lena"), unavailable("lab", None)), "authority-missing");
    assert_eq!(w.refused(by("luz"), unavailable("lena", None)), "malformed");
    assert_eq!(w.refused(by("luz"), unavailable("nobody", None)), "malformed");
    assert_eq!(w.refused(by("lena"), takes(statement(None))), "authority-missing");
    for claim in [None, Some(1)] {
        let order = if claim.is_some() { decides(1, true) } else { no_cause() };
        w.does(by("luz"), unavailable("lab", claim));
        assert_eq!(w.refused(by("quinn"), order.clone()), "laboratory-first");
        // Not the same person in both places.
        w.does(by("luz"), takes(statement(claim)));
        assert_eq!(w.refused(by("quinn"), order.clone()), "laboratory-first");
        w.does(by("lena"), takes(statement(claim)));
        w.does(by("quinn"), order);
    }
    w.does(by("quentin"), reports(1));
    assert_eq!(conforms(&w, ASSAY).status, Status::Met);
    let said = serde_json::to_value(&entry(&w).investigation[2].step).expect("a step");
    assert_eq!(said["speaker"], "substitute", "{said}");
    assert_eq!(w.replay().release_entries["assay"].determinations, entry(&w).determinations);
}

// shows: C211-165.b
#[test]
fn a_claim_is_refused_on_one_voice_of_the_laboratory() {
    let mut w = one();
    tests(&mut w, "lab", &["98"]);
    let better = corrects(&w, 1, "99", json!({}));
    w.does(by("lab"), better);
    assert_eq!(w.refused(by("quinn"), decides(1, false)), "laboratory-first");
    speak(&mut w, &["luz"], Some(1));
    assert_eq!(w.refused(by("quinn"), decides(1, true)), "laboratory-first");
    w.does(by("quinn"), decides(1, false));
    assert_eq!(entry(&w).determinations[0].value().shown, "98 %");
}

// shows: C211-165.b
#[test]
fn another_analyst_takes_over_the_rest_of_a_plan_by_a_signed_step() {
    let mut w = one();
    tests(&mut w, "lab", &["90"]);
    speak(&mut w, &["lab", "luz"], None);
    w.does(by("quinn"), no_cause());
    deviates(&mut w);
    assert_eq!(w.refused(by("quentin"), other_analyst("lars")), "nothing-to-investigate");
    let mut left = w.clone();
    leaves(&mut left, "lena");
    assert_eq!(left.refused(by("quentin"), plan(2, "lena")), "retest-analyst");
    w.does(by("quentin"), plan(2, "lena"));
    tests(&mut w, "lena", &["97.9"]);
    leaves(&mut w, "lena");
    assert_eq!(w.refused(by("quentin"), reports(1)), "testing-unfinished");
    // Nobody but quality, and not who concluded the first phase; under the conditions of a plan.
    assert_eq!(w.refused(by("luz"), other_analyst("lars")), "authority-missing");
    assert_eq!(w.refused(by("quinn"), other_analyst("lars")), "requester-is-approver");
    assert_eq!(w.refused(by("quentin").unsigned(), other_analyst("lars")), "signature-required");
    for (who, code) in
        [("lab", "retest-analyst"), ("ana", "retest-analyst"), ("lena", "retest-analyst")]
    {
        assert_eq!(w.refused(by("quentin"), other_analyst(who)), code, "{who}");
    }
    let mut silent = w.clone();
    silent.does(by("lars"), determined("97.8", json!({})));
    assert!(entry(&silent).determinations[2].told.repeat, "not before quality says so");
    w.does(by("quentin"), other_analyst("lars"));
    tests(&mut w, "lars", &["97.8"]);
    assert!(!entry(&w).determinations[2].told.repeat);
    w.does(by("quentin"), reports(1));
    assert_eq!(conforms(&w, ASSAY).status, Status::Open);
    assert_eq!(w.replay().release_entries["assay"].determinations, entry(&w).determinations);
}
