//! The end of a played batch: what comes out, what is tested of it, completion, review, release. What is owed then
//! by nobody's fault is the recipe's.

use super::course::Course;
use super::places::Places;
use super::world::Said;
use crate::domain::calc::unit::in_unit;
use crate::domain::cross::dispose::decide as dispose;
use crate::domain::cross::yielding::yield_lot;
use crate::domain::disposition::Disposition;
use crate::domain::entry::conforming::middle;
use crate::domain::entry::reportable::Per;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::ids::{RecordKey, RecordKind, StepKey};
use crate::domain::lot::command::LotCommand;
use crate::domain::quantity::Quantity;
use crate::domain::recipe::check::Finding;
use crate::domain::recipe::{MasterRecord, Output, OutputClass};
use crate::domain::refusal::Refusal;
use crate::domain::run::Run;
use crate::domain::run::acts::condition;
use crate::domain::run::acts::lot::NewLot;
use crate::domain::run::acts::{
    CloseRun, CompleteRun, DecideForeignLots, ReviewOperation, ReviewRun, RunCommand,
};
use crate::domain::run::obligations::{Obligation, Stage};
use crate::domain::run::parents::{ForeignDecided, numbers};
use crate::domain::words::EntryKey;
use rust_decimal::Decimal;

/// Finding code of what is owed for ever.
pub(super) const NEVER: &str = "never-released";

/// What follows from an exception or a deviation is nothing that the recipe owes.
const DEPARTED: [&str; 4] = ["exception/", "deviation/", "hold/", "result/"];

/// Brings a batch, whose steps are done, to its release; what stands in the way.
pub(super) fn end(course: &mut Course<'_>, places: &Places) -> Vec<Finding> {
    let mut findings = Vec::new();
    leftovers(course);
    if let Err(refusal) = outputs(course) {
        findings.push(told(&refusal, "/outputs"));
    }
    let order = RunCommand::CompleteRun(CompleteRun { expected: Some(course.run().seq) });
    if !stage(course, places, &order, Stage::Completion, &mut findings) {
        return findings;
    }
    accept_foreign(course);
    let closed: Vec<_> = course.run().operations.keys().cloned().collect();
    for operation in closed {
        let rolling =
            course.run().recipe.operation(&operation.op).is_some_and(|it| it.rolling_review);
        let conclusion = "as played".to_owned();
        let order = RunCommand::ReviewOperation(ReviewOperation { operation, conclusion });
        if rolling {
            course.world.order(&order, None, true);
        }
    }
    test(course);
    let (conclusion, expected) = ("as played".to_owned(), Some(course.run().seq));
    let order = RunCommand::ReviewRun(ReviewRun { conclusion, expected });
    if !stage(course, places, &order, Stage::Review, &mut findings) {
        return findings;
    }
    let before = findings.len();
    owed(course, places, Stage::Release, &mut findings);
    if findings.len() == before
        && let Err(refusal) = release(course)
    {
        findings.push(told(&refusal, ""));
    }
    if findings.is_empty() {
        let order = RunCommand::CloseRun(CloseRun {});
        if let Said::Refused(refusal) = course.world.order(&order, None, true) {
            findings.push(told(&refusal, ""));
        }
    }
    findings
}

fn told(refusal: &Refusal, pointer: &str) -> Finding {
    let sentence = format!(
        "played with everything inside its limits, the batch is refused its end ({}): {}",
        refusal.rule.code, refusal.detail
    );
    Finding::new(pointer, NEVER, refusal.rule.rule, sentence)
}

/// One of the last acts: refused, each thing that is owed is named; `true`: it is done.
fn stage(
    course: &mut Course<'_>,
    places: &Places,
    order: &RunCommand,
    stage: Stage,
    findings: &mut Vec<Finding>,
) -> bool {
    let Said::Refused(refusal) = course.world.order(order, None, true) else { return true };
    let before = findings.len();
    owed(course, places, stage, findings);
    // Behind what departed by its times nobody can look: that is told as not played.
    let departed = course.world.owed().iter().any(|it| !it.settled() && has_departed(it));
    if findings.len() == before && !departed {
        findings.push(told(&refusal, ""));
    }
    false
}

fn has_departed(owed: &Obligation) -> bool {
    DEPARTED.iter().any(|it| owed.id.starts_with(it))
}

fn owed(course: &Course<'_>, places: &Places, until: Stage, findings: &mut Vec<Finding>) {
    let open = course.world.owed().into_iter();
    let open = open.filter(|it| it.stage <= until && !it.settled() && !has_departed(it));
    for owed in open {
        let pointer = owed.where_.as_deref().map_or_else(String::new, |at| places.of_run(at));
        let found = owed.evidence.map(|found| format!(" ({found})")).unwrap_or_default();
        let what = owed.what;
        let sentence = format!(
            "played with everything inside its limits, this is still owed and nobody can meet it: {what}{found}"
        );
        findings.push(Finding::new(pointer, NEVER, &owed.rule, sentence));
    }
}

