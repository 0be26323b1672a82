//! Triage: quality decides what an exception is. Whoever opened it or took part does not.

use super::act::{independent, may, no_such, phase, sign};
use super::result::standing::against;
use super::{emergency, result};
use crate::domain::act::{require_second, said};
use crate::domain::command::Stamp;
use crate::domain::entry::result::outside;
use crate::domain::exception::{Exception, ExceptionKind, Opened, Severity, Triage};
use crate::domain::limits::{Purpose, Side};
use crate::domain::policy::{Authority, Place};
use crate::domain::refusal::{Refusal, SECOND_PERSON_REQUIRED};
use crate::domain::ruling::Ruling;
use crate::domain::run::event::RunEvent;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::quality_refusal::{
    ALREADY_TRIAGED, MUST_BE_DEVIATION, REQUESTER_IS_APPROVER, TOOK_PART,
};
use crate::domain::run::testing::DeterminationRun;
use crate::domain::run::{EntryRun, EntryVersion, Phase, Run};
use crate::domain::signing::{Meaning, SignatureRequest};
use crate::domain::words::{EntryKey, OnCritical};

/// Phases in which quality may triage.
pub const TRIAGE_PHASES: &[Phase] =
    &[Phase::Running, Phase::Complete, Phase::Reviewed, Phase::Closed, Phase::Aborted];

/// QA decides that an exception is not a deviation, with a rationale, signed.
///
/// # Errors
/// Authority, phase, `no-such-part`, `already-triaged`, `requester-is-approver`,
/// `took-part-in-the-run`, `emergency-not-ratified`, `must-be-a-deviation`, a missing rationale or
/// signature.
pub fn decide_not_deviation(
    run: &Run,
    facts: &RunFacts<'_>,
    exception: u32,
    rationale: &str,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let permit = may(run, facts, &[Authority::Triage])?;
    phase(run, TRIAGE_PHASES, "triage an exception")?;
    let found = find(run, exception)?;
    if let Some((_, triage)) = &found.triage {
        let detail = format!("exception {exception} is {}", triage_word(triage));
        return Err(Refusal::new(&ALREADY_TRIAGED, detail));
    }
    not_its_opener(found, facts)?;
    independent(run, facts, "triage its exceptions")?;
    emergency::upheld(run, found)?;
    if must_be_deviation(run, found) {
        let detail = format!("exception {exception}: {}", found.opened.detail);
        return Err(Refusal::new(&MUST_BE_DEVIATION, detail));
    }
    said(rationale, "rationale")?;
    let mut signatures = sign(facts, stamp, &permit, Meaning::Triaged)?;
    if found.opened.severity == Severity::Critical {
        // Of the two one may have opened it: whoever decides has not.
        let why = format!("exception {exception} is critical and goes into no deviation");
        signatures.push(another_of_quality(run, facts, &why, stamp)?);
    }
    let event = RunEvent::ExceptionNotDeviation { exception, rationale: rationale.to_owned() };
    Ok(Ruling::signed(permit, event, signatures))
}

/// The signature of another of quality, who took part in nothing of the run.
///
/// # Errors
/// `second-person-required` saying why, `authority-missing`, `took-part-in-the-run`, and what any second
/// person's signature asks.
pub fn another_of_quality(
    run: &Run,
    facts: &RunFacts<'_>,
    why: &str,
    stamp: &Stamp,
) -> Result<SignatureRequest, Refusal> {
    let Some(second) = facts.second else {
        let detail = format!("{why}: another of quality signs too");
        let missing = vec!["second_person".into()];
        return Err(Refusal::new(&SECOND_PERSON_REQUIRED, detail).missing(missing));
    };
    let place = Place { product: Some(&run.recipe.product.code), area: None };
    let permit = second.permit(facts.site, &[Authority::Triage], place)?;
    if run.participants.contains(&second.key.id) {
        let detail = format!("{} took part in run {}", second.user_name, run.number);
        return Err(Refusal::new(&TOOK_PART, detail));
    }
    require_second(stamp, Some(second), facts.site, Meaning::Triaged, &permit.role)
}

/// An exception by number.
///
/// # Errors
/// `no-such-part`.
pub fn find(run: &Run, no: u32) -> Result<&Exception, Refusal> {
    run.exceptions
        .iter()
        .find(|exception| exception.opened.no == no)
        .ok_or_else(|| no_such(run, &format!("exception {no}")))
}

/// Nobody decides about an exception that their own act opened (F30).
///
/// # Errors
/// `requester-is-approver`.
pub fn not_its_opener(exception: &Exception, facts: &RunFacts<'_>) -> Result<(), Refusal> {
    if exception.by.person == Some(facts.actor.key.id) {
        let no = exception.opened.no;
        let detail = format!("{}'s own act opened exception {no}", facts.actor.user_name);
        return Err(Refusal::new(&REQUESTER_IS_APPROVER, detail));
    }
    Ok(())
}

