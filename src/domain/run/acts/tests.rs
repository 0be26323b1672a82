//! The quality rules on a small run: each refusal provoked, each act shown.

use super::*;
use crate::domain::cross::scene::{Scene, entry, step};
use crate::domain::exception::ExceptionKind;
use crate::domain::policy::Authority;
use crate::domain::run::Phase;
use crate::domain::run::acts::abort::{AbortRun, RecordAftermath};
use crate::domain::run::acts::begun::{OperationStarted, Started, StepFoundRunning};
use crate::domain::run::acts::closed::closed;
use crate::domain::run::acts::closed_because::ClosedBecause;
use crate::domain::run::acts::finish::{CloseRun, CompleteRun};
use crate::domain::run::acts::gate::PassGate;
use crate::domain::run::acts::hold::{LiftHold, PlaceHold};
use crate::domain::run::acts::outcome::LotDecided;
use crate::domain::run::acts::review::ReviewRun;
use crate::domain::run::acts::review_lapse::ReviewLapsed;
use crate::domain::run::acts::risk::{AcceptRisk, RatifyRisk};
use crate::domain::run::acts::triage::DecideNotDeviation;
use crate::domain::words::{HoldScope, OnCritical};

type Outcome = Result<(), &'static str>;

fn order(scene: &mut Scene, who: &str, command: &RunCommand) -> Outcome {
    scene.rules(who, |run, facts, stamp| command.decided(run, facts, stamp))
}

fn unsigned(scene: &mut Scene, who: &str, command: &RunCommand) -> Outcome {
    scene.rules(who, |run, facts, stamp| {
        let stamp = Stamp { signer: None, ..stamp.clone() };
        command.decided(run, facts, &stamp)
    })
}

fn hold(scope: HoldScope) -> RunCommand {
    RunCommand::PlaceHold(PlaceHold { scope, reason: "alarm".into() })
}

fn lift(scene: &Scene, no: u32) -> RunCommand {
    let expected = scene.run.holds.iter().find(|hold| hold.no == no).map(|hold| hold.version);
    RunCommand::LiftHold(LiftHold { no, reason: "resolved".into(), expected })
}

fn pass(gate: &str) -> RunCommand {
    RunCommand::PassGate(PassGate { gate: gate.into() })
}

fn risk(minutes: u32) -> RunCommand {
    RunCommand::AcceptRisk(AcceptRisk {
        gate: "G".into(),
        reason: "culture is fine".into(),
        minutes,
    })
}

fn ratify() -> RunCommand {
    RunCommand::RatifyRisk(RatifyRisk {
        gate: "G".into(),
        index: 0,
        conclusion: "acceptable".into(),
    })
}

fn not_deviation(exception: u32) -> RunCommand {
    RunCommand::DecideNotDeviation(DecideNotDeviation { exception, rationale: "no effect".into() })
}

fn closed_by(scene: &Scene, gate: &str) -> Vec<ClosedBecause> {
    closed(&scene.run, gate, scene.at)
}

/// A running batch with the step *grow* done and nothing wrong.
fn running() -> Scene {
    let mut scene = Scene::issued();
    scene.happens("opal", RunEvent::Started(Started {}));
    let operation = step("grow").operation;
    scene.happens("opal", RunEvent::OperationStarted(OperationStarted { operation }));
    scene.start("grow");
    scene.record("opal", "pH", "6.85");
    scene.record("opal", "density", "6.90");
    scene.finish("grow");
    scene
}

