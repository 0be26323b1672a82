//! A wrong *found running* is taken back by two, stays listed, and what it made late is not late any more.

use super::late_gates::{FILL, fed, guarded, late, owed, pass, waive};
use super::world::{World, at_step, by};
use batchwright::domain::run::acts::{
    DeclareStepNotPerformed, PlaceHold, ReportHappening, RunCommand, TakeBackStep,
};
use batchwright::domain::run::obligations::{ObligationFacts, Status, obligations};
use batchwright::domain::words::{HoldScope, Place};

const STEP: &str = "A~1/fill~1";

fn take_back(step: &str) -> RunCommand {
    RunCommand::TakeBackStep(TakeBackStep {
        step: at_step(step),
        reason: "wrong batch on the tablet".into(),
    })
}

/// Filling was reported in error on this batch.
fn found() -> World {
    let mut w = fed();
    w.later(5);
    w.does(by("ana"), w.record(FILL, "it flows"));
    w.later(5);
    late(&w, STEP);
    w
}

// shows: C211-110c.a
// finding: N21
#[test]
fn a_wrong_report_is_taken_back_by_two_and_the_occurrence_begins_as_if_it_never_had() {
    let mut w = found();
    let open = w.open_exceptions();
    w.does(by("ana").with("ben"), take_back(STEP));
    assert_eq!(w.open_exceptions(), open, "its exception waits for quality");
    assert!(!w.run.steps.contains_key(&at_step(STEP)));
    let gate = owed(&w);
    assert_eq!(gate.status, Status::Open);
    let why = gate.evidence.expect("it stays listed");
    assert!(why.contains("taken back") && !why.contains("not passed before"), "{why}");
    assert_eq!(w.refused(by("quinn"), waive()), "gate-not-late");
    let list = obligations(&w.run, &ObligationFacts::default(), w.now);
    let about = list.iter().find(|owed| owed.id == format!("exception/{}/triaged", open[0]));
    let about = about.and_then(|owed| owed.evidence.clone()).expect("why");
    assert!(
        about.contains("wrong batch on the tablet") && about.contains("Printed ben"),
        "{about}"
    );
    super::late_gates::triage(&mut w);
    w.does(by("sue"), pass());
    w.later(5);
    w.does(by("ana"), w.start(STEP));
    assert_eq!(owed(&w).status, Status::Met);
    assert_eq!(w.replay().taken_back[0].reported(), ["note: it flows"]);
    assert_eq!(w.refused(by("sue").with("ben"), take_back(STEP)), "not-found-running");
}

// shows: C211-110c.a
// finding: N21
#[test]
fn who_reported_it_or_a_supervisor_takes_it_back_and_somebody_else_checks_that() {
    let w = found();
    assert_eq!(w.refused(by("ben").with("sue"), take_back(STEP)), "authority-missing");
    assert_eq!(w.refused(by("quinn").with("ben"), take_back(STEP)), "authority-missing");
    assert_eq!(w.refused(by("ana"), take_back(STEP)), "second-person-required");
    assert_eq!(w.refused(by("ana").with("ana"), take_back(STEP)), "witness-is-performer");
    assert_eq!(w.refused(by("sue").with("ana"), take_back(STEP)), "witness-is-performer");
    assert_eq!(w.refused(by("ana").with("adam"), take_back(STEP)), "authority-missing");
    assert_eq!(w.refused(by("ana").with("ben").unsigned(), take_back(STEP)), "signature-required");
    let silent = RunCommand::TakeBackStep(TakeBackStep { step: at_step(STEP), reason: " ".into() });
    assert_eq!(w.refused(by("ana").with("ben"), silent), "reason-required");
    assert!(w.ask(by("sue").with("ben"), &take_back(STEP)).is_ok());
    assert_eq!(fed().refused(by("sue").with("ben"), take_back(STEP)), "step-not-started");
}

// shows: C211-110c.a
// finding: N21
#[test]
fn nothing_is_taken_back_once_more_than_the_report_stands_on_it() {
    let refused = |w: &World, what: &str| {
        let refusal = w.ask(by("ana").with("ben"), &take_back(STEP)).expect_err("more is there");
        assert_eq!(refusal.rule.code, "more-recorded");
        assert!(refusal.missing.join("; ").contains(what), "{what}: {refusal:?}");
    };
    let mut w = found();
    w.does(by("ana"), w.record("A~1/fill~1/more", "faster"));
    refused(&w, "version 1 of more");
    let mut w = found();
    w.does(by("ana"), w.correct(FILL, "it flowed", Some("wording"), false));
    refused(&w, "version 2 of note");
    let mut w = found();
    w.does(by("ben"), w.check_entry(FILL));
    refused(&w, "check of version 1");
    let mut w = found();
    w.does(by("ana"), w.complete(STEP));
    refused(&w, "completion");
    let mut w = found();
    w.does(by("ana"), w.record("A~1/fill~2/note", "it flows again"));
    refused(&w, "A~1/fill~2");
    let mut w = found();
    w.does(
        by("sue"),
        RunCommand::DeclareStepNotPerformed(DeclareStepNotPerformed {
            step: at_step(STEP),
            reason: "nothing was filled".into(),
        }),
    );
    refused(&w, "not performed");
    let mut w = found();
    w.does(
        by("ana"),
        RunCommand::ReportHappening(ReportHappening {
            place: Place::Step { step: at_step(STEP) },
            what: "a drop fell".into(),
            enclosures: Vec::new(),
        }),
    );
    refused(&w, "event 1");
}

// shows: C211-110c.a
// finding: N21
#[test]
fn an_operation_that_began_by_the_report_alone_is_as_not_begun_too() {
    let mut w = guarded();
    w.does(by("ana"), w.record(FILL, "it flows"));
    w.does(by("ana").with("ben"), take_back(STEP));
    assert!(w.run.operations.is_empty() && w.run.steps.is_empty());
    // What is out of its limits stays counted among what was judged.
    let mut w = guarded();
    w.does(by("ana"), w.record("A~1/feed~1/ph", "7.50"));
    let outside = w.open_exceptions().len();
    w.does(by("ana").with("ben"), take_back("A~1/feed~1"));
    assert_eq!(w.open_exceptions().len(), outside);
    let list = obligations(&w.run, &ObligationFacts::default(), w.now);
    let conforms = list.iter().find(|owed| owed.id == "operation/A~1/conforms").expect("owed");
    assert_eq!(conforms.status, Status::Open, "{conforms:?}");
    let why = conforms.evidence.as_deref().unwrap_or_default();
    assert!(why.contains("taken back"), "{why}");
    // A hold does not keep anybody from saying what did not happen.
    let mut w = found();
    w.does(
        by("quinn"),
        RunCommand::PlaceHold(PlaceHold { scope: HoldScope::Run, reason: "alarm".into() }),
    );
    w.does(by("ana").with("ben"), take_back(STEP));
    assert!(w.run.operations.len() == 1, "it was fed");
    assert_eq!(format!("{:?}", w.replay().operations), format!("{:?}", w.run.operations));
}
