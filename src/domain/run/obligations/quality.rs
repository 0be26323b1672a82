//! What quality looks at: alerts, exceptions, deviations, risks, holds.

use super::{Found, Law, Obligation, ObligationFacts, Stage, done_by, law, owe, signature};
use crate::domain::clock::Instant;
use crate::domain::exception::{Exception, Triage};
use crate::domain::ids::OperationKey;
use crate::domain::limits::{Purpose, Side};
use crate::domain::run::acts::hold;
use crate::domain::run::taken_back::TakenBackRun;
use crate::domain::run::{DeviationLink, EntryRun, Run};

const ALERTS: Law = law("C211-110b", "21 CFR 211.110(b)", Stage::Review);
const EXCEPTION: Law = law("C211-192b", "21 CFR 211.192", Stage::Review);
const IMPACT: Law = law("C211-192b", "21 CFR 211.192", Stage::Review);
const CLOSED: Law = law("A16-3", "EU GMP Annex 16, chapter 3", Stage::Release);
const RATIFIED: Law = law("F30", "EU GMP Chapter 4, 4.20(h)", Stage::Release);
const LIFTED: Law = law("Q7-8.1", "ICH Q7 8.16", Stage::Completion);

/// Appends what quality looks at.
pub(super) fn collect(run: &Run, facts: &ObligationFacts<'_>, list: &mut Vec<Obligation>) {
    for key in run.operations.keys() {
        alerts(run, key, list);
    }
    for hold in &run.holds {
        let found = match &hold.lifted {
            Some((at, by, reason)) => {
                Found::Met(format!("{}: {reason}", done_by("lifted", by, *at)))
            }
            None => Found::Open(Some(hold::named(hold))),
        };
        let (id, what) = (format!("hold/{}/lifted", hold.no), format!("Hold {} lifted", hold.no));
        owe(list, LIFTED, id, what, None, hold.lifted_by_authority.as_str(), found);
    }
    for exception in &run.exceptions {
        triaged(run, exception, list);
    }
    for (number, link) in &run.deviations {
        deviation(run, (number, link), facts, list);
    }
    for (gate, state) in &run.gates {
        for (index, risk) in state.risks.iter().enumerate() {
            let found = Found::of(risk.ratified.as_ref().map(signature));
            let id = format!("gate/{gate}/risk/{index}/ratified");
            let what = format!("Proceeding at risk on gate {gate} ratified: {}", risk.reason);
            owe(list, RATIFIED, id, what, Some(gate.clone()), "triage", found);
        }
    }
}

/// When the newest value of an operation's occurrence outside an alert limit was recorded.
#[must_use]
pub fn newest_alert(run: &Run, operation: &OperationKey) -> Option<Instant> {
    run.steps
        .iter()
        .filter(|(key, _)| key.operation == *operation)
        .flat_map(|(_, step)| step.entries.values())
        .filter_map(EntryRun::current)
        .filter(|version| {
            version.verdicts.iter().any(|v| v.purpose == Purpose::Alert && v.side != Side::Within)
        })
        .map(|version| version.at)
        .max()
}

fn alerts(run: &Run, operation: &OperationKey, list: &mut Vec<Obligation>) {
    let Some(newest) = newest_alert(run, operation) else { return };
    let acknowledged = run.operations.get(operation).and_then(|op| op.alerts_acknowledged.as_ref());
    // An alert that came after the acknowledgement has been seen by nobody.
    let found = match acknowledged {
        Some((at, by)) if *at >= newest => Found::Met(done_by("acknowledged", by, *at)),
        Some((at, _)) => Found::Open(Some(format!("acknowledged at {at}, before a later alert"))),
        None => Found::Open(None),
    };
    let id = format!("operation/{operation}/alerts-acknowledged");
    let what = "Values outside the normal range acknowledged".to_owned();
    owe(list, ALERTS, id, what, Some(operation.to_string()), "execute or supervise", found);
}

fn triaged(run: &Run, exception: &Exception, list: &mut Vec<Obligation>) {
    let opened = &exception.opened;
    let taken = run.taken_back.iter().find(|it| it.told.exception == opened.no);
    let taken = taken.map(TakenBackRun::line);
    let found = match &exception.triage {
        None => Found::Open(taken),
        Some((at, triage)) => {
            let (what, signed, second) = match triage {
                Triage::NotDeviation { rationale, signed, second } => {
                    (format!("not a deviation: {rationale}"), signed, second)
                }
                Triage::Deviation { number, signed, second } => {
                    (format!("deviation {number}"), signed, second)
                }
            };
            let by = signed.as_ref().map_or_else(|| at.to_string(), signature);
            let and = second.as_ref().map(|second| format!("; {}", signature(second)));
            let taken = taken.map(|line| format!("; {line}"));
            let more = [and, taken].into_iter().flatten().collect::<String>();
            Found::Met(format!("{what}; {by}{more}"))
        }
    };
    let id = format!("exception/{}/triaged", opened.no);
    let what = format!("Exception {} decided: {}", opened.no, opened.detail);
    let place = opened.at.as_ref().map(ToString::to_string);
    owe(list, EXCEPTION, id, what, place, "triage", found);
}

fn deviation(
    run: &Run,
    (number, link): (&str, &DeviationLink),
    facts: &ObligationFacts<'_>,
    list: &mut Vec<Obligation>,
) {
    let loaded = facts.deviations.iter().find(|deviation| deviation.record == link.record);
    let closed = link.closed && loaded.is_none_or(|it| it.closed);
    let concluded =
        closed || (link.impact_concluded && loaded.is_none_or(|it| it.impact_concluded));
    let text = |met: bool, loaded: Option<String>, word: &str| {
        met.then(|| loaded.unwrap_or_else(|| format!("{word} in deviation {number}")))
    };
    let impact = loaded.and_then(|it| it.concluded_by);
    let end = loaded.and_then(|it| it.closed_by);
    let found = Found::of(text(concluded, impact.map(signature), "concluded"));
    let id = format!("deviation/{number}/impact");
    let what = format!("Impact of deviation {number} concluded, other batches assessed");
    owe(list, IMPACT, id, what, Some(number.to_owned()), "triage", found);
    // A closing says nothing on lots that came after it.
    let over = loaded.and_then(|it| it.closed_over.as_deref());
    let lots = run.lots.iter().map(|lot| lot.number.as_str());
    let unnamed = lots.filter(|lot| over.is_some_and(|over| !over.contains(lot)));
    let unnamed: Vec<&str> = unnamed.collect();
    let found = if unnamed.is_empty() {
        Found::of(text(closed, end.map(signature), "closed"))
    } else {
        let lots = unnamed.join(", ");
        Found::Open(Some(format!("closed without its impact on lot {lots}: open it again")))
    };
    let (id, what) = (format!("deviation/{number}/closed"), format!("Deviation {number} closed"));
    owe(list, CLOSED, id, what, Some(number.to_owned()), "triage or release", found);
}
