//! Which computed values an act relies on: before it they are written down as they stand.

use crate::domain::calc;
use crate::domain::calc::reference::Reference;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::run::Run;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::known::is_not_computable;
use crate::domain::words::EntryKey;
use std::collections::BTreeSet;

/// How far an act relies on what was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Reach {
    /// On single values.
    #[default]
    Values,
    /// On everything so far: a gate, the end of an operation.
    SoFar,
    /// On everything: the end of execution.
    Run,
}

/// What of the computed values an act relies on, and the act in words.
#[derive(Debug, Clone, Default)]
pub(super) struct Relied {
    pub(super) places: BTreeSet<EntryKey>,
    pub(super) reach: Reach,
    pub(super) cause: Option<String>,
}

/// On what an event relies.
enum On<'e> {
    Nothing,
    /// What is computed at an occurrence of a step, and the conditions of its entries.
    Step(&'e StepKey, &'static str),
    /// The condition under which a step begins.
    Begin(&'e StepKey),
    /// The condition under which an operation begins.
    Operation(&'e OperationKey),
    /// Everything so far, and the act in words.
    All(Reach, String),
}

/// Whether what is computed because of an event stands before it where it is signed.
pub(super) fn is_signed_for(event: &RunEvent) -> bool {
    match on(event) {
        On::Step(..) | On::All(..) => true,
        On::Nothing | On::Begin(_) | On::Operation(_) => false,
    }
}

impl Relied {
    /// A single value.
    pub(super) fn on(at: EntryKey) -> Self {
        Self { places: BTreeSet::from([at]), ..Self::default() }
    }

    /// What events rely on.
    pub(super) fn by<'e>(run: &Run, events: impl Iterator<Item = &'e RunEvent>) -> Self {
        let mut relied = Self::default();
        for event in events {
            match on(event) {
                On::Nothing => continue,
                On::Step(key, word) => {
                    relied.step(run, key);
                    relied.cause = Some(format!("{key} was {word}"));
                }
                On::Begin(key) => {
                    let step = run.recipe.step(&key.step).map(|(_, step)| step);
                    let when = step.and_then(|step| step.order.when.as_deref());
                    relied.condition(run, when, None, &format!("{key} began"));
                }
                On::Operation(key) => {
                    let operation = run.recipe.operation(&key.op);
                    let when = operation.and_then(|operation| operation.order.when.as_deref());
                    relied.condition(run, when, None, &format!("{key} began"));
                }
                On::All(reach, cause) => {
                    relied.everything(run);
                    relied.reach = relied.reach.max(reach);
                    relied.cause = Some(cause);
                }
            }
        }
        relied
    }

    /// Everything that is computed at an occurrence of a step.
    fn step(&mut self, run: &Run, key: &StepKey) {
        let reads = &run.recipe.plan().reads;
        for index in reads.of_step(&key.step) {
            let entry = reads.computed[*index].entry.clone();
            self.places.insert(EntryKey { step: Some(key.clone()), entry });
        }
        let step = run.recipe.step(&key.step).map(|(_, step)| step);
        for when in
            step.into_iter().flat_map(|step| &step.entries).filter_map(|it| it.when.as_deref())
        {
            self.condition(run, Some(when), Some(key), "");
        }
    }

    /// What a condition looks at that stands on a list.
    fn condition(&mut self, run: &Run, when: Option<&str>, own: Option<&StepKey>, cause: &str) {
        let reads = &run.recipe.plan().reads;
        let read = when.and_then(|when| calc::parse(when).ok());
        for reference in read.iter().flat_map(calc::Expr::references) {
            let Reference::Entry { step, entry, .. } = reference else { continue };
            let step = step.or_else(|| own.map(|key| key.step.clone()));
            if !reads.is_growing(step.as_deref(), &entry) {
                continue;
            }
            let places = super::changes::places(run, step.as_deref());
            let at = |step| EntryKey { step, entry: entry.clone() };
            self.places.extend(places.into_iter().map(at));
            if !cause.is_empty() {
                self.cause = Some(cause.to_owned());
            }
        }
    }

    /// Everything that stands on a list, and what could not be computed until now.
    fn everything(&mut self, run: &Run) {
        let reads = &run.recipe.plan().reads;
        for (index, named) in reads.computed.iter().enumerate() {
            let grows = reads.growing().contains(&index);
            for step in super::changes::places(run, named.step.as_deref()) {
                let at = EntryKey { step, entry: named.entry.clone() };
                let found = match &at.step {
                    Some(key) => run.steps.get(key).and_then(|it| it.entries.get(&at.entry)),
                    None => run.release_entries.get(&at.entry),
                };
                let current = found.and_then(|entry| entry.current());
                if grows || current.is_some_and(is_not_computable) {
                    self.places.insert(at);
                }
            }
        }
    }
}

/// What relies on values when an event comes; of most, nothing does. These are all that rely, so a new act need not say
/// that it does not.
fn on(event: &RunEvent) -> On<'_> {
    if let RunEvent::StepCompleted(told) = event {
        return On::Step(&told.step, "completed");
    }
    if let RunEvent::StepChecked(told) = event {
        return On::Step(&told.step, "checked");
    }
    if let RunEvent::StepStarted(told) = event {
        return On::Begin(&told.step);
    }
    if let RunEvent::OperationStarted(told) = event {
        return On::Operation(&told.operation);
    }
    if let RunEvent::GatePassed(told) = event {
        return On::All(Reach::SoFar, format!("gate {} was passed", told.gate));
    }
    if let RunEvent::RiskAccepted(told) = event {
        let because = format!("somebody proceeded at risk on gate {}", told.gate);
        return On::All(Reach::SoFar, because);
    }
    if let RunEvent::OperationClosed(told) = event {
        return On::All(Reach::SoFar, format!("{} was closed", told.operation));
    }
    if let RunEvent::Completed(_) = event {
        return On::All(Reach::Run, "execution was declared complete".to_owned());
    }
    On::Nothing
}
