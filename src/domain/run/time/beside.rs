//! Limits beside the process: verifications, ratifications, risks accepted for a time.

use super::limit::{Limit, Sort, Span};
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::ids::StepKey;
use crate::domain::policy::Authority;
use crate::domain::recipe::{SecondPersonMode, Step};
use crate::domain::run::asked::{checking, owes_check, second_person};
use crate::domain::run::floor::EmergencyRun;
use crate::domain::run::{Run, StepRun};

/// Verifications with a limit: so many minutes after completion, or after one that had been made lapsed.
/// Each of them has its number, so that a second overrun is told too.
pub(super) fn checks(run: &Run, at: Instant, list: &mut Vec<Limit>) {
    for (key, state) in &run.steps {
        let Some((_, step)) = run.recipe.step(&key.step) else { continue };
        list.extend(check(step, key, state, at));
    }
}

/// The verification of one occurrence, where it has a limit.
pub(super) fn check(step: &Step, key: &StepKey, state: &StepRun, at: Instant) -> Option<Limit> {
    let (started, minutes) = check_runs(step, state)?;
    let what = format!("Verification of {} ({key}), within {minutes} min", step.name);
    let id = check_id(key, state.lapses.len() + 1);
    let mut limit = Limit::pending(id, Sort::Check, what);
    limit.step = Some(key.clone());
    limit.who_can = vec![checking(Some(step))];
    let ended = state.checked.as_ref().map(|signed| (signed.at, true));
    let span = Span { started, max: Some(i64::from(minutes) * MINUTE), grace: 0 };
    Some(limit.between(&span, ended, at))
}

/// The id of an occurrence's verification by number.
pub(super) fn check_id(key: &StepKey, no: usize) -> String {
    format!("check/{key}/{no}")
}

fn check_runs(step: &Step, state: &StepRun) -> Option<(Instant, u32)> {
    let second = second_person(step)?;
    if second.mode != SecondPersonMode::VerifyAfter {
        return None;
    }
    let minutes = second.within_minutes?;
    let completed = state.completed_at?;
    if state.checked.is_none() && owes_check(step, state).is_none() {
        return None;
    }
    // Only a check that had been made can lapse and is owed anew: changing values moves no limit.
    Some((state.lapses.last().copied().unwrap_or(completed), minutes))
}

/// Emergency acts to be ratified.
pub(super) fn emergencies(run: &Run, at: Instant, list: &mut Vec<Limit>) {
    list.extend(run.emergencies.iter().map(|act| emergency(act, at)));
}

/// The ratification of one emergency act.
pub(super) fn emergency(act: &EmergencyRun, at: Instant) -> Limit {
    let no = act.told.no;
    let what = format!("Ratification of emergency act {no} ({})", act.told.what);
    let mut limit = Limit::pending(format!("emergency/{no}"), Sort::Ratification, what);
    limit.who_can = vec![Authority::Triage];
    let signed = act.ratified.as_ref().map(|(_, signed)| signed.as_ref());
    let ended = signed.map(|signed| (signed.map_or(act.at, |signed| signed.at), true));
    let span = Span { started: act.at, max: Some(act.told.ratify_until.since(act.at)), grace: 0 };
    limit.between(&span, ended, at)
}

/// Risks that were accepted for a time. Their end needs no exception: the gate closes by itself, and
/// proceeding at risk has opened one.
pub(super) fn risks(run: &Run, at: Instant, list: &mut Vec<Limit>) {
    for (gate, state) in &run.gates {
        for (index, risk) in state.risks.iter().enumerate() {
            let what = format!("Proceeding at risk on gate {gate}: {}", risk.reason);
            let mut limit = Limit::pending(format!("risk/{gate}/{index}"), Sort::Risk, what);
            limit.who_can = vec![Authority::Triage];
            let accepted = risk.signed.as_ref().map_or(risk.until, |signed| signed.at);
            let span = Span { started: accepted, max: Some(risk.until.since(accepted)), grace: 0 };
            let ratified = risk.ratified.as_ref().map(|signed| (signed.at.min(risk.until), true));
            let over = (at > risk.until).then_some((risk.until, false));
            list.push(limit.between(&span, ratified.or(over), at));
        }
    }
}
