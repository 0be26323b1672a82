//! Thirty-seven mistakes that somebody makes who writes a record of filling and finishing: each is named at its place
//! when it stands alone, and all of them when they stand together.

use super::{examined, fill_finish, lines};
use serde_json::{Value, json};

/// One mistake: what somebody wrote, where the finding stands, and a word of it.
struct Mistake {
    /// Place and value; null takes away.
    change: Vec<(&'static str, Value)>,
    place: &'static str,
    word: &'static str,
}

fn mistake(at: &'static str, value: Value, place: &'static str, word: &'static str) -> Mistake {
    Mistake { change: vec![(at, value)], place, word }
}

/// A place by ids: `2.5/sucrose/decimals` is a member of an entry, `OP-2/after` of an operation, all else a pointer.
fn pointer(document: &Value, place: &str) -> String {
    if place.starts_with('/') {
        return place.to_owned();
    }
    let (first, rest) = place.split_once('/').map_or((place, ""), |(first, rest)| (first, rest));
    let operations = document.pointer("/unit_procedures/0/operations").expect("operations");
    for (i, operation) in operations.as_array().expect("a list").iter().enumerate() {
        let at = format!("/unit_procedures/0/operations/{i}");
        if operation["id"] == json!(first) {
            return join(at, rest);
        }
        for (j, step) in operation["steps"].as_array().expect("steps").iter().enumerate() {
            if step["id"] != json!(first) {
                continue;
            }
            let at = format!("{at}/steps/{j}");
            let (entry, deeper) = rest.split_once('/').unwrap_or((rest, ""));
            let entries = step["entries"].as_array().expect("entries");
            let found = entries.iter().position(|it| it["id"] == json!(entry));
            return match found {
                Some(index) => join(format!("{at}/entries/{index}"), deeper),
                None => join(at, rest),
            };
        }
    }
    panic!("there is no {place}");
}

fn join(at: String, rest: &str) -> String {
    if rest.is_empty() { at } else { format!("{at}/{rest}") }
}

fn set(document: &mut Value, place: &str, value: &Value) {
    let at = pointer(document, place);
    let (parent, member) = at.rsplit_once('/').expect("a pointer");
    match document.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}")) {
        Value::Object(object) if value.is_null() => {
            object.remove(member);
        }
        Value::Object(object) => {
            object.insert(member.to_owned(), value.clone());
        }
        Value::Array(list) if member == "-" => list.push(value.clone()),
        Value::Array(list) => list[member.parse::<usize>().expect("an index")] = value.clone(),
        other => panic!("{at} is in {other}"),
    }
}

fn limit(purpose: &str, low: Option<&str>, high: Option<&str>) -> Value {
    let mut limit = json!({ "purpose": purpose });
    for (side, value) in [("low", low), ("high", high)] {
        if let Some(value) = value {
            limit[side] = json!({ "value": value, "inclusive": true });
        }
    }
    limit
}

fn duration(id: &str, to: &str, at: &str) -> Value {
    json!({ "id": id, "name": "Time", "kind": "duration", "unit": "h",
        "from": { "of": "1.1", "at": "completed" }, "to": { "of": to, "at": at } })
}

fn calculation(id: &str, expression: &str, unit: &str) -> Value {
    json!({ "id": id, "name": "Calculated", "kind": "calculation",
        "language": "batchwright.calc/1", "expression": expression, "unit": unit })
}

/// Times: what ends too late, what cannot be kept.
fn of_times() -> Vec<Mistake> {
    vec![
        mistake(
            "1.3/entries/-",
            duration("own", "1.3", "completed"),
            "1.3/own/due",
            "1.3 waits for [1.3/own], which ends with the completion of 1.3",
        ),
        mistake(
            "1.2/entries/-",
            duration("next", "2.1", "started"),
            "1.2/next/due",
            "1.2 waits for [1.2/next], which ends with the start of 2.1",
        ),
        mistake(
            "2.1/entries/-",
            duration("whole", "OP-2", "completed"),
            "2.1/whole/due",
            "which ends with the completion of OP-2",
        ),
        mistake("3.3/timers/1/max", json!("PT5M"), "3.3/timers", "cannot be kept together"),
        mistake("3.2/timers/0/min", json!("PT48H"), "3.2/timers/0/min", "more than its max"),
        mistake("2.2/grace", json!("10 min"), "2.2/grace", "is no duration"),
    ]
}

