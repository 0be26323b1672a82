//! What is known in a run around one place: how computed kinds and conditions look into it.

use super::floor::AlarmRun;
use super::state::Occurrences;
use super::{Content, EntryRun, EntryVersion, Run, StepRun};
use crate::domain::calc::Expr;
use crate::domain::clock::Instant;
use crate::domain::entry::computing::{Known, KnownAlarm, KnownEntry, Which};
use crate::domain::entry::date_time;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::timing::{Moment, MomentAt};
use crate::domain::words::{AlarmPriority, EntryKey, Used};
use std::sync::Arc;

/// A place in a run, from which references lead on.
///
/// Inside one occurrence of an operation, a step that repeats together with the asking one means the
/// same occurrence (`prev`: the one before, `first`: the first, `all`: all up to this one). From
/// elsewhere the latest occurrence that has a value is meant.
#[derive(Debug, Clone)]
pub struct Here<'r> {
    run: &'r Run,
    operation: Option<OperationKey>,
    step: Option<StepKey>,
    at: Instant,
}

impl<'r> Here<'r> {
    /// Around an entry.
    #[must_use]
    pub fn entry(run: &'r Run, at: &EntryKey, now: Instant) -> Self {
        let operation = at.step.as_ref().map(|step| step.operation.clone());
        Self { run, operation, step: at.step.clone(), at: now }
    }

    /// Around a step's occurrence, begun or not.
    #[must_use]
    pub fn step(run: &'r Run, key: &StepKey, now: Instant) -> Self {
        let (operation, step) = (Some(key.operation.clone()), Some(key.clone()));
        Self { run, operation, step, at: now }
    }

    /// Around an operation's occurrence, begun or not.
    #[must_use]
    pub fn operation(run: &'r Run, key: &OperationKey, now: Instant) -> Self {
        Self { run, operation: Some(key.clone()), step: None, at: now }
    }

    /// Whether a step is of the operation's occurrence that asks.
    fn is_own_operation(&self, step: &str) -> bool {
        self.operation.as_ref().is_some_and(|own| {
            self.run.recipe.step(step).is_some_and(|(operation, _)| operation.id == own.op)
        })
    }

    /// The occurrence that belongs to the asking one: the same step, or both repeat together.
    fn paired(&self, step: &str) -> Option<u32> {
        let own = self.step.as_ref().filter(|_| self.is_own_operation(step))?;
        let repeats =
            |id: &str| self.run.recipe.step(id).is_some_and(|(_, step)| step.order.repeats());
        (own.step == step || (repeats(&own.step) && repeats(step))).then_some(own.k)
    }

    /// The occurrence of the own pair.
    fn pair(&self, step: &str, k: u32) -> Option<(StepKey, &'r StepRun)> {
        let key = StepKey { operation: self.operation.clone()?, step: step.to_owned(), k };
        let state = self.run.steps.get(&key)?;
        Some((key, state))
    }

    /// Occurrences of a step in order, as far as this place sees them, with the number of its own pair.
    fn occurrences(&self, step: &str) -> (Occurrences<'r>, Option<u32>) {
        let own = self.operation.as_ref().filter(|_| self.is_own_operation(step));
        let pair = self.paired(step);
        let (run, op) = (self.run, self.run.recipe.step(step).map_or("", |(op, _)| op.id.as_str()));
        (run.steps.seen_from(op, own, step, pair), pair)
    }

    fn of_step(&self, step: &str, entry: &str, which: Which) -> Vec<KnownEntry> {
        let (mut occurrences, pair) = self.occurrences(step);
        let valued = |key: &StepKey, state: &StepRun| {
            let at = EntryKey { step: Some(key.clone()), entry: entry.to_owned() };
            known(&at, state.entries.get(entry)?)
        };
        let each = |(key, state): (&StepKey, &StepRun)| valued(key, state);
        let at = |k: u32| {
            let found = self.pair(step, k).and_then(|(key, state)| valued(&key, state));
            found.into_iter().collect()
        };
        match (which, pair) {
            (Which::All, _) => occurrences.filter_map(each).collect(),
            (Which::First, _) => occurrences.find_map(each).into_iter().collect(),
            (Which::Current, Some(k)) => at(k),
            (Which::Previous, Some(k)) => k.checked_sub(1).map(at).unwrap_or_default(),
            (Which::Current, None) => occurrences.rev().find_map(each).into_iter().collect(),
            (Which::Previous, None) => {
                occurrences.rev().filter_map(each).nth(1).into_iter().collect()
            }
        }
    }

    /// A moment of a step: of the pair's occurrence, else of the latest that has it.
    fn of_occurrence<T>(
        &self,
        step: &str,
        moment: impl Fn(&StepKey, &StepRun) -> Option<T>,
    ) -> Option<T> {
        let (occurrences, pair) = self.occurrences(step);
        match pair {
            Some(k) => self.pair(step, k).and_then(|(key, state)| moment(&key, state)),
            None => occurrences.rev().find_map(|(key, state)| moment(key, state)),
        }
    }

