//! Work on the floor: steps, operations, gates, checks, second looks, limits of time, alarms.

use super::{Barred, Kind, Task};
use crate::domain::clock::Instant;
use crate::domain::entry::spec::{Due, EntrySpec};
use crate::domain::ids::StepKey;
use crate::domain::policy::Authority;
use crate::domain::recipe::{SecondPersonMode, Step};
use crate::domain::run::acts::condition::{self, Branch};
use crate::domain::run::acts::sample;
use crate::domain::run::asked::{checking, owes_check, recording, second_person};
use crate::domain::run::obligations::{ObligationFacts, newest_alert};
use crate::domain::run::preflight::{Candidate, possible};
use crate::domain::run::time::limit::Mark;
use crate::domain::run::time::{Limit, Sort, State, limits};
use crate::domain::run::waiting::waiting;
use crate::domain::run::{EntryRun, Phase, Run, StepRun};
use crate::domain::words::EntryKey;
use std::collections::BTreeMap;

/// Appends what waits on the floor.
pub(super) fn collect(run: &Run, facts: &ObligationFacts<'_>, at: Instant, list: &mut Vec<Task>) {
    let mut open = limits(run, at);
    open.retain(|limit| {
        limit.ended.is_none() && matches!(limit.state, State::Running | State::Overdue)
    });
    let mut limits = Limits { run, open };
    for (candidate, ready) in possible(run, facts, at) {
        next(run, &candidate, ready, &mut limits, list);
    }
    checks(run, &mut limits, list);
    results(run, list);
    looks(run, list);
    limits.rest(list);
    alarms(run, list);
    alerts(run, list);
}

/// The limits of time that run; each is told at the work that keeps it, or by itself.
struct Limits<'r> {
    run: &'r Run,
    open: Vec<Limit>,
}

impl Limits<'_> {
    /// The first moment at which one of these is due; they are told with that.
    fn due(&mut self, is: impl Fn(&Limit) -> bool) -> Option<Instant> {
        let due = self.open.iter().filter(|limit| is(limit)).filter_map(|limit| limit.due).min();
        self.open.retain(|limit| !is(limit));
        due
    }

    /// Those that no other work keeps.
    fn rest(self, list: &mut Vec<Task>) {
        let run = self.run;
        let own =
            self.open.into_iter().filter(|it| matches!(it.sort, Sort::HoldTime | Sort::Period));
        for limit in own {
            let operation = limit.step.as_ref().map(|step| step.operation.op.as_str());
            list.push(Task {
                place: limit.step.as_ref().map_or_else(|| "run".to_owned(), ToString::to_string),
                title: limit.what.clone(),
                since: limit.started,
                due: limit.due,
                area: operation.and_then(|id| run.recipe.operation(id)?.area.clone()),
                ..Task::of(run, Kind::Timer, &limit.who_can, "timers")
            });
        }
    }
}

/// The path of an act on a step's occurrence.
fn on_step(key: &StepKey, act: &str) -> String {
    format!("operations/{}/steps/{}~{}/{act}", key.operation, key.step, key.k)
}

/// Whether a step's next occurrence is waited for: one that is done when need be waits for nobody.
fn is_waited_for(step: &Step, key: &StepKey) -> bool {
    !step.order.on_demand && (key.k <= step.order.occurs().min || step.order.every.is_some())
}

