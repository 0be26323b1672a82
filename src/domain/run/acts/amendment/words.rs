//! What stands in a recipe now and what would stand there, as people read it.

use crate::domain::entry::spec::{Due, EntrySpec};
use crate::domain::recipe::{MasterRecord, Occurs, Operation};
use crate::domain::run::amendment::Change;

/// Before and after a change.
pub fn both(recipe: &MasterRecord, change: &Change) -> (String, String) {
    match change {
        Change::Instruction { step, instruction } => {
            let now = recipe.step(step).map(|(_, step)| step.instruction.clone());
            (now.unwrap_or_default(), instruction.clone())
        }
        Change::Entry { step, entry } => {
            let now = recipe
                .step(step)
                .and_then(|(_, step)| step.entries.iter().find(|spec| spec.id == entry.id));
            specs(now, entry)
        }
        Change::Reprocess { operation, times, .. } => {
            let found = recipe.operation(operation);
            let occurs = found.map_or(Occurs { min: 0, max: None }, |op| op.order.occurs());
            let name = found.map_or(operation.as_str(), |op| op.name.as_str());
            let most = |max: Option<u32>| max.map_or_else(|| "any".into(), |max| max.to_string());
            let before =
                format!("{operation} ({name}) occurs {} to {} times", occurs.min, most(occurs.max));
            let more = Occurs {
                min: occurs.min.saturating_add(*times),
                max: occurs.max.map(|max| max.saturating_add(*times)),
            };
            let after = format!(
                "{operation} ({name}) occurs {} to {} times: the same operation {times} more, as reprocessing",
                more.min,
                most(more.max)
            );
            (before, after)
        }
        Change::Rework { unit_procedure, operation, .. } => {
            let found = recipe.unit_procedures.iter().find(|up| up.id == *unit_procedure);
            let ids: Vec<&str> =
                found.iter().flat_map(|up| &up.operations).map(|op| op.id.as_str()).collect();
            let before = format!("{unit_procedure} has the operations {}", ids.join(", "));
            (before, added(unit_procedure, operation))
        }
    }
}

fn added(unit_procedure: &str, operation: &Operation) -> String {
    let steps: Vec<_> = operation
        .steps
        .iter()
        .map(|step| format!("{} {}: {}", step.id, step.name, step.instruction))
        .collect();
    format!(
        "{unit_procedure} has another operation, as rework: {} ({}): {}",
        operation.id,
        operation.name,
        steps.join("; ")
    )
}

/// Two specifications; where they read alike, as they are written.
fn specs(now: Option<&EntrySpec>, next: &EntrySpec) -> (String, String) {
    let (before, after) = (now.map(described).unwrap_or_default(), described(next));
    if before != after {
        return (before, after);
    }
    let written = |spec: &EntrySpec| serde_json::to_string(spec).unwrap_or_default();
    (now.map(written).unwrap_or_default(), written(next))
}

fn described(spec: &EntrySpec) -> String {
    let kind = spec.kind.as_kind();
    let mut parts = vec![format!("{} [{}]: {}", spec.name, spec.id, kind.asks())];
    for (purpose, limit) in kind.limits_shown() {
        parts.push(format!("{purpose} {limit}"));
    }
    if let Some(class) = spec.classification {
        parts.push(class.as_str().to_owned());
    }
    parts.push(if spec.mandatory { "mandatory" } else { "optional" }.to_owned());
    match &spec.due {
        Due::Step => {}
        Due::Gate(gate) => parts.push(format!("due before gate {gate}")),
        Due::Release => parts.push("due before release".to_owned()),
    }
    if !spec.authorities.is_empty() {
        let words: Vec<_> = spec.authorities.iter().map(|a| a.as_str()).collect();
        parts.push(format!("recorded by {}", words.join(" or ")));
    }
    if let Some(when) = &spec.when {
        parts.push(format!("asked when {when}"));
    }
    parts.join("; ")
}
