//! The limits of time that are open, kept as each event leaves them: whether one ran out is looked up, not
//! searched since the beginning.
//!
//! Open is a limit that runs, or that ran out and that nobody has noticed. An event bears on the limits
//! of its own occurrence and on those that look at it ([`Watches`](crate::domain::recipe::plan::Watches));
//! only these are judged again, by the same rules as the whole list.

use super::limit::{Limit, Mark, Open, Sort, State};
use super::{beside, is_watched, limits, period, timer};
use crate::domain::clock::Instant;
use crate::domain::exception::ExceptionKind;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::plan::Sees;
use crate::domain::run::{Phase, Run};
use crate::domain::words::EntryKey;

/// Before every limit: one that runs has not run out yet.
const BEGINNING: Instant = Instant(0);

/// Which limits of time an event bears on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bears<'e> {
    /// On none.
    Nothing,
    /// On those that look at an entry.
    Entry(&'e EntryKey),
    /// On those that look at an occurrence of a step.
    Step(&'e StepKey),
    /// On the verification of an occurrence.
    Check(&'e StepKey),
    /// On those that look at an occurrence of an operation.
    Operation(&'e OperationKey),
    /// On the ratification of an emergency act.
    Emergency(u32),
    /// On the limit that was noticed, by its id.
    Noticed(&'e str),
    /// On those that wait for exceptions to be triaged.
    Triage(&'e [u32]),
    /// On all.
    Everything,
}

/// Keeps the open limits of a run as an event leaves them; the event is folded already.
pub fn keep(run: &mut Run, bears: &Bears<'_>) {
    let mut judged = Judged { run, found: Vec::new() };
    match *bears {
        Bears::Nothing => return,
        Bears::Entry(at) => judged.entry(at),
        Bears::Step(key) => judged.step(key),
        Bears::Check(key) => judged.check(key),
        Bears::Operation(key) => judged.operation(key),
        Bears::Emergency(no) => judged.emergency(no),
        Bears::Noticed(id) => judged.found.push((id.to_owned(), None)),
        Bears::Triage(exceptions) => {
            // An occurrence that was found running ends something once that is triaged.
            let is = |no: &u32| {
                let found = judged.run.exception(*no);
                found.is_none_or(|it| it.opened.kind == ExceptionKind::FoundRunning)
            };
            if exceptions.iter().any(is) {
                run.open = whole(run);
            }
            return;
        }
        Bears::Everything => {
            run.open = whole(run);
            return;
        }
    }
    for (id, limit) in judged.found {
        match limit.filter(|limit| is_open(run, limit)) {
            Some(limit) => {
                run.open.insert(id, limit);
            }
            None => {
                run.open.remove(&id);
            }
        }
    }
}

/// The open limits of a run, searched since its beginning.
#[must_use]
pub fn whole(run: &Run) -> Open {
    let all = limits(run, BEGINNING).into_iter();
    let open = all.filter(|limit| limit.sort != Sort::Risk && is_open(run, limit));
    open.map(|limit| (limit.id.clone(), limit)).collect()
}

fn is_open(run: &Run, limit: &Limit) -> bool {
    matches!(limit.state, State::Running | State::Overdue | State::TooShort)
        && !run.noticed.contains_key(&limit.id)
}

/// Whether anything ran out, or ended too early, that nobody has noticed.
#[must_use]
pub fn any_ran_out(run: &Run, at: Instant) -> bool {
    is_watched(run.phase) && run.open.values().any(|limit| is_told(run, limit) && is_out(limit, at))
}

/// After an abort only ratifications are waited for.
fn is_told(run: &Run, limit: &Limit) -> bool {
    run.phase != Phase::Aborted || limit.sort == Sort::Ratification
}

fn is_out(limit: &Limit, at: Instant) -> bool {
    limit.state != State::Running || limit.overdue_after.is_some_and(|after| at > after)
}

/// When the next limit runs out that has not.
#[must_use]
pub fn next_out(run: &Run, at: Instant) -> Option<Instant> {
    let running = run.open.values().filter(|limit| !is_out(limit, at));
    running.filter_map(|limit| limit.overdue_after).min()
}

/// Whether an event ends a limit that is not to end yet.
#[must_use]
pub fn any_too_short<'e>(
    run: &Run,
    mut marks: impl Iterator<Item = Mark<'e>>,
    at: Instant,
) -> bool {
    let early = |limit: &&Limit| limit.earliest.is_some_and(|earliest| at < earliest);
    let waiting: Vec<_> =
        run.open.values().filter(|limit| !is_out(limit, at)).filter(early).collect();
    !waiting.is_empty() && marks.any(|mark| waiting.iter().any(|limit| limit.ends_with(run, mark)))
}

/// Limits judged again, by id; none where the limit is not there any more.
struct Judged<'r> {
    run: &'r Run,
    found: Vec<(String, Option<Limit>)>,
}

impl Judged<'_> {
    fn entry(&mut self, at: &EntryKey) {
        let step = at.step.as_ref();
        let watches = &self.run.recipe.plan().watches;
        for watcher in watches.condition_on(step.map(|key| key.step.as_str())) {
            self.seen(&watcher.step, watcher.sees, None);
        }
        if let Some(key) = step {
            self.step(key);
        }
    }

    fn step(&mut self, key: &StepKey) {
        let watches = &self.run.recipe.plan().watches;
        let op = &key.operation.op;
        for watcher in watches.step(&key.step).iter().chain(watches.within(op)) {
            self.seen(&watcher.step, watcher.sees, Some((&key.operation, key.k)));
        }
        self.check(key);
    }

    fn operation(&mut self, key: &OperationKey) {
        for watcher in self.run.recipe.plan().watches.operation(&key.op) {
            self.seen(&watcher.step, watcher.sees, Some((key, 1)));
        }
    }

    fn check(&mut self, key: &StepKey) {
        let Some(state) = self.run.steps.get(key) else { return };
        // A check that lapsed is followed by the next one.
        let before = beside::check_id(key, state.lapses.len());
        self.found.push((before, None));
        let step = self.run.recipe.step(&key.step).map(|(_, step)| step);
        let limit = step.and_then(|step| beside::check(step, key, state, BEGINNING));
        self.found.push((beside::check_id(key, state.lapses.len() + 1), limit));
    }

    fn emergency(&mut self, no: u32) {
        if let Some(act) = self.run.emergencies.iter().rev().find(|act| act.told.no == no) {
            let limit = beside::emergency(act, BEGINNING);
            self.found.push((limit.id.clone(), Some(limit)));
        }
    }

    /// The occurrences of a step with limits that see what happened at an occurrence of an operation.
    fn seen(&mut self, id: &str, sees: Sees, at: Option<(&OperationKey, u32)>) {
        let run = self.run;
        let Some((operation, step)) = run.recipe.step(id) else { return };
        match (sees, at) {
            (Sees::Pair, Some((of, k))) => self.occurrence(id, of, k),
            (Sees::Operation, Some((of, _))) => self.all(id, of),
            (Sees::Pair | Sees::Operation | Sees::All, _) => {
                timer::operations(run, operation).iter().for_each(|of| self.all(id, of));
            }
            (Sees::Awaited, _) => {
                for of in timer::operations(run, operation) {
                    let newest = run.steps.newest(&of, id);
                    let begun = run.steps.within(&of, id).len();
                    let first = if begun == newest as usize { newest.max(1) } else { 1 };
                    for k in first..=timer::awaited(run, operation, step, &of) {
                        self.occurrence(id, &of, k);
                    }
                }
            }
        }
    }

    /// Every occurrence in one of the operation; of a period the first, and the newest with the one awaited.
    fn all(&mut self, id: &str, of: &OperationKey) {
        let run = self.run;
        let Some((operation, step)) = run.recipe.step(id) else { return };
        if step.timers.is_empty() {
            self.occurrence(id, of, 1);
            self.occurrence(id, of, run.steps.newest(of, id));
            return;
        }
        for k in 1..=timer::awaited(run, operation, step, of) {
            self.occurrence(id, of, k);
        }
    }

    /// The timers of one occurrence, its own period, and that of the one after it.
    fn occurrence(&mut self, id: &str, of: &OperationKey, k: u32) {
        let run = self.run;
        let Some((operation, step)) = run.recipe.step(id).filter(|(it, _)| it.id == of.op) else {
            return;
        };
        let key = StepKey { operation: of.clone(), step: id.to_owned(), k };
        if !step.timers.is_empty() && (1..=timer::awaited(run, operation, step, of)).contains(&k) {
            for timer in &step.timers {
                let limit = timer::one(run, operation, step, &key, timer, BEGINNING);
                self.found.push((limit.id.clone(), Some(limit)));
            }
        }
        if step.order.every.is_some() {
            let span = period::span(run, of, step);
            for k in [k, k.saturating_add(1)].into_iter().filter(|k| *k > 0) {
                let key = StepKey { k, ..key.clone() };
                let limit = period::one(run, step, &key, span, BEGINNING);
                self.found.push((period::id(&key), limit));
            }
        }
    }
}
