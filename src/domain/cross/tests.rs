//! Decisions on lots of a small run.

use super::dispose::decide;
use super::parents;
use crate::domain::command::Stamp;
use crate::domain::cross::scene::Scene;
use crate::domain::disposition::Disposition;
use crate::domain::exception::ExceptionKind;
use crate::domain::lot::command::LotCommand;
use crate::domain::run::Phase;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::abort::Aborted;
use crate::domain::run::acts::review_lapse::ReviewLapsed;
use crate::domain::run::obligations::ObligationFacts;
use crate::domain::words::{HoldScope, OnCritical};

type Outcome = Result<(), &'static str>;

fn order(disposition: Disposition, expected: Option<u64>) -> LotCommand {
    LotCommand::Decide { disposition, reason: "all looked at".into(), expected }
}

fn dispose(scene: &mut Scene, who: &str, disposition: Disposition) -> Outcome {
    let command = order(disposition, scene.lots.first().map(|lot| lot.seq));
    scene.on_lot(who, 0, &command)
}

// shows: C211-22.a
#[test]
fn release_is_a_signed_decision_that_leaves_both_records_a_trace() {
    let mut scene = Scene::releasable();
    for outsider in ["opal", "sven", "quinn", "petra", "adam"] {
        assert_eq!(
            dispose(&mut scene, outsider, Disposition::Released),
            Err("authority-missing"),
            "{outsider}"
        );
    }
    let unsigned = scene.lots("qadir", |scene, facts, stamp| {
        let stamp = Stamp { signer: None, ..stamp.clone() };
        let command = order(Disposition::Released, Some(1));
        decide(&scene.lots[0], &scene.run, facts, &ObligationFacts::of(facts), &command, &stamp)
    });
    assert_eq!(unsigned, Err("signature-required"));
    assert_eq!(dispose(&mut scene, "qadir", Disposition::Released), Ok(()));
    let decision = &scene.lots[0].decisions[0];
    assert_eq!(decision.obligations.open, 0);
    assert!(decision.obligations.met > 10, "{}", decision.obligations);
    assert!(decision.signed.as_ref().is_some_and(|signed| signed.user_name == "qadir"));
    assert_eq!(scene.run.lots[0].disposition, "released");
    // Deciding on a lot changes nothing that was reviewed.
    assert_eq!(scene.run.phase, Phase::Reviewed);
}

// shows: C211-192a.c, T4.a
#[test]
fn whoever_took_part_never_releases_whatever_role_they_hold_by_now() {
    for participant in ["opal", "omar", "sven", "quinn"] {
        let mut scene = Scene::releasable();
        scene.appoint(participant, "qa");
        let refused = dispose(&mut scene, participant, Disposition::Released);
        assert_eq!(refused, Err("took-part-in-the-run"), "{participant}");
        // No is always possible.
        assert_eq!(dispose(&mut scene, participant, Disposition::Rejected), Ok(()));
    }
    // Triage, review and holds are oversight, not part in the work.
    let mut scene = Scene::releasable();
    assert_eq!(dispose(&mut scene, "qadir", Disposition::Released), Ok(()));
}

// shows: C211-192b.a, F15.b, T22.a, L4.b
#[test]
fn release_looks_at_everything_again() {
    let spoil = |spoil: &dyn Fn(&mut Scene)| {
        let mut scene = Scene::releasable();
        spoil(&mut scene);
        dispose(&mut scene, "pia", Disposition::Released)
    };
    let exception = |scene: &mut Scene| {
        scene.opens("quinn", ExceptionKind::Event, OnCritical::Continue, None);
    };
    assert_eq!(spoil(&exception), Err("not-ready-for-release"));
    let lapse = |scene: &mut Scene| {
        scene.happens(
            "quinn",
            RunEvent::ReviewLapsed(ReviewLapsed { cause: "a correction".into() }),
        );
    };
    assert_eq!(spoil(&lapse), Err("not-ready-for-release"));
    let hold = |scene: &mut Scene| {
        scene
            .rules("qadir", |run, facts, stamp| {
                let scope = HoldScope::Run;
                crate::domain::run::acts::hold::place(run, facts, &scope, "complaint", stamp)
            })
            .expect("quality may hold");
    };
    assert_eq!(spoil(&hold), Err("on-hold"));
    let bad_result = |scene: &mut Scene| scene.record("quinn", "purity", "5.00");
    assert_eq!(spoil(&bad_result), Err("not-ready-for-release"));
    assert_eq!(spoil(&|_| ()), Ok(()));
}

