//! The master record and the persons that these tests play with.

#[path = "../../../src/domain/scene.rs"]
#[allow(dead_code)]
mod persons;

use batchwright::domain::person::Person;
use batchwright::domain::recipe::MasterRecord;
pub use persons::{AT as BEGIN, person, site};
use serde_json::{Value, json};

/// The cast: two operators, a supervisor, three analysts and two who direct the laboratory, two of quality, an
/// administrator, a process engineer.
pub fn cast() -> Vec<Person> {
    vec![
        person("ana", 1, &["operator"]),
        person("ben", 2, &["operator"]),
        person("sue", 3, &["supervisor"]),
        person("lab", 4, &["qc-analyst"]),
        person("lena", 9, &["qc-analyst"]),
        person("luz", 10, &["qc-supervisor"]),
        person("lars", 11, &["qc-analyst"]),
        person("lia", 12, &["qc-supervisor"]),
        person("quinn", 5, &["qa"]),
        person("quentin", 6, &["qa"]),
        person("adam", 7, &["administrator"]),
        person("eva", 8, &["process-engineer"]),
    ]
}

/// A number with acceptance 6.6 to 7.1, alert 6.7 to 7.0 and plausibility 0 to 14.
pub fn ph(id: &str) -> Value {
    let limit = |purpose: &str, low: &str, high: &str| {
        json!({ "purpose": purpose,
            "low": { "value": low, "inclusive": true },
            "high": { "value": high, "inclusive": true } })
    };
    json!({ "id": id, "name": "pH", "kind": "number", "unit": "[pH]", "classification": "CPP",
        "second_look": { "none": "other tests give it" },
        "limits": [limit("acceptance", "6.6", "7.1"), limit("alert", "6.7", "7.0"),
            limit("plausibility", "0", "14")] })
}

/// A text nobody judges.
pub fn note(id: &str, mandatory: bool) -> Value {
    json!({ "id": id, "name": "Note", "kind": "text", "mandatory": mandatory })
}

/// A step of these attributes.
pub fn step(id: &str, entries: Value, more: Value) -> Value {
    let mut step =
        json!({ "id": id, "name": id, "instruction": format!("Do {id}."), "entries": entries });
    for (key, value) in more.as_object().expect("attributes") {
        step[key] = value.clone();
    }
    step
}

/// A master record with these operations and gates.
pub fn master(operations: Value, gates: Value, specifications: Value) -> MasterRecord {
    // The product comes out of the last operation, from its first step on.
    let last = operations.as_array().and_then(|all| all.last());
    let step = last.map_or(Value::Null, |operation| operation["steps"][0]["id"].clone());
    serde_json::from_value(json!({
        "format": "batchwright.master-record/1", "code": "TEST", "title": "Test",
        "product": { "code": "P", "name": "Product" }, "strength_or_scale": "1 L",
        "language": "en", "purpose": "production",
        "batch_size": { "value": "1", "unit": "L" },
        "theoretical_yield": { "quantity": { "value": "1", "unit": "L" },
            "min_percent": "90", "max_percent": "110" },
        "outputs": [{ "id": "product", "name": "Product", "material": "P", "class": "product",
                      "step": step, "unit": "L" }],
        "unit_procedures": [{ "id": "UP", "name": "All", "operations": operations }],
        "gates": gates, "release_specifications": specifications,
    }))
    .expect("a master record")
}

/// A culture and its purification, with one of everything that order and persons know.
pub fn process() -> MasterRecord {
    let culture = json!({ "id": "OP-1", "name": "Culture", "steps": [
        step("prep", json!([ph("ph"), note("note", false)]), json!({})),
        step("inoc", json!([]), json!({ "after": ["prep"], "irreversible": "inoculate",
            "second_person": { "mode": "witness-before" } })),
        step("feed", json!([ph("ph")]), json!({ "after": ["inoc"], "care": true,
            "while": "OP-1", "occurs": { "min": 1 } })),
        step("sample", json!([
            { "id": "count", "name": "Count", "kind": "number", "unit": "1", "whole": true },
            { "id": "myco", "name": "Mycoplasma", "kind": "text", "due": "release",
                "authorities": ["test"], "expected": "negative", "classification": "specification" },
        ]), json!({ "sampling": true, "on_demand": true })),
        step("end", json!([note("note", true)]), json!({ "after": ["feed"], "significant": true,
            "second_person": { "mode": "witness-during" } })),
    ] });
    let purification = json!({ "id": "OP-2", "name": "Purification", "after": ["OP-1"], "steps": [
        step("load", json!([{ "id": "titrate", "name": "Titration", "kind": "adjust-to-target",
            "unit": "[pH]", "set_point": "3.5",
            "addition": { "material": "acid", "unit": "kg" } }]),
            json!({ "occurs": { "min": 1, "max": 3 } })),
        step("elute", json!([ph("ph")]), json!({ "after": ["load"], "significant": true,
            "on_critical": "to-safe-point",
            "occurs": { "min": 1, "max": 3 },
            "second_person": { "mode": "verify-after", "within_minutes": 30 } })),
        step("pool", json!([]), json!({ "after": ["load", "elute"], "irreversible": "pool" })),
    ] });
    let gates = json!([
        { "id": "G-INOC", "name": "Inoculation", "before": ["inoc"] },
        { "id": "G-POOL", "name": "Pooling", "before": ["pool"], "at_risk_minutes": 120 },
    ]);
    let sterile = json!([{ "id": "sterile", "name": "Sterility", "kind": "text",
        "expected": "sterile", "classification": "specification", "due": "release" }]);
    master(json!([culture, purification]), gates, sterile)
}
