//! The life of a deviation over a small run.

use super::*;
use crate::domain::command::Stamp;
use crate::domain::cross::scene::Scene;
use crate::domain::exception::ExceptionKind;
use crate::domain::ids::RecordKind;
use crate::domain::run::acts::exception::{Standing, standing};
use crate::domain::run::acts::triage::ExceptionNotDeviation;
use crate::domain::run::acts::{RunEvent, closed};
use crate::domain::words::OnCritical;
use uuid::Uuid;

type Outcome = Result<(), &'static str>;

fn raise(scene: &mut Scene, who: &str, exceptions: &[u32]) -> Outcome {
    let id = 0xDE0 + scene.deviations.len() as u128;
    scene.deviates(who, |scene, facts, stamp| {
        let new = NewDeviation {
            record: RecordKey::new(RecordKind::Deviation, Uuid::from_u128(id)),
            no: scene.deviations.len() as u64 + 1,
            number_taken: false,
            title: "pH below acceptance",
            class: Severity::Major,
            exceptions,
        };
        open(&scene.run, facts, &new, stamp)
    })
}

fn order(scene: &mut Scene, who: &str, command: &DeviationCommand) -> Outcome {
    scene.deviates(who, |scene, facts, stamp| {
        let run = &scene.run;
        decide(&scene.deviations[0], &[run], Some(run), facts, command, stamp)
    })
}

fn link(exception: u32) -> DeviationCommand {
    DeviationCommand::Link { exceptions: vec![exception] }
}

fn investigate() -> DeviationCommand {
    DeviationCommand::Investigate { text: "the pump stalled".into() }
}

fn impact(other_batches: &str) -> DeviationCommand {
    let (conclusion, other_batches) = ("no harm".into(), other_batches.into());
    DeviationCommand::ConcludeImpact { conclusion, other_batches }
}

fn close() -> DeviationCommand {
    let (conclusion, lots, others) = ("tube replaced".into(), Vec::new(), Vec::new());
    DeviationCommand::Close { conclusion, lots, others, proposed: Vec::new() }
}

fn report() -> DeviationCommand {
    DeviationCommand::ConcludeInvestigation {
        text: "the pump stalled".into(),
        root_cause: Some("worn tube".into()),
        no_root_cause: None,
        capa: None,
        no_capa: Some("a single tube".into()),
    }
}

/// A running batch with two exceptions that close the gate.
fn excepted() -> Scene {
    let mut scene = Scene::executed();
    scene.opens("opal", ExceptionKind::OutOfAcceptance, OnCritical::Gate, None);
    scene.opens("omar", ExceptionKind::Event, OnCritical::Gate, None);
    scene
}

// shows: Q7-8.1.a
#[test]
fn a_deviation_is_opened_investigated_concluded_and_closed() {
    let mut scene = excepted();
    assert_eq!(raise(&mut scene, "sven", &[1]), Err("authority-missing"));
    assert_eq!(raise(&mut scene, "qadir", &[]), Err("no-exception-named"));
    assert_eq!(raise(&mut scene, "qadir", &[9]), Err("no-such-part"));
    assert_eq!(raise(&mut scene, "qadir", &[1, 2, 2]), Ok(()));
    assert_eq!(raise(&mut scene, "quella", &[1]), Err("exception-already-linked"));
    let deviation = &scene.deviations[0];
    assert_eq!(deviation.number, "DEV-2026-0001");
    assert_eq!(scene.run.deviations["DEV-2026-0001"].exceptions, [1, 2]);
    assert_eq!(closed::closed(&scene.run, "G", scene.at).len(), 2, "opening alone opens no gate");

    assert_eq!(order(&mut scene, "pia", &close()), Err("impact-not-concluded"));
    assert_eq!(order(&mut scene, "opal", &investigate()), Err("authority-missing"));
    assert_eq!(order(&mut scene, "petra", &investigate()), Ok(()));
    assert_eq!(order(&mut scene, "sven", &impact("none")), Err("authority-missing"));
    assert_eq!(order(&mut scene, "qadir", &impact(" ")), Err("other-batches-not-assessed"));
    assert_eq!(order(&mut scene, "qadir", &impact("none concerned")), Ok(()));
    assert_eq!(order(&mut scene, "qadir", &impact("again")), Err("impact-already-concluded"));
    assert!(closed::closed(&scene.run, "G", scene.at).is_empty(), "the process may go on");
    let concluded = Standing::InDeviation { concluded: true, closed: false };
    assert_eq!(standing(&scene.run, &scene.run.exceptions[0]), concluded);

    assert_eq!(order(&mut scene, "qadir", &close()), Err("requester-is-approver"));
    assert_eq!(order(&mut scene, "quella", &close()), Err("deviation-content-missing"));
    assert_eq!(order(&mut scene, "opal", &report()), Ok(()), "any authority, signed");
    assert_eq!(order(&mut scene, "quella", &close()), Ok(()));
    assert_eq!(scene.deviations[0].phase, DeviationPhase::Closed);
    assert!(scene.run.deviations["DEV-2026-0001"].closed);
    assert_eq!(order(&mut scene, "qadir", &investigate()), Err("deviation-closed"));
    assert_eq!(order(&mut scene, "opal", &reopen()), Err("authority-missing"));
    assert_eq!(order(&mut scene, "qadir", &reopen()), Ok(()));
    assert_eq!(order(&mut scene, "qadir", &reopen()), Err("deviation-not-closed"));
    assert!(!scene.run.deviations["DEV-2026-0001"].closed);
    assert_eq!(order(&mut scene, "quella", &close()), Err("impact-not-concluded"));
    assert_eq!(order(&mut scene, "qadir", &impact("none concerned")), Ok(()));
    assert_eq!(order(&mut scene, "quella", &close()), Err("deviation-content-missing"));
}

