//! A recipe compiled once: ids found instead of searched, formulas and durations read, and who reads what.
//!
//! Everything here follows from the recipe's content alone. A change for one batch makes another recipe,
//! whose plan is made anew.

mod reads;
mod watches;

pub use reads::{Kept, Named, Reader, Reads};
pub use watches::{Sees, Watcher, Watches};

use crate::domain::calc::{self, Expr};
use crate::domain::entry::spec::EntrySpec;
use crate::domain::recipe::timing::microseconds;
use crate::domain::recipe::{MasterRecord, Operation, Step};
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// A master record as a run goes by it, with its plan, which all runs of the same recipe share.
#[derive(Clone)]
pub struct Recipe {
    record: Arc<MasterRecord>,
    plan: Arc<OnceLock<Plan>>,
}

impl Recipe {
    /// A recipe whose plan is made when somebody first asks for it.
    #[must_use]
    pub fn new(record: Arc<MasterRecord>) -> Self {
        Self { record, plan: Arc::default() }
    }

    /// Its plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        self.plan.get_or_init(|| Plan::of(&self.record))
    }

    /// An operation by id.
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        let (up, operation) = self.plan().operations.get(id)?;
        self.record.unit_procedures.get(*up)?.operations.get(*operation)
    }

    /// A step by id, with its operation.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<(&Operation, &Step)> {
        let (up, operation, step) = self.plan().steps.get(id)?;
        let operation = self.record.unit_procedures.get(*up)?.operations.get(*operation)?;
        Some((operation, operation.steps.get(*step)?))
    }

    /// An entry of a step, or a release specification, by id.
    #[must_use]
    pub fn entry(&self, step: Option<&str>, id: &str) -> Option<&EntrySpec> {
        let all = match step {
            Some(step) => &self.step(step)?.1.entries,
            None => &self.record.release_specifications,
        };
        all.iter().find(|spec| spec.id == id)
    }

    /// An expression of the recipe, read.
    ///
    /// # Errors
    /// What is wrong with its text.
    pub fn expression(&self, text: &str) -> Result<Arc<Expr>, String> {
        match self.plan().expressions.get(text) {
            Some(read) => read.clone(),
            None => calc::parse(text).map(Arc::new),
        }
    }

    /// A duration of the recipe in microseconds; what is written wrongly was found at its submission.
    #[must_use]
    pub fn length(&self, text: Option<&String>) -> Option<i64> {
        let text = text?;
        match self.plan().durations.get(text) {
            Some(length) => *length,
            None => microseconds(text).ok(),
        }
    }
}

impl From<Arc<MasterRecord>> for Recipe {
    fn from(record: Arc<MasterRecord>) -> Self {
        Self::new(record)
    }
}

impl Deref for Recipe {
    type Target = Arc<MasterRecord>;

    fn deref(&self) -> &Arc<MasterRecord> {
        &self.record
    }
}

impl fmt::Debug for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.record.fmt(f)
    }
}

impl PartialEq for Recipe {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.record, &other.record) || self.record == other.record
    }
}

/// What a recipe is compiled to.
#[derive(Debug)]
pub struct Plan {
    operations: HashMap<String, (usize, usize)>,
    steps: HashMap<String, (usize, usize, usize)>,
    expressions: HashMap<String, Result<Arc<Expr>, String>>,
    durations: HashMap<String, Option<i64>>,
    /// What the server computes, and what that is computed from.
    pub reads: Reads,
    /// Whose limits of time look where.
    pub watches: Watches,
}

impl Plan {
    fn of(record: &MasterRecord) -> Self {
        let (mut operations, mut steps) = (HashMap::new(), HashMap::new());
        for (up, procedure) in record.unit_procedures.iter().enumerate() {
            for (at, operation) in procedure.operations.iter().enumerate() {
                operations.entry(operation.id.clone()).or_insert((up, at));
                for (index, step) in operation.steps.iter().enumerate() {
                    steps.entry(step.id.clone()).or_insert((up, at, index));
                }
            }
        }
        let read = |text: &str| (text.to_owned(), calc::parse(text).map(Arc::new));
        let length = |text: &String| (text.clone(), microseconds(text).ok());
        Self {
            operations,
            steps,
            expressions: expressions(record).map(read).collect(),
            durations: durations(record).map(length).collect(),
            reads: Reads::of(record),
            watches: Watches::of(record),
        }
    }
}

/// Every formula and condition of a recipe.
fn expressions(record: &MasterRecord) -> impl Iterator<Item = &str> {
    let of_operations = record.operations().filter_map(|operation| operation.order.when.as_deref());
    let of_steps = record.steps().filter_map(|(_, step)| step.order.when.as_deref());
    let entries = record.steps().flat_map(|(_, step)| &step.entries);
    let of_entries = entries.chain(&record.release_specifications).flat_map(|spec| {
        let formula = spec.kind.as_kind().formula().map(|formula| formula.expression);
        formula.into_iter().chain(spec.when.as_deref())
    });
    of_operations.chain(of_steps).chain(of_entries)
}

/// Every length of time of a recipe.
fn durations(record: &MasterRecord) -> impl Iterator<Item = &String> {
    record.steps().flat_map(|(_, step)| {
        let own = [&step.order.every, &step.order.grace, &step.record_within];
        let timers = step.timers.iter();
        let timers = timers.flat_map(|it| [&it.min, &it.max, &it.warn_before, &it.grace]);
        own.into_iter().chain(timers).flatten()
    })
}
