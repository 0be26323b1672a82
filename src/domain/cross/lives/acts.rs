//! What can be done in a life, and how it is tried.

use super::super::dice::Dice;
use super::Outcome;
use crate::domain::cross::deviation::{NewDeviation, decide as decide_deviation, open};
use crate::domain::cross::scene::{Scene, entry};
use crate::domain::deviation::DeviationPhase;
use crate::domain::deviation::command::DeviationCommand;
use crate::domain::deviation::content::LotImpact;
use crate::domain::entry::Input;
use crate::domain::exception::Severity;
use crate::domain::ids::{OperationKey, RecordKey, RecordKind, StepKey};
use crate::domain::lot::Disposition;
use crate::domain::lot::command::LotCommand;
use crate::domain::run::acts::{
    AbortRun, AcceptRisk, AcknowledgeAlerts, CheckEntry, CheckStep, CloseOperation, CloseRun,
    CompleteRun, CompleteStep, CorrectEntry, DecideNotDeviation, LiftHold, PassGate, PlaceHold,
    RatifyRisk, RecordEntry, ReportHappening, ReviewRun, RunCommand, StartStep, decide, hold,
};
use crate::domain::words::{Basis, EntryKey, HoldScope, Place};
use serde_json::json;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Start,
    Record,
    Correct,
    CheckEntry,
    Complete,
    CheckStep,
    CloseOperation,
    PassGate,
    Hold,
    Lift,
    NotDeviation,
    OpenDeviation,
    Impact,
    CloseDeviation,
    Risk,
    Ratify,
    Yield,
    Finish,
    Review,
    Release,
    OtherwiseDispose,
    Alerts,
    Event,
    Abort,
    CloseRun,
}

pub(super) const ACTS: &[Act] = &[
    Act::Start,
    Act::Record,
    Act::Correct,
    Act::CheckEntry,
    Act::Complete,
    Act::CheckStep,
    Act::CloseOperation,
    Act::PassGate,
    Act::Hold,
    Act::Lift,
    Act::NotDeviation,
    Act::OpenDeviation,
    Act::Impact,
    Act::CloseDeviation,
    Act::Risk,
    Act::Ratify,
    Act::Yield,
    Act::Finish,
    Act::Review,
    Act::Release,
    Act::OtherwiseDispose,
    Act::Alerts,
    Act::Event,
    Act::Abort,
    Act::CloseRun,
];

/// The first of these that the target names, or any of them.
pub(super) fn aim<'a>(from: &[&'a str], target: &str, dice: &mut Dice) -> &'a str {
    let named = from.iter().find(|id| target.split(['/', '~']).any(|part| part == **id));
    named.copied().unwrap_or_else(|| dice.pick(from))
}

pub(super) fn occurrence(scene: &Scene, target: &str, dice: &mut Dice) -> StepKey {
    let id = aim(&["grow", "transfer", "feed"], target, dice);
    let done = scene.run.steps.keys().filter(|key| key.step == id).count();
    let last = u32::try_from(done).unwrap_or(0);
    StepKey::new("OP", 1, id, last.max(1))
}

/// The place of an entry, and the version of what stands there.
pub(super) fn place(scene: &Scene, target: &str, dice: &mut Dice) -> (EntryKey, Option<u64>) {
    let at = entry(aim(&["pH", "density", "virus", "purity"], target, dice));
    let current = scene.run.entry(&at).and_then(|e| e.current());
    let version = current.map(|version| version.seq);
    (at, version)
}

pub(super) fn value(dice: &mut Dice) -> Input {
    let value = dice.pick(&["6.85", "6.80", "6.90", "6.95", "6.75", "6.88", "6.65", "5.00"]);
    Input { value: json!(value), unit: Some("[pH]".into()) }
}

pub(super) fn some_exception(scene: &Scene, dice: &mut Dice) -> u32 {
    let untriaged: Vec<u32> =
        scene.run.exceptions.iter().filter(|e| e.triage.is_none()).map(|e| e.opened.no).collect();
    if untriaged.is_empty() { 1 } else { untriaged[dice.roll(untriaged.len())] }
}

fn happened(what: &str) -> RunCommand {
    ReportHappening { place: Place::Batch, what: what.into(), enclosures: Vec::new() }.into()
}

fn corrected((at, expected): (EntryKey, Option<u64>), input: Input) -> RunCommand {
    let (reason, slip, confirmed) = (Some("misread".into()), false, false);
    CorrectEntry { at, input, reason, slip, confirmed, expected }.into()
}

