//! A version in use: effective, suspended, superseded, retired. Only the effective one is issued (F16).

use super::super::command::Act;
use super::super::refusal::NOT_YET_EFFECTIVE;
use super::super::state::{Master, MasterEvent, MasterPhase};
use super::{Facts, MasterRuling, approval, in_phase, reason};
use crate::domain::act::require_signer;
use crate::domain::command::Stamp;
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::signing::Meaning;

/// Quality confirms that the date is reached. Nothing waits for it: the date alone brings a version into
/// effect, and the one before out of it.
pub(super) fn make_effective(
    facts: Facts<'_>,
    subject: &Master,
    stamp: &Stamp,
) -> Result<Ruling<MasterEvent>, Refusal> {
    let (_, permit) = facts.permitted(&[Authority::ApproveMaster], &subject.product)?;
    in_phase(subject, Act::MakeEffective, stamp.at)?;
    if let Some(from) = subject.effective_from.filter(|from| *from > stamp.at) {
        let detail = format!("it is approved from {} on", from.shown(&stamp.zone));
        return Err(Refusal::new(&NOT_YET_EFFECTIVE, detail));
    }
    Ok(Ruling::of(permit, MasterEvent::MadeEffective {}))
}

/// Quality stops the issuing at once; a signature would only delay it.
pub(super) fn suspend(
    facts: Facts<'_>,
    subject: &Master,
    why: &str,
    stamp: &Stamp,
) -> Result<Ruling<MasterEvent>, Refusal> {
    let wanted = [Authority::ApproveMaster, Authority::Hold];
    let (_, permit) = facts.permitted(&wanted, &subject.product)?;
    in_phase(subject, Act::Suspend, stamp.at)?;
    Ok(Ruling::of(permit, MasterEvent::Suspended { reason: reason(why)? }))
}

pub(super) fn reinstate(
    facts: Facts<'_>,
    subject: &Master,
    why: &str,
    stamp: &Stamp,
) -> Result<Ruling<MasterEvent>, Refusal> {
    let (actor, permit) = facts.permitted(&[Authority::ApproveMaster], &subject.product)?;
    in_phase(subject, Act::Reinstate, stamp.at)?;
    let reason = reason(why)?;
    let signature = require_signer(stamp, actor, facts.site, Meaning::Authorised, &permit.role)?;
    Ok(Ruling::signed(permit, MasterEvent::Reinstated { reason }, vec![signature]))
}

pub(super) fn retire(
    facts: Facts<'_>,
    subject: &Master,
    why: &str,
    stamp: &Stamp,
) -> Result<MasterRuling, Refusal> {
    // What was never approved may be given up by whoever writes; the rest is quality's.
    let wanted = match subject.phase < MasterPhase::Approved {
        true => &[Authority::ApproveMaster, Authority::AuthorMaster][..],
        false => &[Authority::ApproveMaster],
    };
    let (actor, permit) = facts.permitted(wanted, &subject.product)?;
    in_phase(subject, Act::Retire, stamp.at)?;
    let reason = reason(why)?;
    let signature = require_signer(stamp, actor, facts.site, Meaning::Authorised, &permit.role)?;
    let own = Ruling::signed(permit, MasterEvent::Retired { reason }, vec![signature]);
    Ok(MasterRuling { own, others: approval::lifted(facts, subject, stamp) })
}
