//! What comes out owes: a product at all, its yield, and that what went into each lot may be used.

use super::{Found, Law, Obligation, ObligationFacts, Stage, Tally, law, obligations, owe};
use crate::domain::clock::Instant;
use crate::domain::recipe::{OutputClass, RunPurpose};
use crate::domain::refusal::Refusal;
use crate::domain::run::Run;
use crate::domain::run::acts::exception::{Standing, standing};
use crate::domain::run::acts::yielded::{ActualYield, YIELD as YIELD_PLACE, actual_yield};
use crate::domain::run::genealogy::Genealogy;
use crate::domain::run::quality_refusal::NOT_READY;

const LOTS: Law = law("C211-188b3", "21 CFR 211.188(b)(3)", Stage::Completion);
const YIELD: Law = law("C211-188b7", "21 CFR 211.188(b)(7)", Stage::Release).or_waived();
const PARENTS: Law = law("C211-188b3", "21 CFR 211.84(a), 211.188(b)(3)", Stage::Release);

/// Appends what the lots of a run owe.
pub(super) fn collect(run: &Run, facts: &ObligationFacts<'_>, list: &mut Vec<Obligation>) {
    let comes_out = run.recipe.outputs.iter().any(|output| output.class == OutputClass::Product);
    if comes_out || matches!(run.purpose, RunPurpose::Production | RunPurpose::Preparation) {
        products(run, facts, list);
        yielded(run, list);
    }
    parents(run, facts, list);
}

/// Everything that release of one lot asks: what is owed for another lot of the run alone does not keep
/// this one back.
///
/// # Errors
/// `not-ready-for-release`, listing each with who can meet it.
pub fn require_of_lot(
    run: &Run,
    facts: &ObligationFacts<'_>,
    lot: &str,
    at: Instant,
) -> Result<(), Refusal> {
    let mut open = obligations(run, facts, at);
    let tally = Tally::of(&open);
    open.retain(|owed| !owed.settled() && !of_another_lot(run, lot, owed));
    let Some(first) = open.first() else { return Ok(()) };
    let (number, more) = (&run.number, open.len());
    let detail = format!("run {number} owes {more} more ({tally} in all), first: {}", first.line());
    let lines = open.iter().map(|owed| match &owed.evidence {
        Some(found) if owed.id.starts_with("lot/") => format!("{}: {found}", owed.line()),
        Some(_) | None => owed.line(),
    });
    Err(Refusal::new(&NOT_READY, detail).missing(lines.collect()))
}

/// Whether something is owed for another lot of the run alone: it does not keep this one back.
#[must_use]
pub fn of_another_lot(run: &Run, lot: &str, owed: &Obligation) -> bool {
    let others = run.lots.iter().filter(|other| other.number != lot);
    others.map(|other| format!("lot/{}/", other.number)).any(|id| owed.id.starts_with(&id))
}

fn products(run: &Run, facts: &ObligationFacts<'_>, list: &mut Vec<Obligation>) {
    let shown: Vec<_> = run
        .lots
        .iter()
        .filter(|link| link.class == OutputClass::Product)
        .map(|link| {
            let loaded = facts.lots.iter().find(|lot| lot.record == link.record);
            let now = loaded.map_or(link.disposition.as_str(), |lot| lot.disposition().as_str());
            format!("{}: {} {}, {now}", link.number, link.quantity, link.material)
        })
        .collect();
    let found = Found::of((!shown.is_empty()).then(|| shown.join("; ")));
    let what = "At least one lot of the product".to_owned();
    owe(list, LOTS, "run/lots".into(), what, None, "execute or supervise", found);
}

/// The yield is as expected, or the deviation about it is closed. What cannot be told is owed.
fn yielded(run: &Run, list: &mut Vec<Obligation>) {
    let mut about = run.exceptions.iter().filter(|exception| {
        let at = exception.opened.at.as_ref();
        at.is_some_and(|at| at.step.is_none() && at.entry == YIELD_PLACE)
    });
    let closed =
        |exception| matches!(standing(run, exception), Standing::InDeviation { closed: true, .. });
    let found = match actual_yield(run) {
        ActualYield::Within(shown) => Found::Met(shown),
        ActualYield::Outside(shown) | ActualYield::Unknown(shown) if about.any(closed) => {
            Found::Waived(format!("{shown}; the deviation about it is closed"))
        }
        ActualYield::Outside(shown) | ActualYield::Unknown(shown) => Found::Open(Some(shown)),
        ActualYield::NoProduct => Found::Open(None),
    };
    let what = "Yield as expected, or investigated".to_owned();
    owe(list, YIELD, "run/yield".into(), what, None, "triage", found);
}

/// What went into each lot that may be used is released, or accepted from outside.
fn parents(run: &Run, facts: &ObligationFacts<'_>, list: &mut Vec<Obligation>) {
    let nobody = Genealogy::default();
    let genealogy = facts.genealogy.unwrap_or(&nobody);
    for lot in run.lots.iter().filter(|lot| lot.class.is_used() && lot.disposition != "rejected") {
        let all = genealogy.standing(run, lot);
        let lines = |holds: bool| -> Vec<String> {
            all.iter().filter(|found| found.holds == holds).map(|found| found.line()).collect()
        };
        let (held, fine) = (lines(true), lines(false));
        let found = match (held.is_empty(), fine.is_empty()) {
            (false, _) => Found::Open(Some(held.join("; "))),
            (true, false) => Found::Met(fine.join("; ")),
            (true, true) => Found::Met("nothing that is a lot went in".into()),
        };
        let id = format!("lot/{}/parents", lot.number);
        let what = format!("What went into lot {} is released or accepted", lot.number);
        owe(list, PARENTS, id, what, Some(format!("lot/{}", lot.number)), "release", found);
    }
}