fn next(
    run: &Run,
    candidate: &Candidate,
    ready: bool,
    limits: &mut Limits<'_>,
    list: &mut Vec<Task>,
) {
    let who = candidate.doers(run);
    let base = |kind, act: &str| Task {
        place: candidate.place(),
        area: candidate.area(run),
        title: candidate.words(run),
        ..Task::of(run, kind, &who, act)
    };
    match candidate {
        Candidate::Start(key) => {
            let Some((_, step)) = run.recipe.step(&key.step) else { return };
            if !ready || !is_waited_for(step, key) {
                return;
            }
            let due = limits.due(|limit| {
                let begins = limit.sort == Sort::Period && limit.step.as_ref() == Some(key);
                begins || limit.ends_with(run, Mark::Started(key))
            });
            let task = Task { due, ..base(Kind::Start, &on_step(key, "start")) };
            witness(step, SecondPersonMode::WitnessBefore, &task, None, list);
            list.push(task);
        }
        Candidate::Complete(key) => {
            let (Some((_, step)), Some(state)) = (run.recipe.step(&key.step), run.steps.get(key))
            else {
                return;
            };
            let due = limits.due(|limit| is_kept_by(run, limit, key, step));
            // Whoever witnessed the beginning does not complete it.
            let witness_before = state.witness.as_ref().map(|signed| signed.person);
            let task = Task {
                due,
                since: Some(state.started_at),
                barred: Barred::these(witness_before),
                ..base(Kind::GoOn, &on_step(key, "completion"))
            };
            if ready {
                witness(step, SecondPersonMode::WitnessDuring, &task, Some(state), list);
            }
            list.push(task);
        }
        Candidate::Close(key) if ready => {
            let due = limits.due(|limit| limit.ends_with(run, Mark::Closed(key)));
            let act = format!("operations/{key}/closure");
            list.push(Task { due, ..base(Kind::CloseOperation, &act) });
        }
        Candidate::Pass(id) if ready => {
            list.push(base(Kind::Gate, &format!("gates/{id}/passage")));
        }
        Candidate::CompleteRun if ready => list.push(base(Kind::CompleteBatch, "completion")),
        Candidate::Begin(_) | Candidate::Close(_) | Candidate::Pass(_) | Candidate::CompleteRun => {
        }
    }
}

/// Whether a limit of time is kept by going on with an occurrence: by its end, or by what is recorded on it.
fn is_kept_by(run: &Run, limit: &Limit, key: &StepKey, step: &Step) -> bool {
    let recorded = step.entries.iter().any(|spec| {
        let at = EntryKey { step: Some(key.clone()), entry: spec.id.clone() };
        limit.ends_with(run, Mark::Recorded(&at))
    });
    recorded || limit.ends_with(run, Mark::Completed(key))
}

/// The second person who signs in the performer's own act.
fn witness(
    step: &Step,
    mode: SecondPersonMode,
    act: &Task,
    state: Option<&StepRun>,
    list: &mut Vec<Task>,
) {
    if second_person(step).is_none_or(|second| second.mode != mode) {
        return;
    }
    let performers = state.into_iter().flat_map(|state| state.performers.iter().copied());
    list.push(Task {
        kind: Kind::Witness,
        title: format!("witness of {}", act.title),
        who: vec![checking(Some(step))],
        barred: Barred::these(performers),
        ..act.clone()
    });
}

fn checks(run: &Run, limits: &mut Limits<'_>, list: &mut Vec<Task>) {
    for (key, state) in &run.steps {
        let Some((operation, step)) = run.recipe.step(&key.step) else { continue };
        if owes_check(step, state).is_none() {
            continue;
        }
        let due = limits.due(|limit| limit.sort == Sort::Check && limit.step.as_ref() == Some(key));
        list.push(Task {
            place: key.to_string(),
            title: format!("verifying {key} ({})", step.name),
            since: state.completed_at,
            due,
            area: operation.area.clone(),
            barred: Barred::these(state.performers.iter().copied()),
            ..Task::of(run, Kind::Check, &[checking(Some(step))], &on_step(key, "check"))
        });
    }
}

/// Values that are not recorded with their step: results of the laboratory, and what is due later.
fn results(run: &Run, list: &mut Vec<Task>) {
    for (key, state) in run.steps.iter().filter(|(_, state)| state.began) {
        let Some((operation, step)) = run.recipe.step(&key.step) else { continue };
        let own = |spec: &&EntrySpec| spec.due != Due::Step || spec.as_result().is_some();
        for spec in step.entries.iter().filter(own) {
            let at = EntryKey { step: Some(key.clone()), entry: spec.id.clone() };
            let branch = condition::entry(run, &at, spec);
            if !is_awaited(run, spec, state.entries.get(&spec.id)) || branch != Branch::Taken {
                continue;
            }
            let act = format!("entries/{}/determinations", spec.id);
            let act = if spec.as_result().is_some() { &act } else { "entries" };
            list.push(Task {
                place: at.to_string(),
                title: format!("recording {at} ({})", spec.name),
                since: Some(state.started_at),
                area: operation.area.clone(),
                ..Task::of(run, Kind::Result, recording(Some(step), spec), &on_step(key, act))
            });
        }
    }
    if !matches!(run.phase, Phase::Running | Phase::Complete | Phase::Reviewed) {
        return;
    }
    for spec in &run.recipe.release_specifications {
        let state = run.release_entries.get(&spec.id);
        if !is_awaited(run, spec, state) || run.skipped.contains_key(&spec.id) {
            continue;
        }
        let act = format!("entries/{}/determinations", spec.id);
        list.push(Task {
            place: spec.id.clone(),
            title: format!("recording {} ({})", spec.id, spec.name),
            ..Task::of(run, Kind::Result, recording(None, spec), &act)
        });
    }
}

