//! Each finding is provoked by one change of a record that has none.

use super::{NOT_YET_SUPPORTED, check};
use serde_json::{Value, json};

const AMAB: &str = include_str!("../../../../schemas/examples/amab-drug-substance.json");
const BUFFER: &str = include_str!("../../../../schemas/examples/buffer-preparation.json");

fn buffer() -> Value {
    serde_json::from_str(BUFFER).expect("JSON")
}

/// Sets (or with null removes) the member at a pointer.
fn set(document: &mut Value, pointer: &str, value: Value) {
    let (parent, member) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.pointer_mut(parent).expect("a place");
    match parent {
        Value::Object(object) if value.is_null() => {
            object.remove(member);
        }
        Value::Object(object) => {
            object.insert(member.to_owned(), value);
        }
        Value::Array(list) => list[member.parse::<usize>().expect("an index")] = value,
        _ => panic!("{pointer} has no members"),
    }
}

#[test]
fn the_examples_have_no_findings() {
    for text in [AMAB, BUFFER] {
        let document = serde_json::from_str(text).expect("JSON");
        let found = check(&document).err();
        assert_eq!(found, None);
    }
}

const UP: &str = "/unit_procedures/0";
const OP1: &str = "/unit_procedures/0/operations/0";
const OP2: &str = "/unit_procedures/0/operations/1";

/// A change, the code it provokes, and a place that the finding names.
fn changes() -> Vec<(String, Value, &'static str, String)> {
    let s = |op: &str, rest: &str| format!("{op}/steps/{rest}");
    let row = |at: String, value: Value, code, found: &str| (at, value, code, found.to_owned());
    let weigh = s(OP1, "0/entries/2");
    vec![
        row("/materials".into(), json!([]), "incomplete", "/materials"),
        row("/labels".into(), json!(null), "incomplete", "/labels"),
        row("/containers".into(), json!(null), "incomplete", "/containers"),
        row("/precautions".into(), json!([" "]), "incomplete", "/precautions"),
        row("/release_specifications".into(), json!([]), "incomplete", "/release_specifications"),
        row("/title".into(), json!(" "), "incomplete", "/title"),
        row("/theoretical_yield".into(), json!(null), "shape", ""),
        row(
            "/theoretical_yield/min_percent".into(),
            json!("110"),
            "incomplete",
            "/theoretical_yield",
        ),
        row("/materials/1/quantity_note".into(), json!(null), "incomplete", "/materials/1"),
        row(
            "/materials/2/quantity".into(),
            json!({"value": "1", "unit": "[lb_av]"}),
            "incomplete",
            "/materials",
        ),
        row("/batch_size/unit".into(), json!("litre"), "unknown-unit", "/batch_size/unit"),
        row("/colour".into(), json!("red"), "shape", ""),
        row(format!("{weigh}/set_point"), json!(0.272), "shape", &format!("{weigh}/set_point")),
        row(format!("{weigh}/unit"), json!("kilo"), "unknown-unit", &weigh),
        row(format!("{weigh}/limits/0/low/value"), json!("0.3"), "limits", &weigh),
        row(s(OP1, "1/id"), json!("01.1"), "duplicate-id", &s(OP1, "1/id")),
        row(format!("{UP}/id"), json!("01.1"), "duplicate-id", &s(OP1, "0/id")),
        row(s(OP1, "0/entries/1/id"), json!("lot"), "duplicate-id", &s(OP1, "0/entries/1/id")),
        row("/materials/1/code".into(), json!("WFI"), "duplicate-id", "/materials/2/code"),
        row(s(OP1, "1/after"), json!(["09.9"]), "unknown-reference", &s(OP1, "1/after/0")),
        row(s(OP1, "1/while"), json!("OP-9"), "unknown-reference", &s(OP1, "1/while")),
        row(
            s(OP2, "1/entries/2/due"),
            json!({"gate": "G-9"}),
            "unknown-reference",
            &s(OP2, "1/entries/2/due/gate"),
        ),
        row("/gates/0/before".into(), json!(["09.9"]), "unknown-reference", "/gates/0/before/0"),
        row(s(OP1, "0/after"), json!(["01.2"]), "unreachable", &s(OP1, "0")),
        row(s(OP1, "0/after"), json!(["OP-01"]), "unreachable", &s(OP1, "0")),
        row(format!("{OP1}/after"), json!(["OP-02"]), "unreachable", &s(OP1, "0")),
        row(format!("{OP1}/while"), json!("OP-02"), "unreachable", &s(OP1, "0")),
        row(
            s(OP2, "1/entries/0/due"),
            json!({"gate": "G-FILL"}),
            "unreachable",
            &s(OP2, "1/entries/0/due"),
        ),
        row("/gates".into(), json!([]), "gate", &s(OP2, "1/irreversible")),
        row("/gates/0/before".into(), json!(["02.2", "02.1"]), "gate", "/gates/0/before/1"),
        row(s(OP1, "0/second_person"), json!(null), "second-person", &s(OP1, "0/second_person")),
        row(
            s(OP1, "0/second_person"),
            json!({"mode": "verify-after"}),
            "second-person",
            &s(OP1, "0/second_person"),
        ),
        row(
            s(OP1, "0/second_person"),
            json!({"mode": "witness-during", "within_minutes": 5}),
            "second-person",
            &s(OP1, "0/second_person"),
        ),
        row(
            s(OP1, "0/second_person/authority"),
            json!("read"),
            "second-person",
            &s(OP1, "0/second_person"),
        ),
        row(s(OP1, "1/occurs"), json!({"min": 6, "max": 5}), "occurs", &s(OP1, "1/occurs")),
        row(s(OP1, "1/on_demand"), json!(true), "occurs", &s(OP1, "1/occurs")),
        row(s(OP1, "1/on_critical"), json!("stop"), "protection", &s(OP1, "1/on_critical")),
        row(s(OP2, "1/care"), json!(true), "protection", &s(OP2, "1/irreversible")),
        row(s(OP1, "0/authorities"), json!(["review"]), "authority", &s(OP1, "0/authorities/0")),
        row(
            s(OP2, "1/entries/2/authorities"),
            json!(["read"]),
            "authority",
            &s(OP2, "1/entries/2/authorities/0"),
        ),
        row(
            "/release_specifications/0/due".into(),
            json!("step"),
            "due",
            "/release_specifications/0/due",
        ),
        row(
            s(OP2, "0/entries/1/options"),
            json!(["clear"]),
            "shape",
            &s(OP2, "0/entries/1/options"),
        ),
        row(s(OP2, "0/entries/1/accepted"), json!(["bright"]), "limits", &s(OP2, "0/entries/1")),
        row(s(OP1, "1/every"), json!("PT15M"), NOT_YET_SUPPORTED, &s(OP1, "1/every")),
        row(s(OP1, "1/grace"), json!("PT5M"), NOT_YET_SUPPORTED, &s(OP1, "1/grace")),
        row(format!("{OP2}/when"), json!("x > 1"), NOT_YET_SUPPORTED, &format!("{OP2}/when")),
        row(
            s(OP1, "1/timers"),
            json!([{"id": "t", "name": "t", "starts": {"of": "01.1", "at": "completed"}}]),
            NOT_YET_SUPPORTED,
            &s(OP1, "1/timers"),
        ),
        row(
            format!("{weigh}/device"),
            json!("balance"),
            NOT_YET_SUPPORTED,
            &format!("{weigh}/device"),
        ),
        row("/expires_after".into(), json!("P30D"), NOT_YET_SUPPORTED, "/expires_after"),
        row(
            s(OP1, "1/entries/1"),
            json!({"id": "x", "name": "x", "kind": "hologram"}),
            NOT_YET_SUPPORTED,
            &s(OP1, "1/entries/1/kind"),
        ),
        row(
            s(OP1, "1/entries/1"),
            json!({"id": "x", "name": "x", "kind": "duration", "from": {"of": "01.2", "at": "started"}, "to": {"of": "01.2", "at": "completed"}, "unit": "min"}),
            NOT_YET_SUPPORTED,
            &s(OP1, "1/entries/1/kind"),
        ),
    ]
}

