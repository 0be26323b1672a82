//! Every route of the OpenAPI document, so that a new one cannot be forgotten.

use crate::house::batch::Batch;
use crate::house::cast::PEOPLE;
use crate::house::client::{Persona, With};
use crate::house::world::{World, on_each, on_one};
use batchwright::api::{self, ROUTES};
use serde_json::{Value, json};

/// A route of the document.
#[derive(Debug, Clone)]
pub struct Route {
    /// `GET` or `POST`.
    pub verb: String,
    /// As the document writes it.
    pub path: String,
    /// With something in every place.
    pub filled: String,
    /// Every verb of the path.
    pub verbs: Vec<String>,
}

/// Fills the places of a path with what a world may have.
fn filled(path: &str) -> String {
    let number = if path.contains("/lots/{number}") {
        "KEEP-1-L1"
    } else if path.contains("/deviations/") {
        "DEV-2026-0001"
    } else {
        "KEEP-1"
    };
    [
        ("{number}", number),
        ("{op}", "OP-01"),
        ("{n}", "1"),
        ("{step}", "01.1"),
        ("{k}", "1"),
        ("{entry}", "weight"),
        ("{parent}", "NA-2026-01"),
        ("{gate}", "G-FILL"),
        ("{no}", "1"),
        ("{index}", "0"),
        ("{code}", "BUF-ACETATE"),
        ("{version}", "1"),
        ("{user_name}", "omar"),
        ("{id}", "BAL-07"),
        ("{sha256}", "0000000000000000000000000000000000000000000000000000000000000000"),
    ]
    .iter()
    .fold(path.to_owned(), |path, (place, value)| path.replace(place, value))
}

/// Every route that the document names.
pub fn all(who: &Persona) -> Vec<Route> {
    let document = who.get("/api/openapi.json").done();
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let verbs: Vec<String> =
            item.as_object().into_iter().flatten().map(|(verb, _)| verb.to_uppercase()).collect();
        let filled = filled(path);
        assert!(!filled.contains('{'), "the tests do not know a place of {path}");
        for verb in &verbs {
            let (verb, path, filled) = (verb.clone(), path.clone(), filled.clone());
            routes.push(Route { verb, path, filled, verbs: verbs.clone() });
        }
    }
    assert!(routes.len() > 60, "{} routes", routes.len());
    routes
}

#[test]
fn every_answered_status_is_documented() {
    on_one(|world| {
        Batch::issued(world, "KEEP-1");
        let sven = world.person("sven");
        let document = sven.get("/api/openapi.json").done();
        for Route { verb, path, filled, .. } in all(sven) {
            let operation = &document["paths"][&path][verb.to_lowercase()];
            let answers = match verb.as_str() {
                "GET" => vec![sven.get(&filled)],
                _ if path.ends_with("/sessions/current/end") => continue,
                _ => vec![sven.post(&filled, &json!({})), sven.post(&filled, &json!({ "?": 1 }))],
            };
            for answer in answers {
                let status = answer.status.to_string();
                assert!(operation["responses"][&status].is_object(), "{}: {status}", answer.asked);
                assert!(answer.status < 500, "{}: {}", answer.asked, answer.text());
            }
        }
    });
}

/// Whether the table of routes asks for the authority to read.
fn is_for_readers(route: &Route) -> bool {
    let is_it = |row: &&api::Route| row.method == route.verb && row.path == route.path;
    ROUTES.iter().find(is_it).is_some_and(|row| row.authority == "read")
}

#[test]
fn reading_leaves_no_journal_entry() {
    on_each(|world| {
        let batch = Batch::issued(world, "KEEP-1");
        batch.weighed();
        let ada = world.person("ada");
        let people: Vec<_> = PEOPLE.iter().map(|(name, _, _)| world.person(name)).collect();
        let routes = all(ada);
        let (before, _) = world.database.rows();
        for route in routes.iter().filter(|route| route.verb == "GET") {
            for who in people.iter().copied().chain([ada]) {
                let answer = who.get(&route.filled);
                assert!(answer.status < 500, "{}: {}", answer.asked, answer.text());
            }
            if is_for_readers(route) {
                ada.get(&route.filled).refused(403, "authority-missing");
            }
        }
        assert_eq!(world.database.rows().0, before);
    });
}

/// Sends an order and looks at what it left.
fn leaves(world: &World, what: &str, order: impl FnOnce() -> Value) {
    let before = world.database.rows();
    order();
    let after = world.database.rows();
    assert!(after.0 > before.0, "{what} left no journal entry");
}

// shows: P11-10e1.a, A11D-12.1.a, T11.b, T32.a, L8.b
#[test]
fn changing_leaves_a_journal_entry_and_signing_in_an_access_row() {
    on_each(|world| {
        let batch = Batch::issued(world, "LEAVES-1");
        let (sven, ada) = (world.person("sven"), world.person("ada"));
        let access = |what: &str, order: &dyn Fn()| {
            let before = world.database.rows();
            order();
            let after = world.database.rows();
            assert!(after.1 > before.1, "{what} left no access row");
            assert_eq!(after.0, before.0, "{what} is no record");
        };
        let omar = world.person("omar").elsewhere();
        access("sign-in", &|| drop(omar.sign_in().done()));
        access("sign-out", &|| omar.sign_out());
        access("a wrong password", &|| drop(omar.sign_in_with("wrong-password-3")));
        access("a refused act", &|| {
            let body = json!({ "scope": { "kind": "run" }, "reason": "x" });
            drop(
                world
                    .person("olga")
                    .post(&batch.path("holds"), &body)
                    .refused(403, "authority-missing"),
            );
        });
        let reason = json!({ "reason": "x" });
        leaves(world, "a hold", || {
            let body = json!({ "scope": { "kind": "run" }, "reason": "x" });
            sven.post(&batch.path("holds"), &body).done()
        });
        leaves(world, "a lifting", || {
            let etag = batch.picture()["holds"][0]["etag"].as_str().unwrap().to_owned();
            sven.post_with(&batch.path("holds/1/lifting"), &reason, &With::version(&etag)).done()
        });
        leaves(world, "an event", || {
            sven.post(&batch.path("events"), &json!({ "what": "x" })).done()
        });
        leaves(world, "a statement", || {
            ada.post("/site/accountability", &json!({ "text": "new" })).done()
        });
        let roles = ada.get("/site").done()["roles"].clone();
        let mut more = roles.as_array().unwrap().clone();
        more.push(json!({ "name": "weigher", "authorities": ["execute", "read"] }));
        let roles = json!({ "roles": more, "reason": "weighing room" });
        leaves(world, "roles", || ada.post("/site/roles", &roles).done());
        let more = json!({ "roles": [{ "name": "all", "authorities": ["execute", "release"] }], "reason": "x" });
        ada.post("/site/roles", &more).refused(409, "role-holds-forbidden-pair");
    });
}