/// The order that an act gives to the run; `None`: it is one to a lot or a deviation.
pub(super) fn order(scene: &Scene, act: Act, target: &str, dice: &mut Dice) -> Option<RunCommand> {
    let seq = Some(scene.run.seq);
    let operation = OperationKey { op: "OP".into(), n: 1 };
    let gate = aim(&["G", "H"], target, dice).to_owned();
    Some(match act {
        Act::Start => {
            let step = aim(&["grow", "transfer", "feed"], target, dice);
            let done = scene.run.steps.keys().filter(|key| key.step == step).count();
            let k = u32::try_from(done).unwrap_or(0) + 1;
            StartStep { step: StepKey::new("OP", 1, step, k), expected: None }.into()
        }
        Act::Record => RecordEntry {
            at: place(scene, target, dice).0,
            input: value(dice),
            performed_at: None,
            basis: Basis::Direct,
            reason: None,
            confirmed: false,
        }
        .into(),
        Act::Correct => corrected(place(scene, target, dice), value(dice)),
        Act::CheckEntry => {
            let (at, expected) = place(scene, target, dice);
            CheckEntry { at, against: None, expected }.into()
        }
        Act::Complete | Act::CheckStep => {
            let step = occurrence(scene, target, dice);
            let expected = scene.run.steps.get(&step).map(|state| state.version);
            if act == Act::Complete {
                CompleteStep { step, expected }.into()
            } else {
                CheckStep { step, expected }.into()
            }
        }
        Act::CloseOperation => {
            let expected = scene.run.operations.get(&operation).map(|op| op.version);
            CloseOperation { operation, expected }.into()
        }
        Act::PassGate => PassGate { gate }.into(),
        Act::Hold => PlaceHold { scope: HoldScope::Run, reason: "alarm".into() }.into(),
        Act::Lift => {
            let held = hold::standing(&scene.run).next();
            let (no, expected) = held.map_or((1, None), |held| (held.no, Some(held.version)));
            LiftHold { no, reason: "resolved".into(), expected }.into()
        }
        Act::NotDeviation => {
            let rationale = "no effect".into();
            DecideNotDeviation { exception: some_exception(scene, dice), rationale }.into()
        }
        Act::Risk => AcceptRisk { gate, reason: "culture is fine".into(), minutes: 30 }.into(),
        Act::Ratify => RatifyRisk {
            gate: "G".into(),
            index: u32::try_from(dice.roll(3)).unwrap_or(0),
            conclusion: "acceptable".into(),
        }
        .into(),
        Act::Finish => CompleteRun { expected: seq }.into(),
        Act::Review => ReviewRun { conclusion: "in order".into(), expected: seq }.into(),
        Act::Alerts => AcknowledgeAlerts { operation, comment: "seen".into() }.into(),
        Act::Event => happened("a leak"),
        Act::Abort => AbortRun { reason: "contaminated".into() }.into(),
        Act::CloseRun => CloseRun {}.into(),
        Act::OpenDeviation | Act::Impact | Act::CloseDeviation => return None,
        Act::Yield | Act::Release | Act::OtherwiseDispose => return None,
    })
}

pub(super) fn perform(
    scene: &mut Scene,
    who: &str,
    act: Act,
    target: &str,
    dice: &mut Dice,
) -> Outcome {
    if let Some(command) = order(scene, act, target, dice) {
        return scene.rules(who, |run, facts, stamp| decide(run, facts, &command, stamp));
    }
    match act {
        Act::Yield => {
            let number = format!("L-{}", scene.lots.len() + 1);
            scene.yield_lot_as(who, &number, dice.pick(&["50", "100"]))
        }
        Act::OpenDeviation => {
            let id = 0xDE0 + scene.deviations.len() as u128;
            let exceptions = [some_exception(scene, dice)];
            scene.deviates(who, |scene, facts, stamp| {
                let new = NewDeviation {
                    record: RecordKey::new(RecordKind::Deviation, Uuid::from_u128(id)),
                    no: scene.deviations.len() as u64 + 1,
                    number_taken: false,
                    title: "departure",
                    class: Severity::Major,
                    exceptions: &exceptions,
                };
                open(&scene.run, facts, &new, stamp)
            })
        }
        Act::Impact | Act::CloseDeviation => deviate(scene, who, act),
        _ => dispose(scene, who, act, dice),
    }
}

pub(super) fn deviate(scene: &mut Scene, who: &str, act: Act) -> Outcome {
    let wanted =
        if act == Act::Impact { DeviationPhase::Open } else { DeviationPhase::ImpactConcluded };
    let Some(index) = scene.deviations.iter().position(|d| d.phase == wanted) else {
        return Err("nothing-to-do");
    };
    let command = if act == Act::Impact {
        let (conclusion, other_batches) = ("no harm".into(), "none concerned".into());
        DeviationCommand::ConcludeImpact { conclusion, other_batches }
    } else {
        // An engineer has signed the investigation; quality says what it means for each lot.
        let report = DeviationCommand::ConcludeInvestigation {
            text: "the pump stalled".into(),
            root_cause: Some("worn tube".into()),
            no_root_cause: None,
            capa: Some("tube replaced".into()),
            no_capa: None,
        };
        scene.deviates("petra", |scene, facts, stamp| {
            let deviation = &scene.deviations[index];
            decide_deviation(deviation, &[&scene.run], None, facts, &report, stamp)
        })?;
        let lots = scene.run.lots.iter().map(|lot| lot.number.clone());
        let lots = lots.map(|lot| LotImpact { lot, impact: "none".into() }).collect();
        let (conclusion, others, proposed) = ("repaired".into(), Vec::new(), Vec::new());
        DeviationCommand::Close { conclusion, lots, others, proposed }
    };
    scene.deviates(who, |scene, facts, stamp| {
        decide_deviation(&scene.deviations[index], &[&scene.run], None, facts, &command, stamp)
    })
}

pub(super) fn dispose(scene: &mut Scene, who: &str, act: Act, dice: &mut Dice) -> Outcome {
    if scene.lots.is_empty() {
        return Err("nothing-to-do");
    }
    let index = dice.roll(scene.lots.len());
    let disposition = if act == Act::Release {
        Disposition::Released
    } else {
        dice.pick(&[Disposition::Quarantined, Disposition::Rejected, Disposition::Withdrawn])
    };
    let expected = Some(scene.lots[index].seq);
    let command = LotCommand::Decide { disposition, reason: "looked at".into(), expected };
    scene.on_lot(who, index, &command)
}
