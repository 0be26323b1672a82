//! A sample takes what was not said from the master record.

use super::*;

// shows: C211-170.a
#[test]
fn a_sample_takes_from_the_master_record_what_was_not_said() {
    let spec: Spec = serde_json::from_value(sample().spec).expect("a specification");
    let read = |value: Value| spec.parse(&Input { value, unit: None });
    let whole = read(json!({ "id": "S-1", "reserve": { "keep_until": "2028-03-31" } }));
    let whole = whole.expect("well formed");
    assert_eq!(
        whole.shown,
        "S-1, 50 mL in 2 containers, to QC laboratory; reserve 10 mL, -70 °C, until 2028-03-31"
    );
    assert_eq!(reserve(&whole).map(|kept| kept.to_string()), Some("10 mL".into()));
    let plain = read(json!({ "id": "s- 1", "quantity": "48", "unit": "L" })).expect("read");
    assert_eq!((plain.data["key"].as_str(), reserve(&plain)), (Some("S-1"), None));
    assert!(spec.parse_point("lost", &Input { value: json!({}), unit: None }).is_err());
}
