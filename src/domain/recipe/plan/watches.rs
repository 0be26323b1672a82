//! Which limits of time an act can bear on: by what happened where, the steps whose limits look there.

use crate::domain::calc;
use crate::domain::recipe::timing::{Moment, MomentAt};
use crate::domain::recipe::{MasterRecord, Operation, Step};
use std::collections::HashMap;

/// A step with limits of time that look at another step or operation, and which of its occurrences do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watcher {
    /// The step with the limits.
    pub step: String,
    /// Which of its occurrences.
    pub sees: Sees,
}

/// Which occurrences of a step look at what changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sees {
    /// The one of the same number in the same occurrence of the operation.
    Pair,
    /// Those in the same occurrence of the operation.
    Operation,
    /// Those that have not begun, in every occurrence of the operation.
    Awaited,
    /// All of them.
    All,
}

/// Who watches what.
#[derive(Debug, Default)]
pub struct Watches {
    steps: HashMap<String, Vec<Watcher>>,
    operations: HashMap<String, Vec<Watcher>>,
    within: HashMap<String, Vec<Watcher>>,
    conditions: HashMap<String, Vec<Watcher>>,
}

/// Where the release specifications stand among the steps, none of which has an empty id.
const RELEASE: &str = "";

impl Watches {
    pub(super) fn of(record: &MasterRecord) -> Self {
        let mut watches = Self::default();
        for (operation, step) in record.steps() {
            if step.timers.is_empty() && step.order.every.is_none() {
                continue;
            }
            let own = Watcher { step: step.id.clone(), sees: Sees::Pair };
            put(&mut watches.steps, &step.id, own);
            let own = Watcher { step: step.id.clone(), sees: Sees::Operation };
            put(&mut watches.operations, &operation.id, own);
            for timer in &step.timers {
                watches.moment(record, operation, step, &timer.starts);
                if let Some(stops) = &timer.stops {
                    watches.moment(record, operation, step, stops);
                }
            }
            if let Some(host) = &step.order.while_runs {
                let at = MomentAt::Started;
                let host = Moment { of: host.clone(), at, entry: None };
                watches.moment(record, operation, step, &host);
            }
            watches.condition(operation.order.when.as_deref(), step);
            watches.condition(step.order.when.as_deref(), step);
        }
        watches
    }

    /// Own steps and operations are seen in the own occurrence of the operation, by those that both repeat in
    /// pairs; others are seen everywhere.
    fn moment(
        &mut self,
        record: &MasterRecord,
        operation: &Operation,
        step: &Step,
        moment: &Moment,
    ) {
        let watcher = |sees| Watcher { step: step.id.clone(), sees };
        match record.step(&moment.of) {
            Some((of, other)) => {
                let pairs = step.order.repeats() && other.order.repeats();
                let sees = match of.id == operation.id {
                    true if pairs => Sees::Pair,
                    true => Sees::Operation,
                    false => Sees::All,
                };
                put(&mut self.steps, &moment.of, watcher(sees));
            }
            None => {
                let own = moment.of == operation.id;
                let sees = if own { Sees::Operation } else { Sees::All };
                put(&mut self.operations, &moment.of, watcher(sees));
                put(&mut self.within, &moment.of, watcher(sees));
            }
        }
    }

    /// What has not begun is awaited only on a branch that is taken.
    fn condition(&mut self, when: Option<&str>, step: &Step) {
        let read = when.and_then(|when| calc::parse(when).ok());
        for place in read.iter().flat_map(calc::Expr::places) {
            let of = place.step.as_deref();
            let watcher = Watcher { step: step.id.clone(), sees: Sees::Awaited };
            put(&mut self.conditions, of.unwrap_or(RELEASE), watcher.clone());
            put(&mut self.conditions, of.unwrap_or(&step.id), watcher);
        }
    }

    /// Who looks at a step's occurrences.
    #[must_use]
    pub fn step(&self, id: &str) -> &[Watcher] {
        self.steps.get(id).map_or(&[], Vec::as_slice)
    }

    /// Who looks at whatever happens in an operation.
    #[must_use]
    pub fn within(&self, id: &str) -> &[Watcher] {
        self.within.get(id).map_or(&[], Vec::as_slice)
    }

    /// Who looks at when an operation began and ended.
    #[must_use]
    pub fn operation(&self, id: &str) -> &[Watcher] {
        self.operations.get(id).map_or(&[], Vec::as_slice)
    }

    /// Who is awaited under a condition that looks at a step's entries, or at release specifications.
    #[must_use]
    pub fn condition_on(&self, step: Option<&str>) -> &[Watcher] {
        self.conditions.get(step.unwrap_or(RELEASE)).map_or(&[], Vec::as_slice)
    }
}

fn put(all: &mut HashMap<String, Vec<Watcher>>, of: &str, watcher: Watcher) {
    let watchers = all.entry(of.to_owned()).or_default();
    if !watchers.contains(&watcher) {
        watchers.push(watcher);
    }
}
