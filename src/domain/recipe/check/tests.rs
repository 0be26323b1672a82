//! Each finding is provoked by one change of a record that has none.

use crate::domain::recipe::check::check;
use serde_json::{Value, json};

const AMAB: &str = include_str!("../../../../schemas/examples/amab-drug-substance.json");
const AMAB_2: &str = include_str!("../../../../schemas/examples/amab-drug-substance-2.json");
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
    for text in [AMAB, AMAB_2, BUFFER] {
        let document = serde_json::from_str(text).expect("JSON");
        let found = check(&document);
        assert_eq!(found.as_ref().err(), None);
        // As read and written again too: a one-batch change is checked in that form.
        let again = serde_json::to_value(found.ok()).expect("JSON");
        assert_eq!(check(&again).err(), None);
    }
}

const UP: &str = "/unit_procedures/0";
const OP1: &str = "/unit_procedures/0/operations/0";
const OP2: &str = "/unit_procedures/0/operations/1";

/// Change | new value (null removes) | the code it provokes | the place named, where it is another.
/// `1:` and `2:` stand for the steps of the two operations.
const CHANGES: &str = r#"
/materials | [] | incomplete
/gates/0/authorities | ["read"] | authority | /gates/0/authorities/0
/gates/0/authorities | ["review", "author-master"] | authority | /gates/0/authorities/1
/gates/0/authorities | ["boss"] | shape | /gates/0/authorities/0
/labels | null | incomplete
/containers | null | incomplete
/precautions | [" "] | incomplete
/release_specifications | [] | incomplete
/title | " " | incomplete
/theoretical_yield | null | shape | -
/theoretical_yield/min_percent | "110" | incomplete | /theoretical_yield
/materials/1/quantity_note | null | incomplete | /materials/1
/materials/2/quantity | {"value": "1", "unit": "[lb_av]"} | incomplete | /materials
/batch_size/unit | "litre" | unknown-unit
/colour | "red" | shape | -
1:0/entries/2/set_point | 0.272 | shape
1:0/entries/2/unit | "kilo" | unknown-unit | 1:0/entries/2
1:0/entries/2/limits/0/low/value | "0.3" | limits | 1:0/entries/2
2:0/entries/1/options | ["clear"] | shape
2:0/entries/1/accepted | ["bright"] | limits | 2:0/entries/1
1:1/id | "01.1" | duplicate-id
/unit_procedures/0/id | "01.1" | duplicate-id | 1:0/id
1:0/entries/1/id | "lot" | duplicate-id
/materials/1/code | "WFI" | duplicate-id | /materials/2/code
/outputs | [] | incomplete
/outputs | null | incomplete
/outputs/0/class | "side-product" | incomplete | /outputs
/outputs/0/class | "rest" | shape
/outputs/0/step | "09.9" | unknown-reference
/outputs/0/unit | "litre" | unknown-unit
/outputs/0/name | " " | incomplete
/outputs | [{"id": "a", "name": "A", "material": "M", "class": "product", "step": "02.2", "unit": "L"}, {"id": "a", "name": "B", "material": "N", "class": "waste", "step": "02.2", "unit": "L"}] | duplicate-id | /outputs/1/id
1:1/after | ["09.9"] | unknown-reference | 1:1/after/0
1:1/while | "OP-9" | unknown-reference
2:1/entries/2/due | {"gate": "G-9"} | unknown-reference | 2:1/entries/2/due/gate
/gates/0/before | ["09.9"] | unknown-reference | /gates/0/before/0
1:0/after | ["01.2"] | unreachable | 1:0
1:0/after | ["OP-01"] | unreachable | 1:0
/unit_procedures/0/operations/0/after | ["OP-02"] | unreachable | 1:0
/unit_procedures/0/operations/0/while | "OP-02" | unreachable | 1:0
2:1/entries/0/due | {"gate": "G-FILL"} | unreachable
/gates | [] | gate | 2:1/irreversible
/gates/0/before | ["02.2", "02.1"] | gate | /gates/0/before/1
1:0/second_person | null | second-person
1:0/second_person | {"mode": "verify-after"} | second-person
1:0/second_person | {"mode": "witness-during", "within_minutes": 5} | second-person
1:0/second_person/authority | "read" | second-person | 1:0/second_person
1:1/occurs | {"min": 6, "max": 5} | occurs
1:1/on_demand | true | occurs | 1:1/occurs
1:1/on_critical | "stop" | protection
2:1/care | true | protection | 2:1/irreversible
1:0/authorities | ["review"] | authority | 1:0/authorities/0
2:1/entries/2/authorities | ["read"] | authority | 2:1/entries/2/authorities/0
/release_specifications/0/due | "step" | due
1:0/entries/2/device | "balance" | not-yet-supported
/expires_after | "P30D" | not-yet-supported
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "calculation", "language": "batchwright.calc/1", "expression": "[temperature] + 1 'g'", "unit": "Cel"} | calculation | 1:1/entries/1/expression
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "calculation", "language": "batchwright.calc/1", "expression": "[01.1/weight] * 2", "unit": "g"} | calculation | 1:1/entries/1/expression
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "calculation", "language": "batchwright.calc/1", "expression": "[01.1/nobody] * 2", "unit": "g"} | calculation | 1:1/entries/1/expression
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "calculation", "language": "batchwright.calc/1", "expression": "[01.1/lot] * 2", "unit": "g"} | calculation | 1:1/entries/1/expression
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "calculation", "language": "batchwright.calc/1", "expression": "[remark] + [temperature]", "unit": "Cel"} | calculation
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "calculation", "language": "batchwright.calc/1", "expression": "prev[remark] + [temperature] +", "unit": "Cel"} | calculation
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "calculation", "language": "batchwright.calc/1", "expression": "[temperature]", "unit": "Cel", "decimals": 1} | calculation
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "calculation", "language": "batchwright.calc/1", "expression": "1 'L' * [02.1/ph] / 1 'L'", "unit": "[pH]"} | unreachable | 1:1/entries/1/expression
1:1/entries/1 | {"id": "d", "name": "d", "kind": "duration", "unit": "min", "from": {"of": "01.9", "at": "started"}, "to": {"of": "01.2", "at": "completed"}} | unknown-reference
1:1/entries/1 | {"id": "d", "name": "d", "kind": "duration", "unit": "kg", "from": {"of": "01.1", "at": "started"}, "to": {"of": "01.2", "at": "completed"}} | calculation
1:1/every | "2 hours" | time | 1:1/every
1:1/grace | "PT5M" | time | 1:1/grace
1:0/every | "PT2H" | time | 1:0/every
/unit_procedures/0/operations/0/every | "PT2H" | time | /unit_procedures/0/operations/0/every
1:0/record_within | "soon" | time | 1:0/record_within
2:0/timers | [{"id": "t", "name": "t", "starts": {"of": "01.1", "at": "completed"}, "max": "PT1X"}] | time | 2:0/timers/0/max
2:0/timers | [{"id": "t", "name": "t", "starts": {"of": "01.1", "at": "completed"}, "min": "PT2H", "max": "PT1H"}] | time | 2:0/timers/0/min
2:0/timers | [{"id": "t", "name": "t", "starts": {"of": "01.1", "at": "completed"}, "min": "PT2H", "warn_before": "PT1H"}] | time | 2:0/timers/0/warn_before
2:0/timers | [{"id": "t", "name": "t", "starts": {"of": "01.1", "at": "completed"}, "min": "PT2H", "grace": "PT1H"}] | time | 2:0/timers/0/grace
2:0/timers | [{"id": "t", "name": "t", "starts": {"of": "01.1", "at": "completed"}, "max": "PT2H"}, {"id": "t", "name": "u", "starts": {"of": "01.1", "at": "completed"}, "max": "PT3H"}] | time | 2:0/timers/1/id
2:0/timers | [{"id": "t", "name": "t", "starts": {"of": "09.9", "at": "completed"}, "max": "PT1H"}] | time | 2:0/timers/0/starts
2:0/timers | [{"id": "t", "name": "t", "starts": {"of": "OP-01", "at": "entry"}, "max": "PT1H"}] | time | 2:0/timers/0/starts
2:0/timers | [{"id": "t", "name": "t", "starts": {"of": "01.1", "at": "entry"}, "max": "PT1H"}] | time | 2:0/timers/0/starts
2:0/timers | [{"id": "t", "name": "t", "starts": {"of": "01.1", "at": "entry", "entry": "nobody"}, "max": "PT1H"}] | time | 2:0/timers/0/starts
2:0/timers | [{"id": "t", "name": "t", "starts": {"of": "01.1", "at": "started", "entry": "lot"}, "max": "PT1H"}] | time | 2:0/timers/0/starts
2:0/timers | [{"id": "t", "name": "t", "starts": {"of": "01.1", "at": "completed"}, "stops": {"of": "09.9", "at": "started"}, "max": "PT1H"}] | time | 2:0/timers/0/stops
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "timer", "starts": {"of": "01.1", "at": "started"}, "stops": {"of": "01.2", "at": "completed"}} | time | 1:1/entries/1/due
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "timer", "starts": {"of": "09.9", "at": "started"}, "stops": {"of": "01.2", "at": "started"}} | time | 1:1/entries/1/starts
/release_specifications/0 | {"id": "rest", "name": "x", "kind": "timer", "due": "release", "starts": {"of": "01.1", "at": "started"}, "stops": {"of": "01.2", "at": "started"}} | time | /release_specifications/0/kind
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "label-count", "label": "L-9"} | unknown-reference | 1:1/entries/1/label
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "label-count", "label": "L-BUF"} | incomplete
2:1/entries/0 | {"id": "closed", "name": "x", "kind": "line-clearance", "place": "Line 2", "moment": "before", "checks": ["No label is left."]} | protection | 2:1/entries/0/moment
1:1/entries | [{"id": "clear", "name": "x", "kind": "line-clearance", "place": "Line 2", "moment": "before", "checks": ["No label is left."]}, {"id": "labels", "name": "x", "kind": "label-count", "label": "L-BUF"}] | protection | 1:1/entries/0/moment
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "sample", "point": "V-1", "tests": ["lot"]} | unknown-reference | 1:1/entries/1/tests/0
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "result", "method": "AM-1", "sample": "lot", "result": {"type": "choice", "options": ["a", "b"], "accepted": ["a"]}, "due": "release"} | unknown-reference | 1:1/entries/1/sample
1:1/when | "[01.1/weight]" | condition
1:1/when | "[01.1/weight] > 1" | condition
1:1/when | "[temperature] > 1 'Cel'" | condition
1:1/when | "[01.1/weight] >" | condition
1:1/when | "[01.2/temperature] > 1 'Cel'" | unreachable
1:0/entries/1/when | "[02.1/appearance] = \"clear\"" | unreachable
/unit_procedures/0/operations/1/when | "[02.1/appearance] = \"clear\"" | unreachable
/release_specifications/0 | {"id": "identity", "name": "x", "kind": "choice", "options": ["a", "b"], "accepted": ["a"], "due": "release"} | specification | /release_specifications/0/kind
/release_specifications/0 | {"id": "purity", "name": "x", "kind": "number", "unit": "%", "limits": [{"purpose": "acceptance", "low": {"value": "95.0", "inclusive": true}}], "due": "release"} | specification | /release_specifications/0/kind
/release_specifications/0/result/accepted | null | limits | /release_specifications/0/result
/release_specifications/0/when | "[01.1/weight] > 1 'kg'" | specification
/release_specifications/0/mandatory | false | specification
1:1/entries/0/classification | "release-IPC" | specification | 1:1/entries/0/kind
2:0/entries/1/classification | "specification" | specification | 2:0/entries/1/kind
2:1/when | "[01.1/weight] > 1 'kg'" | specification
/unit_procedures/0/operations/1/when | "[01.1/weight] > 1 'kg'" | specification
2:1/occurs | {"min": 0, "max": 1} | specification
2:1/entries/2/skippable | true | specification
2:1/entries/2/per | "lot" | specification
2:1/entries/2/item | null | specification | 2:1/entries/2
2:1/entries/2/result/limits | null | limits | 2:1/entries/2/result
2:1/entries/2/result | {"type": "choice", "options": ["a", "b"], "accepted": []} | limits | 2:1/entries/2/result
/release_specifications/0/item | null | specification | /release_specifications/0
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "choice", "options": ["a", "b"], "accepted": ["a"], "due": "release"} | specification | 1:1/entries/1/kind
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "result", "method": "M", "item": "bag", "result": {"type": "number", "unit": "%"}} | limits | 1:1/entries/1/result
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "result", "method": "M", "result": {"type": "choice", "options": ["a", "b"], "accepted": ["a"]}} | specification | 1:1/entries/1
1:1/entries/1 | {"id": "remark", "name": "x", "kind": "result", "method": "M", "result": {"type": "choice", "options": ["a", "b"], "accepted": ["a"]}, "due": "release", "classification": "IPC"} | specification | 1:1/entries/1
2:1/entries/2/reportable | "mean" | limits | 2:1/entries/2
2:1/entries/2/spread | {"repeats": 1} | limits | 2:1/entries/2
1:1/entries/1 | {"id": "x", "name": "x", "kind": "hologram"} | not-yet-supported | 1:1/entries/1/kind
"#;

