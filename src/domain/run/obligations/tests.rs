//! What a small run owes, and what meets it.

use super::*;
use crate::domain::cross::scene::{Scene, entry};
use crate::domain::exception::ExceptionKind;
use crate::domain::ids::OperationKey;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::absent::StepNotPerformed;
use crate::domain::run::acts::begun::{OperationStarted, Started};
use crate::domain::run::acts::check::EntryChecked;
use crate::domain::run::acts::linked::{DeviationChanged, ExceptionsToDeviation};
use crate::domain::run::acts::operation::AlertsAcknowledged;
use crate::domain::run::acts::triage::ExceptionNotDeviation;
use crate::domain::words::{EntryKey, OnCritical};

fn open(scene: &Scene, stage: Stage) -> Vec<String> {
    let facts = ObligationFacts::default();
    let open = open_until(&scene.run, &facts, stage, scene.at);
    open.into_iter().map(|obligation| obligation.id).collect()
}

fn all(scene: &Scene) -> Vec<Obligation> {
    obligations(&scene.run, &ObligationFacts::default(), scene.at)
}

// shows: T40.a, L4.a
#[test]
fn an_issued_run_owes_its_whole_recipe_and_met_ones_bring_evidence() {
    let scene = Scene::issued();
    let owed = all(&scene);
    let ids: Vec<_> = owed.iter().map(|o| o.id.as_str()).collect();
    for id in [
        "run/issued",
        "step/OP~1/grow~1/complete",
        "step/OP~1/grow~1/performed",
        "step/OP~1/grow~1/verified",
        "entry/OP~1/grow~1/pH/recorded",
        "entry/OP~1/grow~1/density/recorded",
        "entry/OP~1/grow~1/virus/recorded",
        "step/OP~1/transfer~1/complete",
        "operation/OP~1/closed",
        "gate/G/passed",
        "entry/release/purity/recorded",
        "entry/release/purity/conforms",
        "run/lots",
        "run/completed",
        "run/review",
    ] {
        assert!(ids.contains(&id), "{id} is not owed: {ids:?}");
    }
    // A care step on demand is owed only once somebody asked for it.
    assert!(!ids.iter().any(|id| id.contains("feed")), "{ids:?}");
    assert_eq!(Tally::of(&owed).met, 1, "only the issue is met");
    let issue = &owed[0];
    assert!(issue.evidence.as_ref().is_some_and(|text| text.contains("Printed sven")), "{issue:?}");
}

// shows: L4.a
#[test]
fn every_id_is_used_once_and_what_was_owed_stays_listed() {
    let (before, after) = (all(&Scene::issued()), all(&Scene::releasable()));
    for list in [&before, &after] {
        let mut ids: Vec<_> = list.iter().map(|o| o.id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), list.len());
    }
    for obligation in &before {
        assert!(after.iter().any(|o| o.id == obligation.id), "{} vanished", obligation.id);
    }
    let tally = Tally::of(&after);
    assert_eq!(tally.open, 0, "{:?}", open(&Scene::releasable(), Stage::Release));
    assert_eq!((tally.met, tally.all()), (tally.all(), u32::try_from(after.len()).unwrap()));
}

// shows: C211-192a.a, C211-192b.a, C211-165.a
#[test]
fn completion_review_and_release_each_owe_their_own() {
    let mut scene = Scene::executed();
    assert_eq!(open(&scene, Stage::Completion), ["run/lots"]);
    scene.yield_lot("L-1", "100").expect("a lot can be yielded");
    assert!(open(&scene, Stage::Completion).is_empty());
    assert_eq!(open(&scene, Stage::Review), ["run/completed"]);
    let release = open(&scene, Stage::Release);
    for id in ["entry/OP~1/grow~1/virus/recorded", "entry/release/purity/conforms", "run/review"] {
        assert!(release.iter().any(|open| open == id), "{id}: {release:?}");
    }
}

// shows: C211-192b.a
#[test]
fn an_exception_an_alert_and_a_hold_are_owed_until_somebody_decides() {
    let mut scene = Scene::executed();
    scene.opens("opal", ExceptionKind::Event, OnCritical::Continue, None);
    scene.record("quinn", "virus", "6.65");
    scene
        .rules("qadir", |run, facts, stamp| {
            let scope = crate::domain::words::HoldScope::Run;
            crate::domain::run::acts::hold::place(run, facts, &scope, "alarm", stamp)
        })
        .expect("quality may hold");
    let owed = open(&scene, Stage::Review);
    for id in ["exception/1/triaged", "operation/OP~1/alerts-acknowledged", "hold/1/lifted"] {
        assert!(owed.iter().any(|open| open == id), "{id}: {owed:?}");
    }
    let operation = OperationKey { op: "OP".into(), n: 1 };
    let seen =
        RunEvent::AlertsAcknowledged(AlertsAcknowledged { operation, comment: "seen".into() });
    scene.happens("sven", seen);
    let owed = open(&scene, Stage::Review);
    assert!(!owed.iter().any(|open| open.contains("alerts")), "{owed:?}");
    // An alert after the acknowledgement has been seen by nobody.
    scene.record("quinn", "pH", "6.65");
    assert!(open(&scene, Stage::Review).iter().any(|open| open.contains("alerts")));
}

