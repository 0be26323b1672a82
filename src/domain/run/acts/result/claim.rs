//! Correcting a determination: always stored, never a way around a limit. What makes it or its reportable value
//! worse counts at once; whatever may make it better, and another sample, item, lot or method, is claimed until the
//! first phase has looked at the raw data. A claim counts with what stands when it is accepted.

use super::super::access;
use super::super::judge::Findings;
use super::super::order::open_numbers;
use super::super::spot::Spot;
use super::super::story::{Story, numbers};
use super::standing::Standing;
use super::{about_origin, about_run, report, runs, spec};
use crate::domain::act::seen;
use crate::domain::command::Stamp;
use crate::domain::entry::result::{Spec, level};
use crate::domain::entry::{EntryValue, Input};
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::limits::Verdict;
use crate::domain::refusal::{REASON_REQUIRED, Refusal, words};
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::recorded::EntryRecorded;
use crate::domain::run::acts::report::{Correction, canonical, malformed};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::refusal::{NOTHING_CHANGED, NOTHING_RECORDED};
use crate::domain::run::testing::{
    self, ClaimRun, DeterminationCorrected, DeterminationRun, TestRun,
};
use crate::domain::run::{EntryRun, Run};
use crate::domain::words::{Basis, EntryKey, Who};
use serde_json::Value;

/// Stores a correction of a determination: by default of the newest one.
///
/// # Errors
/// `authority-missing`, `nothing-recorded`, a missing or stale version, `reason-required`,
/// `malformed`, `nothing-changed`.
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
    let reason = correction.reason.map(words).filter(|reason| !reason.is_empty());
    let reason = reason.ok_or_else(|| {
        Refusal::new(&REASON_REQUIRED, format!("{at} is corrected without a reason"))
            .missing(vec!["reason".into()])
    })?;
    let input = complete(tested, correction.input);
    let read = |input: &Input| -> Result<Right, Refusal> {
        let value = spot.spec.parse(input).map_err(|detail| malformed(at, &detail))?;
        let verdicts = spot.spec.judge(&value);
        Ok(Right { value, verdicts, raw: canonical(correction.input) })
    };
    let right = read(&input)?;
    if spot.spec.kind.as_kind().says_same(tested.value(), &right.value) {
        let (no, shown) = (tested.told.no, &tested.value().shown);
        let detail = format!("determination {no} of {at} says {shown} already");
        return Err(Refusal::new(&NOTHING_CHANGED, detail));
    }
    // Under the same sample, item, lot and method.
    let alike = read(&in_place(tested, &input))?;
    let standing = Standing::new(spec, Some(entry), tested.told.of.as_deref());
    let worse = makes_worse(&standing, tested, &alike.value, &alike.verdicts);
    let moved = moved(tested, &right.value);
    let mut telling = Telling {
        run,
        spot,
        facts,
        spec,
        at,
        stamp,
        after: entry.clone(),
        no: tested.told.no,
        reason,
        story: Story::new(run),
        qualified: Some(qualified),
    };
    if worse {
        telling.tells(alike, false)?;
    }
    if moved || !worse {
        telling.tells(right, true)?;
    }
    Ok(telling.story.ends(permit))
}

/// A value that is said to be right.
struct Right {
    value: EntryValue,
    verdicts: Vec<Verdict>,
    raw: String,
}

/// What a correction brings about: what is worse in it counts at once, the rest is claimed beside it.
struct Telling<'t> {
    run: &'t Run,
    spot: &'t Spot<'t>,
    facts: &'t RunFacts<'t>,
    spec: &'t Spec,
    at: &'t EntryKey,
    stamp: &'t Stamp,
    /// The entry as it stands with what was told so far.
    after: EntryRun,
    no: u32,
    reason: &'t str,
    story: Story<'t>,
    /// Whether who corrects has the authority, until it was said.
    qualified: Option<bool>,
}

