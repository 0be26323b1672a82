//! Laboratory results: every determination a report, judged and kept; the reportable result as the method says, by
//! rule the worst of what counts. Nothing is averaged away, nothing tested until it passes.

pub mod claim;
mod claimed;
mod determine;
mod first;
mod further;
mod history;
mod inquiry;
pub mod investigate;
#[cfg(test)]
mod model;
mod report;
mod runs;
mod sampled;
mod second;
pub mod standing;
pub mod subject;

pub use investigate::investigate;
pub(super) use second::never_again;

use super::access;
use super::judge::Findings;
use super::order::open_numbers;
use super::source::{self, Judged};
use super::spot::{self, Spot};
use super::story::{Story, numbers};
use crate::domain::command::Stamp;
use crate::domain::entry::EntryValue;
use crate::domain::entry::result::{Level, Spec, level, method_version, outside};
use crate::domain::entry::spec::Due;
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::ids::PersonId;
use crate::domain::limits::Verdict;
use crate::domain::refusal::{Refusal, words};
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::recorded::EntryRecorded;
use crate::domain::run::acts::report::{
    Report, arrive, canonical, lapse_check, malformed, not_computed, performed,
};
use crate::domain::run::facts::RunFacts;
pub use crate::domain::run::testing::{Determination, DeterminationCorrected, Investigated};
use crate::domain::run::testing::{DeterminationRun, TestRun, settle};
use crate::domain::run::testing_refusal::{NOT_A_RESULT, RESULT_UNDER_TEST};
use crate::domain::run::{EntryRun, Run};
use crate::domain::words::{EntryKey, Who};
pub use determine::RecordDetermination;
pub use inquiry::InvestigateResult;
use standing::{Room, Standing};

/// What the master record says of a result, if the entry is one.
pub(super) fn spec<'r>(spot: &Spot<'r>) -> Option<&'r Spec> {
    spot.spec.as_result()
}

/// Whether an entry is a laboratory result.
pub(super) fn is_result(spot: &Spot<'_>) -> bool {
    spec(spot).is_some()
}

fn of_result<'r>(spot: &Spot<'r>, at: &EntryKey) -> Result<&'r Spec, Refusal> {
    spec(spot).ok_or_else(|| {
        let kind = spot.spec.kind.name();
        Refusal::new(&NOT_A_RESULT, format!("{at} is an entry of kind {kind}"))
    })
}

/// Nobody declares a result absent that has determinations.
///
/// # Errors
/// `result-under-test`.
pub(super) fn not_under_test(spot: &Spot<'_>, at: &EntryKey) -> Result<(), Refusal> {
    let n = spot.entry.map_or(0, |entry| entry.determinations.len());
    if n > 0 {
        let detail = format!("{at} has {n} determinations");
        return Err(Refusal::new(&RESULT_UNDER_TEST, detail));
    }
    Ok(())
}

