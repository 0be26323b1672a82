//! Site time follows a clock that was set: an administrator and one of quality, both signed.

use super::super::Site;
use super::super::event::SiteEvent;
use super::super::refusal::CLOCK_AGREES;
use crate::domain::act::{reason, require_second, require_signer};
use crate::domain::command::Stamp;
use crate::domain::facts::Account;
use crate::domain::policy::{Authority, Permit, Place};
use crate::domain::refusal::{PERSON_INACTIVE, Refusal, SECOND_PERSON_REQUIRED};
use crate::domain::ruling::Ruling;
use crate::domain::signing::Meaning;

const QUALITY: &[Authority] = &[Authority::Review, Authority::Triage, Authority::Release];

/// Decides that site time follows the clock. One of the two administers, the other is of quality, whoever acts.
pub(super) fn set(
    site: &Site,
    (actor, second): (Option<Account<'_>>, Option<Account<'_>>),
    by: Option<i64>,
    why: &str,
    stamp: &Stamp,
) -> Result<Ruling<SiteEvent>, Refusal> {
    let actor = actor.ok_or_else(|| Refusal::new(&PERSON_INACTIVE, "nobody is signed in"))?;
    let may = |who: Account<'_>, wanted: &[Authority]| -> Result<Permit, Refusal> {
        who.permit(site.facts(), wanted, Place::default())
    };
    let (permit, wanted) = match may(actor, &[Authority::Administer]) {
        Ok(permit) => (permit, QUALITY),
        Err(refused) => match may(actor, QUALITY) {
            Ok(permit) => (permit, &[Authority::Administer][..]),
            Err(_) => return Err(refused),
        },
    };
    let reason = reason(why)?;
    let by = by.ok_or_else(|| Refusal::new(&CLOCK_AGREES, "this node's clock agrees"))?;
    let second = second.ok_or_else(|| {
        let missing = vec!["second_signature".to_owned()];
        let detail = "an administrator and one of quality sign together";
        Refusal::new(&SECOND_PERSON_REQUIRED, detail).missing(missing)
    })?;
    let beside = may(second, wanted)?;
    let signatures = vec![
        require_signer(stamp, actor, site.facts(), Meaning::Authored, &permit.role)?,
        require_second(stamp, Some(second), site.facts(), Meaning::Approved, &beside.role)?,
    ];
    let event = match by {
        ..0 => SiteEvent::ClockSetBack { by, reason },
        _ => SiteEvent::ClockSetForward { by, reason },
    };
    Ok(Ruling::signed(permit, event, signatures))
}
