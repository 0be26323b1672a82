//! What every act on a run asks first: authority, phase, version, reason, signature.

use crate::domain::act::require_signer;
use crate::domain::command::Stamp;
use crate::domain::disposition::Disposition;
use crate::domain::facts::LotFacts;
use crate::domain::ids::PersonId;
use crate::domain::policy::{Authority, Permit, Place};
use crate::domain::refusal::Refusal;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::lot_refusal::RELEASED_IT;
use crate::domain::run::quality_refusal::{NO_SUCH_PART, PHASE_FORBIDS, RECORD_FINAL, TOOK_PART};
use crate::domain::run::{Phase, Run};
use crate::domain::signing::{Meaning, SignatureRequest};

/// The permission of the acting person by the first of `wanted` they hold for this product.
///
/// # Errors
/// `authority-missing`, or the account is not in standing (P11-10g).
pub fn may(run: &Run, facts: &RunFacts<'_>, wanted: &[Authority]) -> Result<Permit, Refusal> {
    let place = Place { product: Some(&run.recipe.product.code), area: None };
    facts.actor.permit(facts.site, wanted, place)
}

/// The acting person's signature with this meaning.
///
/// # Errors
/// `signature-required` and whatever else keeps this person from signing (P11-50a).
pub fn sign(
    facts: &RunFacts<'_>,
    stamp: &Stamp,
    permit: &Permit,
    meaning: Meaning,
) -> Result<Vec<SignatureRequest>, Refusal> {
    require_signer(stamp, facts.actor, facts.site, meaning, &permit.role).map(|sign| vec![sign])
}

/// The acting person.
#[must_use]
pub fn actor(facts: &RunFacts<'_>) -> PersonId {
    facts.actor.id
}

/// The run is in one of these phases.
///
/// # Errors
/// `record-final` for a closed run, else `phase-forbids`.
pub fn phase(run: &Run, allowed: &[Phase], act: &str) -> Result<(), Refusal> {
    if allowed.contains(&run.phase) {
        return Ok(());
    }
    let word = phase_word(run.phase);
    if run.phase == Phase::Closed {
        return Err(Refusal::new(&RECORD_FINAL, format!("run {} is closed", run.number)));
    }
    let names: Vec<_> = allowed.iter().map(|phase| phase_word(*phase)).collect();
    let detail =
        format!("run {} is {word}; to {act} it must be {}", run.number, names.join(" or "));
    Err(Refusal::new(&PHASE_FORBIDS, detail))
}

/// A phase as people read it.
#[must_use]
pub fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Issued => "issued",
        Phase::Running => "running",
        Phase::Complete => "complete",
        Phase::Reviewed => "reviewed",
        Phase::Closed => "closed",
        Phase::Aborted => "aborted",
    }
}

/// The acting person did not take part in the run.
///
/// # Errors
/// `took-part-in-the-run` (C211-192a, A11D-12.6).
pub fn independent(run: &Run, facts: &RunFacts<'_>, act: &str) -> Result<(), Refusal> {
    if run.participants.contains(&actor(facts)) {
        let detail =
            format!("{} took part in run {} and cannot {act}", facts.actor.user_name, run.number);
        return Err(Refusal::new(&TOOK_PART, detail));
    }
    Ok(())
}

/// Whoever released a lot answers no question about it: neither that it stands, nor by releasing it again, nor
/// by taking away what it is in question for.
///
/// # Errors
/// `released-it-themselves`.
pub fn another_than_released(lot: LotFacts<'_>, facts: &RunFacts<'_>) -> Result<(), Refusal> {
    let released = lot.decisions.iter().filter(|d| d.disposition == Disposition::Released);
    let mut releasers = released.filter_map(|decision| decision.signed.as_ref());
    if releasers.any(|signed| signed.person == actor(facts)) {
        let detail = format!("{} released lot {}", facts.actor.user_name, lot.number);
        return Err(Refusal::new(&RELEASED_IT, detail));
    }
    Ok(())
}

/// A part of the run that is not there.
#[must_use]
pub fn no_such(run: &Run, what: &str) -> Refusal {
    Refusal::new(&NO_SUCH_PART, format!("run {} has no {what}", run.number))
}