#[test]
fn holds_stand_side_by_side_and_only_the_right_authority_lifts_each() {
    let mut scene = running();
    assert_eq!(order(&mut scene, "opal", &hold(HoldScope::Run)), Err("authority-missing"));
    assert_eq!(order(&mut scene, "sven", &hold(HoldScope::Run)), Ok(()));
    let of_step = HoldScope::Step { step: "transfer".into() };
    assert_eq!(order(&mut scene, "qadir", &hold(of_step)), Ok(()));
    let nowhere = HoldScope::Operation { operation: "NO".into() };
    assert_eq!(order(&mut scene, "sven", &hold(nowhere)), Err("no-such-part"));
    let silent = RunCommand::PlaceHold(PlaceHold { scope: HoldScope::Run, reason: "  ".into() });
    assert_eq!(order(&mut scene, "sven", &silent), Err("reason-required"));
    assert_eq!(scene.run.holds[0].lifted_by_authority, Authority::Supervise);
    assert_eq!(scene.run.holds[1].lifted_by_authority, Authority::Hold);

    let quality = lift(&scene, 2);
    assert_eq!(order(&mut scene, "sven", &quality), Err("authority-missing"));
    assert_eq!(order(&mut scene, "quella", &quality), Ok(()));
    let again = lift(&scene, 2);
    assert_eq!(order(&mut scene, "quella", &again), Err("hold-already-lifted"));
    let blind = RunCommand::LiftHold(LiftHold { no: 1, reason: "ok".into(), expected: None });
    assert_eq!(order(&mut scene, "sven", &blind), Err("version-required"));
    let old = RunCommand::LiftHold(LiftHold { no: 1, reason: "ok".into(), expected: Some(1) });
    assert_eq!(order(&mut scene, "sven", &old), Err("stale-version"));
    let production = lift(&scene, 1);
    assert_eq!(order(&mut scene, "qadir", &production), Ok(()));
    // Quality that lifts a production hold has not thereby taken part in the work.
    assert!(!scene.run.participants.contains(&scene.person("qadir").key.id));
}

// shows: Q7-8.1.c
#[test]
fn a_hold_forbids_starting_and_moving_forward_but_never_care() {
    let mut scene = running();
    order(&mut scene, "qadir", &hold(HoldScope::Run)).expect("placed");
    let run = &scene.run;
    assert!(super::hold::forbids(run, &step("transfer")).is_some());
    assert!(super::hold::forbids(run, &step("feed")).is_none());
    assert!(super::hold::forbids_operation(run, "OP").is_some());
    assert_eq!(order(&mut scene, "sven", &pass("G")), Err("gate-closed"));
    let complete = RunCommand::CompleteRun(CompleteRun { expected: Some(scene.run.seq) });
    assert_eq!(order(&mut scene, "sven", &complete), Err("on-hold"));
    let mut elsewhere = running();
    let grow = HoldScope::Step { step: "grow".into() };
    order(&mut elsewhere, "qadir", &hold(grow)).expect("placed");
    assert!(super::hold::forbids(&elsewhere.run, &step("transfer")).is_none());
    assert!(super::hold::forbids_operation(&elsewhere.run, "OP").is_some());
    assert_eq!(order(&mut elsewhere, "sven", &pass("G")), Ok(()));
}

// shows: C211-110c.a, L8.a
#[test]
fn a_closed_gate_names_every_reason() {
    let mut scene = Scene::issued();
    scene.happens("opal", RunEvent::Started(Started {}));
    let no = scene.opens("opal", ExceptionKind::OutOfAcceptance, OnCritical::Gate, None);
    let found = scene.opens("opal", ExceptionKind::FoundRunning, OnCritical::Continue, None);
    let operation = step("grow").operation;
    scene.happens("opal", RunEvent::OperationStarted(OperationStarted { operation }));
    scene.happens(
        "opal",
        RunEvent::StepFoundRunning(StepFoundRunning { step: step("grow"), exception: found }),
    );
    order(&mut scene, "qadir", &hold(HoldScope::Run)).expect("placed");
    let reasons = closed_by(&scene, "G");
    assert_eq!(reasons.len(), 4, "{reasons:?}");
    let open = |r: &ClosedBecause| matches!(r, ClosedBecause::ExceptionOpen { exception, .. } if *exception == no);
    assert!(reasons.iter().any(open));
    let missing = |r: &ClosedBecause| matches!(r, ClosedBecause::EntryMissing { at, .. } if at == "OP~1/grow~1/density");
    assert!(reasons.iter().any(missing));
    let late = |r: &ClosedBecause| matches!(r, ClosedBecause::FoundRunning { exception, .. } if *exception == found);
    assert!(reasons.iter().any(late));
    assert!(reasons.iter().any(|r| matches!(r, ClosedBecause::Held { hold: 1, .. })));
    assert_eq!(order(&mut scene, "sven", &pass("G")), Err("gate-closed"));
    assert_eq!(order(&mut scene, "sven", &pass("NONE")), Err("no-such-part"));
    // No entry is due at the other gate.
    assert_eq!(closed_by(&scene, "H").len(), 3);
}

