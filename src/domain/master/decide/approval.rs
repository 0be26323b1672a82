//! Checking and approving: three different persons sign the same content (21 CFR 211.186(a)).

use super::super::command::Act;
use super::super::refusal::{APPROVER_TOOK_PART, CHECKER_IS_AUTHOR, EFFECTIVE_IN_PAST};
use super::super::state::{Master, MasterEvent, MasterPhase};
use super::{Facts, MasterRuling, in_phase, reason};
use crate::domain::act::require_signer;
use crate::domain::clock::Instant;
use crate::domain::command::Stamp;
use crate::domain::ids::RecordKey;
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::signing::Meaning;

/// The checker wrote nothing of this version, at any time.
pub(super) fn check(
    facts: Facts<'_>,
    subject: &Master,
    stamp: &Stamp,
) -> Result<Ruling<MasterEvent>, Refusal> {
    let (actor, permit) = facts.permitted(&[Authority::CheckMaster], &subject.product)?;
    in_phase(subject, Act::Check, stamp.at)?;
    if subject.authors.contains(&actor.id) {
        let detail = format!("{} wrote content of it", actor.user_name);
        return Err(Refusal::new(&CHECKER_IS_AUTHOR, detail));
    }
    let signature = require_signer(stamp, actor, facts.site, Meaning::Checked, &permit.role)?;
    let content_hash = subject.content_hash.clone();
    Ok(Ruling::signed(permit, MasterEvent::Checked { content_hash }, vec![signature]))
}

/// Quality approves, with the date from which on it is effective. Every earlier version is told in the
/// same act that its time ends then: nobody has to press anything when the date comes.
pub(super) fn approve(
    facts: Facts<'_>,
    subject: &Master,
    effective_from: Option<Instant>,
    stamp: &Stamp,
) -> Result<MasterRuling, Refusal> {
    let (actor, permit) = facts.permitted(&[Authority::ApproveMaster], &subject.product)?;
    in_phase(subject, Act::Approve, stamp.at)?;
    let id = actor.id;
    let checked = subject.checked.as_ref().is_some_and(|signed| signed.person == id);
    if subject.authors.contains(&id) || checked {
        let did = if checked { "checked it" } else { "wrote content of it" };
        let detail = format!("{} {did}", actor.user_name);
        return Err(Refusal::new(&APPROVER_TOOK_PART, detail));
    }
    let effective_from = effective_from.unwrap_or(stamp.at);
    if effective_from < stamp.at {
        let detail = format!("{effective_from} is before {}", stamp.at);
        return Err(Refusal::new(&EFFECTIVE_IN_PAST, detail));
    }
    let signature = require_signer(stamp, actor, facts.site, Meaning::Approved, &permit.role)?;
    let content_hash = subject.content_hash.clone();
    let event = MasterEvent::Approved { content_hash, effective_from };
    let superseded = MasterEvent::Superseded { by_version: subject.version, from: effective_from };
    let ends = |earlier: &&&Master| {
        let phase = earlier.phase_at(stamp.at);
        earlier.key != subject.key
            && !matches!(phase, MasterPhase::Superseded | MasterPhase::Retired)
    };
    let others = facts.earlier.iter().filter(ends).map(|m| (m.key, superseded.clone())).collect();
    Ok(MasterRuling { own: Ruling::signed(permit, event, vec![signature]), others })
}

/// Back to draft, by whoever would have had to sign next, or by quality before it is effective.
pub(super) fn send_back(
    facts: Facts<'_>,
    subject: &Master,
    why: &str,
    stamp: &Stamp,
) -> Result<MasterRuling, Refusal> {
    let wanted = match subject.phase {
        MasterPhase::InCheck => [Authority::CheckMaster, Authority::ApproveMaster],
        _ => [Authority::ApproveMaster; 2],
    };
    let (actor, permit) = facts.permitted(&wanted, &subject.product)?;
    in_phase(subject, Act::Return, stamp.at)?;
    let reason = reason(why)?;
    let signature = require_signer(stamp, actor, facts.site, Meaning::Returned, &permit.role)?;
    let own = Ruling::signed(permit, MasterEvent::Returned { reason }, vec![signature]);
    Ok(MasterRuling { own, others: lifted(facts, subject, stamp) })
}

/// A version that leaves before its date takes no place: the earlier ones are told.
pub(super) fn lifted(
    facts: Facts<'_>,
    subject: &Master,
    stamp: &Stamp,
) -> Vec<(RecordKey, MasterEvent)> {
    if subject.effective_from.is_none_or(|from| from <= stamp.at) {
        return Vec::new();
    }
    let lifted = MasterEvent::SupersessionLifted { by_version: subject.version };
    let waiting = facts.earlier.iter().filter(|m| m.superseded.contains_key(&subject.version));
    waiting.map(|m| (m.key, lifted.clone())).collect()
}
