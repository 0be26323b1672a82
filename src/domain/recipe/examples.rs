//! The example master records read back as written; a whole process keeps its numbers.

use crate::domain::recipe::MasterRecord;
use serde_json::Value;

const AMAB: &str = include_str!("../../../schemas/examples/amab-drug-substance.json");
const AMAB_2: &str = include_str!("../../../schemas/examples/amab-drug-substance-2.json");
const BUFFER: &str = include_str!("../../../schemas/examples/buffer-preparation.json");

fn read(text: &str) -> (Value, MasterRecord) {
    let document: Value = serde_json::from_str(text).expect("JSON");
    let record = serde_json::from_value(document.clone()).expect("a master record");
    (document, record)
}

/// Every object of `small` is part of `large`, so that nothing written is lost in reading.
fn part_of(small: &Value, large: &Value, path: &str) {
    match (small, large) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                let at = format!("{path}/{key}");
                part_of(value, b.get(key).unwrap_or_else(|| panic!("{at} is lost")), &at);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len(), "{path}");
            for (i, (x, y)) in a.iter().zip(b).enumerate() {
                part_of(x, y, &format!("{path}/{i}"));
            }
        }
        _ => assert_eq!(small, large, "{path}"),
    }
}

#[test]
fn nothing_written_is_lost_in_reading() {
    for text in [AMAB, AMAB_2, BUFFER] {
        let (document, record) = read(text);
        part_of(&document, &serde_json::to_value(&record).expect("plain data"), "");
    }
}

#[test]
fn the_a_mab_process_is_whole() {
    let (_, record) = read(AMAB);
    assert_eq!(record.unit_procedures.len(), 11);
    assert_eq!(record.operations().count(), 14);
    assert_eq!(record.steps().count(), 39);
    assert_eq!(record.steps().map(|(_, step)| step.entries.len()).sum::<usize>(), 118);
    assert_eq!(record.release_specifications.len(), 4);
}

/// Step, id and name of every entry of a document; a release specification has no step.
fn asked(document: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let entries = |at: &Value, of: &Value| -> Vec<_> {
        list(of).iter().map(|e| (text(at), text(&e["id"]), text(&e["name"]))).collect()
    };
    let mut found = entries(&Value::Null, &document["release_specifications"]);
    for unit_procedure in list(&document["unit_procedures"]) {
        for operation in list(&unit_procedure["operations"]) {
            for step in list(&operation["steps"]) {
                found.extend(entries(&step["id"], &step["entries"]));
            }
        }
    }
    found
}

#[test]
fn version_2_asks_for_all_that_version_1_asks_for() {
    let read = |text| serde_json::from_str::<Value>(text).expect("JSON");
    let (first, second) = (read(AMAB), read(AMAB_2));
    assert_eq!(first["code"], second["code"]);
    let (before, now) = (asked(&first), asked(&second));
    assert_eq!(before.len(), 118 + 4);
    for entry in before {
        assert!(now.contains(&entry), "{entry:?} is lost");
    }
}
