//! The phases of an out-of-specification investigation, each signed: the laboratory's statements, what quality
//! concludes of them, retests, and the reportable result (21 CFR 211.165, 211.192; FDA OOS guidance 2022).

use super::super::act::{actor, independent, may, no_such, phase, sign};
use super::super::exception::TRIAGE_PHASES;
use super::super::judge::Findings;
use super::super::spot;
use super::super::story::{Story, numbers};
use super::second::nothing;
use super::standing::Standing;
use super::{claim, first, of_result, report, second};
use crate::domain::act::{require_second, said};
use crate::domain::command::Stamp;
use crate::domain::facts::Account;
use crate::domain::policy::{Authority, Permit};
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::result::second::examined;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::quality_refusal::REQUESTER_IS_APPROVER;
use crate::domain::run::testing::{Investigated, InvestigationStep, Reported};
use crate::domain::run::testing_refusal::{
    DOES_NOT_COUNT, NOT_INCONCLUSIVE, NOT_THE_WORST, TESTING_UNFINISHED,
};
use crate::domain::signing::{Meaning, SignatureRequest};
use crate::domain::words::EntryKey;

/// Takes a step of an investigation. The laboratory and production speak for themselves; all else is decided by a
/// holder of triage who took no part in the run, and so never by the tester.
///
/// # Errors
/// Authority, phase, `occurrence-unknown`, `not-a-result`, `took-part-in-the-run`, `reason-required`,
/// `nothing-to-investigate`, `laboratory-first`, `claim-overtaken`, `phase-one-first`, `testing-unfinished`,
/// `determination-does-not-count`, `not-the-worst-result`, `retest-analyst`,
/// `second-phase-needs-deviation`, `not-inconclusive`, a missing signature.
pub fn investigate(
    run: &Run,
    facts: &RunFacts<'_>,
    at: &EntryKey,
    of: Option<&str>,
    step: &InvestigationStep,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let of_quality = is_quality(step);
    let early = of_quality.then(|| may(run, facts, &[Authority::Triage])).transpose()?;
    phase(run, TRIAGE_PHASES, "investigate a result")?;
    let spot = spot::entry(run, at)?;
    let standing = Standing::new(of_result(&spot, at)?, spot.entry, of);
    let mut told = Investigated {
        at: at.clone(),
        of: of.map(str::to_owned),
        step: step.clone(),
        reported: None,
        reopens: None,
        run: None,
        exceptions: Vec::new(),
    };
    let mut story = Story::new(run);
    let mut findings = Findings::new(&mut story, &spot, at);
    let (permit, meaning) = match early {
        None => outside_quality(run, facts, &standing, &mut told)?,
        Some(permit) => {
            independent(run, facts, "investigate its results")?;
            not_alone(&standing, facts, at, step)?;
            let next = spot.current().map_or(1, |version| version.version + 1);
            by_quality(run, facts, &standing, &mut told, next, &mut findings)?;
            (permit, meaning(step))
        }
    };
    let mut signatures = sign(facts, stamp, &permit, meaning)?;
    if matches!(step, InvestigationStep::DecidedInconclusive { .. }) {
        signatures.push(certifier(run, facts, stamp, &permit)?);
    }
    let opened = findings.done();
    told.exceptions = numbers(&opened);
    story.tell_signed(RunEvent::ResultInvestigated(Box::new(told)), signatures);
    story.open(opened);
    Ok(story.ends(permit))
}

fn is_quality(step: &InvestigationStep) -> bool {
    match step {
        InvestigationStep::Laboratory { .. } | InvestigationStep::ProductionReview { .. } => false,
        InvestigationStep::Transcription { .. }
        | InvestigationStep::AssignableCause { .. }
        | InvestigationStep::RetestPlan { .. }
        | InvestigationStep::OtherAnalyst { .. }
        | InvestigationStep::Resampling { .. }
        | InvestigationStep::Reportable { .. }
        | InvestigationStep::Inconclusive { .. }
        | InvestigationStep::DecidedInconclusive { .. } => true,
    }
}

fn meaning(step: &InvestigationStep) -> Meaning {
    match step {
        InvestigationStep::RetestPlan { .. }
        | InvestigationStep::OtherAnalyst { .. }
        | InvestigationStep::Resampling { .. }
        | InvestigationStep::DecidedInconclusive { .. } => Meaning::Approved,
        InvestigationStep::Laboratory { .. }
        | InvestigationStep::ProductionReview { .. }
        | InvestigationStep::Transcription { .. }
        | InvestigationStep::AssignableCause { .. }
        | InvestigationStep::Reportable { .. }
        | InvestigationStep::Inconclusive { .. } => Meaning::Triaged,
    }
}

