//! How each act of the theorem is ordered: to the run, its lots, its deviations, or the parent's run.

use super::acts::{Act, Done, Of, Spec, Word};
use super::investigations::investigation;
use super::world::{FOREIGN, World, loosened};
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::cross::deviation::{NewDeviation, decide as decide_deviation, open};
use crate::domain::cross::parents;
use crate::domain::cross::scene::{Scene, entry, step};
use crate::domain::deviation::command::DeviationCommand;
use crate::domain::deviation::content::LotImpact;
use crate::domain::disposition::Disposition;
use crate::domain::entry::Input;
use crate::domain::exception::Severity;
use crate::domain::ids::{OperationKey, RecordKey, RecordKind, StepKey};
use crate::domain::lot::command::LotCommand;
use crate::domain::run::Phase;
use crate::domain::run::acts::{
    AbortRun, CheckEntry, CloseRun, CompleteRun, CorrectEntry, DecideAmendment, DecideForeignLots,
    DecideNotDeviation, DeclareAbsent, DeclareStepNotPerformed, EndOperation, LiftHold, PlaceHold,
    ProposeAmendment, RecordDetermination, RecordEntry, RecordNotice, ReportHappening, ReviewRun,
    RunCommand, SkipTest, StartStep, decide, hold,
};
use crate::domain::run::amendment::Change;
use crate::domain::run::floor::EndingKind;
use crate::domain::run::notice::NoticeKind;
use crate::domain::run::parents::ForeignDecided;
use crate::domain::words::{Absence, Basis, EntryKey, HoldScope, Place};
use serde_json::{Value, json};
use uuid::Uuid;

fn order(scene: &mut Scene, who: &str, command: &RunCommand) -> Done {
    scene.rules(who, |run, facts, stamp| decide(run, facts, command, stamp))
}

pub fn why() -> String {
    "as looked into".to_owned()
}

/// Tries an act on the record that it is about.
pub fn perform(world: &mut World, who: &'static str, act: Act) -> Done {
    match act {
        Act::Parent(disposition) => dispose(&mut world.parent, who, 0, Some(disposition)),
        Act::ParentCorrected(value) => corrected(&mut world.parent, who, value),
        Act::Dispose(of, disposition) => {
            dispose(&mut world.child, who, of.index(), Some(disposition))
        }
        Act::Stand(of) => dispose(&mut world.child, who, of.index(), None),
        Act::Yield(of, amount) => {
            let done = world.child.yield_lot_as(who, of.number(), amount);
            if done.is_ok() && world.child.lots.len() == 2 && of == Of::One {
                // The lots came out in the other order: the world's book follows.
                world.child.lots.swap(0, 1);
            }
            done
        }
        Act::Named(of, number) | Act::Taken(of, number) => {
            named(world, who, of, number, matches!(act, Act::Named(..)))
        }
        Act::Enters(number) => enters(world, who, number),
        Act::Drawn(of, lot) => {
            let (entry, id) = of.sample();
            told(world, who, entry, json!({ "id": id, "lot": lot.number() }))
        }
        Act::TestDrawn(of, value) => {
            let value = json!({ "value": value, "method_version": "1", "sample": of.sample().1 });
            let input = Input { value, unit: Some("[pH]".into()) };
            order(&mut world.child, who, &tested(Spec::Purity.at(), input))
        }
        Act::Execute => executed(&mut world.child),
        // Who certifies is at hand, where nobody else is.
        Act::Conclude(_, _, Word::Decides) if world.child.second.is_none() => {
            let command = command(world, act).ok_or("nothing-to-do")?;
            world.child.second = Some("pia");
            let done = order(&mut world.child, who, &command);
            world.child.second = None;
            done
        }
        Act::Spoken(spec, of) => {
            let said = command(world, Act::Laboratory(spec, of, false)).ok_or("nothing-to-do")?;
            order(&mut world.child, "quill", &said)?;
            order(&mut world.child, who, &said)
        }
        Act::Tests(purity) => tests(&mut world.child, who, purity),
        Act::Deviates | Act::Investigates | Act::Impact | Act::Closes => {
            deviate(&mut world.child, who, act)
        }
        Act::AbortAndWithdraw => {
            let lots = world.child.lots.iter();
            let released = lots.filter(|lot| lot.disposition() == Disposition::Released);
            let withdraw = released.map(|lot| lot.number.clone()).collect();
            world.child.abort_and_withdraw(who, &why(), withdraw)
        }
        _ => {
            let command = command(world, act).ok_or("nothing-to-do")?;
            order(&mut world.child, who, &command)
        }
    }
}