/// Limits: what judges nothing, what contradicts itself.
fn of_limits() -> Vec<Mistake> {
    vec![
        mistake(
            "1.2/temperature/limits",
            json!([limit("plausibility", Some("-30"), Some("40"))]),
            "1.2/temperature",
            "is a CPP, and nothing judges it",
        ),
        mistake("2.3/look/accepted", json!(null), "2.3/look", "is a CPP, and nothing judges it"),
        mistake("3.1/pressure/limits", json!(null), "3.1/pressure", "is a WC-CPP, and nothing"),
        mistake("2.5/sucrose/decimals", json!(0), "2.5/sucrose/decimals", "shown with 0 decimals"),
        mistake("4.5/yield/decimals", json!(0), "4.5/yield/decimals", "held against"),
        mistake(
            "1.3/weight/limits/2/high/value",
            json!("506"),
            "1.3/weight",
            "encloses every judged",
        ),
        mistake(
            "2.1/volume/limits/-",
            limit("control", Some("8"), Some("9")),
            "2.1/volume",
            "no value is inside all limits",
        ),
        mistake(
            "/release_specifications/0/result/limits",
            json!([]),
            "/release_specifications/0/result",
            "nothing says what conforms",
        ),
        mistake(
            "/release_specifications/1/spread",
            json!(null),
            "/release_specifications/1",
            "without a spread limit",
        ),
        mistake(
            "/release_specifications/-",
            json!({ "id": "ph", "name": "pH", "kind": "number",
            "unit": "[pH]", "due": "release", "authorities": ["test"],
            "limits": [limit("acceptance", Some("5.8"), Some("6.2"))] }),
            "/release_specifications/3/kind",
            "use kind result",
        ),
    ]
}

/// Things: what nobody knows, what does not fit.
fn of_things() -> Vec<Mistake> {
    vec![
        mistake("1.3/lot/material", json!("SUCROS"), "1.3/lot", "neither among the materials"),
        mistake("2.3/ph/addition/material", json!("HCL"), "2.3/ph", "neither among the materials"),
        mistake(
            "2.4/bulk-sample/reserve/quantity/value",
            json!("140"),
            "2.4/bulk-sample/reserve",
            "keeps 140 mL of a sample of 100 mL",
        ),
        mistake(
            "2.4/side-sample/reserve/quantity/unit",
            json!("g"),
            "2.4/side-sample/reserve",
            "nothing converts",
        ),
        mistake(
            "/outputs/0/unit",
            json!("{units}"),
            "/outputs/0/unit",
            "the yield could never be told",
        ),
        mistake("1.2/density/unit", json!("lumps"), "1.2/density", "registry of units"),
        mistake("4.2/labels/label", json!("L-BOX"), "4.2/labels/label", "no label \"L-BOX\""),
        Mistake {
            change: vec![
                ("1.1/clearance/mandatory", json!(false)),
                ("4.1/clearance/mandatory", json!(false)),
            ],
            place: "4.2/labels",
            word: "clears the line",
        },
    ]
}

/// Order: what waits for itself, what nothing guards.
fn of_order() -> Vec<Mistake> {
    vec![
        mistake("5.1/after", json!(["5.2"]), "5.1", "wait for each other"),
        mistake("OP-5/after", json!(["OP-44"]), "OP-5/after/0", "no step or operation"),
        mistake("4.3/occurs", json!({ "min": 3, "max": 2 }), "4.3/occurs", "can never be met"),
        mistake("5.2/irreversible", json!("discard"), "5.2/irreversible", "guarded by 0 gates"),
        mistake(
            "/gates/1/before/-",
            json!("4.5"),
            "/gates/1/before/1",
            "which is not irreversible",
        ),
        mistake(
            "3.2/began/due",
            json!({ "gate": "G-FILL" }),
            "3.2/began/due",
            "only behind that gate",
        ),
        mistake("1.3/second_person", json!(null), "1.3/second_person", "significant"),
        mistake(
            "2.1/second_person/within_minutes",
            json!(5),
            "2.1/second_person",
            "a witness, who is there",
        ),
        mistake(
            "6.1/authorities",
            json!(["review"]),
            "6.1/authorities/0",
            "does not let anybody record",
        ),
    ]
}

