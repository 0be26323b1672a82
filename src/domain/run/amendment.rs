//! One-batch changes of the recipe: a planned redline, reprocessing, rework (21 CFR 211.115).
//!
//! Proposed with a reason, approved by production and by the quality unit before it takes effect, shown
//! beside the original for ever. Reprocessing repeats an approved operation; rework adds another one
//! (ICH Q7 14.2, 14.3).

use super::Run;
use crate::domain::clock::Instant;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::ids::OperationKey;
use crate::domain::recipe::{MasterRecord, Operation};
use crate::domain::signing::Signed;
use crate::domain::words::Who;
use serde::{Deserialize, Serialize};

/// What is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Change {
    /// Redline: another instruction for a step not yet begun.
    Instruction {
        /// Step id.
        step: String,
        /// The new text.
        instruction: String,
    },
    /// Redline: another specification of an entry (by its id) of a step not yet begun.
    Entry {
        /// Step id.
        step: String,
        /// The whole specification from now on.
        entry: Box<EntrySpec>,
    },
    /// Reprocessing: the same operation so many times more.
    Reprocess {
        /// Operation id.
        operation: String,
        /// How many occurrences more.
        times: u32,
        /// The rejected lot that it makes good, where it makes one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lot: Option<String>,
    },
    /// Rework: another operation, at the end of a unit procedure.
    Rework {
        /// Unit procedure id.
        unit_procedure: String,
        operation: Box<Operation>,
        /// The rejected lot that it makes good, where it makes one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lot: Option<String>,
    },
}

/// A change is proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmendmentProposed {
    /// From 1, gap-free per run.
    pub no: u32,
    /// What.
    pub change: Change,
    /// What stands there now, as people read it.
    pub before: String,
    /// What would stand there, as people read it.
    pub after: String,
    /// Why.
    pub reason: String,
    /// Assessment of the effect on quality.
    pub assessment: String,
}

/// Whose approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    Production,
    /// The quality unit.
    Quality,
}

/// One side approved or refused, signed. With the second approval the change is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmendmentDecided {
    /// Which.
    pub no: u32,
    /// Who decides.
    pub side: Side,
    /// Approved, or refused for good.
    pub approved: bool,
    /// Why.
    pub conclusion: String,
    /// Whether the change is in force from this entry on.
    pub takes_effect: bool,
    /// The exception that a change in force opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<u32>,
}

/// An amendment as the run remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmendmentRun {
    /// What was proposed.
    pub told: AmendmentProposed,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: Who,
    /// Decisions in order, with their signatures.
    pub decisions: Vec<(AmendmentDecided, Instant, Option<Signed>)>,
    /// In force since.
    pub in_force: Option<Instant>,
}

impl Side {
    /// The word in the API and on paper.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Quality => "quality",
        }
    }
}

impl Change {
    /// What sort of change it is, as people call it: reprocessing does the same again, rework does
    /// something else (ICH Q7 14.2, 14.3).
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Instruction { .. } | Self::Entry { .. } => "redline",
            Self::Reprocess { .. } => "reprocessing",
            Self::Rework { .. } => "rework",
        }
    }
}

impl AmendmentRun {
    /// Sort and number, as in `rework 2`.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.told.change.word(), self.told.no)
    }

    /// What a side decided.
    #[must_use]
    pub fn decided(&self, side: Side) -> Option<&AmendmentDecided> {
        self.decisions.iter().map(|(told, ..)| told).find(|told| told.side == side)
    }

    /// Whether one side refused it: it never takes effect.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.decisions.iter().any(|(told, ..)| !told.approved)
    }

    /// Whether nothing more is decided about it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.in_force.is_some() || self.is_refused()
    }

    /// How it stands: `proposed`, `in-force`, `refused`.
    #[must_use]
    pub fn standing(&self) -> &'static str {
        match (self.in_force.is_some(), self.is_refused()) {
            (true, _) => "in-force",
            (_, true) => "refused",
            _ => "proposed",
        }
    }
}

