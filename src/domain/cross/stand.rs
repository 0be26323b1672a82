//! Quality's decision that a released lot in question stands. It is judged by the rule of release: while
//! anything is so that would refuse release today, only its withdrawal can be signed.

use super::question::{standing, unfit};
use super::ruling::LotRuling;
use crate::domain::act::{said, seen};
use crate::domain::command::Stamp;
use crate::domain::lot::Lot;
use crate::domain::lot::event::LotEvent;
use crate::domain::lot::refusal::{NOT_QUESTIONED, ONLY_WITHDRAWAL};
use crate::domain::policy::Permit;
use crate::domain::refusal::Refusal;
use crate::domain::run::Run;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::act::{another_than_released, independent, sign};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::notice::LotFoundToStand;
use crate::domain::run::obligations::{ObligationFacts, Stage, of_another_lot, open_until};
use crate::domain::signing::Meaning;

/// Decides, signed, that a lot in question stands: by somebody who neither released it nor took part. What
/// was known at this moment is covered; a later fact questions it again.
///
/// # Errors
/// `took-part-in-the-run`, `released-it-themselves`, version, `lot-not-questioned`, a missing reason,
/// `only-withdrawal` naming what stands against it, signature.
pub fn stands(
    lot: &Lot,
    run: &Run,
    facts: &RunFacts<'_>,
    owed: &ObligationFacts<'_>,
    permit: Permit,
    (reason, expected): (&str, Option<u64>),
    stamp: &Stamp,
) -> Result<LotRuling, Refusal> {
    independent(run, facts, "decide that its lots stand")?;
    another_than_released(lot.facts(), facts)?;
    seen(expected, lot.seq, &format!("lot {}", lot.number))?;
    let now = standing(lot, run, owed);
    if !now.questioned() {
        let detail = format!("lot {} is {}", lot.number, now.word());
        return Err(Refusal::new(&NOT_QUESTIONED, detail));
    }
    said(reason, "reason")?;
    let against = against(lot, run, owed, stamp);
    if let Some(first) = against.first() {
        let detail = format!("lot {}: {} against it, first: {first}", lot.number, against.len());
        return Err(Refusal::new(&ONLY_WITHDRAWAL, detail).missing(against));
    }
    let signatures = sign(facts, stamp, &permit, Meaning::Stands)?;
    let on_lot = LotEvent::FoundToStand {
        reason: reason.to_owned(),
        answers: now.because(),
        covers: now.judged_on,
    };
    let on_run = RunEvent::LotFoundToStand(LotFoundToStand {
        lot: lot.number.clone(),
        lot_seq: lot.seq + 1,
    });
    Ok(LotRuling::signed(lot, run, &permit, (on_lot, on_run), signatures))
}

/// What would refuse the lot's release today.
#[must_use]
pub fn against(lot: &Lot, run: &Run, owed: &ObligationFacts<'_>, stamp: &Stamp) -> Vec<String> {
    let mut against: Vec<String> = open_until(run, owed, Stage::Release, stamp.at)
        .iter()
        .filter(|owed| !of_another_lot(run, &lot.number, owed))
        .map(|obligation| obligation.line())
        .collect();
    if let Some((at, why)) = &run.aborted {
        against.push(format!("run {} was aborted at {at}: {why}", run.number));
    }
    against.extend(unfit_parents(lot, run, owed));
    against
}

/// The lots that went in and are not released, or are blocked, each in words.
#[must_use]
pub fn unfit_parents(lot: &Lot, run: &Run, owed: &ObligationFacts<'_>) -> Vec<String> {
    let parents = owed.standings.iter().filter(|parent| unfit(lot, run, owed, parent));
    parents.map(|parent| format!("lot {} is {}", parent.number, parent.word())).collect()
}
