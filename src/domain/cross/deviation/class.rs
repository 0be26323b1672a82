//! The class of a deviation: changed by signature with a reason, and never by its opener alone.

use super::{DeviationRuling, all_given, quality_of_all, said, sign, still_open, two};
use crate::domain::command::Stamp;
use crate::domain::deviation::Deviation;
use crate::domain::deviation::event::DeviationEvent;
use crate::domain::exception::Severity;
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::act::actor;
use crate::domain::run::facts::RunFacts;
use crate::domain::signing::Meaning;

/// Another class, signed. Another of quality signs too where the acting person opened the deviation, and
/// where it becomes minor and holds a critical exception.
pub(super) fn classify(
    deviation: &Deviation,
    runs: &[&Run],
    facts: &RunFacts<'_>,
    class: Severity,
    reason: &str,
    stamp: &Stamp,
) -> Result<DeviationRuling, Refusal> {
    let permit = quality_of_all(runs, facts, &[Authority::Triage])?;
    still_open(deviation)?;
    all_given(deviation, runs)?;
    said(reason, "reason")?;
    let mut signatures = sign(facts, stamp, &permit, Meaning::Triaged)?;
    let mut whys = Vec::new();
    if deviation.opened.1.person == Some(actor(facts)) {
        whys.push(format!("{} opened the deviation", facts.actor.user_name));
    }
    if class == Severity::Minor {
        for run in runs {
            let held = deviation.runs.get(&run.key).map(|(_, numbers)| numbers.iter().copied());
            let held: Vec<u32> = held.into_iter().flatten().collect();
            whys.extend(two::critical(run, &held));
        }
    }
    if !whys.is_empty() {
        let why = whys.join("; ");
        signatures.push(two::another(runs, facts, &why, stamp)?);
    }
    let event = DeviationEvent::Classified { class, reason: reason.to_owned() };
    Ok(DeviationRuling::only(deviation.key, Ruling::signed(permit, event, signatures)))
}
