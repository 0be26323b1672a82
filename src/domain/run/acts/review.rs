//! Quality's review of record and audit trail (21 CFR 211.192): release requires one that stands.

use super::act::{independent, may, phase, sign};
use crate::domain::act::{said, seen};
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::permits::{Admitted, by};
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Beside, Order, order_of};
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::obligations::{self, ObligationFacts, Stage};
use crate::domain::run::quality_refusal::ALREADY_REVIEWED;
use crate::domain::run::review::standing;
use crate::domain::run::{Phase, Review, Run};
use crate::domain::signing::Meaning;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
    let event =
        RunEvent::Reviewed(Reviewed { covers_seq: run.seq, conclusion: conclusion.to_owned() });
    Ok(Ruling::signed(permit, event, signatures))
}

/// Request (QA): review record and audit trail.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewRun {
    /// What was concluded.
    pub conclusion: String,
    /// The version decided on.
    #[serde(skip)]
    pub expected: Option<u64>,
}

impl Order for ReviewRun {
    const NAME: &'static str = "review-run";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        review(run, facts, &self.conclusion, self.expected, stamp)
    }

    fn beside(&self) -> Beside {
        Beside::Linked
    }

    order_of!(run, request, versioned);
}

/// Quality reviewed record and audit trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Up to which entry.
    pub covers_seq: u64,
    pub conclusion: String,
}

impl Event for Reviewed {
    const ADMITTED: Admitted = by(&[Authority::Review]);
    const SIGNED: bool = true;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        run.reviews.push(Review {
            at: written.happened.at,
            covers_seq: self.covers_seq,
            conclusion: self.conclusion.clone(),
            signed: written.first_signed(),
            lapsed: None,
        });
        if run.phase == Phase::Complete {
            run.phase = Phase::Reviewed;
        }
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::nothing()
    }

    nothing_in!(moves, bears, changed);
}
