//! What samples, laboratory results and alarms owe.

use super::conforms::owing;
use super::owed::Owed;
use super::{Found, Law, Obligation, Stage, done_by, law, owe, signature};
use crate::domain::entry::result::outside;
use crate::domain::entry::sample::reserve;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::run::acts::alarm::is_owed;
use crate::domain::run::acts::exception::outside_acceptance;
use crate::domain::run::acts::result::standing::{Standing, failed};
use crate::domain::run::acts::result::subject::used;
use crate::domain::run::acts::sample::{self, recorded};
use crate::domain::run::testing::{DeterminationRun, InvestigationStep};
use crate::domain::run::{EntryRun, EntryVersion, LotLink, Run};
use crate::domain::words::{AlarmPriority, EntryKey};

const INVESTIGATED: Law = law("C211-165", "21 CFR 211.165(f)", Stage::Release);
const RESERVE: Law = law("C211-170", "21 CFR 211.170", Stage::Release);
const ALARM: Law = law("A11D-08", "EU GMP Annex 11 (draft 2025) 8.4", Stage::Review);

/// Appends what samples, results and alarms owe.
pub(super) fn collect(run: &Run, list: &mut Vec<Obligation>) {
    for (key, state) in &run.steps {
        let Some((_, step)) = run.recipe.step(&key.step) else { continue };
        for spec in &step.entries {
            let at = EntryKey { step: Some(key.clone()), entry: spec.id.clone() };
            entry(run, spec, state.entries.get(&spec.id), &at, list);
        }
    }
    for spec in &run.recipe.release_specifications {
        let at = EntryKey { step: None, entry: spec.id.clone() };
        entry(run, spec, run.release_entries.get(&spec.id), &at, list);
    }
    for alarm in run.alarms.iter().filter(|a| a.told.priority == AlarmPriority::Critical) {
        let found = match &alarm.acknowledged {
            Some((at, who, comment)) => {
                Found::Met(format!("{}: {comment}", done_by("acknowledged", who, *at)))
            }
            None => Found::Open(is_owed(alarm).then(|| alarm.told.text.clone())),
        };
        let no = alarm.told.no;
        let id = format!("alarm/{no}/acknowledged");
        let what = format!("Critical alarm {no} of {} acknowledged with a comment", alarm.told.tag);
        let place = alarm.told.at.as_ref().map(ToString::to_string);
        owe(list, ALARM, id, what, place, "execute or supervise", found);
    }
}

fn entry(
    run: &Run,
    spec: &EntrySpec,
    found: Option<&EntryRun>,
    at: &EntryKey,
    list: &mut Vec<Obligation>,
) {
    if let Some(planned) = spec.as_sample()
        && (planned.reserve.is_some() || overdrawn(found).is_some())
    {
        kept(spec, found, at, list);
    }
    // Whatever the entry is called by now: what was found outside is concluded.
    if let Some(found) = found {
        claims(run, spec, found, at, list);
        investigated(spec, found, at, list);
    }
}

/// Where an entry stands, as the ids of obligations name it.
fn place(at: &EntryKey) -> String {
    if at.step.is_some() { at.to_string() } else { format!("release/{}", at.entry) }
}

impl Owed<'_> {
    /// The version that answers it, if any: of a test every result that it owes is reported, and the newest one
    /// is shown.
    pub(super) fn answered(&self, run: &Run, at: &EntryKey) -> Option<&EntryVersion> {
        let entry = self.run_entry?;
        let Some(spec) = self.entry.as_result() else {
            return entry.current().filter(|_| entry.is_answered());
        };
        if entry.determinations.is_empty() {
            return entry.current().filter(|_| entry.is_answered());
        }
        let owing = owing(run, spec, entry, at);
        let reported: Option<Vec<_>> = owing.iter().map(Standing::reported).collect();
        reported?.into_iter().max_by_key(|version| version.version)
    }

    /// The versions of which each may owe a check: the one that counts; of a laboratory result the newest of each
    /// lot (21 CFR 211.194(a)(8)).
    pub(super) fn counting(&self) -> Vec<&EntryVersion> {
        let Some(entry) = self.run_entry else { return Vec::new() };
        let tested = !entry.determinations.is_empty();
        if tested && self.entry.as_result().is_some() {
            return entry.newest().filter(|version| version.is_value()).collect();
        }
        entry.current().into_iter().collect()
    }
}

/// Every determination outside its specification is concluded: set aside by an assignable cause, or
/// reported; of each lot by its own investigation.
fn investigated(entry: &EntrySpec, found: &EntryRun, at: &EntryKey, list: &mut Vec<Obligation>) {
    let Some(spec) = entry.as_result() else { return };
    let failed =
        |tested: &DeterminationRun| failed(found, tested) || outside(&tested.told.verdicts);
    let each = Standing::each(spec, found).into_iter();
    let failing: Vec<_> = each.filter(|result| result.all().any(failed)).collect();
    if failing.is_empty() {
        return;
    }
    let (mut met, mut open) = (Vec::new(), Vec::new());
    for result in &failing {
        let of = result.of.map_or_else(String::new, |of| format!("{of}: "));
        match concluded(result) {
            Ok(said) => met.push(format!("{of}{said}")),
            Err(said) => open.push(format!("{of}{said}")),
        }
    }
    let found = if open.is_empty() {
        Found::Met(met.join("; "))
    } else {
        Found::Open(Some(open.join("; ")))
    };
    let id = format!("result/{}/investigated", place(at));
    let what = format!("{}: what was out of specification is concluded", entry.name);
    owe(list, INVESTIGATED, id, what, Some(place(at)), "triage", found);
}

