//! What is known in a run around one place: how computed kinds and conditions look into it.

use super::computed::agrees;
pub use super::declared::{Declared, declared, is_declared_absent, is_not_computable};
use super::floor::AlarmRun;
use super::state::Occurrences;
use super::tally::{stood, stored};
use super::time::measured::measured;
use super::{EntryRun, Run, StepRun};
use crate::domain::calc::exact::Exact;
use crate::domain::calc::summary::Summary;
use crate::domain::calc::{self, Answer, Expr};
use crate::domain::clock::Instant;
use crate::domain::entry::computing::{
    Known, KnownAlarm, KnownEntry, Outcome, Reference, Time, Which,
};
use crate::domain::entry::spec::EntrySpec;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::timing::Moment;
use crate::domain::words::{AlarmPriority, EntryKey};
#[cfg(test)]
use std::cell::Cell;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// What the server would write down of a computed entry now, where that is something else than what stands there: of
/// what stands on a list until somebody relies on it, and of what somebody declared absent.
#[must_use]
pub fn so_far(run: &Run, at: &EntryKey) -> Option<Outcome> {
    let step = at.step.as_ref().map(|key| key.step.as_str());
    let spec = run.recipe.entry(step, &at.entry)?;
    let kind = spec.kind.as_kind();
    kind.inputs()?;
    let here = Here::entry(run, at, run.last_at);
    let outcome = here.asks(spec).then(|| kind.compute(&here).ok().flatten()).flatten()?;
    let found = match &at.step {
        Some(key) => run.steps.get(key)?.entries.get(&at.entry),
        None => run.release_entries.get(&at.entry),
    };
    let stands = found.and_then(EntryRun::current).is_some_and(|it| agrees(it, &outcome));
    (!stands).then_some(outcome)
}

/// Why the server cannot write down what stands on a list, and what to do; nothing where it can, or computes nothing.
#[must_use]
pub fn why_not(run: &Run, at: &EntryKey) -> Option<String> {
    let step = at.step.as_ref().map(|key| key.step.as_str());
    let spec = run.recipe.entry(step, &at.entry)?;
    let kind = spec.kind.as_kind();
    let inputs = kind.inputs()?;
    let here = Here::entry(run, at, run.last_at);
    let why = match kind.compute(&here) {
        Ok(Some(_)) => return None,
        Err(why) => why,
        Ok(None) => {
            let lacks = inputs.iter().filter_map(|input| {
                let Reference::Entry { step, entry, which } = input else { return None };
                let place = step.as_ref().map(|step| format!("{step}/")).unwrap_or_default();
                let found = here.entries(step.as_deref(), entry, *which);
                found.is_empty().then(|| format!("[{place}{entry}] has no value"))
            });
            let lacks: Vec<String> = lacks.collect();
            if lacks.is_empty() {
                "what it waits for has not come".to_owned()
            } else {
                lacks.join("; ")
            }
        }
    };
    Some(format!(
        "{why}; record or correct that, or declare {} not available with its reason",
        at.entry
    ))
}

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
    /// Only what was written down before this place in the journal is known; else everything.
    before: Option<u64>,
    /// What was computed on the way: values that many read are computed once.
    found: Found,
}

/// Values as they would be now, by place, for the time of one question.
#[derive(Debug, Clone, Default)]
struct Found {
    values: Rc<RefCell<HashMap<EntryKey, Option<KnownEntry>>>>,
    /// How many were computed.
    #[cfg(test)]
    computed: Rc<Cell<u32>>,
}

impl<'r> Here<'r> {
    /// Around an entry.
    #[must_use]
    pub fn entry(run: &'r Run, at: &EntryKey, now: Instant) -> Self {
        let operation = at.step.as_ref().map(|step| step.operation.clone());
        Self {
            run,
            operation,
            step: at.step.clone(),
            at: now,
            before: None,
            found: Found::default(),
        }
    }

    /// Around a step's occurrence, begun or not.
    #[must_use]
    pub fn step(run: &'r Run, key: &StepKey, now: Instant) -> Self {
        let (operation, step) = (Some(key.operation.clone()), Some(key.clone()));
        Self { run, operation, step, at: now, before: None, found: Found::default() }
    }

    /// Around an operation's occurrence, begun or not.
    #[must_use]
    pub fn operation(run: &'r Run, key: &OperationKey, now: Instant) -> Self {
        let (operation, found) = (Some(key.clone()), Found::default());
        Self { run, operation, step: None, at: now, before: None, found }
    }

    /// As things stood before a place in the journal; times of the process are not told of then.
    #[must_use]
    pub fn before(self, seq: u64) -> Self {
        Self { before: Some(seq), ..self }
    }

    fn written(&self, at: &EntryKey, entry: &EntryRun) -> Option<KnownEntry> {
        match self.before {
            Some(seq) => stood(at, entry, seq),
            None => stored(at, entry),
        }
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
        let place = |key: &StepKey| EntryKey { step: Some(key.clone()), entry: entry.to_owned() };
        let written = |(key, state): (&StepKey, &StepRun)| {
            self.written(&place(key), state.entries.get(entry)?)
        };
        let each = |(key, state): (&StepKey, &StepRun)| {
            self.current(&place(key), state.entries.get(entry))
        };
        let at = |k: u32| self.pair(step, k);
        let one = match (which, pair) {
            // Of lists, and of what lies before, what is written down counts.
            (Which::All, _) => return occurrences.filter_map(written).collect(),
            (Which::First, _) => occurrences.find_map(each),
            (Which::Current, Some(k)) => at(k).and_then(|(key, state)| each((&key, state))),
            (Which::Previous, Some(k)) => {
                k.checked_sub(1).and_then(at).and_then(|(key, state)| written((&key, state)))
            }
            (Which::Current, None) | (Which::Last, _) => occurrences.rev().find_map(each),
            (Which::Previous, None) => occurrences.rev().filter_map(written).nth(1),
        };
        one.into_iter().collect()
    }

