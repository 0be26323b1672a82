//! Corrections: reasons, slips, superseded uses, lapsed checks.

use super::order::{harvested, inoculated};
use super::scene::process;
use super::world::{World, at_entry, by};
use batchwright::domain::exception::ExceptionKind;
use batchwright::domain::run::acts::{CorrectEntry, RunCommand};

const PH: &str = "OP-1~1/prep~1/ph";

fn recorded(value: &str) -> World {
    let mut w = World::new(process());
    w.does(by("ana"), w.start("OP-1~1/prep~1"));
    w.does(by("ana"), w.record(PH, value));
    w
}

// shows: A11D-10a.a
#[test]
fn a_correction_to_something_implausible_asks_confirmation_and_both_attempts_stay() {
    let mut w = recorded("6.85");
    w.later(10);
    let correct = |w: &World, value: &str, confirmed: bool| match w.correct(
        PH,
        value,
        Some("misread"),
        false,
    ) {
        RunCommand::CorrectEntry(CorrectEntry { at, input, reason, slip, expected, .. }) => {
            RunCommand::CorrectEntry(CorrectEntry { at, input, reason, slip, confirmed, expected })
        }
        _ => unreachable!(),
    };
    let kept = ["run.implausible-value-kept"];
    assert_eq!(w.does(by("ana"), correct(&w, "68.5", true)), kept, "nobody had asked yet");
    let second = ["run.implausible-value-kept", "run.exception-opened"];
    assert_eq!(w.does(by("ana"), correct(&w, "69.5", true)), second, "another value");
    let entry = w.entry(&at_entry(PH)).expect("recorded");
    assert_eq!((entry.versions.len(), entry.attempts.len()), (1, 2));
    assert_eq!(w.does(by("ana"), correct(&w, "68.5", false)), kept, "asked, and not meant");
    assert_eq!(w.run.exceptions.len(), 1, "one names them all");
    let done = w.does(by("ana"), correct(&w, "68.5", true));
    assert_eq!(done[0], "run.entry-corrected");
    let entry = w.entry(&at_entry(PH)).expect("corrected");
    assert_eq!((entry.versions.len(), entry.attempts.len()), (2, 3));
    assert!(w.run.exceptions.iter().any(|it| it.opened.kind == ExceptionKind::Implausible));
}

// shows: P11-10e3.a, A11-09.a, F14.a
#[test]
fn a_correction_needs_its_reason_and_the_version_it_was_decided_on() {
    let mut w = recorded("6.85");
    w.later(10);
    assert_eq!(w.refused(by("ana"), w.correct(PH, "6.95", None, false)), "reason-required");
    assert_eq!(w.refused(by("ana"), w.correct(PH, "6.95", Some("  "), false)), "reason-required");
    let old = w.correct(PH, "6.95", Some("misread"), false);
    w.does(by("ana"), old.clone());
    assert_eq!(w.refused(by("ana"), old), "stale-version");
    let RunCommand::CorrectEntry(CorrectEntry { at, input, reason, slip, .. }) =
        w.correct(PH, "6.9", Some("again"), false)
    else {
        unreachable!()
    };
    let blind = RunCommand::CorrectEntry(CorrectEntry {
        at,
        input,
        reason,
        slip,
        confirmed: false,
        expected: None,
    });
    assert_eq!(w.refused(by("ana"), blind), "version-required");
    assert_eq!(w.run.corrections, 1);
    let note = w.correct("OP-1~1/prep~1/note", "x", Some("y"), false);
    assert_eq!(w.refused(by("ana"), note), "nothing-recorded");
    assert_eq!(w.refused(by("ana"), w.correct(PH, "x", Some("y"), false)), "malformed");
}

