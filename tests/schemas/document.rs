//! The OpenAPI document and the table of routes: no drift, and neither forgets what the other knows.

use super::drift;
use batchwright::api::{ROUTES, Route, document, matrix};
use serde_json::Value;
use std::collections::BTreeSet;

fn api() -> Value {
    serde_json::to_value(document()).expect("JSON")
}

fn operations() -> BTreeSet<(String, String)> {
    let api = api();
    let paths = api["paths"].as_object().expect("paths").clone();
    let of = |(path, item): (String, Value)| -> Vec<(String, String)> {
        let verbs = item.as_object().expect("verbs").keys().cloned();
        verbs.map(|verb| (verb.to_uppercase(), path.clone())).collect()
    };
    paths.into_iter().flat_map(of).collect()
}

#[test]
fn the_document_is_the_committed_one() {
    let text = serde_json::to_string_pretty(&api()).expect("JSON") + "\n";
    drift("schemas/openapi.json", &text);
}

#[test]
fn every_reference_of_the_document_leads_somewhere() {
    fn walk(at: &Value, whole: &Value, dangling: &mut Vec<String>) {
        match at {
            Value::Object(members) => {
                if let Some(to) = members.get("$ref").and_then(Value::as_str)
                    && whole.pointer(to.trim_start_matches('#')).is_none()
                {
                    dangling.push(to.to_owned());
                }
                members.values().for_each(|member| walk(member, whole, dangling));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, whole, dangling)),
            _ => {}
        }
    }
    let (api, mut dangling) = (api(), Vec::new());
    walk(&api, &api, &mut dangling);
    assert!(dangling.is_empty(), "{dangling:?}");
}

// shows: P11-10g.a
#[test]
fn every_route_stands_in_the_table_of_authorities_and_is_documented_whole() {
    drift("schemas/matrices/routes.txt", &matrix());
    let table: BTreeSet<_> =
        ROUTES.iter().map(|r| (r.method.to_owned(), r.path.to_owned())).collect();
    let handlers: BTreeSet<_> = ROUTES.iter().map(|route| route.handler).collect();
    assert_eq!((table.len(), handlers.len()), (ROUTES.len(), ROUTES.len()), "one stands twice");
    assert_eq!(operations(), table);
    for route in ROUTES {
        assert_eq!(route.method == "GET", route.leaves == "nothing", "{route:?}");
    }
    let api = api();
    assert!(api["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    for (path, item) in api["paths"].as_object().expect("paths") {
        for (verb, operation) in item.as_object().expect("verbs") {
            let said = |name: &str| !operation[name].as_str().unwrap_or_default().is_empty();
            assert!(said("summary") || said("description"), "{verb} {path} says nothing");
            assert!(operation["responses"]["429"].is_object(), "{verb} {path}");
            assert!(operation["responses"]["503"].is_object(), "{verb} {path}");
        }
    }
}

/// A route is tried only where none before it took the address.
#[test]
fn no_route_hides_another() {
    let parts = |route: &Route| -> Vec<&str> { route.path.split('/').collect() };
    let hides = |first: &Route, second: &Route| {
        let (a, b) = (parts(first), parts(second));
        let takes = |(place, word): (&&str, &&str)| place == word || place.starts_with('{');
        first.method == second.method && a.len() == b.len() && a.iter().zip(&b).all(takes)
    };
    for (at, second) in ROUTES.iter().enumerate() {
        let first = ROUTES[..at].iter().find(|first| hides(first, second));
        assert!(first.is_none(), "{first:?} hides {second:?}");
    }
}

/// The POST routes whose If-Match is declared, as required or not.
fn decided_on_a_version(required: bool) -> BTreeSet<String> {
    let api = api();
    let paths = api["paths"].as_object().expect("paths").clone();
    let declares = |item: &Value| {
        let parameters = item["post"]["parameters"].as_array().cloned().unwrap_or_default();
        parameters.iter().any(|it| it["name"] == "If-Match" && it["required"] == required)
    };
    let found = paths.into_iter().filter(|(_, item)| declares(item));
    found.map(|(path, _)| path.trim_start_matches("/api/v1").to_owned()).collect()
}

// finding: N4
// finding: R11
#[test]
fn the_document_says_of_each_order_whether_it_is_decided_on_a_version() {
    const STEP: &str = "/batches/{number}/operations/{op}~{n}/steps/{step}~{k}";
    const MASTER: &str = "/masters/{code}/versions/{version}";
    let of = |place: &str, orders: &[&str]| -> Vec<String> {
        orders.iter().map(|order| format!("{place}/{order}")).collect()
    };
    let entry = ["checks", "corrections"];
    let always = [
        of(STEP, &["completion", "check"]),
        of(&format!("{STEP}/entries/{{entry}}"), &["checks", "corrections", "striking"]),
        of("/batches/{number}/entries/{entry}", &entry),
        of("/batches/{number}/operations/{op}~{n}", &["closure"]),
        of("/batches/{number}", &["holds/{no}/lifting", "completion", "review"]),
        of("/lots/{number}", &["dispositions", "questions"]),
    ];
    assert_eq!(decided_on_a_version(true), always.concat().into_iter().collect());
    let master = [
        "content",
        "submission",
        "check",
        "approval",
        "return",
        "effectiveness",
        "suspension",
        "reinstatement",
        "retirement",
    ];
    let if_given = [
        of(STEP, &["start"]),
        of(MASTER, &master),
        of("/persons/{user_name}", &["grants"]),
        of("/site", &["roles"]),
    ];
    assert_eq!(decided_on_a_version(false), if_given.concat().into_iter().collect());
}

// finding: R11
// finding: N4
#[test]
fn every_member_of_the_document_says_what_it_is() {
    let api = api();
    let says = ["type", "$ref", "oneOf", "allOf", "anyOf", "enum"];
    let mut silent = BTreeSet::new();
    for (name, schema) in api["components"]["schemas"].as_object().expect("schemas") {
        for (member, of) in schema["properties"].as_object().into_iter().flatten() {
            if says.iter().all(|word| of[word].is_null()) {
                silent.insert(format!("{name}.{member}"));
            }
        }
    }
    // A canonical value is whatever its kind makes of it (`schemas/entry-kinds.json`).
    let kinds = ["SoFarView.value", "TrailPointView.value", "VersionView.value"];
    assert_eq!(silent, kinds.map(str::to_owned).into());
    let sent = &api["components"]["schemas"]["SentValue"]["oneOf"];
    let types: Vec<_> = sent.as_array().expect("sorts").iter().map(|it| &it["type"]).collect();
    assert_eq!(types, ["string", "boolean", "array", "object"], "never a number");
    for body in ["Report", "Correction", "TrailReport"] {
        let value = &api["components"]["schemas"][body]["properties"]["value"];
        assert_eq!(value["$ref"], "#/components/schemas/SentValue", "{body}");
    }
}