    /// The value of an entry: of what stands on a list as it would be now, of all else as it is written down. What
    /// somebody declared absent stays so.
    fn current(&self, at: &EntryKey, entry: Option<&EntryRun>) -> Option<KnownEntry> {
        let step = at.step.as_ref().map(|key| key.step.as_str());
        if self.before.is_some() || !self.run.recipe.plan().reads.is_growing(step, &at.entry) {
            return self.written(at, entry?);
        }
        if let Some(known) = self.found.values.borrow().get(at) {
            return known.clone();
        }
        // What leads back to itself finds nothing here.
        self.found.values.borrow_mut().insert(at.clone(), None);
        let known = self.grown(at, entry);
        self.found.values.borrow_mut().insert(at.clone(), known.clone());
        known
    }

    /// What a value on a list would be now.
    fn grown(&self, at: &EntryKey, entry: Option<&EntryRun>) -> Option<KnownEntry> {
        let step = at.step.as_ref().map(|key| key.step.as_str());
        let written = entry.and_then(EntryRun::current);
        if written.is_some_and(is_declared_absent) {
            return None;
        }
        let spec = self.run.recipe.entry(step, &at.entry)?;
        let here = Self { found: self.found.clone(), ..Self::entry(self.run, at, self.at) };
        #[cfg(test)]
        self.found.computed.set(self.found.computed.get() + 1);
        let outcome = spec.kind.as_kind().compute(&here).ok()?.filter(|_| here.asks(spec))?;
        let next = entry.map_or(1, EntryRun::next_version);
        let stands = written.filter(|version| agrees(version, &outcome));
        let (version, seq) = stands.map_or((next, 0), |version| (version.version, version.seq));
        Some(KnownEntry { at: at.to_string(), version, seq, value: outcome.value })
    }

    /// Whether an entry is asked here: it has no condition, or that holds.
    fn asks(&self, spec: &EntrySpec) -> bool {
        spec.when.as_deref().is_none_or(|when| {
            let read = self.run.recipe.expression(when);
            read.is_ok_and(|expr| calc::answer(&expr, self).0 == Answer::Holds)
        })
    }

    /// How many values on lists were computed for this question.
    #[cfg(test)]
    pub(in crate::domain) fn computed(&self) -> u32 {
        self.found.computed.get()
    }

    /// The step that a reference leads to; none: the run itself.
    fn leads_to<'a>(&'a self, step: Option<&'a str>) -> Option<&'a str> {
        step.or(self.step.as_ref().map(|key| key.step.as_str()))
    }

    /// The occurrence of the operation and the number up to which this place sees a step's occurrences.
    fn sees(&self, step: &str) -> (Option<&OperationKey>, Option<u32>) {
        let own = self.operation.as_ref().filter(|_| self.is_own_operation(step));
        (own, self.paired(step))
    }
}

impl Known for Here<'_> {
    fn entries(&self, step: Option<&str>, entry: &str, which: Which) -> Vec<KnownEntry> {
        let own = self.step.as_ref().map(|key| key.step.clone());
        if let Some(step) = step.map(str::to_owned).or(own) {
            return self.of_step(&step, entry, which);
        }
        let at = EntryKey { step: None, entry: entry.to_owned() };
        if which == Which::Previous {
            return Vec::new();
        }
        self.current(&at, self.run.release_entries.get(entry)).into_iter().collect()
    }

    fn list(&self, step: Option<&str>, entry: &str, logarithms: bool) -> Option<Summary> {
        let step = self.leads_to(step)?;
        let tallies = &self.run.tallies;
        if self.before.is_some() || logarithms && !tallies.has_logarithms(step, entry) {
            return None;
        }
        let (own, most) = self.sees(step);
        tallies.list(step, entry, own, most)
    }

    fn median(&self, step: Option<&str>, entry: &str) -> Option<Exact> {
        let step = self.leads_to(step)?;
        let (own, most) = self.sees(step);
        let newest = own.map_or(0, |own| self.run.steps.newest(own, step));
        let whole = self.before.is_none() && most.is_none_or(|most| most >= newest);
        whole.then(|| self.run.tallies.median(step, entry, own)).flatten()
    }

    fn time(&self, from: &Moment, to: &Moment) -> Option<Time> {
        let all = self.before.is_none();
        all.then(|| measured(self.run, from, to, self.step.as_ref())).flatten()
    }

    fn at(&self) -> Instant {
        self.at
    }

    fn read(&self, text: &str) -> Option<Arc<Expr>> {
        self.run.recipe.expression(text).ok()
    }

    /// Of a step's occurrence: what was raised in the batch until it ended, whichever step went on then. Of the run:
    /// everything.
    fn alarms(&self, tag: &str) -> Vec<KnownAlarm> {
        let own = self.step.as_ref().and_then(|key| self.run.steps.get(key));
        let ended = own.and_then(|state| state.completed_at);
        let until = |alarm: &&AlarmRun| ended.is_none_or(|end| alarm.told.raised_at <= end);
        let all = self.run.alarms.iter().filter(|alarm| alarm.told.tag == tag);
        all.filter(until)
            .map(|alarm| KnownAlarm {
                no: alarm.told.no,
                critical: alarm.told.priority == AlarmPriority::Critical,
                acknowledged: alarm.acknowledged.is_some(),
                shown: alarm.told.text.clone(),
            })
            .collect()
    }
}
