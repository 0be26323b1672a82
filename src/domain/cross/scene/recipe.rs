//! The small master record of the quality scenes.

use crate::domain::ids::StepKey;
use crate::domain::recipe::MasterRecord;
use crate::domain::words::EntryKey;
use serde_json::json;

/// A master record with all that quality rules look at: a care step, a gate, results due at the gate
/// and at release, a release specification.
#[must_use]
pub fn recipe() -> MasterRecord {
    let ph = |id: &str, due: serde_json::Value| {
        json!({ "id": id, "name": id, "kind": "number", "unit": "[pH]", "due": due,
            "classification": "CPP", "second_look": { "none": "told by the scene" },
            "limits": [
                { "purpose": "acceptance", "low": { "value": "6.60", "inclusive": true },
                  "high": { "value": "7.10", "inclusive": true } },
                { "purpose": "alert", "low": { "value": "6.70", "inclusive": true },
                  "high": { "value": "7.00", "inclusive": true } }] })
    };
    serde_json::from_value(json!({
        "format": "batchwright.master-record/1", "code": "SMALL", "title": "Small",
        "product": { "code": "AMAB", "name": "A-Mab" }, "strength_or_scale": "1 L",
        "language": "en", "purpose": "production",
        "batch_size": { "value": "1", "unit": "[pH]" },
        "theoretical_yield": { "quantity": { "value": "100", "unit": "[pH]" },
            "min_percent": "90", "max_percent": "110" },
        "outputs": [{ "id": "bulk", "name": "Bulk", "material": "AMAB-BULK", "class": "product",
                      "step": "grow", "unit": "[pH]" }],
        "unit_procedures": [{ "id": "UP", "name": "Culture", "operations": [
            { "id": "OP", "name": "Culture", "steps": [
                { "id": "grow", "name": "Grow", "instruction": "Grow.", "significant": true,
                  "second_person": { "mode": "verify-after", "within_minutes": 60 },
                  "entries": [ph("pH", json!("step")), ph("density", json!({ "gate": "G" })),
                              ph("virus", json!("release"))] },
                { "id": "feed", "name": "Feed", "instruction": "Feed.", "care": true,
                  "on_demand": true },
                { "id": "transfer", "name": "Transfer", "instruction": "Transfer.",
                  "after": ["grow"], "irreversible": "transfer" }] }] }],
        "gates": [{ "id": "G", "name": "Transfer", "before": ["transfer"], "at_risk_minutes": 60 },
                  { "id": "H", "name": "Never at risk", "before": ["transfer"] }],
        "release_specifications": [ph("purity", json!("release"))]
    }))
    .expect("the small master record is well formed")
}

/// An occurrence of a step of [`recipe`].
#[must_use]
pub fn step(id: &str) -> StepKey {
    StepKey::new("OP", 1, id, 1)
}

/// An entry of [`recipe`]: of the step *grow*, or `purity` of the run.
#[must_use]
pub fn entry(id: &str) -> EntryKey {
    let step = (id != "purity").then(|| step("grow"));
    EntryKey { step, entry: id.to_owned() }
}
