//! Every way through dispositions, phases, questions and aborts of a small run: whatever order comes after
//! whatever other, no aborted run has a released lot, and no lot whose specification fails may leave.

use super::question::standing;
use super::scene::{Scene, entry};
use crate::domain::disposition::Disposition;
use crate::domain::entry::Input;
use crate::domain::lot::command::LotCommand;
use crate::domain::run::acts::{
    AbortRun, CheckEntry, CloseRun, CorrectEntry, DecideNotDeviation, LiftHold, PlaceHold,
    RecordNotice, ReportHappening, ReviewRun, RunCommand, decide,
};
use crate::domain::run::notice::NoticeKind;
use crate::domain::run::obligations::{ObligationFacts, Stage, not_conforming, open_until};
use crate::domain::run::review;
use crate::domain::words::Place;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What somebody orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Dispose(Disposition),
    Stand,
    Abort,
    AbortAndWithdraw,
    Triage,
    Review,
    Close,
    Event,
    Complaint,
    Hold,
    Lift,
    Correct(&'static str),
    Check,
}

const ACTS: &[Act] = &[
    Act::Dispose(Disposition::Released),
    Act::Dispose(Disposition::Withdrawn),
    Act::Dispose(Disposition::Rejected),
    Act::Dispose(Disposition::Quarantined),
    Act::Stand,
    Act::Abort,
    Act::AbortAndWithdraw,
    Act::Triage,
    Act::Review,
    Act::Close,
    Act::Event,
    Act::Complaint,
    Act::Hold,
    Act::Lift,
    Act::Correct("5.00"),
    Act::Correct("6.80"),
    Act::Check,
];

/// What of a state decides what may follow.
type Mark = (String, Disposition, [bool; 9]);

fn mark(scene: &Scene) -> Mark {
    let lot = &scene.lots[0];
    let now = standing(lot, &scene.run, &ObligationFacts::default());
    let run = &scene.run;
    let untriaged = run.exceptions.iter().filter(|e| e.triage.is_none()).count();
    let flags = [
        run.aborted.is_some(),
        review::standing(run).is_some(),
        now.questioned(),
        now.blocked(),
        !not_conforming(run, &ObligationFacts::default()).is_empty(),
        untriaged > 0,
        run.holds.iter().any(|hold| hold.lifted.is_none()),
        open_until(run, &ObligationFacts::default(), Stage::Release, scene.at).is_empty(),
        !run.addenda.is_empty(),
    ];
    (format!("{:?}", run.phase), lot.disposition(), flags)
}

fn order(scene: &mut Scene, who: &str, command: &RunCommand) -> Result<(), &'static str> {
    scene.rules(who, |run, facts, stamp| decide(run, facts, command, stamp))
}

fn perform(scene: &mut Scene, act: Act) -> Result<(), &'static str> {
    let (seq, lot_seq) = (Some(scene.run.seq), Some(scene.lots[0].seq));
    let reason = || "looked at".to_owned();
    match act {
        Act::Dispose(disposition) => {
            let command = LotCommand::Decide { disposition, reason: reason(), expected: lot_seq };
            scene.on_lot("pia", 0, &command)
        }
        Act::Stand => {
            let command = LotCommand::Stand { reason: reason(), expected: lot_seq };
            scene.on_lot("quella", 0, &command)
        }
        Act::Abort => order(scene, "sven", &AbortRun { reason: reason() }.into()),
        Act::AbortAndWithdraw => scene.abort_and_withdraw("qadir", "torn", vec!["L-1".into()]),
        Act::Triage => {
            let open = scene.run.exceptions.iter().find(|e| e.triage.is_none());
            let exception = open.map_or(1, |open| open.opened.no);
            let rationale = reason();
            order(scene, "quella", &DecideNotDeviation { exception, rationale }.into())
        }
        Act::Review => {
            order(scene, "qadir", &ReviewRun { conclusion: reason(), expected: seq }.into())
        }
        Act::Close => order(scene, "quella", &CloseRun {}.into()),
        Act::Event => {
            let (place, what) = (Place::Batch, reason());
            order(scene, "opal", &ReportHappening { place, what, enclosures: vec![] }.into())
        }
        Act::Complaint => {
            let (kind, text) = (NoticeKind::Complaint, reason());
            order(scene, "qadir", &RecordNotice { kind, text }.into())
        }
        Act::Hold => {
            let scope = crate::domain::words::HoldScope::Run;
            order(scene, "qadir", &PlaceHold { scope, reason: reason() }.into())
        }
        Act::Lift => {
            let open = scene.run.holds.iter().find(|hold| hold.lifted.is_none());
            let (no, expected) = open.map_or((1, None), |hold| (hold.no, Some(hold.version)));
            order(scene, "qadir", &LiftHold { no, reason: reason(), expected }.into())
        }
        Act::Correct(value) => {
            let (at, expected) = (entry("purity"), purity(scene));
            let input = Input { value: json!(value), unit: Some("[pH]".into()) };
            let (reason, slip, confirmed) = (Some(reason()), false, false);
            let command = CorrectEntry { at, input, reason, slip, confirmed, expected }.into();
            order(scene, "quinn", &command)
        }
        Act::Check => {
            let (at, expected) = (entry("purity"), purity(scene));
            order(scene, "omar", &CheckEntry { at, against: None, expected }.into())
        }
    }
}