fn reopen() -> DeviationCommand {
    DeviationCommand::Reopen { reason: "another lot".into() }
}

// shows: F30.a
#[test]
fn nobody_judges_what_their_own_act_opened_or_what_they_took_part_in() {
    let mut scene = excepted();
    scene.appoint("opal", "qa");
    assert_eq!(raise(&mut scene, "opal", &[1]), Err("requester-is-approver"));
    assert_eq!(raise(&mut scene, "opal", &[2]), Err("took-part-in-the-run"));
    assert_eq!(raise(&mut scene, "qadir", &[1]), Ok(()));
    assert_eq!(order(&mut scene, "opal", &impact("none")), Err("took-part-in-the-run"));
    assert_eq!(order(&mut scene, "quella", &investigate()), Ok(()));
    assert_eq!(order(&mut scene, "qadir", &impact("none")), Ok(()));
    // Who investigated asked for it too, also one of quality who signs the investigation.
    assert_eq!(order(&mut scene, "quella", &report()), Ok(()));
    assert_eq!(order(&mut scene, "quella", &close()), Err("requester-is-approver"));
    assert_eq!(order(&mut scene, "pia", &close()), Ok(()));
}

#[test]
fn what_joins_a_concluded_deviation_asks_for_a_new_conclusion() {
    let mut scene = excepted();
    raise(&mut scene, "qadir", &[1]).expect("opened");
    order(&mut scene, "qadir", &impact("none")).expect("concluded");
    assert_eq!(closed::closed(&scene.run, "G", scene.at).len(), 1);
    assert_eq!(order(&mut scene, "quella", &link(2)), Ok(()));
    assert_eq!(scene.deviations[0].phase, DeviationPhase::Open);
    assert_eq!(closed::closed(&scene.run, "G", scene.at).len(), 2);
    assert_eq!(order(&mut scene, "qadir", &impact("none")), Ok(()));
    assert!(closed::closed(&scene.run, "G", scene.at).is_empty());
    let classify =
        DeviationCommand::Classify { class: Severity::Critical, reason: "potency".into() };
    assert_eq!(order(&mut scene, "qadir", &classify), Err("second-person-required"));
    assert_eq!(order(&mut scene, "quella", &classify), Ok(()));
    assert_eq!(scene.deviations[0].class, Some(Severity::Critical));
}

// shows: T21.a
#[test]
fn raising_a_decided_exception_to_a_deviation_lapses_the_review() {
    let mut scene = Scene::releasable();
    scene.opens("quinn", ExceptionKind::Event, OnCritical::Continue, None);
    let event = RunEvent::ExceptionNotDeviation(ExceptionNotDeviation {
        together: Vec::new(),
        exception: 1,
        rationale: "no effect".into(),
    });
    scene.signed("qadir", event, crate::domain::signing::Meaning::Triaged);
    assert_eq!(raise(&mut scene, "quella", &[1]), Ok(()));
    assert!(scene.run.reviews[0].lapsed.is_some());
    // A run that the deviation concerns must be among those read.
    let unread = scene.deviates("qadir", |scene, facts, stamp| {
        decide(&scene.deviations[0], &[], None, facts, &impact("none"), stamp)
    });
    assert_eq!(unread, Err("linked-run-missing"));
    let unsigned = scene.deviates("qadir", |scene, facts, stamp| {
        let stamp = Stamp { signer: None, ..stamp.clone() };
        decide(&scene.deviations[0], &[&scene.run], None, facts, &impact("none"), &stamp)
    });
    assert_eq!(unsigned, Err("signature-required"));
}