/// Changes in force, in the order of their proposal.
pub fn in_force(run: &Run) -> impl Iterator<Item = &AmendmentRun> {
    run.amendments.iter().filter(|change| change.in_force.is_some())
}

/// The redlines in force on a step (without an entry) or on one of its entries: their numbers.
#[must_use]
pub fn redlines(run: &Run, step: &str, entry: Option<&str>) -> Vec<u32> {
    let touches = |change: &AmendmentRun| match (&change.told.change, entry) {
        (Change::Instruction { step: changed, .. }, None) => changed == step,
        (Change::Entry { step: changed, entry: spec }, Some(entry)) => {
            changed == step && spec.id == entry
        }
        _ => false,
    };
    in_force(run).filter(|change| touches(change)).map(|change| change.told.no).collect()
}

/// The rework that added an operation.
#[must_use]
pub fn rework<'r>(run: &'r Run, op: &str) -> Option<&'r AmendmentRun> {
    in_force(run).find(|change| match &change.told.change {
        Change::Rework { operation, .. } => operation.id == op,
        _ => false,
    })
}

/// The reprocessing under which an operation's occurrence is done: one beyond what was there before.
#[must_use]
pub fn reprocessing<'r>(run: &'r Run, key: &OperationKey) -> Option<&'r AmendmentRun> {
    let added = rework(run, &key.op).and_then(|change| match &change.told.change {
        Change::Rework { operation, .. } => Some(operation.as_ref()),
        _ => None,
    });
    let first = run.original.operation(&key.op).or(added)?;
    let mut last = first.order.occurs().max?;
    for change in in_force(run) {
        let Change::Reprocess { operation, times, .. } = &change.told.change else { continue };
        if *operation != key.op {
            continue;
        }
        let from = last;
        last = last.saturating_add(*times);
        if key.n > from && key.n <= last {
            return Some(change);
        }
    }
    None
}

/// A recipe with a change applied.
///
/// # Errors
/// What the change names is not in the recipe.
pub fn applied(recipe: &MasterRecord, change: &Change) -> Result<MasterRecord, String> {
    let mut changed = recipe.clone();
    let mut steps = changed
        .unit_procedures
        .iter_mut()
        .flat_map(|up| up.operations.iter_mut())
        .flat_map(|operation| operation.steps.iter_mut());
    match change {
        Change::Instruction { step, instruction } => {
            let found = steps.find(|candidate| candidate.id == *step);
            let found = found.ok_or_else(|| format!("there is no step {step}"))?;
            found.instruction.clone_from(instruction);
        }
        Change::Entry { step, entry } => {
            let found = steps.find(|candidate| candidate.id == *step);
            let found = found.ok_or_else(|| format!("there is no step {step}"))?;
            let place = found.entries.iter_mut().find(|candidate| candidate.id == entry.id);
            let place = place.ok_or_else(|| format!("step {step} has no entry {}", entry.id))?;
            place.clone_from(entry);
        }
        Change::Reprocess { operation, times, .. } => {
            let mut operations =
                changed.unit_procedures.iter_mut().flat_map(|up| up.operations.iter_mut());
            let found = operations.find(|candidate| candidate.id == *operation);
            let found = found.ok_or_else(|| format!("there is no operation {operation}"))?;
            let mut occurs = found.order.occurs();
            occurs.min = occurs.min.saturating_add(*times);
            occurs.max = occurs.max.map(|max| max.saturating_add(*times));
            found.order.occurs = Some(occurs);
        }
        Change::Rework { unit_procedure, operation, .. } => {
            let found = changed.unit_procedures.iter_mut().find(|up| up.id == *unit_procedure);
            let found =
                found.ok_or_else(|| format!("there is no unit procedure {unit_procedure}"))?;
            found.operations.push(operation.as_ref().clone());
        }
    }
    Ok(changed)
}