/// What could not be recorded in its turn: results whose sample came later, checks.
fn leftovers(course: &mut Course<'_>) {
    while course.go_on() {
        let mut moved = false;
        let all: Vec<_> = course.run().steps.keys().cloned().collect();
        for at in all {
            let step = course.run().recipe.step(&at.step).map(|(_, step)| step.clone());
            moved |= step.is_some_and(|step| course.record_all(&at, &step));
        }
        if !moved {
            return;
        }
    }
}

/// Lots come out: the product so much that the yield is as expected, and some waste. What comes out of a branch that
/// this batch did not take does not come out of it.
fn outputs(course: &mut Course<'_>) -> Result<(), Refusal> {
    let recipe = course.run().recipe.clone();
    let coming: Vec<_> =
        (1..).zip(&recipe.outputs).filter(|(_, it)| comes(course.run(), it)).collect();
    let products = coming.iter().filter(|(_, it)| it.class == OutputClass::Product).count();
    for (no, output) in coming {
        let value = match output.class {
            OutputClass::Product => share(&recipe, output, products).unwrap_or(Decimal::ONE),
            OutputClass::Waste => Decimal::ONE,
            // Its tests ask for a sample of its own lot: see the list of what is not played.
            OutputClass::SideProduct => continue,
        };
        let (number, quantity) =
            (format!("PLAY-LOT-{no}"), Quantity { value, unit: output.unit.clone() });
        let id = course.world.id();
        course.world.on_lots(|world, facts, _, stamp| {
            let new = NewLot {
                record: RecordKey::new(RecordKind::Lot, id),
                number: &number,
                twin: None,
                material: &output.material,
                output: Some(&output.id),
                quantity: &quantity,
                parents: &[],
            };
            yield_lot(&world.run, facts, &new, stamp)
        })?;
    }
    Ok(())
}

/// Whether an output comes out of this batch: its step is not on a branch that was left out.
fn comes(run: &Run, output: &Output) -> bool {
    let Some((operation, _)) = run.recipe.step(&output.step) else { return true };
    let first = StepKey::new(&operation.id, 1, &output.step, 1);
    let begun = run.steps.keys().any(|key| key.step == output.step);
    begun || condition::leaves_out(run, &first).is_none()
}

/// What comes out of one of several products, in its own unit, if all together yield the middle.
fn share(recipe: &MasterRecord, output: &Output, products: usize) -> Option<Decimal> {
    let yielded = &recipe.theoretical_yield;
    let percent = middle(yielded.min_percent, yielded.max_percent);
    let whole = in_unit(&yielded.quantity, &output.unit)?;
    let all = whole.checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)?;
    all.checked_div(Decimal::from(u32::try_from(products).ok()?))
}

/// Quality accepts what came from others.
fn accept_foreign(course: &mut Course<'_>) {
    let own: Vec<_> = course.world.lots.iter().map(|lot| lot.number.clone()).collect();
    let foreign = numbers(course.run()).into_iter().filter(|number| !own.contains(number));
    let accepted = |lot| ForeignDecided {
        lot,
        supplier: "supplier".into(),
        document: "certificate".into(),
        accepted: true,
    };
    let lots: Vec<_> = foreign.map(accepted).collect();
    if !lots.is_empty() {
        course.world.order(&RunCommand::DecideForeignLots(DecideForeignLots { lots }), None, true);
    }
}

/// What release asks is tested, for each lot that owes it, and looked over.
fn test(course: &mut Course<'_>) {
    let specs: Vec<EntrySpec> = course.run().recipe.release_specifications.clone();
    let lots: Vec<String> = course
        .run()
        .lots
        .iter()
        .filter(|it| it.class.is_used())
        .map(|it| it.number.clone())
        .collect();
    for spec in &specs {
        let at = EntryKey { step: None, entry: spec.id.clone() };
        let per_lot = spec.as_result().is_some_and(|result| result.per != Some(Per::Run));
        if per_lot && !lots.is_empty() {
            for lot in &lots {
                course.record(&at, spec, Some(lot));
            }
        } else {
            course.record(&at, spec, None);
        }
        course.check(&at, spec);
    }
    leftovers(course);
}

fn release(course: &mut Course<'_>) -> Result<(), Refusal> {
    for index in 0..course.world.lots.len() {
        if !course.world.lots[index].class.is_used() {
            continue;
        }
        let expected = Some(course.world.lots[index].seq);
        let (disposition, reason) = (Disposition::Released, "as played".to_owned());
        let command = LotCommand::Decide { disposition, reason, expected };
        course.world.on_lots(|world, facts, owed, stamp| {
            dispose(&world.lots[index], &world.run, facts, owed, &command, stamp)
        })?;
    }
    Ok(())
}
