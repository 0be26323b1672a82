//! The OpenAPI document and the table of routes: no drift, and neither forgets what the other knows.

use super::world::{PEOPLE, on_one};
use batchwright::api::{ROUTES, Route, document, matrix};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// Holds a generated text against the committed file; `BATCHWRIGHT_BLESS=1` rewrites it.
fn held_against(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("BATCHWRIGHT_BLESS").is_some() {
        std::fs::write(&file, text).expect("written");
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == text, "{path} drifted; look at the change, then run with BATCHWRIGHT_BLESS=1");
}

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
    held_against("schemas/openapi.json", &text);
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

// shows: P11-10g
#[test]
fn every_route_stands_in_the_matrix_of_authorities_and_the_document_once() {
    held_against("schemas/matrices/routes.txt", &matrix());
    let table: BTreeSet<_> =
        ROUTES.iter().map(|r| (r.method.to_owned(), r.path.to_owned())).collect();
    let handlers: BTreeSet<_> = ROUTES.iter().map(|route| route.handler).collect();
    assert_eq!((table.len(), handlers.len()), (ROUTES.len(), ROUTES.len()), "one stands twice");
    assert_eq!(operations(), table);
    for route in ROUTES {
        assert_eq!(route.method == "GET", route.leaves == "nothing", "{route:?}");
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

/// A path of the document with something in its places.
fn filled(path: &str) -> String {
    let mut filled = String::new();
    for part in path.split('/').skip(1) {
        let numeric = ["{no}", "{index}", "{version}"].contains(&part);
        let text = match part {
            "{op}~{n}" => "OP-01~1",
            "{step}~{k}" => "01.1~1",
            _ if numeric => "1",
            _ if part.starts_with('{') => "X-1",
            other => other,
        };
        filled.push('/');
        filled.push_str(text);
    }
    filled
}

// shows: P11-10d
#[test]
fn without_a_token_nothing_but_the_doors_themselves_opens() {
    on_one(|world| {
        let nobody = world.stranger();
        for route in ROUTES.iter().filter(|r| r.authority != "anybody") {
            let path = filled(route.path);
            if path == "/api/v1/sessions/refresh" {
                continue;
            }
            let reply = match route.method {
                "GET" => nobody.get(&path),
                _ => nobody.post(&path, &json!({ "unknown": true })),
            };
            reply.refused(401, "not-signed-in");
        }
        *nobody.token.borrow_mut() = Some("ey.not.one".into());
        nobody.get("/api/v1/batches").refused(401, "token-invalid");
    });
}

// shows: P11-10e1, A11D-12.1
#[test]
fn no_get_leaves_a_journal_entry_and_administrators_read_no_records() {
    on_one(|world| {
        world.issued();
        let before = world.journal();
        for route in ROUTES.iter().filter(|r| r.method == "GET") {
            for (name, _) in PEOPLE {
                let reply = world.person(name).get(&filled(route.path));
                assert!(reply.status < 500, "{} {} {}", name, route.path, reply.json);
            }
            if route.authority == "read" {
                world.ada.get(&filled(route.path)).refused(403, "authority-missing");
            }
        }
        assert_eq!(world.journal(), before);
    });
}