/// Records a determination: a report. With the last one that the method asks for, and every one
/// conforming, the reportable result becomes the entry's value in the same act.
///
/// # Errors
/// `occurrence-unknown`, `not-a-result`, `authority-missing`, `malformed`,
/// `performed-in-the-future`, `performer-unknown`.
pub fn determine(
    run: &Run,
    facts: &RunFacts<'_>,
    report: &Report<'_>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let at = report.at;
    let spot = spot::entry(run, at)?;
    let spec = of_result(&spot, at)?;
    not_computed(report)?;
    let (permit, qualified) = access::report(run, facts, &spot)?;
    let value = spot.spec.parse(report.input).map_err(|detail| malformed(at, &detail))?;
    let performer = performed(run, facts, &spot, report, stamp)?;
    let judged = source::judge(run, facts, &spot, report, &value, stamp.at)?;
    let done = judged.done(report.performed_at);
    let Judged { source, found } = judged;
    let verdicts = spot.spec.judge(&value);
    let tester = performer.id.or(Some(facts.actor.id));
    let mut told = numbered(run, &spot, spec, report, performer.id, value, verdicts);
    // Who lacks the authority fills no place: it is kept, and can only hurt.
    let may_count = qualified && performer.doubt.is_none();
    let of = told.of.clone();
    let before = Standing::new(spec, spot.entry, of.as_deref());
    let departs = placed(&before, &mut told, tester, may_count);
    let mut story = Story::new(run);
    arrive(run, facts, &spot, at, &mut story);
    let reason = report.reason.map(words).filter(|reason| !reason.is_empty());
    let mut findings = Findings::new(&mut story, &spot, at);
    let shown = format!("{} in determination {}", told.value.shown, told.no);
    findings.determination(&shown, &told.verdicts);
    about_run(at, told.run.as_deref(), &mut findings);
    about_repeat(&told, departs, may_count, &mut findings);
    about_origin(run, spec, at, told.no, &told.value, &mut findings);
    findings.person(qualified, facts.actor);
    findings.performer(&performer);
    findings.source(found, false);
    findings.time(done, stamp.at, reason);
    findings.basis(report.basis, facts.actor.printed_name);
    findings.place(run, spot.spec.due != Due::Step || spot.step.is_none());
    let opened = findings.done();
    told.exceptions = numbers(&opened);
    told.source = source.map(Box::new);
    let mut after = spot.entry.cloned().unwrap_or_default();
    let reported = conforming(run, facts, spec, &mut after, &told, stamp);
    story.tell(RunEvent::DeterminationRecorded(Box::new(told.clone())));
    story.open(opened);
    if let Some((value, verdicts)) = reported {
        story.tell(RunEvent::EntryRecorded(EntryRecorded {
            at: at.clone(),
            value,
            raw: told.raw,
            verdicts,
            performed_at: report.performed_at,
            basis: report.basis.clone(),
            source: told.source.map(|source| *source),
            performer: performer.id,
            reason: reason.map(str::to_owned),
            under_exceptions: open_numbers(run),
            check_owed: spot.spec.kind.as_kind().check_owed(),
            exceptions: told.exceptions,
        }));
    }
    if spot.spec.due == Due::Step {
        lapse_check(&spot, at, &mut story);
    }
    Ok(story.ends(permit))
}

/// What a determination is to those before it: whether it departs from its plan, the run of tests it completes,
/// and whether what was reported still stands.
fn placed(
    before: &Standing<'_>,
    told: &mut Determination,
    tester: Option<PersonId>,
    may_count: bool,
) -> Option<String> {
    let departs = second::departs(before, told, tester);
    if departs.is_some() || !may_count {
        (told.plan, told.settles, told.repeat) = (None, None, true);
    }
    told.run = runs::completed(before, told).map(Box::new);
    let joined_fails = told.run.as_ref().is_some_and(|run| outside(&run.verdicts));
    if before.reported().is_some() && (outside(&told.verdicts) || joined_fails) {
        let level = level(&told.verdicts)
            .min(told.run.as_ref().map_or(Level::Within, |run| level(&run.verdicts)));
        let how = level.as_str();
        told.reopens = Some(format!("determination {} is {}, {how}", told.no, told.value.shown));
    }
    departs
}

/// A determination under its number: an original, one of a plan, or a repeat that nobody asked for.
fn numbered(
    run: &Run,
    spot: &Spot<'_>,
    spec: &Spec,
    report: &Report<'_>,
    performer: Option<PersonId>,
    value: EntryValue,
    verdicts: Vec<Verdict>,
) -> Determination {
    let of = subject::lot(run, report.at, spec, &value);
    let before = Standing::new(spec, spot.entry, of.as_deref());
    let settles = before.settled_by(&value);
    let plan = match (before.room(), settles) {
        (Room::Plan(index), _) => Some(index),
        (Room::None, Some(settled)) => settled.told.plan,
        (Room::Original | Room::None, _) => None,
    };
    Determination {
        at: report.at.clone(),
        no: u32::try_from(before.numbered()).unwrap_or(u32::MAX - 1) + 1,
        of: of.clone(),
        raw: canonical(report.input),
        performed_at: report.performed_at,
        basis: report.basis.clone(),
        source: None,
        performer,
        plan,
        settles: settles.map(|settled| settled.told.no),
        repeat: before.room() == Room::None && settles.is_none(),
        reopens: None,
        run: None,
        exceptions: Vec::new(),
        value,
        verdicts,
    }
}

