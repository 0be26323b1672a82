//! Work about lots: what went in from others, what a lot may be used for, what is in question.

use super::{Barred, Kind, Task};
use crate::domain::alike::alike;
use crate::domain::disposition::Disposition;
use crate::domain::policy::Authority;
use crate::domain::run::obligations::ObligationFacts;
use crate::domain::run::parents::{ForeignRun, numbers};
use crate::domain::run::{Phase, Run, review};

/// Appends what waits about lots.
pub(super) fn collect(run: &Run, facts: &ObligationFacts<'_>, list: &mut Vec<Task>) {
    foreign(run, facts, list);
    dispositions(run, facts, list);
    questions(run, facts, list);
}

/// Lots of others that went in and on which nobody of quality has decided.
fn foreign(run: &Run, facts: &ObligationFacts<'_>, list: &mut Vec<Task>) {
    let Some(genealogy) = facts.genealogy else { return };
    let decided =
        |number: &str| run.foreign.values().any(|it: &ForeignRun| it.answers(number, None));
    let mut undecided: Vec<String> = Vec::new();
    for number in numbers(run) {
        let known = undecided.iter().any(|known| alike(known, &number));
        if !known && genealogy.own(&number).is_none() && !decided(&number) {
            undecided.push(number);
        }
    }
    if undecided.is_empty() || run.phase == Phase::Closed {
        return;
    }
    let quality = [Authority::Review, Authority::Triage, Authority::Release];
    list.push(Task {
        title: format!("accepting or refusing lots of others: {}", undecided.join(", ")),
        barred: Barred::participants_and(releasers(run, facts, None)),
        ..Task::of(run, Kind::ForeignLots, &quality, "foreign-lots")
    });
}

/// Who released lots of the run.
fn releasers(
    run: &Run,
    facts: &ObligationFacts<'_>,
    lot: Option<&str>,
) -> Vec<crate::domain::ids::PersonId> {
    let lots = facts.lots.iter().filter(|it| it.run == run.key);
    let lots = lots.filter(|it| lot.is_none_or(|lot| it.number == lot));
    let decisions = lots.flat_map(|it| it.decisions.iter());
    let released = decisions.filter(|it| it.disposition == Disposition::Released);
    released.filter_map(|it| it.signed.as_ref()).map(|signed| signed.person).collect()
}

/// Lots in quarantine of a run whose record was reviewed.
fn dispositions(run: &Run, facts: &ObligationFacts<'_>, list: &mut Vec<Task>) {
    let Some(reviewed) = review::standing(run) else { return };
    let open =
        run.lots.iter().filter(|lot| lot.class.is_used() && lot.disposition == "quarantined");
    for lot in open {
        list.push(Task {
            place: lot.number.clone(),
            title: format!("deciding on lot {}", lot.number),
            since: Some(reviewed.at),
            barred: Barred::participants_and(releasers(run, facts, Some(&lot.number))),
            act: format!("/api/v1/lots/{}/dispositions", lot.number),
            ..Task::of(run, Kind::Disposition, &[Authority::Release], "")
        });
    }
}

/// Released lots in question.
fn questions(run: &Run, facts: &ObligationFacts<'_>, list: &mut Vec<Task>) {
    for standing in facts.standings.iter().filter(|standing| standing.questioned()) {
        if !run.lots.iter().any(|lot| lot.record == standing.record) {
            continue;
        }
        let number = &standing.number;
        // Whoever reads this may be shown the run's own product alone.
        let own = |product: &str| product == run.recipe.product.code;
        let because = standing.clone().within(&own).because().join("; ");
        list.push(Task {
            place: number.clone(),
            title: format!("lot {number} is {}: {because}", standing.word()),
            since: standing.since(),
            barred: Barred::participants_and(releasers(run, facts, Some(number))),
            act: format!("/api/v1/lots/{number}/questions"),
            ..Task::of(run, Kind::Question, &[Authority::Release], "")
        });
    }
}
