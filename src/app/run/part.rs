//! One part of a batch: a step's occurrence alone, for a terminal that works on it and asks often.

use crate::app::desk::{Caller, Desk, Failure};
use crate::app::shown::step::{StepView, occurrence};
use crate::app::shown::word;
use crate::domain::entry::Limits;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::ids::StepKey;
use crate::domain::limits::{Bound, Compare, Limit};
use crate::domain::refusal::{NOT_FOUND, Refusal};
use crate::domain::run::{Run, amendment};
use crate::domain::units;
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
    /// Changes of its instruction for this batch alone.
    pub redlines: Vec<RedlineView>,
    /// What each entry asks, by the master record as it was issued and amended since.
    pub asks: Vec<AskView>,
}

/// What an entry asks, for a form.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskView {
    /// Id in the master record.
    #[schema(example = "ph")]
    pub entry: String,
    /// Name.
    pub name: String,
    /// Kind, as in `number`.
    #[schema(example = "number")]
    pub kind: String,
    /// Whether what it belongs to waits for it.
    pub mandatory: bool,
    /// Unit code of the registry, where the kind has one.
    #[schema(example = "[pH]")]
    pub unit: Option<String>,
    /// Limits, what each is for, and how a value is compared with it.
    pub limits: Vec<LimitLine>,
    /// What can be chosen, where the kind lists it.
    #[schema(value_type = Vec<Value>)]
    pub options: Vec<Value>,
    /// Changes of what it asks, for this batch alone.
    pub redlines: Vec<RedlineView>,
    /// The label that it counts, with its specimen.
    pub label: Option<LabelView>,
    /// The whole specification, as in a master record.
    #[schema(value_type = Object)]
    pub specification: Value,
}

/// A limit, for a form and for people.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct LimitLine {
    /// `acceptance`, `control`, `alert`, `plausibility` or `reference`.
    #[schema(example = "acceptance")]
    pub purpose: String,
    /// As in `6.60 ≤ x ≤ 7.10 pH`.
    pub shown: String,
    /// Lower end; null: none, or it is no limit of a number.
    pub low: Option<BoundView>,
    /// Upper end.
    pub high: Option<BoundView>,
    /// `rounded` to the last written place of each end, or `exact`; null: it is no limit of a number.
    pub compare: Option<String>,
    /// It is of one determination, where the others are of what the method joins.
    pub single: bool,
    /// Where the numbers come from.
    pub note: Option<String>,
}

/// An end of a limit.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoundView {
    /// As the master record writes it.
    #[schema(example = "6.60")]
    pub value: String,
    /// Whether the end itself is within.
    pub inclusive: bool,
}

/// A change for one batch, in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct RedlineView {
    /// Number of the amendment.
    pub no: u32,
    /// What stood there.
    pub before: String,
    /// What stands there now.
    pub after: String,
    /// Why.
    pub reason: String,
}

/// A label with its specimen.
#[derive(Debug, Serialize, ToSchema)]
pub struct LabelView {
    /// Id in the master record.
    pub id: String,
    /// What it is put on.
    pub used_on: String,
    /// The specimen's text, line by line.
    pub specimen: Vec<String>,
    /// SHA-256 (hex) of a picture of the specimen.
    pub picture: Option<String>,
}

impl From<&Bound> for BoundView {
    fn from(bound: &Bound) -> Self {
        Self { value: bound.written(), inclusive: bound.inclusive }
    }
}

/// The limits of an entry: of a number with their ends, and what else is printed as people read it.
fn limits(spec: &EntrySpec, unit: Option<&str>) -> Vec<LimitLine> {
    let mut kind = spec.kind.clone();
    let Limits { value, single, rounded } = kind.as_kind_mut().take_limits();
    let usual = if rounded { Compare::Rounded } else { Compare::Exact };
    let unit = unit.map(units::shown).unwrap_or_default();
    let both = value.iter().map(|limit| (limit, false));
    let both = both.chain(single.iter().map(|limit| (limit, true)));
    let line = |(limit, single): (&Limit, bool)| LimitLine {
        purpose: limit.purpose.as_str().to_owned(),
        shown: limit.shown(unit.as_ref()),
        low: limit.low.as_ref().map(Into::into),
        high: limit.high.as_ref().map(Into::into),
        compare: Some(word(&limit.compares(usual))),
        single,
        note: limit.note.clone(),
    };
    let mut lines: Vec<LimitLine> = both.map(line).collect();
    for (purpose, shown) in spec.kind.as_kind().limits_shown() {
        if !lines.iter().any(|line| line.shown == shown) {
            lines.push(LimitLine { purpose, shown, ..LimitLine::default() });
        }
    }
    lines
}

fn redlines(run: &Run, step: &str, entry: Option<&str>) -> Vec<RedlineView> {
    let named = amendment::redlines(run, step, entry);
    let changes = amendment::in_force(run).filter(|change| named.contains(&change.told.no));
    changes
        .map(|change| RedlineView {
            no: change.told.no,
            before: change.told.before.clone(),
            after: change.told.after.clone(),
            reason: change.told.reason.clone(),
        })
        .collect()
}

fn ask(run: &Run, step: &str, spec: &EntrySpec) -> AskView {
    let specification = serde_json::to_value(spec).unwrap_or_default();
    let counted = spec.kind.as_kind().counts();
    let label = run.recipe.labels.iter().find(|label| Some(label.id.as_str()) == counted);
    AskView {
        entry: spec.id.clone(),
        name: spec.name.clone(),
        kind: spec.kind.name().to_owned(),
        mandatory: spec.mandatory,
        unit: specification["unit"].as_str().map(str::to_owned),
        limits: limits(spec, specification["unit"].as_str()),
        options: specification["options"].as_array().cloned().unwrap_or_default(),
        redlines: redlines(run, step, Some(&spec.id)),
        label: label.map(|label| LabelView {
            id: label.id.clone(),
            used_on: label.used_on.clone(),
            specimen: label.specimen.clone(),
            picture: label.picture.clone(),
        }),
        specification,
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
        redlines: redlines(run, &step.id, None),
        asks: step.entries.iter().map(|spec| ask(run, &step.id, spec)).collect(),
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

#[cfg(test)]
mod tests {
    use super::part;
    use crate::domain::cross::scene::{Scene, recipe};
    use serde_json::json;

    // finding: N6
    #[test]
    fn a_count_of_labels_shows_the_specimen_before_anything_is_recorded() {
        let mut document = serde_json::to_value(recipe()).expect("plain data");
        document["labels"] = json!([{ "id": "L-1", "used_on": "the bag", "specimen": ["Buffer"] }]);
        let entry =
            json!({ "id": "labels", "name": "Labels", "kind": "label-count", "label": "L-1" });
        let step = &mut document["unit_procedures"][0]["operations"][0]["steps"][0];
        step["entries"].as_array_mut().expect("entries").push(entry);
        let mut scene = Scene::of("B-1", 0xB, serde_json::from_value(document).expect("a recipe"));
        scene.begin();
        scene.start("grow");
        let key = scene.run.steps.keys().next().cloned().expect("it began");
        let part = part(&scene.run, &key).expect("a part");
        let label = part.asks.last().and_then(|ask| ask.label.as_ref()).expect("a label");
        assert_eq!(
            (label.id.as_str(), label.specimen.as_slice()),
            ("L-1", &["Buffer".to_owned()][..])
        );
        assert!(part.asks[0].label.is_none() && part.step_view.entries[0].versions.is_empty());
    }
}