/// What the method joins of several, or finds too far apart.
fn about_run(at: &EntryKey, run: Option<&TestRun>, findings: &mut Findings<'_, '_>) {
    let Some(run) = run else { return };
    if let Some(value) = &run.value {
        findings.determination(&value.shown, &run.verdicts);
    }
    if let Some(why) = &run.invalid {
        let numbers: Vec<_> = run.members.iter().map(u32::to_string).collect();
        let detail = format!(
            "{at}: the run of determinations {} is invalid by its spread: {why}",
            numbers.join(", ")
        );
        findings.also(ExceptionKind::OutOfControl, Severity::Major, detail);
    }
}

/// Beyond or beside what was planned. Of who lacks the authority another exception says so.
fn about_repeat(
    told: &Determination,
    departs: Option<String>,
    may_count: bool,
    findings: &mut Findings<'_, '_>,
) {
    if !told.repeat || !may_count {
        return;
    }
    let why =
        departs.unwrap_or_else(|| "it is a repeat that nobody planned or approved".to_owned());
    let detail = format!(
        "{}: determination {} ({}) does not count: {why}; it is kept and makes no result conform",
        told.at, told.no, told.value.shown
    );
    findings.also(ExceptionKind::Repeat, Severity::Major, detail);
}

/// Method and sample, as specified (21 CFR 211.160, 211.194(a)(1)-(2)).
fn about_origin(
    run: &Run,
    spec: &Spec,
    at: &EntryKey,
    no: u32,
    value: &EntryValue,
    findings: &mut Findings<'_, '_>,
) {
    let used = method_version(value);
    if let Some(version) = spec.method_version.as_ref().filter(|version| *version != used) {
        let detail = format!(
            "{at}: determination {no} was made by version {used:?} of {}, specified is {version:?}",
            spec.method
        );
        findings.also(ExceptionKind::UnknownReference, Severity::Major, detail);
    }
    if let Some(detail) = sampled::wrong(run, spec, at, no, value) {
        findings.also(ExceptionKind::UnknownReference, Severity::Major, detail);
    }
    if let Some(detail) = sampled::drawn(run, at, no, value) {
        findings.also(ExceptionKind::LookAlike, Severity::Major, detail);
    }
}

/// The reportable result, where this determination completes a test in which every one conforms.
fn conforming(
    run: &Run,
    facts: &RunFacts<'_>,
    spec: &Spec,
    after: &mut EntryRun,
    told: &Determination,
    stamp: &Stamp,
) -> Option<(EntryValue, Vec<Verdict>)> {
    let by = Who {
        person: Some(facts.actor.id),
        printed_name: facts.actor.printed_name.to_owned(),
        user_name: facts.actor.user_name.to_owned(),
        role: String::new(),
    };
    let invalid = told.run.as_ref().and_then(|run| run.invalid.clone());
    if told.repeat || invalid.is_some() {
        return None;
    }
    if let Some(settled) = told.settles {
        settle(after, settled, told.no);
    }
    after.determinations.push(DeterminationRun {
        told: told.clone(),
        by,
        at: stamp.at,
        seq: run.seq + 1,
        invalidated: None,
        corrected: None,
        run: told.run.as_deref().cloned(),
    });
    report::conforming(&Standing::new(spec, Some(after), told.of.as_deref()))
}
