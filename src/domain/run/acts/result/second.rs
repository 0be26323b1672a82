//! The second phase: a deviation with production's review, retests by another analyst, another sample, and what
//! is inconclusive. Passing retests wash nothing away.

use super::super::act::no_such;
use super::standing::{Room, Standing};
use crate::domain::entry::result::{outside, sample_of};
use crate::domain::entry::sample::key;
use crate::domain::exception::{Exception, ExceptionKind, Opened, Severity, Triage};
use crate::domain::policy::Authority;
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::run::Run;
use crate::domain::run::acts::spot;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::testing::{Analyst, Determination, InvestigationStep};
use crate::domain::run::testing_refusal::{
    NOT_INCONCLUSIVE, NOTHING_TO_INVESTIGATE, PHASE_ONE_FIRST, RETEST_ANALYST,
    SECOND_PHASE_NEEDS_DEVIATION, TESTING_UNFINISHED,
};
use crate::domain::words::EntryKey;
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
    let whole = standing.spec.reportable.joins() || standing.spec.spread.is_some();
    if whole && !retests.is_multiple_of(planned) {
        return malformed(format!(
            "the method judges {planned} together ({}): plan that many, or a multiple",
            standing.spec.reportable.as_str()
        ));
    }
    crate::domain::run::acts::result::second::examined(standing, at)?;
    if standing.room() != Room::None {
        let owed = standing.unfinished().unwrap_or_default();
        let detail = format!("{at}: before another plan is approved: {owed}");
        return Err(Refusal::new(&TESTING_UNFINISHED, detail).missing(vec![owed]));
    }
    in_deviation(run, standing, at)?;
    analyst(facts, standing, at, named)
}

/// Names another analyst for the rest of the plan that waits, under the conditions of a plan.
///
/// # Errors
/// `nothing-to-investigate`, `retest-analyst`.
pub(super) fn other_analyst(
    facts: &RunFacts<'_>,
    standing: &Standing<'_>,
    at: &EntryKey,
    named: &Analyst,
) -> Result<Analyst, Refusal> {
    let Room::Plan(index) = standing.room() else {
        let detail = format!("{at}: no retest of a plan waits");
        return Err(Refusal::new(&NOTHING_TO_INVESTIGATE, detail));
    };
    let found = analyst(facts, standing, at, named)?;
    if standing.analyst(index).and_then(|own| own.person) == found.person {
        let detail = format!("{at}: {} is the analyst of the plan already", found.user_name);
        return Err(Refusal::new(&RETEST_ANALYST, detail));
    }
    Ok(found)
}

/// Who retests: somebody of the laboratory, who made none of the first determinations, and tested nothing else there
/// but as the analyst of a plan.
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
    if !person.active || person.service {
        return refuse(format!("{who} is no active person"));
    }
    if !person.grants.iter().any(roles) {
        return refuse(format!("{who} does not hold test"));
    }
    let own = person.id;
    let mut tested = standing.all().filter(|tested| tested.tester() == Some(own));
    let planned = standing.analysts().any(|analyst| analyst.person == Some(own));
    if let Some(tested) = tested.find(|it| it.told.plan.is_none() && (!it.told.repeat || !planned))
    {
        let no = tested.told.no;
        return refuse(format!("{who} made determination {no} there; another analyst retests"));
    }
    Ok(Analyst {
        user_name: person.user_name.to_owned(),
        person: Some(person.id),
        printed_name: person.printed_name.to_owned(),
    })
}

/// Everything that stands outside is part of a deviation, where production reviews and other batches are looked at:
/// also what a correction put there, and each run of tests that is invalid beyond what the method lets be repeated.
///
/// # Errors
/// `second-phase-needs-deviation`.
pub(super) fn in_deviation(
    run: &Run,
    standing: &Standing<'_>,
    at: &EntryKey,
) -> Result<(), Refusal> {
    let mut open = BTreeSet::new();
    for tested in standing.against() {
        let about = standing.exceptions(&standing.behind(tested));
        let what = format!("determination {}", tested.told.no);
        open.extend(deviating(run, &about, &what, |_| true));
    }
    for invalid in standing.beyond() {
        let about = standing.exceptions(&invalid.members);
        let of: Vec<_> = invalid.members.iter().map(u32::to_string).collect();
        let what = format!("the invalid run of determinations {}", of.join(", "));
        let spread = |exception: &Exception| exception.opened.kind == ExceptionKind::OutOfControl;
        open.extend(deviating(run, &about, &what, spread));
    }
    let Some(first) = open.first() else { return Ok(()) };
    let detail = format!("{at}: {first}");
    let missing = open.into_iter().collect();
    Err(Refusal::new(&SECOND_PHASE_NEEDS_DEVIATION, detail).missing(missing))
}

