//! Triage: quality decides what an exception is. Whoever opened it or took part does not.

use crate::domain::act::{require_second, said};
use crate::domain::command::EvolveFault;
use crate::domain::entry::result::outside;
use crate::domain::exception::{ExceptionKind, Severity, Triage};
use crate::domain::permits::{Admitted, by};
use crate::domain::policy::{Authority, Place};
use crate::domain::refusal::SECOND_PERSON_REQUIRED;
use crate::domain::run::acts::act::{independent, may, phase, sign};
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::exception::{
    TRIAGE_PHASES, find, not_its_opener, outside_acceptance, triage_word,
};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::result::standing::against;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{
    Refusal, Ruling, RunEvent, Stamp, emergency, lapses, result, together,
};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::quality_refusal::{ALREADY_TRIAGED, MUST_BE_DEVIATION, TOOK_PART};
use crate::domain::run::testing::DeterminationRun;
use crate::domain::run::time::kept::Bears;
use crate::domain::run::{EntryRun, Exception, Run};
use crate::domain::signing::{Meaning, SignatureRequest};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
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
    together: &[String],
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
    let event = RunEvent::ExceptionNotDeviation(ExceptionNotDeviation {
        exception,
        rationale: rationale.to_owned(),
        together: together.to_vec(),
    });
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
    if run.participants.contains(&second.id) {
        let detail = format!("{} took part in run {}", second.user_name, run.number);
        return Err(Refusal::new(&TOOK_PART, detail));
    }
    require_second(stamp, Some(second), facts.site, Meaning::Triaged, &permit.role)
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
            .and_then(|at| run.entry(at))
            .and_then(EntryRun::current)
            .is_some_and(outside_acceptance)
}

/// The determination whose finding outside its specification this exception is: as it was told, by a correction, or
/// by a claim that was accepted.
fn determination<'r>(run: &'r Run, exception: &Exception) -> Option<(&'r EntryRun, u32)> {
    let of_limit = [ExceptionKind::OutOfAcceptance, ExceptionKind::OutOfSpecification];
    let at = exception.opened.at.as_ref().filter(|_| of_limit.contains(&exception.opened.kind))?;
    let entry = run.entry(at)?;
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

/// QA: an exception is not a deviation.
#[derive(Debug, Clone)]
pub struct DecideNotDeviation {
    /// Which.
    pub exception: u32,
    /// Why.
    pub rationale: String,
}

impl Order for DecideNotDeviation {
    const NAME: &'static str = "decide-not-deviation";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        decide_not_deviation(run, facts, self.exception, &self.rationale, &[], stamp)
    }

    order_of!(run, alone, request, unversioned);
}

/// One of several exceptions, and why it is no deviation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoDeviation {
    /// Its number.
    pub exception: u32,
    /// Why.
    pub rationale: String,
}

/// QA: several exceptions are no deviations, each for its reason, under one signature that lists them.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideNotDeviations {
    /// Each exception, and why it is none.
    pub decisions: Vec<NoDeviation>,
}

impl Order for DecideNotDeviations {
    const NAME: &'static str = "decide-not-deviations";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        let line = |it: &NoDeviation| format!("exception {}: {}", it.exception, it.rationale);
        let lines: Vec<_> = self.decisions.iter().map(line).collect();
        together::each(run, &self.decisions, &lines, stamp, |run, it| {
            decide_not_deviation(run, facts, it.exception, &it.rationale, &lines, stamp)
        })
    }

    order_of!(run, alone, request, unversioned);
}

/// An exception was decided not to be a deviation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionNotDeviation {
    /// Which.
    pub exception: u32,
    /// Why.
    pub rationale: String,
    /// Everything that was decided under the same signature.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together: Vec<String>,
}

impl Event for ExceptionNotDeviation {
    const ADMITTED: Admitted = by(&[Authority::Triage]);
    const SIGNED: bool = true;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let (signed, second) = (written.first_signed(), written.second_signed());
        let triage = Triage::NotDeviation { rationale: self.rationale.clone(), signed, second };
        written.exception(run, self.exception)?.triage = Some((written.happened.at, triage));
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, run: &Run) -> Lapsing {
        let Self { exception, .. } = self;
        (lapses::about(run, &[*exception]), format!("exception {exception} was decided"))
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Triage(std::slice::from_ref(&self.exception))
    }

    nothing_in!(moves, changed);
}