/// The work itself, of a run that has not begun.
fn executed(scene: &mut Scene) -> Done {
    if scene.run.phase != Phase::Issued {
        return Err("phase-forbids");
    }
    *scene = scene.clone().execute();
    Ok(())
}

/// Tests what nobody has tested yet, and has it checked.
fn tests(scene: &mut Scene, who: &str, purity: &str) -> Done {
    let mut done = Err("nothing-to-do");
    let lots = [(Of::One, purity), (Of::Two, "6.80")];
    let purity =
        lots.into_iter().take(scene.lots.len()).map(|(of, value)| (Spec::Purity, of, value));
    let others = [Spec::Potency, Spec::Potency, Spec::Endotoxin, Spec::Virus];
    let others = others.into_iter().map(|spec| (spec, Of::One, "6.80"));
    let untested: Vec<_> = purity
        .chain(others)
        .filter(|(spec, ..)| {
            scene.run.entry(&spec.at()).is_none_or(|it| it.determinations.is_empty())
        })
        .collect();
    for (spec, of, value) in untested {
        done = done.or(order(scene, who, &tested(spec.at(), input(spec, of, value))));
        let at = spec.at();
        let current = scene.run.entry(&at).and_then(|it| it.current());
        let expected = current.map(|version| version.seq);
        scene.at = Instant(scene.at.0 + MINUTE);
        // What is not reported yet waits for its check.
        let _ = order(
            scene,
            "quill",
            &RunCommand::CheckEntry(CheckEntry { at, against: None, expected }),
        );
    }
    done
}

fn triage(scene: &Scene) -> RunCommand {
    let open = scene.run.exceptions.iter().find(|e| e.triage.is_none());
    let exception = open.map_or(1, |open| open.opened.no);
    RunCommand::DecideNotDeviation(DecideNotDeviation { exception, rationale: why() })
}