    fn operation_moment(&self, op: &str, at: MomentAt) -> Option<(Instant, Used)> {
        let own = self.operation.as_ref().filter(|own| own.op == op);
        let fits = |key: &OperationKey| key.op == op && own.is_none_or(|own| key == own);
        let all = self.run.operations.iter().rev().filter(|(key, _)| fits(key));
        let (word, mut found) = match at {
            MomentAt::Started => ("start", Vec::new()),
            MomentAt::Completed => ("end", Vec::new()),
            MomentAt::Entry => return None,
        };
        for (key, state) in all {
            let when = match at {
                MomentAt::Started => Some(state.started_at),
                _ => state.closed.as_ref().map(|(when, _)| *when),
            };
            found.extend(when.map(|when| (key, when)));
        }
        let (key, when) = found.into_iter().next()?;
        Some((when, used(format!("{word} of {key}"), 1, when)))
    }
}

fn used(at: String, version: u32, when: Instant) -> Used {
    Used { at, version, shown: when.to_string() }
}

/// The value that counts, if there is one.
fn known(at: &EntryKey, entry: &EntryRun) -> Option<KnownEntry> {
    let current = entry.current()?;
    let Content::Value(value) = &current.content else { return None };
    Some(KnownEntry { at: at.to_string(), version: current.version, value: value.clone() })
}

impl Known for Here<'_> {
    fn entries(&self, step: Option<&str>, entry: &str, which: Which) -> Vec<KnownEntry> {
        let own = self.step.as_ref().map(|key| key.step.clone());
        if let Some(step) = step.map(str::to_owned).or(own) {
            return self.of_step(&step, entry, which);
        }
        let at = EntryKey { step: None, entry: entry.to_owned() };
        let found = self.run.release_entries.get(entry).filter(|_| which != Which::Previous);
        found.and_then(|entry| known(&at, entry)).into_iter().collect()
    }

    fn moment(&self, moment: &Moment) -> Option<(Instant, Used)> {
        let of = moment.of.as_str();
        if self.run.recipe.operation(of).is_some() {
            return self.operation_moment(of, moment.at);
        }
        self.of_occurrence(of, |key, state| match moment.at {
            MomentAt::Started => {
                Some((state.started_at, used(format!("start of {key}"), 1, state.started_at)))
            }
            MomentAt::Completed => {
                state.completed_at.map(|when| (when, used(format!("end of {key}"), 1, when)))
            }
            MomentAt::Entry => {
                let id = moment.entry.as_ref()?;
                let entry = state.entries.get(id)?;
                let (when, version) = performed(entry)?;
                Some((when, used(format!("{key}/{id}"), version, when)))
            }
        })
    }

    fn at(&self) -> Instant {
        self.at
    }

    fn read(&self, text: &str) -> Option<Arc<Expr>> {
        self.run.recipe.expression(text).ok()
    }

    /// Of a step's occurrence: what was raised while it went on. Of the run: everything.
    fn alarms(&self, tag: &str) -> Vec<KnownAlarm> {
        let own = self.step.as_ref().and_then(|key| self.run.steps.get(key));
        let during = |alarm: &&AlarmRun| {
            own.is_none_or(|state| {
                let raised = alarm.told.raised_at;
                raised >= state.started_at && state.completed_at.is_none_or(|end| raised <= end)
            })
        };
        let all = self.run.alarms.iter().filter(|alarm| alarm.told.tag == tag);
        all.filter(during)
            .map(|alarm| KnownAlarm {
                no: alarm.told.no,
                critical: alarm.told.priority == AlarmPriority::Critical,
                acknowledged: alarm.acknowledged.is_some(),
                shown: alarm.told.text.clone(),
            })
            .collect()
    }
}

/// When an entry was performed: as the server recorded it first, and as people declare it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    /// The server's clock at its first value.
    pub recorded: Instant,
    /// What a date-time entry says, else performed-at where the first value declares it.
    pub performed: Option<Instant>,
    /// Whether a checker confirmed what is declared.
    pub confirmed: bool,
}

/// The times of an entry that ever had a value. What a date-time entry says can change with each version,
/// so only a check of the newest confirms it; performed-at stands in every version since it
/// was last corrected, so any of these does.
#[must_use]
pub fn declared(entry: &EntryRun) -> Option<Declared> {
    let first = entry.beginning()?;
    let said = entry.current().and_then(|current| {
        let Content::Value(value) = &current.content else { return None };
        Some((date_time::said(value)?, current.checked.is_some()))
    });
    let (performed, confirmed) = match said {
        Some((said, checked)) => (Some(said), checked),
        None => {
            let from = entry.time_corrections().last();
            let told = from.map_or(first, |from| &entry.versions[from]);
            let since = entry.versions.since(from.unwrap_or(0));
            (told.performed_at, since.clone().any(|v| v.checked.is_some()))
        }
    };
    Some(Declared { recorded: first.at, performed, confirmed })
}

/// When an entry was performed, as far as it counts: what is declared once a checker confirmed it; else
/// recorded-at, by the server's clock.
#[must_use]
pub fn performed(entry: &EntryRun) -> Option<(Instant, u32)> {
    let current = entry.current().filter(|v| matches!(v.content, Content::Value(_)))?;
    let found = declared(entry)?;
    let counts = found.performed.filter(|_| found.confirmed).unwrap_or(found.recorded);
    Some((counts, current.version))
}

/// Whether a version is the server's word that it could not compute a value.
#[must_use]
pub fn is_not_computable(version: &EntryVersion) -> bool {
    version.basis == crate::domain::words::Basis::Computed
        && matches!(version.content, Content::Absent(_))
}