/// Whether an exception cannot be waved through: the entry still stands outside acceptance, and the
/// exception is out of specification or critical. A mistyped value is corrected first; then the
/// value that counts is inside and the exception may be decided as not a deviation. Of a laboratory
/// determination only an assignable cause lets its finding be waved through.
#[must_use]
pub fn must_be_deviation(run: &Run, exception: &Exception) -> bool {
    let opened = &exception.opened;
    let of_value =
        matches!(opened.kind, ExceptionKind::OutOfAcceptance | ExceptionKind::OutOfSpecification);
    let grave =
        opened.kind == ExceptionKind::OutOfSpecification || opened.severity == Severity::Critical;
    if let Some((entry, no)) = determination(run, exception) {
        let behind = |it: &DeterminationRun| {
            let joined = it.run.as_ref().filter(|run| outside(&run.verdicts));
            it.told.no == no || joined.is_some_and(|run| run.members.contains(&no))
        };
        return grave && against(entry).any(behind);
    }
    if opened.kind == ExceptionKind::OutOfControl && result::never_again(run, opened) {
        return true;
    }
    of_value
        && grave
        && opened
            .at
            .as_ref()
            .and_then(|at| entry(run, at))
            .and_then(EntryRun::current)
            .is_some_and(outside_acceptance)
}

/// The determination whose finding outside its specification this exception is: as it was told, by a correction, or
/// by a claim that was accepted.
fn determination<'r>(run: &'r Run, exception: &Exception) -> Option<(&'r EntryRun, u32)> {
    let of_limit = [ExceptionKind::OutOfAcceptance, ExceptionKind::OutOfSpecification];
    let at = exception.opened.at.as_ref().filter(|_| of_limit.contains(&exception.opened.kind))?;
    let entry = entry(run, at)?;
    let no = exception.opened.no;
    let by_step = entry.investigation.iter().find(|taken| taken.exceptions.contains(&no));
    let accepted = by_step.and_then(|taken| taken.step.accepted());
    let mut claims = entry.claims.iter().map(|claim| &claim.told);
    let claim = claims.find(|it| it.exceptions.contains(&no) || Some(it.no) == accepted);
    let mut tested = entry.determinations.iter();
    let told = tested.find(|tested| tested.told.exceptions.contains(&no));
    let found = told.map(|tested| tested.told.no).or(claim.map(|claim| claim.determination));
    found.map(|no| (entry, no))
}

/// Whether a version of an entry is outside an acceptance limit.
#[must_use]
pub fn outside_acceptance(version: &EntryVersion) -> bool {
    version.verdicts.iter().any(|v| v.purpose == Purpose::Acceptance && v.side != Side::Within)
}

/// An entry of the run, wherever it stands.
#[must_use]
pub fn entry<'r>(run: &'r Run, at: &EntryKey) -> Option<&'r EntryRun> {
    match &at.step {
        Some(step) => run.steps.get(step)?.entries.get(&at.entry),
        None => run.release_entries.get(&at.entry),
    }
}

/// How an exception stands as to going on and to release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has decided.
    Untriaged,
    /// Decided as no deviation.
    NotDeviation,
    /// In a deviation.
    InDeviation {
        /// Its impact is concluded: the process may go on.
        concluded: bool,
        /// It is closed: the lot may be released.
        closed: bool,
    },
}

/// How an exception stands.
#[must_use]
pub fn standing(run: &Run, exception: &Exception) -> Standing {
    match &exception.triage {
        None => Standing::Untriaged,
        Some((_, Triage::NotDeviation { .. })) => Standing::NotDeviation,
        Some((_, Triage::Deviation { number, .. })) => {
            let link = run.deviations.get(number);
            let closed = link.is_some_and(|link| link.closed);
            let concluded = closed || link.is_some_and(|link| link.impact_concluded);
            Standing::InDeviation { concluded, closed }
        }
    }
}

/// Whether an exception no longer stands in the way of going on.
#[must_use]
pub fn lets_go_on(run: &Run, exception: &Exception) -> bool {
    matches!(
        standing(run, exception),
        Standing::NotDeviation | Standing::InDeviation { concluded: true, .. }
    )
}

/// How quality settled an exception for good: as no deviation, or in a deviation that is closed.
#[must_use]
pub fn settled(run: &Run, exception: &Exception) -> Option<String> {
    let said = match (&exception.triage.as_ref()?.1, standing(run, exception)) {
        (Triage::NotDeviation { rationale, signed, second }, _) => {
            let by: String = [signed, second]
                .into_iter()
                .flatten()
                .map(|signed| {
                    let at = signed.at.shown_short(&signed.zone);
                    format!("; {} at {at}", signed.printed_name)
                })
                .collect();
            format!("decided as not a deviation: {rationale}{by}")
        }
        (Triage::Deviation { number, .. }, Standing::InDeviation { closed: true, .. }) => {
            format!("in deviation {number}, which is closed")
        }
        _ => return None,
    };
    Some(format!("exception {} {said}", exception.opened.no))
}

/// The number the next exception of the run gets.
#[must_use]
pub fn next_no(run: &Run) -> u32 {
    u32::try_from(run.exceptions.len()).unwrap_or(u32::MAX).saturating_add(1)
}

/// The event that opens the next exception of the run, on nothing smaller than the run.
#[must_use]
pub fn opens(
    run: &Run,
    kind: ExceptionKind,
    severity: Severity,
    effect: OnCritical,
    detail: String,
) -> RunEvent {
    RunEvent::ExceptionOpened(Opened { no: next_no(run), kind, severity, effect, at: None, detail })
}

/// A decision as people read it.
#[must_use]
pub fn triage_word(triage: &Triage) -> String {
    match triage {
        Triage::NotDeviation { .. } => "decided as not a deviation".into(),
        Triage::Deviation { number, .. } => format!("in deviation {number}"),
    }
}