/// What was concluded of one lot's result, or what stands open.
fn concluded(result: &Standing<'_>) -> Result<String, String> {
    let standing = result.lines();
    let value = result.newest();
    // A value that conforms beside a determination that does not: nobody may have got there.
    let honest = value.is_some_and(|v| standing.is_empty() || outside_acceptance(v));
    let covered = |seq: u64| result.against().all(|tested| result.since(tested) < seq);
    let steps: Vec<_> = result.steps().map(|(_, taken)| taken).collect();
    let said = steps.iter().rev().find_map(|taken| {
        let said = match &taken.step {
            InvestigationStep::Reportable { conclusion, .. } if honest => conclusion,
            InvestigationStep::Inconclusive { conclusion } if covered(taken.seq) => conclusion,
            InvestigationStep::DecidedInconclusive { investigation, .. } if covered(taken.seq) => {
                investigation
            }
            InvestigationStep::Reportable { .. }
            | InvestigationStep::Inconclusive { .. }
            | InvestigationStep::DecidedInconclusive { .. }
            | InvestigationStep::Laboratory { .. }
            | InvestigationStep::Transcription { .. }
            | InvestigationStep::AssignableCause { .. }
            | InvestigationStep::RetestPlan { .. }
            | InvestigationStep::OtherAnalyst { .. }
            | InvestigationStep::Resampling { .. }
            | InvestigationStep::ProductionReview { .. } => return None,
        };
        let by = taken.signed.as_ref().map_or_else(String::new, signature);
        Some(format!("{said}; {by}"))
    });
    // A name under which everything was set aside and nothing is reported owes what it stands for elsewhere.
    let gone = result.all().all(|tested| tested.invalidated.is_some());
    match said {
        Some(said) => Ok(said),
        _ if gone && value.is_none() => {
            Ok("everything was set aside by an assignable cause".into())
        }
        _ if standing.is_empty() => Err("no reportable result yet".into()),
        _ => Err(standing.join("; ")),
    }
}

/// Every claimed correction is decided by the first phase. It keeps a lot back; of a lot that was released it takes
/// nothing back by itself, as long as what counts conforms: one person's word is no result.
fn claims(
    run: &Run,
    entry: &EntrySpec,
    found: &EntryRun,
    at: &EntryKey,
    list: &mut Vec<Obligation>,
) {
    let decided = |lot: &LotLink| lot.disposition == "released" || lot.disposition == "rejected";
    let out = used(run).any(|lot| lot.disposition == "released") && used(run).all(decided);
    let stage = if out { Stage::AfterRelease } else { Stage::Release };
    let law = Law { stage, ..INVESTIGATED };
    for claim in found.claims.iter().filter(|claim| claim.told.claimed) {
        let no = claim.told.no;
        let said = format!(
            "determination {} is {}, claimed to be {}: {}",
            claim.told.determination, claim.told.old, claim.told.value.shown, claim.told.reason
        );
        let decided = found.investigation.iter().find(|taken| {
            matches!(taken.step, InvestigationStep::Transcription { claim, .. } if claim == no)
        });
        let found = match (claim.accepted, decided) {
            (Some(accepted), Some(taken)) => {
                let word = if accepted { "accepted" } else { "not accepted" };
                let by = taken.signed.as_ref().map_or_else(String::new, signature);
                Found::Met(format!("{said}; {word}; {by}"))
            }
            _ => Found::Open(Some(said)),
        };
        let id = format!("result/{}/claim/{no}", place(at));
        let what = format!("{}: claimed correction {no} decided on the raw data", entry.name);
        owe(list, law, id, what, Some(place(at)), "triage", found);
    }
}

/// Why a sample's reserve cannot be what it is said to be, if it cannot.
fn overdrawn(found: Option<&EntryRun>) -> Option<String> {
    let found = found?;
    sample::overdrawn(found, recorded(found)?)
}

/// The reserve part of a sample is kept, with its date, and holds no less than nothing.
fn kept(entry: &EntrySpec, found: Option<&EntryRun>, at: &EntryKey, list: &mut Vec<Obligation>) {
    let Some(sample) = found.and_then(recorded) else { return };
    let shown = || {
        let left = found.and_then(sample::left).map(|left| format!("{left} left"));
        format!("{}; {}", sample.shown, left.unwrap_or_default())
    };
    let found = match overdrawn(found) {
        Some(why) => Found::Open(Some(why)),
        None => Found::of(reserve(sample).map(|_| shown())),
    };
    let id = format!("sample/{}/reserve", place(at));
    let what = format!("{}: reserve part kept with quantity, storage and date", entry.name);
    owe(list, RESERVE, id, what, Some(place(at)), "execute or supervise", found);
}