// shows: C211-186b, CH4-17, C211-110b, C211-188b11, T17
#[test]
fn every_finding_is_provoked_by_one_change_and_names_its_place() {
    for (at, value, code, place) in changes() {
        let mut document = buffer();
        set(&mut document, &at, value.clone());
        let findings = check(&document).expect_err(&format!("{at} = {value}"));
        assert!(
            findings.iter().any(|f| f.code == code && f.pointer == place),
            "{at} = {value}: expected {code} at {place:?}, found {findings:#?}"
        );
    }
}

// shows: C211-186b
#[test]
fn all_findings_come_at_once() {
    let mut document = buffer();
    for (at, value) in [
        ("/labels", json!(null)),
        ("/batch_size/unit", json!("litre")),
        ("/expires_after", json!("P30D")),
        ("/unit_procedures/0/operations/0/steps/0/second_person", json!(null)),
    ] {
        set(&mut document, at, value);
    }
    let findings = check(&document).expect_err("four things are wrong");
    assert_eq!(findings.len(), 4, "{findings:#?}");
}

// shows: CH4-17
#[test]
fn production_asks_for_more_than_a_buffer() {
    let mut document = buffer();
    set(&mut document, "/purpose", json!("production"));
    set(&mut document, &format!("{UP}/equipment_class"), json!(null));
    set(&mut document, &format!("{OP1}/area"), json!(null));
    let findings = check(&document).expect_err("three things are missing");
    let rules: Vec<_> = findings.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(rules, ["C211-186b", "CH4-17", "CH4-17"], "{findings:#?}");
}

/// Every kind of the schema is known here, as living or as coming.
#[test]
fn the_schema_and_the_kinds_agree() {
    let text = include_str!("../../../../schemas/master-record.schema.json");
    let schema: Value = serde_json::from_str(text).expect("JSON");
    let listed = &schema["$defs"]["entry"]["properties"]["kind"]["enum"];
    let known: Vec<&str> = crate::domain::entry::KindSpec::NAMES
        .iter()
        .copied()
        .chain(super::unsupported::LATER_KINDS)
        .collect();
    assert_eq!(*listed, json!(known));
}

#[test]
fn nonsense_is_a_finding_and_no_panic() {
    for document in
        [json!(null), json!([]), json!({}), json!({"unit_procedures": [{"operations": 7}]})]
    {
        assert!(check(&document).is_err_and(|findings| !findings.is_empty()));
    }
}
