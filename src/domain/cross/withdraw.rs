//! An abort withdraws what is released of its run: one act on all their chains.

use super::question::standing;
use crate::domain::command::Stamp;
use crate::domain::disposition::Disposition;
use crate::domain::ids::RecordKey;
use crate::domain::lot::Lot;
use crate::domain::lot::event::LotEvent;
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::act::{may, sign};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::obligations::{ObligationFacts, Tally, obligations};
use crate::domain::signing::Meaning;

/// The withdrawals that stand on the lots' own chains when their run is aborted, each signed.
///
/// # Errors
/// Authority, signature.
pub fn withdrawals(
    run: &Run,
    lots: &[&Lot],
    facts: &RunFacts<'_>,
    reason: &str,
    stamp: &Stamp,
) -> Result<Vec<(RecordKey, Ruling<LotEvent>)>, Refusal> {
    let permit = may(run, facts, &[Authority::Release])?;
    let owed = ObligationFacts::of(facts);
    let tally = Tally::of(&obligations(run, &owed, stamp.at));
    let one = |lot: &Lot| {
        let signatures = sign(facts, stamp, &permit, Meaning::Withdrawn)?;
        let event = LotEvent::Decided {
            disposition: Disposition::Withdrawn,
            reason: format!("run {} is aborted: {reason}", run.number),
            run_seq: run.seq,
            tally,
            covers: standing(lot, run, &owed).judged_on,
        };
        Ok((lot.key, Ruling::signed(permit.clone(), event, signatures)))
    };
    let of_run = lots.iter().filter(|lot| lot.run.0 == run.key);
    let released = of_run.filter(|lot| lot.disposition() == Disposition::Released);
    released.map(|lot| one(lot)).collect()
}
