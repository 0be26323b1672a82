//! The second phase: a deviation with production's review, retests by another analyst, another sample, and what
//! is inconclusive. Passing retests wash nothing away.

use super::super::act::no_such;
use super::standing::{Room, Standing};
use crate::domain::entry::result::{outside, sample_of};
use crate::domain::entry::sample::key;
use crate::domain::exception::{Exception, Triage};
use crate::domain::policy::Authority;
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::run::Run;
use crate::domain::run::decide::RunFacts;
use crate::domain::run::event::EntryKey;
use crate::domain::run::testing::{Analyst, Determination, InvestigationStep};
use crate::domain::run::testing_refusal::{
    NOT_INCONCLUSIVE, RETEST_ANALYST, SECOND_PHASE_NEEDS_DEVIATION, TESTING_UNFINISHED,
};
use std::collections::BTreeSet;

/// Most retests of one plan: more is no plan, it is testing into compliance.
pub const MOST_RETESTS: u32 = 20;

/// Approves retests: after the first phase, one plan after the other, with number and analyst; where something
/// stands outside, in a deviation.
pub(super) fn plan(
    run: &Run,
    facts: &RunFacts<'_>,
    standing: &Standing<'_>,
    at: &EntryKey,
    retests: u32,
    named: &Analyst,
) -> Result<Analyst, Refusal> {
    let malformed = |detail: String| Err(Refusal::new(&MALFORMED, detail));
    if !(1..=MOST_RETESTS).contains(&retests) {
        return malformed(format!("a plan has 1 to {MOST_RETESTS} retests, not {retests}"));
    }
    let planned = standing.spec.planned();
    if standing.spec.reportable.joins() && !retests.is_multiple_of(planned) {
        return malformed(format!(
            "the method reports the {} of {planned}: plan that many, or a multiple",
            standing.spec.reportable.as_str()
        ));
    }
    super::investigate::examined(standing, at)?;
    if standing.room() != Room::None {
        let owed = standing.unfinished().unwrap_or_default();
        let detail = format!("{at}: before another plan is approved: {owed}");
        return Err(Refusal::new(&TESTING_UNFINISHED, detail).missing(vec![owed]));
    }
    in_deviation(run, standing, at)?;
    analyst(facts, standing, at, named)
}

/// Who retests: somebody of the laboratory, and nobody who made one of the first determinations.
fn analyst(
    facts: &RunFacts<'_>,
    standing: &Standing<'_>,
    at: &EntryKey,
    named: &Analyst,
) -> Result<Analyst, Refusal> {
    let who = &named.user_name;
    let refuse = |why: String| Err(Refusal::new(&RETEST_ANALYST, format!("{at}: {why}")));
    let Some(person) = facts.performer else {
        return refuse(format!("nobody is called {who:?}"));
    };
    let roles = |grant: &crate::domain::policy::Grant| {
        facts
            .site
            .roles
            .iter()
            .any(|role| role.name == grant.role && role.authorities.contains(&Authority::Test))
    };
    if !person.grants.iter().any(roles) {
        return refuse(format!("{who} does not hold test"));
    }
    if standing.originals().any(|tested| tested.tester() == Some(person.key.id)) {
        return refuse(format!("{who} made the first determination; another analyst retests"));
    }
    Ok(Analyst {
        user_name: person.user_name.clone(),
        person: Some(person.key.id),
        printed_name: person.printed_name.clone(),
    })
}

/// Everything that stands outside is part of a deviation, where production reviews and other batches are looked at.
///
/// # Errors
/// `second-phase-needs-deviation`.
pub(super) fn in_deviation(
    run: &Run,
    standing: &Standing<'_>,
    at: &EntryKey,
) -> Result<(), Refusal> {
    let about: BTreeSet<u32> =
        standing.against().flat_map(|tested| tested.told.exceptions.iter().copied()).collect();
    let open = |exception: &&Exception| {
        let decided = exception.triage.as_ref().map(|(_, triage)| triage);
        about.contains(&exception.opened.no) && !matches!(decided, Some(Triage::Deviation { .. }))
    };
    let open: Vec<_> = run
        .exceptions
        .iter()
        .filter(open)
        .map(|exception| format!("exception {} is in no deviation", exception.opened.no))
        .collect();
    let Some(first) = open.first() else { return Ok(()) };
    let detail = format!("{at}: {first}");
    Err(Refusal::new(&SECOND_PHASE_NEEDS_DEVIATION, detail).missing(open))
}

/// Why a determination does not count as the retest that it stands in the place of: another analyst than planned,
/// or another sample without its own approval.
pub(super) fn departs(
    standing: &Standing<'_>,
    told: &Determination,
    tester: Option<crate::domain::ids::PersonId>,
) -> Option<String> {
    let Room::Plan(index) = standing.room() else { return None };
    let (_, plan) = standing.steps().find(|(at, _)| *at == index)?;
    let InvestigationStep::RetestPlan { analyst, .. } = &plan.step else { return None };
    if tester.is_none() || tester != analyst.person {
        return Some(format!("the plan names {} as analyst", analyst.printed_name));
    }
    let resampled = standing
        .steps()
        .any(|(_, taken)| matches!(taken.step, InvestigationStep::Resampling { .. }));
    let first: BTreeSet<_> =
        standing.originals().filter_map(|it| sample_of(it.value())).map(key).collect();
    let own = sample_of(&told.value);
    if !resampled && !first.is_empty() && own.is_none_or(|own| !first.contains(&key(own))) {
        return Some("it names another sample, and nobody approved resampling".into());
    }
    None
}

/// Two of quality decide what is inconclusive, on everything: investigation, production, history and every retest
/// of the plan, each single within.
pub(super) fn decided_inconclusive(
    run: &Run,
    standing: &Standing<'_>,
    at: &EntryKey,
    retests: &[u32],
) -> Result<(), Refusal> {
    let refuse = |why: String| Err(Refusal::new(&NOT_INCONCLUSIVE, format!("{at}: {why}")));
    let last = |is: &dyn Fn(&InvestigationStep) -> bool| {
        standing.steps().filter(|(_, taken)| is(&taken.step)).map(|(_, taken)| taken.seq).max()
    };
    in_deviation(run, standing, at)?;
    let ended = last(&|step| matches!(step, InvestigationStep::Inconclusive { .. }));
    let newest = standing.all().map(|tested| standing.since(tested)).max();
    if ended.is_none() || ended < newest {
        return refuse("its second phase has not ended inconclusive".into());
    }
    if last(&|step| matches!(step, InvestigationStep::ProductionReview { .. })).is_none() {
        return refuse("production has not reviewed it".into());
    }
    let planned: BTreeSet<u32> = standing
        .all()
        .filter(|tested| tested.told.plan.is_some())
        .map(|tested| tested.told.no)
        .collect();
    let named: BTreeSet<u32> = retests.iter().copied().collect();
    if planned.is_empty() || named != planned || standing.room() != Room::None {
        let all: Vec<_> = planned.iter().map(u32::to_string).collect();
        return refuse(format!("the decision names every retest of the plan: {}", all.join(", ")));
    }
    if let Some(other) = standing.against().find(|it| it.told.plan.is_some() || it.told.repeat) {
        return refuse(format!("determination {} is {}", other.told.no, other.value().shown));
    }
    for no in &planned {
        let tested = standing.find(*no);
        let tested = tested.ok_or_else(|| no_such(run, &format!("determination {no} there")))?;
        if outside(&standing.spec.alone(tested.value())) || tested.invalidated.is_some() {
            return refuse(format!("retest {no} is {}", tested.value().shown));
        }
    }
    Ok(())
}