impl Telling<'_> {
    fn tells(&mut self, right: Right, claimed: bool) -> Result<(), Refusal> {
        let (at, no) = (self.at, self.no);
        let tested = self.after.determinations.iter().find(|tested| tested.told.no == no);
        let nothing = || Refusal::new(&NOTHING_RECORDED, format!("{at} has no determination {no}"));
        let tested = tested.ok_or_else(nothing)?;
        let standing = Standing::new(self.spec, Some(&self.after), tested.told.of.as_deref());
        let Right { value, verdicts, raw } = right;
        let mut told = DeterminationCorrected {
            at: at.clone(),
            no: u32::try_from(self.after.claims.len()).unwrap_or(u32::MAX - 1) + 1,
            of: tested.told.of.clone(),
            determination: no,
            old: tested.value().shown.clone(),
            run: runs::corrected(&standing, no, &value, &verdicts).map(Box::new),
            value,
            raw,
            verdicts,
            reason: self.reason.to_owned(),
            claimed,
            reopens: None,
            exceptions: Vec::new(),
        };
        if !claimed && standing.reported().is_some() {
            told.reopens = Some(format!("determination {no} was corrected"));
        }
        let mut findings = Findings::new(&mut self.story, self.spot, at);
        about(&told, tested, &mut findings);
        if let Some(qualified) = self.qualified.take() {
            findings.person(qualified, self.facts.actor);
        }
        let opened = findings.done();
        told.exceptions = numbers(&opened);
        let was = standing.reported().is_some() && !claimed;
        self.stands(&told);
        let of = told.of.as_deref();
        let anew =
            was.then(|| report::conforming(&Standing::new(self.spec, Some(&self.after), of)));
        let event = RunEvent::DeterminationCorrected(Box::new(told.clone()));
        self.story.tell(event);
        self.story.open(opened);
        if let Some((value, verdicts)) = anew.flatten() {
            self.story.tell(reported(self.run, &told, value, verdicts));
        }
        Ok(())
    }

    /// The entry as it stands with this correction; what was reported of it no longer stands.
    fn stands(&mut self, told: &DeterminationCorrected) {
        if !told.claimed {
            let value = (&told.value, told.verdicts.as_slice());
            testing::correct(&mut self.after, told.determination, value, told.run.as_deref());
            self.after.versions.retain(|version| version.of != told.of);
        }
        let by = Who {
            person: Some(self.facts.actor.id),
            printed_name: self.facts.actor.printed_name.to_owned(),
            user_name: self.facts.actor.user_name.to_owned(),
            role: String::new(),
        };
        let (at, seq) = (self.stamp.at, self.run.seq + 1);
        self.after.claims.push(ClaimRun { told: told.clone(), by, at, seq, accepted: None });
    }
}

/// What is found when a claim is accepted: the run of tests as it then stands, judged like a determination.
pub(super) fn accepted(
    run: &Run,
    standing: &Standing<'_>,
    claim: &ClaimRun,
    findings: &mut Findings<'_, '_>,
) -> Option<TestRun> {
    let told = &claim.told;
    let no = told.determination;
    let joined = runs::corrected(standing, no, &told.value, &told.verdicts);
    let shown = format!("{} in determination {no}, by claim {}", told.value.shown, told.no);
    findings.determination(&shown, &told.verdicts);
    about_run(&told.at, joined.as_ref(), findings);
    about_origin(run, standing.spec, &told.at, no, &told.value, findings);
    joined
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
    about_run(at, told.run.as_deref(), findings);
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

/// What says on what and by which method a determination was made.
const ORIGIN: [&str; 4] = ["method_version", "sample", "item", "lot"];

/// Whether a correction names another sample, item, lot or method.
fn moved(tested: &DeterminationRun, value: &EntryValue) -> bool {
    let old = &tested.value().data;
    ORIGIN.iter().any(|member| old[*member] != value.data[*member])
}

/// The corrected number on the sample, item, lot and by the method that were told before.
fn in_place(tested: &DeterminationRun, input: &Input) -> Input {
    let old = &tested.value().data;
    let mut input = input.clone();
    if let Some(members) = input.value.as_object_mut() {
        for member in ORIGIN {
            if old[member].is_null() {
                members.remove(member);
            } else {
                members.insert(member.to_owned(), old[member].clone());
            }
        }
    }
    input
}

/// Whether a correction makes the determination and its reportable value no better, and one of them worse. Of
/// one that was set aside by its cause, neither.
fn makes_worse(
    standing: &Standing<'_>,
    tested: &DeterminationRun,
    value: &EntryValue,
    verdicts: &[Verdict],
) -> bool {
    let no = tested.told.no;
    let before = runs::of(standing, no);
    let by_spread = before.and_then(TestRun::set_aside);
    if tested.invalidated.is_some() && tested.invalidated != by_spread {
        return false;
    }
    let single = (standing.rank(tested.value(), tested.verdicts()), standing.rank(value, verdicts));
    let Some((was, is)) = before.zip(runs::corrected(standing, no, value, verdicts)) else {
        return single.1 < single.0;
    };
    let was = runs::rank(standing, was, no, tested.verdicts());
    let is = runs::rank(standing, &is, no, verdicts);
    level(verdicts) <= level(tested.verdicts()) && (is < was || is == was && single.1 < single.0)
}

fn reported(
    run: &Run,
    told: &DeterminationCorrected,
    value: EntryValue,
    verdicts: Vec<Verdict>,
) -> RunEvent {
    RunEvent::EntryRecorded(EntryRecorded {
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
    })
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
