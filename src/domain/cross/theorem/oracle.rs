//! Whether a lot is fit, told from what was recorded alone: nothing here asks the rules.

use super::world::World;
use crate::domain::entry::EntryValue;
use crate::domain::ids::PersonId;
use crate::domain::lot::Disposition;
use crate::domain::run::testing::{DeterminationRun, InvestigationStep};
use crate::domain::run::{Content, EntryRun, Run};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

const LOW: Decimal = cents(660);
const HIGH: Decimal = cents(710);
/// Limits of one of two determinations of the mean, and of how far apart they may be.
const SINGLE: (Decimal, Decimal) = (cents(600), cents(780));
const APART: Decimal = cents(60);

const fn cents(value: u32) -> Decimal {
    Decimal::from_parts(value, 0, 0, false, 2)
}

fn within(value: Decimal) -> bool {
    (LOW..=HIGH).contains(&value)
}

fn number(value: &EntryValue) -> Decimal {
    value.number.as_ref().map(|number| number.value).expect("every result here is a number")
}

fn valid(tested: &&DeterminationRun) -> bool {
    tested.invalidated.is_none()
}

/// Why a lot may not be used, if so.
pub fn unfit(world: &World, index: usize) -> Option<String> {
    let run = &world.child.run;
    let lot = world.child.lots[index].number.clone();
    let purity = specification(run, "purity", Some(&lot), singles);
    let found = purity
        .or_else(|| specification(run, "potency", None, mean))
        .or_else(|| specification(run, "endotoxin", None, singles))
        .or_else(|| in_process(run))
        .or_else(|| yielded(run, world));
    found.or_else(|| parents(world, index))
}

/// A specification that was tested and skipped is owed again.
fn specification(
    run: &Run,
    id: &str,
    lot: Option<&str>,
    judge: fn(&[&DeterminationRun]) -> Option<String>,
) -> Option<String> {
    let nothing = EntryRun::default();
    let entry = run.release_entries.get(id).unwrap_or(&nothing);
    if entry.determinations.is_empty() && run.skipped.contains_key(id) {
        return None;
    }
    let alone = run.lots.len() == 1;
    let of = |tested: &&DeterminationRun| match (&tested.told.of, lot) {
        (Some(of), Some(lot)) => of == lot,
        (None, Some(_)) => alone,
        (_, None) => true,
    };
    let mut all: Vec<&DeterminationRun> = entry.determinations.iter().filter(of).collect();
    // What was made on a sample of another lot speaks for none; what fails there is not lost.
    let mine = |tested: &DeterminationRun| lot.is_none_or(|lot| is_of(run, tested, lot, alone));
    all.retain(|tested| mine(tested) || !within(number(tested.value())));
    if decided_by_two(entry, lot, &all) {
        return None;
    }
    judge(&all).map(|why| format!("{id}: {why}"))
}

/// Whether the sample that a determination names is of this lot, as the sample says now.
fn is_of(run: &Run, tested: &DeterminationRun, lot: &str, alone: bool) -> bool {
    let Some(id) = tested.value().data["sample"].as_str() else { return true };
    let entries = run.steps.values().flat_map(|step| step.entries.values());
    let mut drawn = entries.filter_map(|entry| match &entry.current()?.content {
        Content::Value(value) if value.data["id"] == id => Some(value.data["lot"].clone()),
        Content::Value(_) | Content::Absent(_) | Content::Struck => None,
    });
    drawn.next().is_some_and(|of| of == lot || alone && of.is_null())
}

/// Each in-process occurrence that was begun, and one at least.
fn in_process(run: &Run) -> Option<String> {
    let begun: Vec<_> = run.steps.iter().filter(|(key, _)| key.step == "grow").collect();
    let judged = begun.iter().find_map(|(key, step)| {
        let nothing = EntryRun::default();
        let entry = step.entries.get("virus").unwrap_or(&nothing);
        let all: Vec<_> = entry.determinations.iter().collect();
        if decided_by_two(entry, None, &all) {
            return None;
        }
        singles(&all).map(|why| format!("{key}/virus: {why}"))
    });
    judged.or_else(|| begun.is_empty().then(|| "grow was never begun".to_owned()))
}

/// One at least that counts, and none outside, counted or not.
fn singles(all: &[&DeterminationRun]) -> Option<String> {
    let mut standing = all.iter().copied().filter(valid);
    if let Some(bad) = standing.clone().find(|tested| !within(number(tested.value()))) {
        return Some(format!("determination {} is {}", bad.told.no, bad.value().shown));
    }
    let counts = standing.any(|tested| !tested.told.repeat);
    (!counts).then(|| "no result".to_owned())
}

