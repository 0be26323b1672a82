//! Work of quality, and what others decide with it: exceptions, changes, ratifications, reviews, the end.

use super::{Barred, Kind, Task};
use crate::domain::clock::Instant;
use crate::domain::policy::Authority;
use crate::domain::run::acts::amendment::concerned;
use crate::domain::run::acts::exception::TRIAGE_PHASES;
use crate::domain::run::acts::hold;
use crate::domain::run::amendment::{AmendmentRun, Side};
use crate::domain::run::obligations::{ObligationFacts, Stage, open_until};
use crate::domain::run::time::{Limit, Sort, limits};
use crate::domain::run::{Phase, Run, operation_review, review};

/// Appends what waits for quality.
pub(super) fn collect(run: &Run, facts: &ObligationFacts<'_>, at: Instant, list: &mut Vec<Task>) {
    exceptions(run, list);
    amendments(run, list);
    ratifications(run, at, list);
    operation_reviews(run, list);
    review_of_record(run, facts, at, list);
}

fn exceptions(run: &Run, list: &mut Vec<Task>) {
    if !TRIAGE_PHASES.contains(&run.phase) {
        return;
    }
    for exception in run.exceptions.iter().filter(|it| it.triage.is_none()) {
        let opened = &exception.opened;
        let (no, severity) = (opened.no, opened.severity.as_str());
        let place = opened.at.as_ref().map_or_else(|| "run".to_owned(), ToString::to_string);
        list.push(Task {
            place,
            title: format!("deciding {severity} exception {no}: {}", opened.detail),
            since: Some(exception.at),
            barred: Barred::participants_and(exception.by.person),
            ..Task::of(
                run,
                Kind::Exception,
                &[Authority::Triage],
                &format!("exceptions/{no}/triage"),
            )
        });
    }
}

fn amendments(run: &Run, list: &mut Vec<Task>) {
    for change in run.amendments.iter().filter(|change| !change.is_over()) {
        for side in [Side::Production, Side::Quality] {
            if change.decided(side).is_none() {
                list.push(amendment(run, change, side));
            }
        }
    }
}

fn amendment(run: &Run, change: &AmendmentRun, side: Side) -> Task {
    let signed = change.decisions.iter().filter_map(|(_, _, signed)| signed.as_ref());
    let taken = signed.map(|signed| signed.person).chain(change.by.person);
    let (authority, barred) = match side {
        Side::Production => (Authority::Supervise, Barred::these(taken)),
        Side::Quality => (Authority::ApproveMaster, Barred::participants_and(taken)),
    };
    let act = format!("amendments/{}/decisions", change.told.no);
    Task {
        title: format!("deciding {} for {}: {}", change.title(), side.as_str(), change.told.after),
        since: Some(change.at),
        area: match side {
            Side::Production => concerned(run, &change.told.change).and_then(|it| it.area.clone()),
            Side::Quality => None,
        },
        barred,
        ..Task::of(run, Kind::Amendment, &[authority], &act)
    }
}

fn ratifications(run: &Run, at: Instant, list: &mut Vec<Task>) {
    let due: Vec<Limit> =
        limits(run, at).into_iter().filter(|it| it.sort == Sort::Ratification).collect();
    for act in run.emergencies.iter().filter(|act| act.ratified.is_none()) {
        let no = act.told.no;
        let limit = due.iter().find(|limit| limit.id == format!("emergency/{no}"));
        let place =
            act.told.operation.as_ref().map_or_else(|| "run".to_owned(), ToString::to_string);
        list.push(Task {
            place,
            title: format!("ratifying emergency act {no}: {}", act.told.what),
            since: Some(act.at),
            due: limit.and_then(|limit| limit.due).or(Some(act.told.ratify_until)),
            barred: Barred::participants_and(act.by.person),
            ..Task::of(
                run,
                Kind::Ratification,
                &[Authority::Triage],
                &format!("emergency-acts/{no}/ratification"),
            )
        });
    }
    if !TRIAGE_PHASES.contains(&run.phase) {
        return;
    }
    for (gate, state) in &run.gates {
        let open = state.risks.iter().enumerate().filter(|(_, risk)| risk.ratified.is_none());
        for (index, risk) in open {
            let accepted = risk.signed.as_ref().map(|signed| signed.person);
            list.push(Task {
                place: gate.clone(),
                title: format!("ratifying that gate {gate} was passed at risk: {}", risk.reason),
                since: risk.signed.as_ref().map(|signed| signed.at),
                barred: Barred::participants_and(accepted),
                ..Task::of(
                    run,
                    Kind::Ratification,
                    &[Authority::Triage],
                    &format!("gates/{gate}/risk-acceptances/{index}/ratification"),
                )
            });
        }
    }
}

/// Closed operations whose review the master record asks for while the run goes on.
fn operation_reviews(run: &Run, list: &mut Vec<Task>) {
    if !matches!(run.phase, Phase::Running | Phase::Complete | Phase::Reviewed) {
        return;
    }
    for (key, state) in &run.operations {
        let Some(operation) = run.recipe.operation(&key.op) else { continue };
        let Some((closed, _)) = &state.closed else { continue };
        if !operation.rolling_review || operation_review::standing(run, key).is_some() {
            continue;
        }
        list.push(Task {
            place: key.to_string(),
            title: format!("reviewing {key} ({})", operation.name),
            since: Some(*closed),
            barred: Barred::participants_and([]),
            ..Task::of(
                run,
                Kind::OperationReview,
                &[Authority::Review],
                &format!("operations/{key}/review"),
            )
        });
    }
}

/// The review of the whole record once nothing else is owed before it, and the record's end.
fn review_of_record(run: &Run, facts: &ObligationFacts<'_>, at: Instant, list: &mut Vec<Task>) {
    let reviewed = review::standing(run);
    let ended = run.completed.as_ref().map(|(at, _)| *at).or(run.aborted.as_ref().map(|it| it.0));
    let over = matches!(run.phase, Phase::Complete | Phase::Reviewed | Phase::Aborted);
    let again = run.phase == Phase::Closed && !run.reviews.is_empty();
    if reviewed.is_none() && (over || again) {
        let owed = open_until(run, facts, Stage::Review, at).len();
        let waits =
            if owed == 0 { String::new() } else { format!(", which owes {owed} more first") };
        list.push(Task {
            title: format!("reviewing record and audit trail{waits}"),
            since: ended,
            barred: Barred::participants_and([]),
            ..Task::of(run, Kind::Review, &[Authority::Review], "review")
        });
    }
    let undecided =
        run.lots.iter().any(|lot| lot.class.is_used() && lot.disposition == "quarantined");
    let ends = matches!(run.phase, Phase::Reviewed | Phase::Aborted);
    if let Some(reviewed) = reviewed
        && ends
        && !undecided
        && hold::forbids_run(run).is_none()
    {
        list.push(Task {
            title: "making the record final".to_owned(),
            since: Some(reviewed.at),
            barred: Barred::participants_and([]),
            ..Task::of(run, Kind::CloseRecord, &[Authority::Release, Authority::Review], "closure")
        });
    }
}