/// Whether an exception is about a run of tests that is invalid beyond what the method lets be repeated: then
/// nobody decides that it is no deviation.
pub(in crate::domain::run::acts) fn never_again(run: &Run, opened: &Opened) -> bool {
    let Some(spot) = opened.at.as_ref().and_then(|at| spot::entry(run, at).ok()) else {
        return false;
    };
    let Some((spec, entry)) = super::spec(&spot).zip(spot.entry) else { return false };
    let own = |standing: &Standing<'_>| {
        let mut beyond = standing.beyond();
        beyond.any(|it| standing.exceptions(&it.members).contains(&opened.no))
    };
    opened.severity == Severity::Major && Standing::each(spec, entry).iter().any(own)
}

/// What is missing: each exception is decided, and one of them at least is in a deviation.
fn deviating(
    run: &Run,
    about: &BTreeSet<u32>,
    what: &str,
    is: impl Fn(&Exception) -> bool,
) -> Vec<String> {
    let own = run.exceptions.iter().filter(|it| about.contains(&it.opened.no) && is(it));
    let decided =
        |exception: &Exception| exception.triage.as_ref().map(|(_, triage)| triage.clone());
    let all: Vec<_> = own.map(|exception| (exception.opened.no, decided(exception))).collect();
    let open: Vec<_> = all
        .iter()
        .filter(|(_, triage)| triage.is_none())
        .map(|(no, _)| format!("exception {no} is in no deviation"))
        .collect();
    let one = all.iter().any(|(_, triage)| matches!(triage, Some(Triage::Deviation { .. })));
    if open.is_empty() && !one { vec![format!("{what} is in no deviation")] } else { open }
}

/// Why a determination does not count as the retest that it stands in the place of: another analyst than planned,
/// or another sample without its own approval.
pub(super) fn departs(
    standing: &Standing<'_>,
    told: &Determination,
    tester: Option<crate::domain::ids::PersonId>,
) -> Option<String> {
    let Room::Plan(index) = standing.room() else { return None };
    let analyst = standing.analyst(index)?;
    if tester.is_none() || tester != analyst.person {
        return Some(format!("the plan names {} as analyst", analyst.printed_name));
    }
    let resampled =
        standing.recent().any(|taken| matches!(taken.step, InvestigationStep::Resampling { .. }));
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
        standing.recent().filter(|taken| is(&taken.step)).map(|taken| taken.seq).max()
    };
    in_deviation(run, standing, at)?;
    let ended = last(&|step| matches!(step, InvestigationStep::Inconclusive { .. }));
    // A passing repeat that nobody asked for decides nothing and takes nothing back.
    let weighs = standing.all().filter(|tested| !tested.told.repeat || standing.fails(tested));
    let newest = weighs.map(|tested| standing.since(tested)).max();
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

/// Something is open, and the first phase has looked at everything that stands outside.
pub(super) fn examined(standing: &Standing<'_>, at: &EntryKey) -> Result<(), Refusal> {
    if !standing.is_open() {
        return Err(nothing(&format!("{at} is not under investigation")));
    }
    if !standing.is_examined() {
        let outside: Vec<_> = standing.against().map(|t| t.told.no.to_string()).collect();
        let detail =
            format!("{at}: determinations {} are outside their limits", outside.join(", "));
        return Err(Refusal::new(&PHASE_ONE_FIRST, detail));
    }
    Ok(())
}

pub(super) fn nothing(detail: &str) -> Refusal {
    Refusal::new(&NOTHING_TO_INVESTIGATE, detail)
}
