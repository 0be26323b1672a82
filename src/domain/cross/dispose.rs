//! Decisions on a lot. *Yes* needs everything the run owes, looked at again inside this one decision
//! (F15, T22); *no* is always possible.

use super::question::standing;
use super::ruling::LotRuling;
use super::stand;
use crate::domain::act::{said, seen};
use crate::domain::command::Stamp;
use crate::domain::disposition::Disposition;
use crate::domain::lot::Lot;
use crate::domain::lot::command::LotCommand;
use crate::domain::lot::event::LotEvent;
use crate::domain::lot::refusal::{
    DISPOSITION_IMPOSSIBLE, LOT_OF_OTHER_RUN, RUN_ABORTED, WASTE_NOT_RELEASED,
};
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::run::Run;
use crate::domain::run::acts::act::{another_than_released, independent, may, sign};
use crate::domain::run::acts::outcome::LotDecided;
use crate::domain::run::acts::{RunEvent, hold};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::obligations::{
    self, ObligationFacts, Tally, obligations as all_obligations,
};
use crate::domain::run::quality_refusal::NOT_READY;

/// Decides on a lot, signed; the run's chain keeps a link to the decision.
///
/// # Errors
/// Authority; `disposition-not-possible`; version; a missing reason or signature; `run-was-aborted`;
/// and for release `took-part-in-the-run`, `released-it-themselves` of a lot that was put back or withdrawn,
/// `on-hold`, `not-ready-for-release` with all that is owed.
pub fn decide(
    lot: &Lot,
    run: &Run,
    facts: &RunFacts<'_>,
    owed: &ObligationFacts<'_>,
    command: &LotCommand,
    stamp: &Stamp,
) -> Result<LotRuling, Refusal> {
    let permit = may(run, facts, &[Authority::Release])?;
    if lot.run.0 != run.key {
        let detail = format!("lot {} came out of run {}", lot.number, lot.run.1);
        return Err(Refusal::new(&LOT_OF_OTHER_RUN, detail));
    }
    let (disposition, reason, expected) = match command {
        LotCommand::Decide { disposition, reason, expected } => (disposition, reason, expected),
        LotCommand::Stand { reason, expected } => {
            let said = (reason.as_str(), *expected);
            return stand::stands(lot, run, facts, owed, permit, said, stamp);
        }
    };
    seen(*expected, lot.seq, &format!("lot {}", lot.number))?;
    let now = lot.disposition();
    if !disposition.follows(now) {
        let detail =
            format!("lot {} is {}, not to be {}", lot.number, now.as_str(), disposition.as_str());
        return Err(Refusal::new(&DISPOSITION_IMPOSSIBLE, detail));
    }
    // *No* is possible whatever became of the run; *yes* never again once it was aborted.
    let no = matches!(disposition, Disposition::Rejected | Disposition::Withdrawn);
    if run.aborted.is_some() && !no {
        let detail = format!("run {} was aborted", run.number);
        return Err(Refusal::new(&RUN_ABORTED, detail));
    }
    said(reason, "reason")?;
    if *disposition == Disposition::Released {
        if !lot.class.is_used() {
            return Err(Refusal::new(&WASTE_NOT_RELEASED, format!("lot {} is waste", lot.number)));
        }
        ready(lot, run, facts, owed, stamp)?;
        fit_parents(lot, run, owed)?;
    }
    let signatures = sign(facts, stamp, &permit, disposition.meaning())?;
    let tally = Tally::of(&all_obligations(run, owed, stamp.at));
    let on_lot = LotEvent::Decided {
        disposition: *disposition,
        reason: reason.clone(),
        run_seq: run.seq,
        tally,
        covers: standing(lot, run, owed).judged_on,
    };
    let on_run = RunEvent::LotDecided(LotDecided {
        lot: lot.number.clone(),
        disposition: disposition.as_str().to_owned(),
        lot_seq: lot.seq + 1,
    });
    Ok(LotRuling::signed(lot, run, &permit, (on_lot, on_run), signatures))
}

/// Nothing goes on that was made from what may not be used: every lot that went in is released, and none
/// is blocked.
fn fit_parents(lot: &Lot, run: &Run, owed: &ObligationFacts<'_>) -> Result<(), Refusal> {
    let unfit = stand::unfit_parents(lot, run, owed);
    let Some(first) = unfit.first() else { return Ok(()) };
    let detail = format!("what went into lot {} is not fit, first: {first}", lot.number);
    Err(Refusal::new(&NOT_READY, detail).missing(unfit))
}

/// Everything release asks of the run and of who decides.
fn ready(
    lot: &Lot,
    run: &Run,
    facts: &RunFacts<'_>,
    owed: &ObligationFacts<'_>,
    stamp: &Stamp,
) -> Result<(), Refusal> {
    independent(run, facts, "release its lots")?;
    another_than_released(lot.facts(), facts)?;
    if let Some(held) = hold::forbids_run(run) {
        return Err(hold::refusal(held));
    }
    obligations::require_of_lot(run, owed, &lot.number, stamp.at)
}