// shows: C211-110c.a
#[test]
fn what_happens_after_the_passage_closes_the_gate_again() {
    let mut scene = running();
    assert_eq!(order(&mut scene, "qadir", &pass("G")), Err("authority-missing"));
    assert_eq!(unsigned(&mut scene, "sven", &pass("G")), Err("signature-required"));
    assert_eq!(order(&mut scene, "opal", &pass("G")), Ok(()));
    assert!(closed_by(&scene, "G").is_empty());
    scene.opens("opal", ExceptionKind::Event, OnCritical::Stop, None);
    assert_eq!(closed_by(&scene, "G").len(), 1);
    scene.opens("opal", ExceptionKind::Event, OnCritical::Continue, None);
    assert_eq!(closed_by(&scene, "G").len(), 1, "what lets go on closes nothing");
    order(&mut scene, "qadir", &not_deviation(1)).expect("triaged");
    assert!(closed_by(&scene, "G").is_empty());
}

// shows: CH4-20.j
#[test]
fn proceeding_at_risk_is_bounded_signed_ratified_and_covers_only_what_was_known() {
    let mut scene = running();
    assert_eq!(order(&mut scene, "sven", &risk(30)), Err("gate-not-closed"));
    scene.opens("opal", ExceptionKind::OutOfAcceptance, OnCritical::Gate, None);
    assert_eq!(order(&mut scene, "opal", &risk(30)), Err("authority-missing"));
    assert_eq!(order(&mut scene, "sven", &risk(61)), Err("risk-too-long"));
    assert_eq!(order(&mut scene, "sven", &risk(0)), Err("risk-too-long"));
    let never =
        RunCommand::AcceptRisk(AcceptRisk { gate: "H".into(), reason: "x".into(), minutes: 5 });
    assert_eq!(order(&mut scene, "sven", &never), Err("risk-not-allowed"));
    assert_eq!(unsigned(&mut scene, "sven", &risk(30)), Err("signature-required"));
    assert_eq!(order(&mut scene, "sven", &risk(30)), Ok(()));
    let opened = &scene.run.exceptions[1].opened;
    assert_eq!(
        (opened.kind, opened.effect),
        (ExceptionKind::ProceededAtRisk, OnCritical::Continue)
    );
    assert!(closed_by(&scene, "G").is_empty());
    assert_eq!(closed_by(&scene, "H").len(), 1, "the other gate stays closed");
    let until = scene.run.gates["G"].risks[0].until;
    assert_eq!(closed(&scene.run, "G", until.plus_minutes(1)).len(), 1, "the time is over");
    scene.opens("opal", ExceptionKind::Event, OnCritical::Gate, None);
    assert_eq!(closed_by(&scene, "G").len(), 1, "a later exception closes it again");

    assert_eq!(order(&mut scene, "sven", &ratify()), Err("authority-missing"));
    assert_eq!(order(&mut scene, "qadir", &ratify()), Ok(()));
    assert_eq!(order(&mut scene, "quella", &ratify()), Err("already-ratified"));
    let none =
        RunCommand::RatifyRisk(RatifyRisk { gate: "G".into(), index: 9, conclusion: "x".into() });
    assert_eq!(order(&mut scene, "qadir", &none), Err("no-such-part"));
}

