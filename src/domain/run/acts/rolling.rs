//! Rolling review: quality signs each closed operation while the culture runs (rule 1.6).
//!
//! It may be signed while results are pending, and names them. What of it changes afterwards lapses it alone.

use super::act::{independent, may, no_such, phase, sign};
use crate::domain::act::said;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::ids::OperationKey;
use crate::domain::permits::{Admitted, by};
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Beside, Order, order_of};
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::obligations::{Obligation, ObligationFacts, Stage, open_until};
pub use crate::domain::run::operation_review::OperationReviewed;
use crate::domain::run::operation_review::{OperationReview, id, standing};
use crate::domain::run::quality_refusal::{
    ALREADY_REVIEWED, OBLIGATIONS_OPEN, OPERATION_NOT_CLOSED,
};
use crate::domain::run::{Phase, Run};
use crate::domain::signing::Meaning;
use serde::Deserialize;
use utoipa::ToSchema;

/// Reviews a closed occurrence of an operation, by somebody of quality who took no part in the run.
///
/// # Errors
/// Authority, phase, `no-such-part`, `operation-not-closed`, `already-reviewed`,
/// `took-part-in-the-run`, `obligations-open` with what the occurrence owes, a missing conclusion or
/// signature.
pub fn review(
    run: &Run,
    facts: &RunFacts<'_>,
    key: &OperationKey,
    conclusion: &str,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let permit = may(run, facts, &[Authority::Review])?;
    phase(run, &[Phase::Running, Phase::Complete, Phase::Reviewed], "review an operation")?;
    let state = run.operations.get(key).ok_or_else(|| no_such(run, &format!("operation {key}")))?;
    if state.closed.is_none() {
        return Err(Refusal::new(&OPERATION_NOT_CLOSED, format!("{key} goes on")));
    }
    if let Some(review) = standing(run, key) {
        let detail = format!("{key} is reviewed up to entry {}", review.told.covers_seq);
        return Err(Refusal::new(&ALREADY_REVIEWED, detail));
    }
    independent(run, facts, "review its operations")?;
    said(conclusion, "conclusion")?;
    let owed = owed(run, &ObligationFacts::of(facts), key, stamp);
    if let Some(first) = owed.first() {
        let detail = format!("{key} owes {} more, first: {}", owed.len(), first.line());
        let missing = owed.iter().map(Obligation::line).collect();
        return Err(Refusal::new(&OBLIGATIONS_OPEN, detail).missing(missing));
    }
    let signatures = sign(facts, stamp, &permit, Meaning::Reviewed)?;
    let told = OperationReviewed {
        operation: key.clone(),
        covers_seq: run.seq,
        conclusion: conclusion.to_owned(),
        pending: pending(run, key),
    };
    Ok(Ruling::signed(permit, RunEvent::OperationReviewed(told), signatures))
}

/// What an occurrence owes until it is reviewed, its own review apart.
fn owed(
    run: &Run,
    facts: &ObligationFacts<'_>,
    key: &OperationKey,
    stamp: &Stamp,
) -> Vec<Obligation> {
    let (own, inside) = (key.to_string(), format!("{key}/"));
    let mut open = open_until(run, facts, Stage::Review, stamp.at);
    open.retain(|it| {
        let place = it.where_.as_deref().unwrap_or_default();
        (place == own || place.starts_with(&inside)) && it.id != id(key)
    });
    open
}

/// The results of an operation's occurrence that have no value yet, by place.
fn pending(run: &Run, key: &OperationKey) -> Vec<String> {
    let mut places = Vec::new();
    for (at, state) in run.steps.iter().filter(|(at, _)| at.operation == *key) {
        let Some((_, step)) = run.recipe.step(&at.step) else { continue };
        for spec in step.entries.iter().filter(|spec| spec.as_result().is_some()) {
            if state.entries.get(&spec.id).is_none_or(|entry| !entry.is_answered()) {
                places.push(format!("{at}/{}", spec.id));
            }
        }
    }
    places
}

/// Request (QA): review a closed occurrence of an operation while the run goes on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewOperation {
    /// Which occurrence.
    #[schema(ignore)]
    pub operation: OperationKey,
    /// What was concluded.
    pub conclusion: String,
}

impl Order for ReviewOperation {
    const NAME: &'static str = "review-operation";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        review(run, facts, &self.operation, &self.conclusion, stamp)
    }

    fn beside(&self) -> Beside {
        Beside::Linked
    }

    order_of!(operation, request, unversioned);
}

impl Event for OperationReviewed {
    const ADMITTED: Admitted = by(&[Authority::Review]);
    const SIGNED: bool = true;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let (at, signed) = (written.happened.at, Some(written.must_be_signed()?));
        let review = OperationReview { told: self.clone(), at, signed, lapsed: None };
        written.operation_reviews(run, &self.operation)?.push(review);
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::nothing()
    }

    fn changed(&self) -> Changed<'_> {
        Changed::operation(&self.operation)
    }

    nothing_in!(moves, bears);
}
