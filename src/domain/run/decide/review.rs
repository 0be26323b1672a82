//! Quality's review of record and audit trail (21 CFR 211.192): release requires one that stands.

use super::act::{independent, may, phase, sign};
use crate::domain::act::{said, seen};
use crate::domain::command::Stamp;
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::event::RunEvent;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::obligations::{self, ObligationFacts, Stage};
use crate::domain::run::quality_refusal::ALREADY_REVIEWED;
use crate::domain::run::review::standing;
use crate::domain::run::{Phase, Run};
use crate::domain::signing::Meaning;

/// Reviews record and audit trail: everything owed until here is met, and the reviewer took no
/// part in the run.
///
/// # Errors
/// Authority, phase, `already-reviewed`, `took-part-in-the-run`, version, `obligations-open`,
/// a missing conclusion or signature.
pub fn review(
    run: &Run,
    facts: &RunFacts<'_>,
    conclusion: &str,
    expected: Option<u64>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let permit = may(run, facts, &[Authority::Review])?;
    if matches!(run.phase, Phase::Reviewed | Phase::Aborted) && standing(run).is_some() {
        let detail = format!("run {} is reviewed up to its last change", run.number);
        return Err(Refusal::new(&ALREADY_REVIEWED, detail));
    }
    // A final record is reviewed again once an addendum has made its review lapse; an aborted one is
    // reviewed like others (21 CFR 211.192).
    let addenda = run.phase == Phase::Closed && standing(run).is_none();
    if !addenda {
        phase(run, &[Phase::Complete, Phase::Reviewed, Phase::Aborted], "review it")?;
    }
    independent(run, facts, "review its record")?;
    seen(expected, run.seq, &format!("run {}", run.number))?;
    said(conclusion, "conclusion")?;
    obligations::require(run, &ObligationFacts::of(facts), Stage::Review, stamp.at)?;
    let signatures = sign(facts, stamp, &permit, Meaning::Reviewed)?;
    let event = RunEvent::Reviewed { covers_seq: run.seq, conclusion: conclusion.to_owned() };
    Ok(Ruling::signed(permit, event, signatures))
}
