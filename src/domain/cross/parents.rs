//! Orders about a lot's parents: named later with a reason, taken away by quality alone.

use super::ruling::LotRuling;
use crate::domain::act::said;
use crate::domain::command::Stamp;
use crate::domain::lot::Lot;
use crate::domain::lot::event::LotEvent;
use crate::domain::lot::refusal::{LOT_OF_OTHER_RUN, NO_SUCH_PARENT, PARENT_KNOWN};
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::act::{another_than_released, independent, may, sign};
use crate::domain::run::acts::{RunEvent, addendum, lapse};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::genealogy::Genealogy;
use crate::domain::run::parents::{ParentAdded, ParentRemoved, parents};
use crate::domain::run::{LotLink, Run};
use crate::domain::signing::Meaning;

/// Who may say what went in: whoever may record.
const RECORDERS: &[Authority] =
    &[Authority::Execute, Authority::Supervise, Authority::Test, Authority::Evaluate];

/// Who takes a parent away.
const QUALITY: &[Authority] = &[Authority::Review, Authority::Triage, Authority::Release];

/// Names a parent later; a review that stands lapses, for what went in is part of what it covered.
///
/// # Errors
/// Authority; a missing reason; `malformed`, `own-ancestor`, `waste-is-no-parent`, `parent-known`.
pub fn add(
    lot: &Lot,
    run: &Run,
    facts: &RunFacts<'_>,
    parent: &str,
    reason: &str,
) -> Result<LotRuling, Refusal> {
    let permit = may(run, facts, RECORDERS)?;
    said(reason, "reason")?;
    let nobody = Genealogy::default();
    facts.genealogy.unwrap_or(&nobody).fit(&lot.number, parent)?;
    let link = link(lot, run)?;
    let alike = |known: &str| crate::domain::alike::alike(known, parent);
    if parents(run, link).iter().any(|known| known.removed.is_none() && alike(&known.number)) {
        let detail = format!("lot {parent} is a parent of {} already", lot.number);
        return Err(Refusal::new(&PARENT_KNOWN, detail));
    }
    let told = ParentAdded {
        lot: lot.number.clone(),
        parent: parent.to_owned(),
        reason: reason.to_owned(),
    };
    let on_lot = LotEvent::ParentAdded { parent: parent.to_owned(), reason: reason.to_owned() };
    let on_run = Ruling::of(permit.clone(), RunEvent::ParentAdded(told));
    let on_run = addendum::marked(run, on_run, "add-parent", Some(reason));
    let on_run = lapse::follow(run, on_run);
    Ok(LotRuling { lot: lot.key, on_lot: Ruling::of(permit, on_lot), run: run.key, on_run })
}

/// Takes a parent away, signed by somebody of quality who took no part and has not released the lot; it stays
/// readable, and of a released lot it is a question that another decision answers.
///
/// # Errors
/// Authority, `took-part-in-the-run`, `released-it-themselves`, a missing reason or signature, `no-such-parent`.
pub fn remove(
    lot: &Lot,
    run: &Run,
    facts: &RunFacts<'_>,
    parent: &str,
    reason: &str,
    stamp: &Stamp,
) -> Result<LotRuling, Refusal> {
    let permit = may(run, facts, QUALITY)?;
    independent(run, facts, "take a parent from its lots")?;
    another_than_released(lot.facts(), facts)?;
    said(reason, "reason")?;
    let link = link(lot, run)?;
    let alike = |known: &str| crate::domain::alike::alike(known, parent);
    if !parents(run, link).iter().any(|known| known.removed.is_none() && alike(&known.number)) {
        let detail = format!("lot {parent} is no parent of {}", lot.number);
        return Err(Refusal::new(&NO_SUCH_PARENT, detail));
    }
    let told = ParentRemoved {
        lot: lot.number.clone(),
        parent: parent.to_owned(),
        reason: reason.to_owned(),
    };
    let signatures = sign(facts, stamp, &permit, Meaning::Approved)?;
    let on_lot = LotEvent::ParentRemoved { parent: parent.to_owned(), reason: reason.to_owned() };
    Ok(LotRuling {
        lot: lot.key,
        on_lot: Ruling::signed(permit.clone(), on_lot, signatures),
        run: run.key,
        on_run: Ruling::of(permit, RunEvent::ParentRemoved(told)),
    })
}

fn link<'r>(lot: &Lot, run: &'r Run) -> Result<&'r LotLink, Refusal> {
    let found = run.lots.iter().find(|link| link.record == lot.key);
    found.ok_or_else(|| {
        let detail = format!("lot {} came out of run {}", lot.number, lot.run.1);
        Refusal::new(&LOT_OF_OTHER_RUN, detail)
    })
}