#[test]
fn a_late_entry_owes_a_reason_and_a_check_and_a_correction_its_own_check() {
    let mut scene = Scene::executed();
    scene.opens("opal", ExceptionKind::LateEntry, OnCritical::Continue, Some(entry("virus")));
    scene.record("opal", "virus", "6.80");
    let owed = open(&scene, Stage::Review);
    for id in ["entry/OP~1/grow~1/virus/checked/1", "entry/OP~1/grow~1/virus/late-reason"] {
        assert!(owed.iter().any(|open| open == id), "{id}: {owed:?}");
    }
    scene.happens(
        "omar",
        RunEvent::EntryChecked(EntryChecked {
            against: None,
            together: Vec::new(),
            at: entry("virus"),
            version: 1,
            recomputed: None,
            oversight: false,
        }),
    );
    let owed = open(&scene, Stage::Review);
    assert!(!owed.iter().any(|open| open.contains("checked")), "{owed:?}");
}

// shows: C211-165.a, A16-3.b
// finding: G1
#[test]
fn a_specification_outside_stays_owed_whatever_deviation_about_it_is_closed() {
    let mut scene = Scene::releasable();
    scene.opens(
        "quinn",
        ExceptionKind::OutOfSpecification,
        OnCritical::Gate,
        Some(entry("purity")),
    );
    scene.record("quinn", "purity", "5.00");
    let id = "entry/release/purity/conforms";
    assert!(open(&scene, Stage::Release).iter().any(|open| open == id));
    let record = crate::domain::ids::RecordKey::new(
        crate::domain::ids::RecordKind::Deviation,
        uuid::Uuid::from_u128(0xD),
    );
    scene.happens(
        "qadir",
        RunEvent::ExceptionsToDeviation(ExceptionsToDeviation {
            exceptions: vec![1],
            deviation: "D-1".into(),
            record,
        }),
    );
    let changed = |closed| {
        RunEvent::DeviationChanged(DeviationChanged {
            deviation: "D-1".into(),
            what: "progress".into(),
            impact_concluded: true,
            closed,
        })
    };
    scene.happens("qadir", changed(false));
    let owed = open(&scene, Stage::Release);
    assert!(owed.iter().any(|open| open == id), "{owed:?}");
    assert!(owed.iter().any(|open| open == "deviation/D-1/closed"), "{owed:?}");
    assert!(!owed.iter().any(|open| open == "deviation/D-1/impact"), "{owed:?}");
    scene.happens("quella", changed(true));
    let list = all(&scene);
    let found = list.iter().find(|obligation| obligation.id == id).expect("still listed");
    assert_eq!(found.status, Status::Open, "{found:?}");
    assert!(!found.waivable, "{found:?}");
}

// shows: C211-103.b, C211-192b.d
#[test]
fn a_yield_outside_what_is_expected_opens_an_exception_at_completion() {
    let mut scene = Scene::executed();
    scene.yield_lot("L-1", "50").expect("a lot can be yielded");
    scene
        .rules("sven", |run, facts, stamp| {
            crate::domain::run::acts::finish::complete(run, facts, Some(run.seq), stamp)
        })
        .expect("complete");
    assert_eq!(scene.run.exceptions.len(), 1);
    assert!(scene.run.exceptions[0].opened.detail.contains("50.0 %"));
    let owed = open(&scene, Stage::Release);
    assert!(owed.iter().any(|open| open == "run/yield"), "{owed:?}");
}

#[test]
fn a_step_declared_not_performed_waives_what_it_owed_and_owes_a_decision() {
    let mut scene = Scene::issued();
    scene.happens("opal", RunEvent::Started(Started {}));
    let operation = OperationKey { op: "OP".into(), n: 1 };
    scene.happens("opal", RunEvent::OperationStarted(OperationStarted { operation }));
    let step = crate::domain::cross::scene::step("grow");
    let at = Some(EntryKey::whole(step.clone()));
    let exception = scene.opens("sven", ExceptionKind::NotPerformed, OnCritical::Gate, at);
    let event = RunEvent::StepNotPerformed(StepNotPerformed {
        step,
        reason: "tank broken".into(),
        exception,
    });
    scene.signed("sven", event, crate::domain::signing::Meaning::Authorised);
    for decided in [false, true] {
        let list = all(&scene);
        let of_step: Vec<_> = list.iter().filter(|o| o.id.contains("grow~1")).collect();
        assert!(of_step.len() >= 7, "{of_step:?}");
        for obligation in of_step {
            // What is tested for release waits for quality, not for the supervisor; a specification, for its result.
            let tested = obligation.id.ends_with("/conforms");
            let waits = obligation.stage == Stage::Release && (tested || !decided);
            let expected = if waits { Status::Open } else { Status::Waived };
            assert_eq!(obligation.status, expected, "{obligation:?}");
        }
        let triage = open(&scene, Stage::Review).contains(&"exception/1/triaged".to_owned());
        assert_eq!(triage, !decided);
        if !decided {
            let rationale = "another tank's titre covers it".to_owned();
            let event = RunEvent::ExceptionNotDeviation(ExceptionNotDeviation {
                exception,
                rationale,
                together: Vec::new(),
            });
            scene.signed("qadir", event, crate::domain::signing::Meaning::Triaged);
        }
    }
}
