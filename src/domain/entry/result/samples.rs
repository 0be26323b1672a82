//! Results as they may look: for documentation and tests, and as they conform.

use super::super::conforming::Situation;
use super::super::{Input, Kind, Sample};
use super::Spec;
use crate::domain::limits;
use serde_json::json;

/// Determinations that conform, singly and as the method joins them.
pub(super) fn conforming(spec: &Spec, asked: &Situation<'_>) -> Vec<Input> {
    let of_looks = spec.result.as_kind().conforming(asked).into_iter();
    let version = spec.method_version.as_deref().unwrap_or("1");
    let sent = |looks: Input| {
        let mut sent = json!({ "value": looks.value, "method_version": version });
        match (&spec.sample, asked.sample) {
            (Some(_), Some(sample)) => sent["sample"] = json!(sample),
            _ => sent["item"] = json!(asked.lot.unwrap_or(asked.name)),
        }
        if let Some(lot) = asked.lot {
            sent["lot"] = json!(lot);
        }
        Input { value: sent, unit: looks.unit }
    };
    let meets = |input: &Input| {
        let Ok(value) = spec.parse(input) else { return false };
        let singly = limits::worst(&spec.judge(&value)).is_none();
        let joined = spec.joined(&vec![&value; spec.planned() as usize]);
        singly && joined.is_none_or(|(_, verdicts)| limits::worst(&verdicts).is_none())
    };
    of_looks.map(sent).filter(meets).collect()
}

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({
            "sample": "harvest-sample", "method": "Endotoxin, kinetic LAL",
            "method_version": "AM-114 v3", "replicates": 3, "further": 1,
            "result": { "type": "number", "unit": "[EU]/mL", "decimals": 2, "limits": [
                { "purpose": "acceptance", "high": { "value": "0.25", "inclusive": true } }] }
        }),
        valid: vec![
            json!({ "value": { "value": "0.12", "method_version": "AM-114 v3",
                "sample": "S-26-014" }, "unit": "[EU]/mL" }),
            json!({ "value": { "value": "0.31", "method_version": "AM-114 v3",
                "note": "plate 2" }, "unit": "[EU]/mL" }),
            json!({ "value": "0.12", "unit": "[EU]/mL" }),
            json!({ "value": "120", "unit": "EU/L" }),
            json!({ "value": "<0.05", "unit": "EU/mL" }),
        ],
        invalid: vec![
            json!({ "value": { "value": "0.12" }, "unit": "[EU]/mL" }),
            json!({ "value": { "value": "0.12", "method_version": " " }, "unit": "[EU]/mL" }),
            json!({ "value": { "value": "0.12", "method_version": "v3" } }),
            json!({ "value": { "value": "low", "method_version": "v3" }, "unit": "[EU]/mL" }),
        ],
    }
}