/// The order to the run that an act is.
// tidy: one exhaustive match
fn command(world: &World, act: Act) -> Option<RunCommand> {
    let scene = &world.child;
    let run = &scene.run;
    let expected = Some(run.seq);
    let current =
        |at: &EntryKey| run.entry(at).and_then(|it| it.current()).map(|version| version.seq);
    Some(match act {
        Act::Skip => {
            let (entry, document) = ("endotoxin".into(), "SOP-7".into());
            RunCommand::SkipTest(SkipTest { entry, document, reason: why() })
        }
        Act::Test(spec, of, value) => tested(spec.at(), input(spec, of, value)),
        Act::Correct(spec, of, value) => {
            let at = spec.at();
            let own = |no: &Option<String>| no.as_deref().is_none_or(|no| no == of.number());
            let tests = &run.entry(&at)?.determinations;
            let first = tests.iter().find(|tested| own(&tested.told.of))?.told.no;
            let mut input = input(spec, of, value);
            input.value["determination"] = json!(first);
            let (reason, expected) = (Some(why()), current(&at));
            let (slip, confirmed) = (false, false);
            RunCommand::CorrectEntry(CorrectEntry { at, input, reason, slip, confirmed, expected })
        }
        Act::Check(spec) => {
            let at = spec.at();
            RunCommand::CheckEntry(CheckEntry { expected: current(&at), against: None, at })
        }
        Act::Laboratory(..) | Act::Conclude(..) => investigation(world, act)?,
        Act::Absent(spec) => {
            let absence = Absence::NotAvailable;
            RunCommand::DeclareAbsent(DeclareAbsent { at: spec.at(), absence, reason: why() })
        }
        Act::NotPerformed => RunCommand::DeclareStepNotPerformed(DeclareStepNotPerformed {
            step: again("grow"),
            reason: why(),
        }),
        Act::Triage => triage(scene),
        Act::Redline => {
            proposed(Change::Entry { step: "grow".into(), entry: Box::new(loosened(world)) })
        }
        Act::Reprocess => {
            let (operation, times) = ("OP".into(), 1);
            proposed(Change::Reprocess { operation, times, lot: None })
        }
        Act::Approve => {
            let conclusion = why();
            RunCommand::DecideAmendment(DecideAmendment { no: 1, approved: true, conclusion })
        }
        Act::Again => RunCommand::StartStep(StartStep { step: again("grow"), expected: None }),
        Act::EndEarly => {
            let (operation, kind) = (OperationKey { op: "OP".into(), n: 2 }, EndingKind::EarlyEnd);
            RunCommand::EndOperation(EndOperation { operation, kind, reason: why() })
        }
        Act::Complete => RunCommand::CompleteRun(CompleteRun { expected }),
        Act::Review => RunCommand::ReviewRun(ReviewRun { conclusion: why(), expected }),
        Act::Close => RunCommand::CloseRun(CloseRun {}),
        Act::Hold => RunCommand::PlaceHold(PlaceHold { scope: HoldScope::Run, reason: why() }),
        Act::Lift => {
            let held = hold::standing(run).next()?;
            RunCommand::LiftHold(LiftHold {
                no: held.no,
                reason: why(),
                expected: Some(held.version),
            })
        }
        Act::Event => RunCommand::ReportHappening(ReportHappening {
            place: Place::Batch,
            what: why(),
            enclosures: Vec::new(),
        }),
        Act::Complaint => {
            RunCommand::RecordNotice(RecordNotice { kind: NoticeKind::Complaint, text: why() })
        }
        Act::Abort => RunCommand::AbortRun(AbortRun { reason: why() }),
        Act::Foreign(accepted) => {
            let (lot, supplier) = (FOREIGN.to_owned(), "Supplier".to_owned());
            let told = ForeignDecided { lot, supplier, document: why(), accepted };
            RunCommand::DecideForeignLots(DecideForeignLots { lots: vec![told] })
        }
        Act::Execute | Act::Tests(_) | Act::Spoken(..) => return None,
        Act::Yield(..) | Act::Deviates | Act::Investigates | Act::Impact | Act::Closes => {
            return None;
        }
        Act::AbortAndWithdraw | Act::Dispose(..) | Act::Stand(_) | Act::Named(..) => return None,
        Act::Drawn(..) | Act::TestDrawn(..) => return None,
        Act::Taken(..) | Act::Enters(_) | Act::Parent(_) | Act::ParentCorrected(_) => return None,
    })
}

/// The second occurrence, by a reprocessing.
fn again(id: &str) -> StepKey {
    StepKey::new("OP", 2, id, 1)
}

fn proposed(change: Change) -> RunCommand {
    RunCommand::ProposeAmendment(ProposeAmendment { change, reason: why(), assessment: why() })
}

fn input(spec: Spec, of: Of, value: &str) -> Input {
    let item = if spec == Spec::Purity { of.number() } else { "bulk-1" };
    let value = json!({ "value": value, "method_version": "1", "item": item });
    Input { value, unit: Some("[pH]".into()) }
}

fn tested(at: EntryKey, input: Input) -> RunCommand {
    let (performed_at, basis, reason): (Option<Instant>, _, _) = (None, Basis::Direct, None);
    RunCommand::RecordDetermination(RecordDetermination { at, input, performed_at, basis, reason })
}

/// Decides on a lot; without a disposition, that it stands.
fn dispose(scene: &mut Scene, who: &str, index: usize, disposition: Option<Disposition>) -> Done {
    let Some(lot) = scene.lots.get(index) else { return Err("nothing-to-do") };
    let (reason, expected) = (why(), Some(lot.seq));
    let command = match disposition {
        Some(disposition) => LotCommand::Decide { disposition, reason, expected },
        None => LotCommand::Stand { reason, expected },
    };
    scene.on_lot(who, index, &command)
}