/// What laboratory and production say.
fn outside_quality(
    run: &Run,
    facts: &RunFacts<'_>,
    standing: &Standing<'_>,
    told: &mut Investigated,
) -> Result<(Permit, Meaning), Refusal> {
    match &mut told.step {
        InvestigationStep::Laboratory { speaker, finding, claim, unavailable, .. } => {
            let missed = unavailable.is_some();
            let (who, permit, meaning) = first::speaker(run, facts, standing, *claim, missed)?;
            first::statement(run, standing, *claim)?;
            said(finding, "finding")?;
            if let Some(missed) = unavailable {
                first::missed(facts, standing, missed)?;
                said(&missed.reason, "reason")?;
            }
            *speaker = Some(who);
            Ok((permit, meaning))
        }
        InvestigationStep::ProductionReview { finding } => {
            let permit = may(run, facts, &[Authority::Supervise])?;
            examined(standing, &told.at)?;
            second::in_deviation(run, standing, &told.at)?;
            said(finding, "finding")?;
            Ok((permit, Meaning::Checked))
        }
        InvestigationStep::Transcription { .. }
        | InvestigationStep::AssignableCause { .. }
        | InvestigationStep::RetestPlan { .. }
        | InvestigationStep::OtherAnalyst { .. }
        | InvestigationStep::Resampling { .. }
        | InvestigationStep::Reportable { .. }
        | InvestigationStep::Inconclusive { .. }
        | InvestigationStep::DecidedInconclusive { .. } => {
            let permit = may(run, facts, &[Authority::Triage])?;
            Ok((permit, Meaning::Triaged))
        }
    }
}

/// What quality decides.
fn by_quality(
    run: &Run,
    facts: &RunFacts<'_>,
    standing: &Standing<'_>,
    told: &mut Investigated,
    next: u32,
    findings: &mut Findings<'_, '_>,
) -> Result<(), Refusal> {
    let at = &told.at;
    match &mut told.step {
        InvestigationStep::AssignableCause { found, cause, invalidates } => {
            told.reopens = first::cause(run, standing, at, *found, invalidates)?;
            said(cause, "cause")
        }
        InvestigationStep::Transcription { claim, accepted, conclusion } => {
            let counts = first::transcription(run, standing, at, *claim, *accepted)?;
            said(conclusion, "conclusion")?;
            if let Some(counts) = counts {
                let no = counts.told.determination;
                let reopens = format!("claim {claim} on determination {no} was accepted");
                told.reopens = standing.reported().map(|_| reopens);
                told.run = claim::accepted(run, standing, counts, findings).map(Box::new);
            }
            Ok(())
        }
        InvestigationStep::RetestPlan { retests, rationale, analyst } => {
            *analyst = second::plan(run, facts, standing, at, *retests, analyst)?;
            said(rationale, "rationale")
        }
        InvestigationStep::OtherAnalyst { analyst, reason } => {
            *analyst = second::other_analyst(facts, standing, at, analyst)?;
            said(reason, "reason")
        }
        InvestigationStep::Resampling { reason } => {
            examined(standing, at)?;
            second::in_deviation(run, standing, at)?;
            said(reason, "reason")
        }
        InvestigationStep::Reportable { determination, conclusion } => {
            told.reported = Some(reportable(run, standing, at, *determination, next)?);
            said(conclusion, "conclusion")
        }
        InvestigationStep::Inconclusive { conclusion } => {
            examined(standing, at)?;
            second::in_deviation(run, standing, at)?;
            let Some(first) = standing.against().next() else {
                return Err(nothing(&format!("nothing stands outside on {at}")));
            };
            // It fails: what is reported is the worst, as it would be if it were confirmed.
            let worst = standing.worst();
            let no = worst.first().map_or(first.told.no, |worst| worst.carrier.told.no);
            told.reported = Some(reportable(run, standing, at, no, next)?);
            said(conclusion, "conclusion")
        }
        InvestigationStep::DecidedInconclusive {
            investigation,
            production_review,
            process_history,
            retests,
        } => {
            second::decided_inconclusive(run, standing, at, retests)?;
            said(investigation, "investigation")?;
            said(production_review, "production_review")?;
            said(process_history, "process_history")
        }
        InvestigationStep::Laboratory { .. } | InvestigationStep::ProductionReview { .. } => Ok(()),
    }
}