// shows: A11-09.a
#[test]
fn a_slip_is_within_a_minute_by_the_same_person_unsigned_and_unused() {
    let mut w = recorded("6.85");
    let slip = |w: &World| w.correct(PH, "6.95", None, true);
    assert_eq!(w.refused(by("ben"), slip(&w)), "not-a-slip");
    let mut late = w.clone();
    late.later(2);
    assert_eq!(late.refused(by("ana"), slip(&late)), "not-a-slip");
    let mut used = w.clone();
    used.does(by("ana"), used.complete("OP-1~1/prep~1"));
    assert_eq!(used.refused(by("ana"), slip(&used)), "not-a-slip");
    // The way around a limit is no slip.
    let outside = recorded("7.5");
    assert_eq!(outside.refused(by("ana"), slip(&outside)), "not-a-slip");
    w.does(by("ana"), slip(&w));
    let entry = w.entry(&at_entry(PH)).expect("recorded");
    let current = entry.current().expect("two");
    assert!(current.slip && !current.check_owed && current.reason.as_deref() == Some("slip"));
    assert!(w.run.exceptions.is_empty());
}

// shows: T4.c
#[test]
fn a_correction_owes_a_check_by_somebody_who_took_no_part() {
    let mut w = recorded("6.85");
    w.later(10);
    w.does(by("ben"), w.correct(PH, "6.95", Some("misread"), false));
    w.later(10);
    for who in ["ana", "ben"] {
        assert_eq!(w.refused(by(who), w.check_entry(PH)), "witness-is-performer");
    }
    assert_eq!(w.refused(by("adam"), w.check_entry(PH)), "authority-missing");
    w.does(by("sue"), w.check_entry(PH));
    assert_eq!(w.refused(by("sue"), w.check_entry(PH)), "already-checked");
    assert!(w.run.participants.contains(&w.person("sue").key.id));
}

#[test]
fn a_check_by_quality_is_oversight_and_no_part_in_the_work() {
    let mut w = recorded("6.85");
    w.later(10);
    w.does(by("ben"), w.correct(PH, "6.95", Some("misread"), false));
    w.later(10);
    w.does(by("quinn"), w.check_entry(PH));
    assert!(!w.run.participants.contains(&w.person("quinn").key.id));
}

// shows: P11-10e3.a
#[test]
fn acts_already_done_are_listed_as_executed_on_a_superseded_value() {
    let mut w = inoculated();
    w.later(10);
    w.does(by("ana"), w.correct(PH, "6.95", Some("misread"), false));
    let entry = w.entry(&at_entry(PH)).expect("recorded");
    let uses = entry.current().expect("two").superseded_uses.join("\n");
    for word in ["prep~1 completed", "gate G-INOC passed", "inoc~1 started"] {
        assert!(uses.contains(word), "{word} in {uses}");
    }
    let last = &w.run.exceptions.last().expect("one").opened;
    assert_eq!(last.kind, ExceptionKind::Correction);
}

// shows: P11-70.c, A11D-13.8.a, T7.a
#[test]
fn a_correction_lapses_the_verification_and_signatures_stay_for_version_one() {
    let mut w = harvested();
    w.does(by("ana"), w.start("OP-2~1/load~1"));
    w.does(by("ana"), w.record("OP-2~1/load~1/titrate", "3.52"));
    w.does(by("ana"), w.complete("OP-2~1/load~1"));
    w.does(by("ana"), w.start("OP-2~1/elute~1"));
    w.does(by("ana"), w.record("OP-2~1/elute~1/ph", "6.85"));
    w.does(by("ana"), w.complete("OP-2~1/elute~1"));
    w.later(5);
    w.does(by("ben"), w.check("OP-2~1/elute~1"));
    let signatures = w.run.signatures.len();
    w.later(5);
    let names = w.does(by("ana"), w.correct("OP-2~1/elute~1/ph", "6.9", Some("misread"), false));
    assert!(names.contains(&"run.step-check-lapsed".to_owned()), "{names:?}");
    assert_eq!(w.run.signatures.len(), signatures);
    assert!(w.run.steps.values().any(|step| step.performed.is_some() && step.checked.is_none()));
    w.later(5);
    w.does(by("ben"), w.check("OP-2~1/elute~1"));
}