#[test]
fn dispositions_follow_on_each_other_and_rejected_is_the_end() {
    use Disposition::{Quarantined, Rejected, Released, Withdrawn};
    let mut scene = Scene::releasable();
    let impossible = Err("disposition-not-possible");
    assert_eq!(dispose(&mut scene, "pia", Withdrawn), impossible);
    assert_eq!(dispose(&mut scene, "pia", Quarantined), impossible);
    assert_eq!(dispose(&mut scene, "pia", Released), Ok(()));
    assert_eq!(dispose(&mut scene, "pia", Released), impossible);
    assert_eq!(dispose(&mut scene, "pia", Rejected), impossible);
    assert_eq!(dispose(&mut scene, "pia", Quarantined), Ok(()));
    // Whoever released it does not answer for it again.
    assert_eq!(dispose(&mut scene, "pia", Released), Err("released-it-themselves"));
    assert_eq!(dispose(&mut scene, "quella", Released), Ok(()));
    assert_eq!(dispose(&mut scene, "pia", Withdrawn), Ok(()));
    assert_eq!(dispose(&mut scene, "pia", Rejected), Ok(()));
    for next in [Quarantined, Released, Rejected, Withdrawn] {
        assert_eq!(dispose(&mut scene, "pia", next), impossible);
    }
    assert_eq!(scene.lots[0].decisions.len(), 5);
    let blind = scene.on_lot("pia", 0, &order(Released, None));
    assert_eq!(blind, Err("version-required"));
    let old = scene.on_lot("pia", 0, &order(Released, Some(1)));
    assert_eq!(old, Err("stale-version"));
}

#[test]
fn lots_have_numbers_of_their_own_and_a_lot_of_an_aborted_run_is_only_rejected() {
    let mut scene = Scene::executed();
    assert_eq!(scene.yield_lot("L-1", "40"), Ok(()));
    assert_eq!(scene.yield_lot("L-1", "60"), Err("lot-number-taken"));
    assert_eq!(scene.yield_lot("l\t2", "60"), Err("malformed"));
    assert_eq!(scene.yield_lot("L-2", "0"), Err("malformed"));
    assert_eq!(scene.yield_lot("L-2", "60"), Ok(()));
    assert_eq!(scene.run.lots.len(), 2);
    let mut scene = Scene::executed();
    scene.yield_lot("L-1", "40").expect("a lot can be yielded");
    scene.signed(
        "sven",
        RunEvent::Aborted(Aborted { reason: "contaminated".into(), oversight: false }),
        crate::domain::signing::Meaning::Aborted,
    );
    let refused = dispose(&mut scene, "pia", Disposition::Released);
    assert_eq!(refused, Err("run-was-aborted"));
    assert_eq!(dispose(&mut scene, "pia", Disposition::Rejected), Ok(()));
    assert_eq!(scene.yield_lot("L-3", "40"), Err("phase-forbids"));
}

#[test]
fn each_ancestor_is_judged_once_however_many_ways_lead_to_it() {
    const LOTS: usize = 20;
    let mut scene = Scene::executed();
    for no in 1..=LOTS {
        scene.yield_lot(&format!("L-{no}"), "5").expect("a lot can be yielded");
    }
    // Each was made from all before it: the ways to the first one double with every lot.
    for child in 1..LOTS {
        for parent in 1..=child {
            let named = format!("L-{parent}");
            scene
                .lots("opal", |scene, facts, _| {
                    parents::add(&scene.lots[child], &scene.run, facts, &named, "made from it")
                })
                .expect("it went in");
        }
    }
    scene.finish_and_test();
    for index in 0..LOTS {
        let expected = Some(scene.lots[index].seq);
        let release = order(Disposition::Released, expected);
        let done = scene.on_lot("pia", index, &release);
        assert_eq!(done, Ok(()), "lot {index}");
    }
    let last = scene.run.lots.last().expect("the last lot");
    let found = scene.genealogy().standing(&scene.run, last);
    assert_eq!(found.len(), LOTS - 1);
    assert!(found.iter().all(|parent| !parent.holds && parent.word == "is released"));
}