/// The parent's own release result turns out otherwise.
fn corrected(scene: &mut Scene, who: &str, value: &str) -> Done {
    let at = entry("purity");
    let current = scene.run.entry(&at).and_then(|it| it.current());
    let expected = current.map(|version| version.seq);
    let input = Input { value: json!(value), unit: Some("[pH]".into()) };
    let (reason, slip, confirmed) = (Some(why()), false, false);
    let command =
        RunCommand::CorrectEntry(CorrectEntry { at, input, reason, slip, confirmed, expected });
    order(scene, who, &command)
}

/// Somebody says what went in, or quality that it did not.
fn named(world: &mut World, who: &str, of: Of, number: &str, adds: bool) -> Done {
    if world.child.lots.len() <= of.index() {
        return Err("nothing-to-do");
    }
    world.child.lots(who, |scene, facts, stamp| {
        let lot = &scene.lots[of.index()];
        if adds {
            parents::add(lot, &scene.run, facts, number, &why())
        } else {
            parents::remove(lot, &scene.run, facts, number, &why(), stamp)
        }
    })?;
    let book = &mut world.named[of.index()];
    if adds {
        book.insert(number.to_owned());
    } else {
        book.remove(number);
    }
    Ok(())
}

/// An entry of the run names a lot: it went into whatever came out.
fn enters(world: &mut World, who: &str, number: &str) -> Done {
    told(world, who, "seed", json!(number))?;
    for book in &mut world.named {
        book.insert(number.to_owned());
    }
    Ok(())
}

/// An entry of the first step is recorded, or corrected where it is.
fn told(world: &mut World, who: &str, entry: &str, value: Value) -> Done {
    let at = EntryKey { step: Some(step("grow")), entry: entry.into() };
    let input = Input { value, unit: None };
    let known = world.child.run.entry(&at).and_then(|it| it.current());
    let command = match known.map(|version| version.seq) {
        None => RunCommand::RecordEntry(RecordEntry {
            at,
            input,
            performed_at: None,
            basis: Basis::Direct,
            reason: Some(why()),
            confirmed: false,
        }),
        expected => RunCommand::CorrectEntry(CorrectEntry {
            at,
            input,
            reason: Some(why()),
            slip: false,
            confirmed: false,
            expected,
        }),
    };
    order(&mut world.child, who, &command)
}

/// A deviation about what is open, on its way.
fn deviate(scene: &mut Scene, who: &'static str, act: Act) -> Done {
    if act == Act::Deviates {
        let id = 0xDE0 + scene.deviations.len() as u128;
        let untriaged = scene.run.exceptions.iter().filter(|e| e.triage.is_none());
        let exceptions: Vec<u32> = untriaged.map(|e| e.opened.no).collect();
        return scene.deviates(who, |scene, facts, stamp| {
            let new = NewDeviation {
                record: RecordKey::new(RecordKind::Deviation, Uuid::from_u128(id)),
                no: scene.deviations.len() as u64 + 1,
                number_taken: false,
                title: "departure",
                class: Severity::Critical,
                exceptions: &exceptions,
            };
            open(&scene.run, facts, &new, stamp)
        });
    }
    let Some(index) = scene.deviations.iter().position(|it| it.closed.is_none()) else {
        return Err("nothing-to-do");
    };
    let lots = scene.run.lots.iter().map(|lot| lot.number.clone());
    let lots = lots.map(|lot| LotImpact { lot, impact: why() }).collect();
    let command = match act {
        Act::Investigates => DeviationCommand::ConcludeInvestigation {
            text: why(),
            root_cause: Some(why()),
            no_root_cause: None,
            capa: None,
            no_capa: Some(why()),
        },
        Act::Impact => DeviationCommand::ConcludeImpact { conclusion: why(), other_batches: why() },
        _ => {
            let (others, proposed) = (Vec::new(), Vec::new());
            DeviationCommand::Close { conclusion: why(), lots, others, proposed }
        }
    };
    scene.deviates(who, |scene, facts, stamp| {
        decide_deviation(&scene.deviations[index], &[&scene.run], None, facts, &command, stamp)
    })
}
