//! Who may request, who may report, who may check: held against the place of the operation.

use super::spot::Spot;
use crate::domain::act::require_second;
use crate::domain::command::Stamp;
use crate::domain::facts::Account;
use crate::domain::ids::PersonId;
use crate::domain::policy::{Authority, Family, Permit, permit};
use crate::domain::recipe::{Operation, Step};
use crate::domain::refusal::{Refusal, SECOND_PERSON_REQUIRED};
use crate::domain::run::Run;
pub use crate::domain::run::asked::{
    RECORDING, REPORTING, checking, performing, place, recording, second_person,
};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::refusal::WITNESS_IS_PERFORMER;
use crate::domain::run::state::Set;
use crate::domain::signing::{Meaning, SignatureRequest};

/// Which authority a checker of this entry needs, beside *review*: of a laboratory result the second
/// reviewer knows the laboratory's work (21 CFR 211.194(a)(8)).
#[must_use]
pub fn checking_entry(spot: &Spot<'_>) -> Authority {
    if spot.spec.as_result().is_some() { Authority::Test } else { checking(spot.step) }
}

/// Whether somebody acts for the quality unit: oversight, no part in the work.
#[must_use]
pub fn is_oversight(permit: &Permit) -> bool {
    permit.authority.is_some_and(|authority| authority.family() == Family::Quality)
}

/// The permission to request an act at an operation.
///
/// # Errors
/// `authority-missing`, or the account is not in standing (P11-10g).
pub fn request(
    run: &Run,
    facts: &RunFacts<'_>,
    operation: &Operation,
    wanted: &[Authority],
) -> Result<Permit, Refusal> {
    facts.actor.permit(facts.site, wanted, place(run, Some(operation)))
}

/// The permission to report, and whether the person holds what the entry asks for. Somebody
/// without any authority to record here is refused; with one, the report is stored.
///
/// # Errors
/// `authority-missing`, or the account is not in standing.
pub fn report(run: &Run, facts: &RunFacts<'_>, spot: &Spot<'_>) -> Result<(Permit, bool), Refusal> {
    let place = place(run, spot.operation);
    let wanted = recording(spot.step, spot.spec);
    match facts.actor.permit(facts.site, wanted, place) {
        Ok(permit) => Ok((permit, true)),
        Err(_) => facts.actor.permit(facts.site, RECORDING, place).map(|permit| (permit, false)),
    }
}

/// Whom a scribe names as the one who did it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Performer {
    /// Who performed and so took part; `None` where nobody was named, or somebody who may not record
    /// here at all: naming them makes nobody a participant.
    pub id: Option<PersonId>,
    /// What speaks against the person named, if anything does.
    pub doubt: Option<String>,
}

/// Whether the person whom a scribe names can have done it, by the same measure as whoever reports: an
/// active account with what the entry asks for. With another authority to record here the person took
/// part and stands out; without any the name is kept as it was said, and stands out too. A lock or an owed
/// password says nothing about hands.
#[must_use]
pub fn performer(
    run: &Run,
    facts: &RunFacts<'_>,
    spot: &Spot<'_>,
    person: Account<'_>,
) -> Performer {
    let place = place(run, spot.operation);
    let wanted = recording(spot.step, spot.spec);
    let holds = |list| permit(person.grants, facts.site.roles, list, place).is_some();
    let who = format!("{} ({})", person.printed_name, person.user_name);
    if !person.active || person.service {
        let why = if person.active { "is a service account" } else { "is deactivated" };
        return Performer { id: None, doubt: Some(format!("{who}, who {why}")) };
    }
    let lacking = || Some(format!("{who}, who does not hold the authority it asks for"));
    match (holds(wanted), holds(RECORDING)) {
        (true, _) => Performer { id: Some(person.id), doubt: None },
        (false, true) => Performer { id: Some(person.id), doubt: lacking() },
        (false, false) => {
            Performer { id: None, doubt: Some(format!("{who}, who may not record here at all")) }
        }
    }
}

/// The second person's signature: another person than everyone who performed, holding what the
/// step asks of its second person. Says too whether it is oversight.
///
/// # Errors
/// `witness-is-performer`, `second-person-required`, `authority-missing`, and what any signer is
/// asked for.
pub fn second(
    run: &Run,
    facts: &RunFacts<'_>,
    operation: &Operation,
    step: &Step,
    performers: &Set<PersonId>,
    stamp: &Stamp,
    meaning: Meaning,
) -> Result<(SignatureRequest, bool), Refusal> {
    let person = facts.second.ok_or_else(|| {
        let detail = format!("step {} asks for a second person: {}", step.id, meaning.as_str());
        Refusal::new(&SECOND_PERSON_REQUIRED, detail).missing(vec!["second_signature".into()])
    })?;
    let id = person.id;
    if id == facts.actor.id || performers.contains(&id) {
        return Err(is_performer(person.user_name, &step.id));
    }
    let place = place(run, Some(operation));
    let permit = person.permit(facts.site, &[checking(Some(step))], place)?;
    let request = require_second(stamp, Some(person), facts.site, meaning, &permit.role)?;
    Ok((request, is_oversight(&permit)))
}

/// `witness-is-performer` for this person (F10).
#[must_use]
pub fn is_performer(user_name: &str, what: &str) -> Refusal {
    let detail = format!("{user_name} took part in {what}");
    Refusal::new(&WITNESS_IS_PERFORMER, detail)
}