/// Whether a value is waited for that can be had: somebody gives it, and what is tested was taken.
fn is_awaited(run: &Run, spec: &EntrySpec, state: Option<&EntryRun>) -> bool {
    let answered = state.is_some_and(EntryRun::is_answered);
    let computed = spec.kind.as_kind().inputs().is_some();
    let wanted = spec.as_result().and_then(|result| result.sample.as_deref());
    let taken = |entry: &str| sample::all(run).any(|(_, taken)| taken.entry == entry);
    !answered && !computed && wanted.is_none_or(taken)
}

/// One line for all that waits at a step for the same people.
fn looks(run: &Run, list: &mut Vec<Task>) {
    let mut groups: BTreeMap<(String, Vec<Authority>, Vec<_>), (Task, usize)> = BTreeMap::new();
    for look in waiting(run) {
        let who = vec![look.authority(), Authority::Review];
        let barred: Vec<_> = look.barred().into_iter().collect();
        let place = look.key.to_string();
        let group = (place.clone(), who.clone(), barred.clone());
        let (task, count) = groups.entry(group).or_insert_with(|| {
            let task = Task {
                place,
                since: Some(look.since()),
                area: look.operation.area.clone(),
                barred: Barred::these(barred),
                ..Task::of(run, Kind::SecondLook, &who, "second-looks")
            };
            (task, 0)
        });
        task.since = task.since.min(Some(look.since()));
        *count += 1;
    }
    list.extend(groups.into_values().map(|(task, count)| {
        let what = if count == 1 { "value" } else { "values" };
        Task { title: format!("looking over {count} {what} of {}", task.place), ..task }
    }));
}

fn alarms(run: &Run, list: &mut Vec<Task>) {
    for alarm in run.alarms.iter().filter(|alarm| alarm.acknowledged.is_none()) {
        let no = alarm.told.no;
        let step = alarm.told.at.as_ref().and_then(|at| at.step.as_ref());
        let operation = step.and_then(|key| run.recipe.step(&key.step)).map(|(found, _)| found);
        let author = alarm.by.1.person.filter(|_| alarm.told.asks_another());
        list.push(Task {
            place: step.map_or_else(|| "run".to_owned(), ToString::to_string),
            title: format!("acknowledging alarm {no}: {}", alarm.told.text),
            since: Some(alarm.told.raised_at),
            area: operation.and_then(|operation| operation.area.clone()),
            barred: Barred::these(author),
            ..Task::of(
                run,
                Kind::Alarm,
                &[Authority::Supervise, Authority::Execute],
                &format!("alarms/{no}/acknowledgement"),
            )
        });
    }
}

fn alerts(run: &Run, list: &mut Vec<Task>) {
    for (key, state) in &run.operations {
        let Some(newest) = newest_alert(run, key) else { continue };
        if state.alerts_acknowledged.as_ref().is_some_and(|(at, _)| *at >= newest) {
            continue;
        }
        let area = run.recipe.operation(&key.op).and_then(|operation| operation.area.clone());
        list.push(Task {
            place: key.to_string(),
            title: format!("acknowledging values of {key} outside the normal range"),
            since: Some(newest),
            area,
            ..Task::of(
                run,
                Kind::Alerts,
                &[Authority::Supervise, Authority::Execute],
                &format!("operations/{key}/alerts-acknowledgement"),
            )
        });
    }
}