// shows: F30.a
#[test]
fn nobody_ratifies_the_risk_they_accepted_even_with_another_role_by_now() {
    let mut scene = running();
    scene.opens("opal", ExceptionKind::OutOfAcceptance, OnCritical::Gate, None);
    order(&mut scene, "sven", &risk(30)).expect("accepted");
    scene.appoint("sven", "qa");
    assert_eq!(order(&mut scene, "sven", &ratify()), Err("requester-is-approver"));
    assert_eq!(order(&mut scene, "sven", &not_deviation(2)), Err("requester-is-approver"));
    assert_eq!(order(&mut scene, "sven", &not_deviation(1)), Err("took-part-in-the-run"));
}

// shows: F30.a
#[test]
fn triage_needs_quality_a_rationale_a_signature_and_no_standing_failure() {
    let mut scene = running();
    let at = Some(entry("virus"));
    scene.opens("quinn", ExceptionKind::OutOfSpecification, OnCritical::Gate, at);
    scene.record("quinn", "virus", "5.00");
    assert_eq!(order(&mut scene, "sven", &not_deviation(1)), Err("authority-missing"));
    assert_eq!(order(&mut scene, "qadir", &not_deviation(7)), Err("no-such-part"));
    assert_eq!(order(&mut scene, "qadir", &not_deviation(1)), Err("must-be-a-deviation"));
    // Once the value that counts is inside, it was a slip of the pen.
    scene.record("quinn", "virus", "6.80");
    let silent = RunCommand::DecideNotDeviation(DecideNotDeviation {
        exception: 1,
        rationale: String::new(),
    });
    assert_eq!(order(&mut scene, "qadir", &silent), Err("reason-required"));
    assert_eq!(unsigned(&mut scene, "qadir", &not_deviation(1)), Err("signature-required"));
    assert_eq!(order(&mut scene, "qadir", &not_deviation(1)), Ok(()));
    assert_eq!(order(&mut scene, "quella", &not_deviation(1)), Err("already-triaged"));
}

fn complete(scene: &Scene) -> RunCommand {
    RunCommand::CompleteRun(CompleteRun { expected: Some(scene.run.seq) })
}

// shows: P11-10f.a, F13.a
#[test]
fn completion_waits_for_everything_execution_owes() {
    let mut scene = running();
    let early = complete(&scene);
    assert_eq!(order(&mut scene, "sven", &early), Err("obligations-open"));
    let mut scene = Scene::executed();
    scene.yield_lot("L-1", "100").expect("a lot can be yielded");
    let now = complete(&scene);
    assert_eq!(order(&mut scene, "qadir", &now), Err("authority-missing"));
    let blind = RunCommand::CompleteRun(CompleteRun { expected: None });
    assert_eq!(order(&mut scene, "sven", &blind), Err("version-required"));
    assert_eq!(unsigned(&mut scene, "sven", &now), Err("signature-required"));
    assert_eq!(order(&mut scene, "sven", &now), Ok(()));
    assert_eq!(scene.run.phase, Phase::Complete);
    let again = complete(&scene);
    assert_eq!(order(&mut scene, "sven", &again), Err("phase-forbids"));
}

fn review(scene: &Scene) -> RunCommand {
    RunCommand::ReviewRun(ReviewRun {
        conclusion: "in order".into(),
        expected: Some(scene.run.seq),
    })
}