fn place(text: &str) -> String {
    match text.split_once(':') {
        Some(("1", rest)) => format!("{OP1}/steps/{rest}"),
        Some(("2", rest)) => format!("{OP2}/steps/{rest}"),
        _ => text.trim_start_matches('-').to_owned(),
    }
}

/// A change, the code it provokes, and the place that the finding names.
fn changes() -> impl Iterator<Item = (String, Value, &'static str, String)> {
    CHANGES.lines().filter(|line| !line.is_empty()).map(|line| {
        let cells: Vec<&str> = line.split(" | ").collect();
        let value = serde_json::from_str(cells[1]).expect("JSON");
        let named = cells.get(3).unwrap_or(&cells[0]);
        (place(cells[0]), value, cells[2], place(named))
    })
}

// shows: C211-186b.a, C211-186b.b, C211-186b.c, CH4-17.a, L2.a
// finding: G1
#[test]
fn every_finding_is_provoked_by_one_change_and_names_its_place() {
    let mut missed = Vec::new();
    for (at, value, code, place) in changes() {
        let mut document = buffer();
        set(&mut document, &at, value.clone());
        let findings = check(&document).err().unwrap_or_default();
        if !findings.iter().any(|f| f.code == code && f.pointer == place) {
            let found: Vec<String> = findings.iter().map(super::Finding::line).collect();
            missed.push(format!("{at} = {value}: expected {code} at {place:?}, found {found:#?}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn an_operation_that_could_never_be_closed_is_found() {
    let mut document = buffer();
    for step in ["0", "1"] {
        set(&mut document, &format!("{OP2}/steps/{step}/when"), json!("[01.1/weight] > 0 'kg'"));
    }
    let found = check(&document).expect_err("a finding");
    let place = format!("{OP2}/when");
    assert!(found.iter().any(|f| f.code == "condition" && f.pointer == place), "{found:#?}");
}

#[test]
fn a_line_is_cleared_before_something_that_comes_after_it() {
    let clearance = json!({ "id": "clear", "name": "Line clearance", "kind": "line-clearance",
        "place": "Line 2", "moment": "before", "checks": ["No label is left."] });
    let labels =
        json!({ "id": "labels", "name": "Labels", "kind": "label-count", "label": "L-BUF" });
    let mut document = buffer();
    set(&mut document, &format!("{OP2}/steps/0/entries/1"), clearance);
    set(&mut document, &format!("{OP2}/steps/1/entries/1"), labels);
    assert_eq!(check(&document).err(), None);
    // Not in an order that keeps it back, it clears nothing; nor where it need not be.
    let sentences = |document: &Value| -> Vec<String> {
        check(document).err().into_iter().flatten().map(|found| found.sentence).collect()
    };
    let mut loose = document.clone();
    set(&mut loose, &format!("{OP2}/steps/1/after"), json!(null));
    let found = sentences(&loose);
    assert!(found.iter().any(|it| it.contains("nothing comes after 02.1")), "{found:?}");
    assert!(found.iter().any(|it| it.contains("labels counts labels")), "{found:?}");
    set(&mut document, &format!("{OP2}/steps/0/entries/1/mandatory"), json!(false));
    assert!(sentences(&document)[0].contains("labels counts labels"));
}

// finding: G2
#[test]
fn one_specification_at_least_is_not_skippable() {
    let mut document = buffer();
    set(&mut document, "/release_specifications/0/skippable", json!(true));
    assert_eq!(check(&document).err(), None, "the bioburden is owed in any case");
    set(&mut document, &format!("{OP2}/steps/1/entries/2/classification"), json!("IPC"));
    set(&mut document, &format!("{OP2}/steps/1/entries/2/due"), json!("step"));
    let findings = check(&document).expect_err("no test remains");
    assert_eq!(findings[0].pointer, "/release_specifications", "{findings:#?}");
}

// shows: C211-186b.a
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

// shows: C211-186b.a, CH4-17.a
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

#[test]
fn nonsense_is_a_finding_and_no_panic() {
    for document in
        [json!(null), json!([]), json!({}), json!({"unit_procedures": [{"operations": 7}]})]
    {
        assert!(check(&document).is_err_and(|findings| !findings.is_empty()));
    }
}
