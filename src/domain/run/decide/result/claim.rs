//! Correcting a determination: always stored, never a way around a limit. What makes it or its reportable value
//! worse counts at once; whatever may make it better is claimed, until the first phase has looked at the raw data.

use super::super::act::seen;
use super::super::correct::Correction;
use super::super::judge::Findings;
use super::super::order::open_numbers;
use super::super::record::{canonical, malformed};
use super::super::spot::Spot;
use super::super::story::{Story, numbers};
use super::super::{RunFacts, access};
use super::standing::Standing;
use super::{report, runs, spec};
use crate::domain::command::Stamp;
use crate::domain::entry::result::{Spec, outside};
use crate::domain::entry::{EntryValue, Input};
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::limits::Verdict;
use crate::domain::refusal::{REASON_REQUIRED, Refusal, words};
use crate::domain::ruling::Ruling;
use crate::domain::run::event::{Basis, EntryKey, RunEvent};
use crate::domain::run::refusal::NOTHING_RECORDED;
use crate::domain::run::testing::{ClaimRun, DeterminationCorrected, DeterminationRun};
use crate::domain::run::{EntryRun, Run, Who};
use serde_json::Value;

/// Stores a correction of a determination: by default of the newest one.
///
/// # Errors
/// `authority-missing`, `nothing-recorded`, a missing or stale version, `reason-required`,
/// `malformed`.
pub fn correct(
    run: &Run,
    facts: &RunFacts<'_>,
    spot: &Spot<'_>,
    correction: &Correction<'_>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let at = correction.at;
    let (permit, qualified) = access::report(run, facts, spot)?;
    let nothing = || Refusal::new(&NOTHING_RECORDED, format!("{at} has no determination"));
    let (spec, entry) = spec(spot).zip(spot.entry).ok_or_else(nothing)?;
    if let Some(current) = spot.current() {
        seen(correction.expected, current.seq, &at.to_string())?;
    }
    let tested = which(entry, correction.input).ok_or_else(nothing)?;
    let input = complete(tested, correction.input);
    let value = spot.spec.parse(&input).map_err(|detail| malformed(at, &detail))?;
    let verdicts = spot.spec.judge(&value);
    let reason = correction.reason.map(words).filter(|reason| !reason.is_empty());
    let reason = reason.ok_or_else(|| {
        Refusal::new(&REASON_REQUIRED, format!("{at} is corrected without a reason"))
            .missing(vec!["reason".into()])
    })?;
    let standing = Standing::new(spec, Some(entry), tested.told.of.as_deref());
    let claimed = !makes_worse(&standing, tested, &value, &verdicts);
    let mut told = DeterminationCorrected {
        at: at.clone(),
        no: u32::try_from(entry.claims.len()).unwrap_or(u32::MAX - 1) + 1,
        of: tested.told.of.clone(),
        determination: tested.told.no,
        old: tested.value().shown.clone(),
        run: runs::corrected(&standing, tested.told.no, &value, &verdicts).map(Box::new),
        value,
        raw: canonical(correction.input),
        verdicts,
        reason: reason.to_owned(),
        claimed,
        reopens: None,
        exceptions: Vec::new(),
    };
    if !claimed && standing.reported().is_some() {
        told.reopens = Some(format!("determination {} was corrected", told.determination));
    }
    let mut story = Story::new(run);
    let mut findings = Findings::new(&mut story, spot, at);
    about(&told, tested, &mut findings);
    findings.person(qualified, facts.actor);
    let opened = findings.done();
    told.exceptions = numbers(&opened);
    let anew = (!claimed).then(|| anew(facts, spec, entry, &told, stamp, run)).flatten();
    let event = RunEvent::DeterminationCorrected(Box::new(told.clone()));
    story.tell(event);
    story.open(opened);
    if let Some((value, verdicts)) = anew {
        story.tell(reported(run, &told, value, verdicts));
    }
    Ok(story.ends(permit))
}

/// What is said of it: outside, its exception at once; claimed, that it does not count yet.
fn about(
    told: &DeterminationCorrected,
    tested: &DeterminationRun,
    findings: &mut Findings<'_, '_>,
) {
    let (at, no) = (&told.at, told.determination);
    if told.claimed {
        let detail = format!(
            "{at}: determination {no} is {}, and is claimed to be {}: {}; it counts when analyst, laboratory \
             supervisor and quality have found the error on the raw data",
            tested.value().shown,
            told.value.shown,
            told.reason
        );
        findings.also(ExceptionKind::Correction, Severity::Major, detail);
        return;
    }
    let shown = format!("{} in determination {no}, corrected from {}", told.value.shown, told.old);
    findings.determination(&shown, &told.verdicts);
    let joined = told.run.as_ref().and_then(|run| Some((run, run.value.as_ref()?)));
    if let Some((run, value)) = joined {
        findings.determination(&value.shown, &run.verdicts);
    }
}