/// The second signature of quality; one of the two certifies.
fn certifier(
    run: &Run,
    facts: &RunFacts<'_>,
    stamp: &Stamp,
    own: &Permit,
) -> Result<SignatureRequest, Refusal> {
    let place =
        crate::domain::policy::Place { product: Some(&run.recipe.product.code), area: None };
    let second = facts.second;
    let wanted = [Authority::Certify, Authority::Triage, Authority::Review];
    let permit = second
        .map(|person| person.permit(facts.site, &wanted, place))
        .transpose()?
        .unwrap_or_else(|| own.clone());
    let certifies = |person: Option<Account<'_>>| {
        person.is_some_and(|it| it.permit(facts.site, &[Authority::Certify], place).is_ok())
    };
    if second.is_some() && !certifies(second) && !certifies(Some(facts.actor)) {
        let detail = "neither of the two who sign holds certify";
        return Err(Refusal::new(&NOT_INCONCLUSIVE, detail));
    }
    if let Some(second) = second.filter(|it| run.participants.contains(&it.id)) {
        let detail = format!("{} took part in run {}", second.user_name, run.number);
        return Err(Refusal::new(&crate::domain::run::quality_refusal::TOOK_PART, detail));
    }
    require_second(stamp, second, facts.site, Meaning::Approved, &permit.role)
}

/// An investigation is not one person's affair: whoever judged whether there is an assignable cause, or an error of
/// transcription, neither approves the retests that follow from it nor concludes the result.
fn not_alone(
    standing: &Standing<'_>,
    facts: &RunFacts<'_>,
    at: &EntryKey,
    step: &InvestigationStep,
) -> Result<(), Refusal> {
    let act = match step {
        InvestigationStep::AssignableCause { .. }
        | InvestigationStep::Transcription { .. }
        | InvestigationStep::Laboratory { .. }
        | InvestigationStep::ProductionReview { .. }
        | InvestigationStep::DecidedInconclusive { .. } => return Ok(()),
        InvestigationStep::RetestPlan { .. } => "approve its retest plan",
        InvestigationStep::OtherAnalyst { .. } => "name another analyst of its plan",
        InvestigationStep::Resampling { .. } => "approve another sample",
        InvestigationStep::Reportable { .. } => "conclude its reportable result",
        InvestigationStep::Inconclusive { .. } => "conclude its second phase",
    };
    let concluded = |step: &InvestigationStep| {
        matches!(
            step,
            InvestigationStep::AssignableCause { .. } | InvestigationStep::Transcription { .. }
        )
    };
    let own = standing.steps().map(|(_, taken)| taken).find(|taken| {
        concluded(&taken.step)
            && taken.signed.as_ref().is_some_and(|signed| signed.person == actor(facts))
    });
    let Some(own) = own else { return Ok(()) };
    let who = facts.actor.user_name;
    let detail = format!("{who} concluded the first phase of {at} at {} and cannot {act}", own.at);
    Err(Refusal::new(&REQUESTER_IS_APPROVER, detail))
}

/// The reportable result: of all that was planned the worst that was not set aside.
fn reportable(
    run: &Run,
    standing: &Standing<'_>,
    at: &EntryKey,
    determination: u32,
    version: u32,
) -> Result<Reported, Refusal> {
    examined(standing, at)?;
    let named = standing.find(determination);
    let named =
        named.ok_or_else(|| no_such(run, &format!("determination {determination} there")))?;
    let candidates = standing.candidates();
    if !candidates.iter().any(|it| it.members.contains(&determination)) {
        let why = named.invalidated.as_ref().map_or_else(
            || "a repeat that nobody planned or approved, or part of no run of tests".to_owned(),
            |cause| format!("set aside: {cause}"),
        );
        let detail = format!("{at}: determination {determination} is {why}");
        return Err(Refusal::new(&DOES_NOT_COUNT, detail));
    }
    let undecided = standing.undecided().next().map(|waits| claim::line(at, waits));
    if let Some(owed) = standing.unfinished().or(undecided) {
        let detail = format!("{at}: still to be done: {owed}");
        return Err(Refusal::new(&TESTING_UNFINISHED, detail).missing(vec![owed]));
    }
    let worst = standing.worst();
    let Some(own) = worst.iter().find(|it| it.members.contains(&determination)) else {
        let lines: Vec<_> = worst
            .iter()
            .map(|it| format!("determination {}: {}", it.carrier.told.no, it.value.shown))
            .collect();
        let detail = format!(
            "{at}: determination {determination} is {}, and {} counts too",
            named.value().shown,
            lines.join(" or ")
        );
        return Err(Refusal::new(&NOT_THE_WORST, detail).missing(lines));
    };
    let value = report::reported(standing, own);
    Ok(Reported { version, value, verdicts: own.verdicts.to_vec(), check_owed: true })
}
