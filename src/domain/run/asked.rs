//! What a step or an entry asks of people: which authorities, and which second person.

use crate::domain::entry::spec::EntrySpec;
use crate::domain::policy::{Authority, Place};
use crate::domain::recipe::{Operation, SecondPerson, SecondPersonMode, Step};
use crate::domain::run::{Run, StepPhase, StepRun};
use crate::domain::signing::Signed;

/// Every authority that lets somebody record facts at all.
pub const RECORDING: &[Authority] =
    &[Authority::Execute, Authority::Supervise, Authority::Test, Authority::Evaluate];

/// Who may report what happened: anybody whose work is on the floor, the quality unit too.
pub const REPORTING: &[Authority] = &[
    Authority::Execute,
    Authority::Supervise,
    Authority::Test,
    Authority::Evaluate,
    Authority::Check,
    Authority::Review,
    Authority::Triage,
    Authority::Hold,
];

/// Where an operation happens: what grants are held against.
#[must_use]
pub fn place<'a>(run: &'a Run, operation: Option<&'a Operation>) -> Place<'a> {
    Place {
        product: Some(&run.recipe.product.code),
        area: operation.and_then(|op| op.area.as_deref()),
    }
}

/// The authorities any of which lets somebody perform a step: execute, unless the master says else.
#[must_use]
pub fn performing(step: &Step) -> &[Authority] {
    if step.authorities.is_empty() { &[Authority::Execute] } else { &step.authorities }
}

/// The authorities any of which lets somebody record an entry: its own, or its step's; of a laboratory result
/// without a word the laboratory's, and of one that the product is not judged by the floor's too.
#[must_use]
pub fn recording<'a>(step: Option<&'a Step>, entry: &'a EntrySpec) -> &'a [Authority] {
    if !entry.authorities.is_empty() {
        return &entry.authorities;
    }
    let Some(step) = step else { return &[Authority::Test] };
    let result = entry.as_result().is_some() && step.authorities.is_empty();
    match (result, entry.is_specification()) {
        (true, true) => &[Authority::Test],
        (true, false) => &[Authority::Test, Authority::Execute],
        (false, _) => performing(step),
    }
}

/// The second person a step asks for: what the master record says; a significant step without a
/// word is verified by somebody else (21 CFR 211.188(b)(11)).
#[must_use]
pub fn second_person(step: &Step) -> Option<SecondPerson> {
    let default =
        SecondPerson { mode: SecondPersonMode::VerifyAfter, within_minutes: None, authority: None };
    step.second_person.or(step.significant.then_some(default))
}

/// Which authority a checker of this step needs.
#[must_use]
pub fn checking(step: Option<&Step>) -> Authority {
    step.and_then(second_person).and_then(|second| second.authority).unwrap_or(Authority::Check)
}

/// The witness of an occurrence's beginning, as long as they have done nothing of it since.
#[must_use]
pub fn standing_witness(state: &StepRun) -> Option<&Signed> {
    state.witness.as_ref().filter(|signed| !state.performers.contains(&signed.person))
}

/// The verification an occurrence still owes, if any. A witness who could not sign before (found
/// running), who went on to perform, or whose signature lapsed, is made up for by a verification.
#[must_use]
pub fn owes_check(step: &Step, state: &StepRun) -> Option<SecondPerson> {
    let second = second_person(step)?;
    let witnessed =
        second.mode == SecondPersonMode::WitnessBefore && standing_witness(state).is_some();
    (state.phase == StepPhase::Complete && state.checked.is_none() && !witnessed).then_some(second)
}