/// Formulas: what they cannot read, what they cannot mean.
fn of_formulas() -> Vec<Mistake> {
    vec![
        mistake(
            "2.5/mean-speed/expression",
            json!("[2.2/speed]"),
            "2.5/mean-speed/expression",
            "first[2.2/speed]",
        ),
        mistake("4.4/when", json!("[2.2/speed] > 100 '1/min'"), "4.4/when", "occurs several times"),
        mistake(
            "6.2/entries/-",
            calculation("more", "[particles] + 1 'L'", "1"),
            "6.2/more/expression",
            "needs one unit",
        ),
        mistake(
            "6.2/entries/-",
            calculation("self", "[self] * 2", "1"),
            "6.2/self",
            "computed from itself",
        ),
        mistake("6.4/ratio/expression", json!("[a] / ([b] - [b])"), "6.4", "not computed"),
        mistake("6.5/waste/unit", json!("min"), "6.5", "not computed"),
    ]
}

/// What only a played batch shows.
fn of_course() -> Vec<Mistake> {
    vec![Mistake {
        change: vec![(
            "6.1/entries/-",
            json!({ "id": "early", "name": "Settle plate", "kind": "result",
                "sample": "plate-sample", "method": "QC-settle", "method_version": "1",
                "authorities": ["test"], "classification": "IPC",
                "result": { "type": "number", "unit": "[CFU]", "whole": true,
                    "limits": [limit("acceptance", None, Some("1"))] } }),
        )],
        place: "6.1",
        word: "the completion of 6.1 waits for [6.1/early], which is tested on [6.3/plate-sample], \
               which waits for the start of 6.3, which waits for the completion of 6.1",
    }]
}

fn mistakes() -> Vec<Mistake> {
    [of_times(), of_limits(), of_things(), of_order(), of_formulas(), of_course()]
        .into_iter()
        .flatten()
        .collect()
}

/// What is not named of these, in a document that has them.
fn missed(document: &Value, planted: &[Mistake]) -> Vec<String> {
    let found = examined(document);
    let mut missed = Vec::new();
    for mistake in planted {
        let place = pointer(document, mistake.place);
        let named = |it: &batchwright::domain::recipe::check::Finding| {
            it.pointer.starts_with(&place) && it.sentence.contains(mistake.word)
        };
        if !found.findings.iter().any(named) {
            let lines = lines(&found).join("\n    ");
            missed.push(format!("{place}: {:?} is not said, but\n    {lines}", mistake.word));
        }
    }
    missed
}

// shows: F24.c, L2.c
// finding: N2
// finding: N8
// finding: N15
// finding: G7
// finding: G11
#[test]
fn each_planted_mistake_is_named_with_its_place_when_it_stands_alone() {
    let all = mistakes();
    assert!(all.len() >= 37, "{}", all.len());
    let mut wrong = Vec::new();
    for mistake in all {
        let mut document = fill_finish();
        for (at, value) in &mistake.change {
            set(&mut document, at, value);
        }
        wrong.extend(missed(&document, std::slice::from_ref(&mistake)));
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
}

// shows: L2.c
#[test]
fn all_planted_mistakes_are_named_together() {
    let mut document = fill_finish();
    let all = mistakes();
    for (at, value) in all.iter().flat_map(|mistake| &mistake.change) {
        set(&mut document, at, value);
    }
    let wrong = missed(&document, &all);
    let places: Vec<&str> = wrong.iter().filter_map(|line| line.lines().next()).collect();
    assert!(wrong.is_empty(), "{places:#?}\n{}", wrong[0]);
}

#[test]
fn the_record_without_them_has_none() {
    assert_eq!(lines(&examined(&fill_finish())), Vec::<String>::new());
}
