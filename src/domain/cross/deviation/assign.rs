//! Whose a deviation is, and by when it is to be closed: said by quality with a reason, as often as it changes.

use super::{DeviationRuling, may_in_all, said, still_open};
use crate::domain::clock::Instant;
use crate::domain::command::Stamp;
use crate::domain::deviation::Deviation;
use crate::domain::deviation::content::Owner;
use crate::domain::deviation::event::DeviationEvent;
use crate::domain::policy::Authority;
use crate::domain::refusal::{MALFORMED, Refusal, words};
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::facts::RunFacts;

/// Gives it to somebody. It judges nothing, so whoever took part in the runs may do it and may be given it.
pub(super) fn assign(
    deviation: &Deviation,
    runs: &[&Run],
    facts: &RunFacts<'_>,
    (owner, due): (&Owner, Instant),
    reason: &str,
    stamp: &Stamp,
) -> Result<DeviationRuling, Refusal> {
    let permit = may_in_all(runs, facts, &[Authority::Triage])?;
    still_open(deviation)?;
    if due <= stamp.at {
        let detail =
            format!("due: {} lies before now; say by when it is to be closed", due.to_rfc3339());
        return Err(Refusal::new(&MALFORMED, detail));
    }
    said(reason, "reason")?;
    let reason = words(reason).to_owned();
    let event = DeviationEvent::Assigned { owner: owner.clone(), due, reason };
    Ok(DeviationRuling::only(deviation.key, Ruling::of(permit, event)))
}