/// The version of the purity that counts.
fn purity(scene: &Scene) -> Option<u64> {
    let found = scene.run.entry(&entry("purity"))?.current()?;
    Some(found.seq)
}

/// What holds in every state that can be reached.
fn holds(scene: &Scene, way: &[Act]) {
    let (run, lot) = (&scene.run, &scene.lots[0]);
    let released = lot.disposition() == Disposition::Released;
    assert!(!(run.aborted.is_some() && released), "{way:?}: aborted, and its lot is released");
    assert_eq!(run.lots[0].disposition, lot.disposition().as_str(), "{way:?}");
    let owed = ObligationFacts::default();
    let now = standing(lot, run, &owed);
    let failing = not_conforming(run, &owed);
    if released && !failing.is_empty() {
        assert!(now.blocked() && !now.fit(), "{way:?}: {failing:?} and not blocked");
    }
    assert!(released || !now.questioned(), "{way:?}: only what is released is in question");
    // *No* is possible in every phase.
    let no = match lot.disposition() {
        Disposition::Released => Disposition::Withdrawn,
        Disposition::Quarantined | Disposition::Withdrawn => Disposition::Rejected,
        Disposition::Rejected => return,
    };
    let done = perform(&mut scene.clone(), Act::Dispose(no));
    assert_eq!(done, Ok(()), "{way:?}: {no:?} is always possible");
}

// shows: C211-165.a, T39.b
// finding: A1
#[test]
fn no_way_leads_to_an_aborted_run_with_a_released_lot_or_to_a_failing_one_that_may_leave() {
    let mut waiting = VecDeque::from([(Scene::releasable(), Vec::new())]);
    let mut seen: BTreeSet<Mark> = BTreeSet::new();
    let mut outcomes: BTreeMap<String, u32> = BTreeMap::new();
    while let Some((scene, way)) = waiting.pop_front() {
        if !seen.insert(mark(&scene)) {
            continue;
        }
        holds(&scene, &way);
        for act in ACTS {
            let before = scene.lots[0].disposition();
            let mut next = scene.clone();
            match perform(&mut next, *act) {
                Ok(()) => {
                    assert!(
                        before != Disposition::Rejected
                            || next.lots[0].disposition() == Disposition::Rejected,
                        "{way:?}: rejected is final"
                    );
                    let owed = ObligationFacts::default();
                    let yes = [Act::Stand, Act::Dispose(Disposition::Released)].contains(act);
                    if yes {
                        let open = open_until(&scene.run, &owed, Stage::Release, scene.at);
                        assert!(open.is_empty(), "{way:?} {act:?}: something is owed");
                        let now = standing(&next.lots[0], &next.run, &owed);
                        assert!(!now.questioned(), "{way:?} {act:?}: what was known is answered");
                    }
                    *outcomes.entry(format!("{act:?}")).or_default() += 1;
                    let mut way = way.clone();
                    way.push(*act);
                    waiting.push_back((next, way));
                }
                Err(code) => *outcomes.entry(code.to_owned()).or_default() += 1,
            }
        }
    }
    assert!(seen.len() > 60, "only {} states", seen.len());
    for act in ACTS {
        assert!(outcomes.contains_key(&format!("{act:?}")), "{act:?} was never let: {outcomes:?}");
    }
    for code in ["only-withdrawal", "released-lots", "run-was-aborted", "lot-not-questioned"] {
        assert!(outcomes.contains_key(code), "{code} is never met: {outcomes:?}");
    }
}
