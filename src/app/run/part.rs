//! One part of a batch: a step's occurrence alone, for a terminal that works on it and asks often.

use crate::app::desk::{Caller, Desk, Failure};
use crate::app::shown::step::{StepView, occurrence};
use crate::app::shown::word;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::ids::StepKey;
use crate::domain::refusal::{NOT_FOUND, Refusal};
use crate::domain::run::Run;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A step's occurrence as in the whole batch, with what the master record says of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartView {
    #[serde(flatten)]
    pub step_view: StepView,
    /// Batch number.
    pub batch: String,
    /// Phase of the batch, as in `running`.
    pub batch_phase: String,
    /// Precautions of the master record.
    pub precautions: Vec<String>,
    /// Notes of the step.
    pub notes: Vec<String>,
    /// What each entry asks, by the master record as it was issued and amended since.
    pub asks: Vec<AskView>,
}

/// What an entry asks, for a form.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskView {
    /// Id in the master record.
    pub entry: String,
    /// Unit code of the registry, where the kind has one.
    pub unit: Option<String>,
    /// Limits as people read them, and what each is for.
    pub limits: Vec<LimitLine>,
    /// What can be chosen, where the kind lists it.
    #[schema(value_type = Vec<Value>)]
    pub options: Vec<Value>,
    /// The whole specification, as in a master record.
    #[schema(value_type = Object)]
    pub specification: Value,
}

/// A limit as people read it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LimitLine {
    /// `acceptance`, `alert`, `plausibility` or `reference`.
    pub purpose: String,
    /// As in `6.60 ≤ x ≤ 7.10 pH`.
    pub shown: String,
}

impl From<&EntrySpec> for AskView {
    fn from(spec: &EntrySpec) -> Self {
        let specification = serde_json::to_value(spec).unwrap_or_default();
        let limits = spec.kind.as_kind().limits_shown().into_iter();
        Self {
            entry: spec.id.clone(),
            unit: specification["unit"].as_str().map(str::to_owned),
            limits: limits.map(|(purpose, shown)| LimitLine { purpose, shown }).collect(),
            options: specification["options"].as_array().cloned().unwrap_or_default(),
            specification,
        }
    }
}

/// A step's occurrence; `None` while it has not begun.
fn part(run: &Run, key: &StepKey) -> Option<PartView> {
    let step = run.recipe.step(&key.step)?.1;
    Some(PartView {
        step_view: occurrence(run, key)?,
        batch: run.number.clone(),
        batch_phase: word(&run.phase),
        precautions: run.recipe.precautions.clone(),
        notes: step.notes.clone(),
        asks: step.entries.iter().map(Into::into).collect(),
    })
}

impl Desk {
    /// One part of a batch in the caller's scope. Blocks.
    ///
    /// # Errors
    /// `not-found`, also where the occurrence has not begun; `authority-missing` without *read*.
    pub fn part(&self, caller: &Caller, number: &str, key: &StepKey) -> Result<PartView, Failure> {
        let state = self.run(caller, number)?;
        let run = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
        let unknown = || {
            let detail =
                format!("{key} of {number} has not begun, or the master record has no such step");
            Failure::from(Refusal::new(&NOT_FOUND, detail))
        };
        part(run, key).ok_or_else(unknown)
    }
}