/// The determination that is corrected: the one named, else the newest.
fn which<'r>(entry: &'r EntryRun, input: &Input) -> Option<&'r DeterminationRun> {
    match &input.value["determination"] {
        Value::Null => entry.determinations.last(),
        named => {
            let no = named.as_u64()?;
            entry.determinations.iter().find(|tested| u64::from(tested.told.no) == no)
        }
    }
}

/// What a correction does not say stays as it was said.
fn complete(tested: &DeterminationRun, input: &Input) -> Input {
    let old = &tested.value().data;
    let mut value = if input.value.is_object() {
        input.value.clone()
    } else {
        serde_json::json!({ "value": input.value })
    };
    if let Some(members) = value.as_object_mut() {
        members.remove("determination");
        for member in ["method_version", "sample", "item", "lot", "note"] {
            if !members.contains_key(member) && !old[member].is_null() {
                members.insert(member.to_owned(), old[member].clone());
            }
        }
    }
    Input { value, unit: input.unit.clone() }
}

/// Whether a correction makes the determination and its reportable value no better, and one of them worse. Of
/// another sample, item, lot or method nobody can tell.
fn makes_worse(
    standing: &Standing<'_>,
    tested: &DeterminationRun,
    value: &EntryValue,
    verdicts: &[Verdict],
) -> bool {
    let old = &tested.value().data;
    let moved = ["sample", "item", "lot", "method_version"]
        .iter()
        .any(|member| old[*member] != value.data[*member]);
    if moved || tested.invalidated.is_some() {
        return false;
    }
    let single = (standing.rank(tested.value(), tested.verdicts()), standing.rank(value, verdicts));
    let joined = runs::of(standing, tested.told.no).zip(runs::corrected(
        standing,
        tested.told.no,
        value,
        verdicts,
    ));
    let Some((before, after)) = joined else {
        return !standing.spec.reportable.joins() && single.1 < single.0;
    };
    // A run that a correction makes invalid by its spread would no longer stand outside.
    if after.invalid.is_some() && before.invalid.is_none() {
        return false;
    }
    let (Some(was), Some(is)) = (&before.value, &after.value) else {
        return single.1 < single.0;
    };
    let of_run = (standing.rank(was, &before.verdicts), standing.rank(is, &after.verdicts));
    // The single's own limit, and the value that is reported: neither becomes better.
    outside(verdicts) >= outside(tested.verdicts()) && of_run.1 < of_run.0
}

/// The result reported anew where what was corrected to the worse still conforms.
fn anew(
    facts: &RunFacts<'_>,
    spec: &Spec,
    entry: &EntryRun,
    told: &DeterminationCorrected,
    stamp: &Stamp,
    run: &Run,
) -> Option<(EntryValue, Vec<Verdict>)> {
    let before = Standing::new(spec, Some(entry), told.of.as_deref());
    before.reported()?;
    let by = Who {
        person: Some(facts.actor.key.id),
        printed_name: facts.actor.printed_name.clone(),
        user_name: facts.actor.user_name.clone(),
        role: String::new(),
    };
    let mut after = entry.clone();
    for tested in &mut after.determinations {
        if tested.told.no == told.determination {
            tested.corrected = Some((told.value.clone(), told.verdicts.clone()));
        }
        let completes = told.run.as_ref().and_then(|run| run.members.last().copied());
        if completes == Some(tested.told.no) {
            tested.run = told.run.as_deref().cloned();
        }
    }
    let of = told.of.clone();
    after.versions.retain(|version| version.of != of);
    let (at, seq) = (stamp.at, run.seq + 1);
    after.claims.push(ClaimRun { told: told.clone(), by, at, seq, accepted: None });
    report::conforming(&Standing::new(spec, Some(&after), of.as_deref()))
}

fn reported(
    run: &Run,
    told: &DeterminationCorrected,
    value: EntryValue,
    verdicts: Vec<Verdict>,
) -> RunEvent {
    RunEvent::EntryRecorded {
        at: told.at.clone(),
        value,
        raw: told.raw.clone(),
        verdicts,
        performed_at: None,
        basis: Basis::Direct,
        source: None,
        performer: None,
        reason: Some(told.reason.clone()),
        under_exceptions: open_numbers(run),
        check_owed: true,
        exceptions: told.exceptions.clone(),
    }
}

/// A claimed correction of a result by its number.
#[must_use]
pub fn find<'r>(standing: &Standing<'r>, no: u32) -> Option<&'r ClaimRun> {
    standing.undecided().find(|claim| claim.told.no == no)
}

/// Where a claim stands, for people.
#[must_use]
pub fn line(at: &EntryKey, claim: &ClaimRun) -> String {
    let told = &claim.told;
    format!("{at}: claim {}: determination {} is {}", told.no, told.determination, told.value.shown)
}