/// One run of two at least, near one another, whose mean is within; none whose mean is not, no single beyond
/// its own limit.
fn mean(all: &[&DeterminationRun]) -> Option<String> {
    let mut conforms = false;
    let value = |no: &u32| {
        let tested = all.iter().copied().filter(valid).find(|tested| tested.told.no == *no);
        tested.map(|tested| number(tested.value()))
    };
    for tested in all.iter().copied().filter(valid) {
        let single = number(tested.value());
        if single < SINGLE.0 || single > SINGLE.1 {
            return Some(format!("determination {} is {single}", tested.told.no));
        }
        let Some(run) = &tested.run else { continue };
        let members: Vec<Decimal> = run.members.iter().filter_map(value).collect();
        let [one, other] = members[..] else { continue };
        if (one - other).abs() > APART {
            continue;
        }
        let mean = (one + other) / Decimal::TWO;
        let rounded =
            mean.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        if !within(rounded) {
            return Some(format!("the mean is {mean}"));
        }
        conforms = true;
    }
    (!conforms).then(|| "no mean".to_owned())
}

/// Two different persons decided an inconclusive result, after everything that counts or fails and whatever else was
/// decided, each retest within.
fn decided_by_two(entry: &EntryRun, lot: Option<&str>, all: &[&DeterminationRun]) -> bool {
    let speaks = |step: &InvestigationStep| match step {
        InvestigationStep::Laboratory { .. }
        | InvestigationStep::ProductionReview { .. }
        | InvestigationStep::OtherAnalyst { .. } => true,
        InvestigationStep::Transcription { accepted, .. } => !accepted,
        InvestigationStep::AssignableCause { .. }
        | InvestigationStep::RetestPlan { .. }
        | InvestigationStep::Resampling { .. }
        | InvestigationStep::Reportable { .. }
        | InvestigationStep::Inconclusive { .. }
        | InvestigationStep::DecidedInconclusive { .. } => false,
    };
    let mine = entry.investigation.iter().filter(|taken| taken.of.as_deref() == lot);
    let mut mine = mine.filter(|taken| !speaks(&taken.step));
    let Some(last) = mine.next_back() else { return false };
    let InvestigationStep::DecidedInconclusive { retests, .. } = &last.step else { return false };
    let signers: BTreeSet<PersonId> =
        [&last.signed, &last.second].into_iter().flatten().map(|signed| signed.person).collect();
    let fine = |no: &u32| all.iter().any(|it| it.told.no == *no && within(number(it.value())));
    let weighs =
        |it: &&&DeterminationRun| valid(it) && (!it.told.repeat || !within(number(it.value())));
    let newest = all.iter().filter(weighs).map(|tested| tested.seq).max();
    signers.len() == 2 && newest < Some(last.seq) && !retests.is_empty() && retests.iter().all(fine)
}

/// The amounts of the product are as much as expected; else somebody investigated it in a deviation.
fn yielded(run: &Run, world: &World) -> Option<String> {
    let all: Decimal = run.lots.iter().map(|lot| lot.quantity.value).sum();
    let expected = (cents(9_000)..=cents(11_000)).contains(&all);
    let closed = || {
        let about = run.exceptions.iter().filter(|exception| {
            exception.opened.at.as_ref().is_some_and(|at| at.step.is_none() && at.entry == "yield")
        });
        let numbers: BTreeSet<u32> = about.map(|exception| exception.opened.no).collect();
        let mut deviations = world.child.deviations.iter();
        deviations.any(|deviation| {
            let own =
                deviation.runs.get(&run.key).is_some_and(|(_, all)| !all.is_disjoint(&numbers));
            own && deviation.closed.is_some()
        })
    };
    (!expected && !closed()).then(|| format!("its yield is {all}"))
}

/// What went in, by the world's own book, is released and conforms itself; a supplier's lot is accepted.
fn parents(world: &World, index: usize) -> Option<String> {
    let run = &world.child.run;
    for parent in &world.named[index] {
        if *parent == world.parent.lots[0].number {
            let lot = &world.parent.lots[0];
            if lot.disposition() != Disposition::Released {
                return Some(format!("{parent} is {}", lot.disposition().as_str()));
            }
            let nothing = EntryRun::default();
            let entry = world.parent.run.release_entries.get("purity").unwrap_or(&nothing);
            let value = entry.current().map(|version| &version.content);
            if !matches!(value, Some(Content::Value(value)) if within(number(value))) {
                return Some(format!("{parent} does not conform"));
            }
            continue;
        }
        let decided = run.foreign.values().find(|decided| decided.told.lot == *parent);
        if !decided.is_some_and(|decided| decided.told.accepted) {
            return Some(format!("{parent} was not accepted"));
        }
    }
    None
}

/// Whether a determination stands beyond the limits.
pub fn is_failing(entry: &EntryRun) -> bool {
    entry.determinations.iter().filter(valid).any(|tested| !within(number(tested.value())))
}

/// Whether the failing determination stands as it was told.
pub fn fails_still(world: &World) -> bool {
    let entry = &world.child.run.release_entries["purity"];
    let first = &entry.determinations[0];
    first.invalidated.is_none() && !within(number(first.value()))
}