// shows: C211-192a.c, A11D-12.6.a, T21.a
#[test]
fn whoever_took_part_does_not_review_and_a_later_change_lapses_the_review() {
    let mut scene = Scene::releasable();
    let again = review(&scene);
    assert_eq!(order(&mut scene, "quella", &again), Err("already-reviewed"));
    scene.happens(
        "qadir",
        RunEvent::ReviewLapsed(ReviewLapsed { cause: "a value was corrected".into() }),
    );
    assert_eq!(scene.run.phase, Phase::Complete);
    scene.appoint("opal", "qa");
    let now = review(&scene);
    assert_eq!(order(&mut scene, "opal", &now), Err("took-part-in-the-run"));
    assert_eq!(order(&mut scene, "sven", &now), Err("authority-missing"));
    assert_eq!(unsigned(&mut scene, "pia", &now), Err("signature-required"));
    assert_eq!(order(&mut scene, "pia", &now), Ok(()));
    scene.opens("quinn", ExceptionKind::Event, OnCritical::Continue, None);
    scene.happens("qadir", RunEvent::ReviewLapsed(ReviewLapsed { cause: "an exception".into() }));
    let owing = review(&scene);
    assert_eq!(order(&mut scene, "quella", &owing), Err("obligations-open"));
}

// shows: P11-10f.c
#[test]
fn a_record_becomes_final_only_reviewed_and_with_every_lot_decided() {
    let mut scene = Scene::executed();
    assert_eq!(
        order(&mut scene, "qadir", &RunCommand::CloseRun(CloseRun {})),
        Err("phase-forbids")
    );
    let mut scene = Scene::releasable();
    assert_eq!(
        order(&mut scene, "qadir", &RunCommand::CloseRun(CloseRun {})),
        Err("lots-undecided")
    );
    let decided = RunEvent::LotDecided(LotDecided {
        lot: "L-1".into(),
        disposition: "rejected".into(),
        lot_seq: 2,
    });
    scene.happens("qadir", decided);
    assert_eq!(
        order(&mut scene, "sven", &RunCommand::CloseRun(CloseRun {})),
        Err("authority-missing")
    );
    assert_eq!(
        unsigned(&mut scene, "qadir", &RunCommand::CloseRun(CloseRun {})),
        Err("signature-required")
    );
    assert_eq!(order(&mut scene, "qadir", &RunCommand::CloseRun(CloseRun {})), Ok(()));
    assert_eq!(scene.run.phase, Phase::Closed);
    assert_eq!(order(&mut scene, "sven", &hold(HoldScope::Run)), Err("record-final"));
}

// shows: T39.a
#[test]
fn an_abort_keeps_everything_and_leaves_the_aftermath_recordable() {
    let abort = RunCommand::AbortRun(AbortRun { reason: "contaminated".into() });
    let sample = |kind: &str| {
        RunCommand::RecordAftermath(RecordAftermath { kind: kind.into(), text: "1 L".into() })
    };
    let mut scene = running();
    assert_eq!(order(&mut scene, "opal", &sample("sample")), Err("phase-forbids"));
    assert_eq!(order(&mut scene, "opal", &abort), Err("authority-missing"));
    assert_eq!(unsigned(&mut scene, "sven", &abort), Err("signature-required"));
    let steps = scene.run.steps.len();
    assert_eq!(order(&mut scene, "sven", &abort), Ok(()));
    assert_eq!((scene.run.phase, scene.run.steps.len()), (Phase::Aborted, steps));
    assert_eq!(scene.run.exceptions[0].opened.kind, ExceptionKind::Aborted);
    assert_eq!(order(&mut scene, "sven", &abort), Err("phase-forbids"));
    for kind in super::abort::AFTERMATH_KINDS {
        assert_eq!(order(&mut scene, "opal", &sample(kind)), Ok(()));
    }
    assert_eq!(order(&mut scene, "opal", &sample("party")), Err("aftermath-kind-unknown"));
    assert_eq!(order(&mut scene, "qadir", &sample("sample")), Err("authority-missing"));
    assert_eq!(order(&mut scene, "sven", &pass("G")), Err("phase-forbids"));
    assert_eq!(order(&mut scene, "qadir", &not_deviation(1)), Ok(()));
    // Quality may stop a run too, and has not thereby taken part in it.
    let mut scene = Scene::issued();
    assert_eq!(order(&mut scene, "qadir", &abort), Ok(()));
    assert!(!scene.run.participants.contains(&scene.person("qadir").key.id));
}
