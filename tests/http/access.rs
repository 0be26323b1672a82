//! Who may: no token, no entry; no authority, no act; no verb that deletes.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::world::{on_each, on_one};
use crate::routes::{self, Route};
use serde_json::{Value, json};

/// Routes that need no session, each with a reason.
const OPEN: &[&str] = &[
    "/api/v1/sessions",         // signing in
    "/api/v1/sessions/refresh", // going on with a refresh token
    "/api/v1/log/checkpoint",   // published for whoever keeps it
];

// shows: P11-10d.a
#[test]
fn every_route_without_a_token_or_with_a_bad_one_is_401() {
    on_one(|world| {
        let stranger = world.stranger();
        for Route { verb, path, filled, .. } in routes::all(&stranger) {
            if OPEN.contains(&path.as_str()) || !path.starts_with("/api/v1") {
                continue;
            }
            let ask = |with: &With| match verb.as_str() {
                "GET" => stranger.send("GET", &filled, None, with),
                _ => stranger.send("POST", &filled, Some(b"{}".to_vec()), with),
            };
            ask(&With::default()).refused(401, "not-signed-in");
            let forged = vec![("Authorization", "Bearer eyJhbGciOiJub25lIn0.e30.".to_owned())];
            let answer = ask(&With { headers: forged, ..With::default() });
            assert!(answer.header("www-authenticate").contains("Bearer"), "{verb} {path}");
            answer.refused(401, "token-invalid");
        }
        let guess = With {
            headers: vec![("Authorization", "Basic b2xnYTpvbGdh".into())],
            ..With::default()
        };
        stranger.send("GET", "/batches", None, &guess).refused(401, "not-signed-in");
        stranger.set_token(Some("not.a.token"));
        stranger.get("/batches").refused(401, "token-invalid");
    });
}

// shows: P11-10d.b, A11D-11.2.a, F26.a, T2.a
#[test]
fn somebody_deactivated_a_second_ago_is_nobody() {
    on_each(|world| {
        let omar = world.person("omar");
        omar.get("/batches").done();
        let body = json!({ "reason": "left the company" });
        world.person("ada").post("/persons/omar/deactivation", &body).done();
        assert_eq!(omar.get("/batches").status, 401);
        omar.sign_in().refused(401, "sign-in-refused");
        let again = json!({ "user_name": "omar", "printed_name": "Other Omar", "reason": "joins",
            "temporary_password": "temporary-gravel-Trombone-91", "roles": [] });
        world.person("ada").post("/persons", &again).refused(409, "user-name-taken");
        let batch = Batch::issued(world, "LEFT-1");
        batch.weigh("0.272");
        let olga = world.person("olga");
        let answer = olga
            .sign(&batch.path("gates/G-FILL/passage"), &json!({ "second_person": omar.both() }));
        assert_eq!(answer.status, 401, "{}", answer.text());
    });
}

// shows: P11-10d.c, P11-10g.c, A11D-11.2.a, T2.a
#[test]
fn a_role_taken_away_is_gone_at_the_next_act() {
    on_each(|world| {
        let (sven, ada) = (world.person("sven"), world.person("ada"));
        let batch = Batch::issued(world, "ROLE-1");
        let body = json!({ "roles": [{ "role": "operator" }], "reason": "steps down" });
        ada.post("/persons/sven/grants", &body).done();
        sven.sign(&batch.path("abort"), &json!({ "reason": "x" }))
            .refused(403, "authority-missing");
        let scoped =
            json!({ "roles": [{ "role": "operator", "product": "OTHER" }], "reason": "moves" });
        ada.post("/persons/sven/grants", &scoped).done();
        sven.get("/batches/ROLE-1").refused(404, "not-found");
        assert_eq!(sven.get("/batches").done()["batches"], json!([]));
    });
}

// shows: P11-10c.a, P11-10e2.c, P11-100a.b, A11D-08.c, F5.a, T9.a
#[test]
fn nothing_can_be_deleted_or_replaced_and_405_says_what_can_be_done() {
    on_one(|world| {
        let sven = world.person("sven");
        Batch::issued(world, "KEEP-1");
        for Route { path, filled, verbs, .. } in routes::all(sven) {
            if !path.starts_with("/api/") {
                continue;
            }
            for verb in ["DELETE", "PUT", "PATCH"] {
                let body = (verb != "DELETE").then(|| b"{}".to_vec());
                let answer = sven.send(verb, &filled, body, &With::default());
                assert_eq!(answer.status, 405, "{verb} {path}: {}", answer.text());
                let allow = answer.header("allow").to_owned();
                for known in &verbs {
                    assert!(allow.contains(known.as_str()), "{verb} {path} allows {allow}");
                }
            }
        }
        for name in ["olga", "sven", "petra", "quinn", "qadir", "pia", "audrey", "ada"] {
            let who = world.person(name);
            for Route { filled, .. } in routes::all(sven) {
                if filled.starts_with("/api/") {
                    who.send("DELETE", &filled, None, &With::default())
                        .refused(405, "no-such-verb");
                }
            }
        }
        sven.get("/batches/KEEP-1").done();
    });
}

/// Role by role: who is let past the door of an act (what then keeps it from being done is another rule).
fn table(batch: &Batch<'_>) -> Vec<(String, Value, Vec<&'static str>)> {
    let row = |path: String, body: Value, who: &[&'static str]| (path, body, who.to_vec());
    vec![
        row(
            "/batches".into(),
            json!({ "number": "R-9", "master": { "code": "BUF-ACETATE" } }),
            &["sven"],
        ),
        row(
            batch.path("holds"),
            json!({ "scope": { "kind": "run" }, "reason": "" }),
            &["sven", "qadir", "pia"],
        ),
        row(batch.path("abort"), json!({ "reason": "" }), &["sven", "qadir", "pia"]),
        row(batch.path("review"), json!({ "conclusion": "" }), &["qadir", "pia"]),
        row(batch.path("closure"), json!({}), &["qadir", "pia"]),
        row(batch.path("completion"), json!({}), &["olga", "sven"]),
        row(
            batch.path("exceptions/1/triage"),
            json!({ "outcome": "not-a-deviation", "rationale": "" }),
            &["qadir"],
        ),
        row(batch.path("gates/G-FILL/passage"), json!({}), &["olga", "sven"]),
        row(
            batch.path("gates/G-FILL/risk-acceptance"),
            json!({ "reason": "", "minutes": 5 }),
            &["sven"],
        ),
        row(batch.step("OP-02~1/02.1~1", "start"), json!({}), &["olga", "sven"]),
        row(
            batch.step("OP-01~1/01.1~1", "entries"),
            json!({ "entry": "weight", "value": "not a number", "unit": "kg" }),
            &["olga", "sven", "quinn", "petra"],
        ),
        row(
            batch.path("events"),
            json!({ "what": "" }),
            &["olga", "sven", "quinn", "petra", "qadir", "pia"],
        ),
        row(
            "/masters".into(),
            json!({ "content": { "code": "R-M", "title": "t", "product": { "code": "BUFFERS" } } }),
            &["petra"],
        ),
        row("/masters/BUF-ACETATE/versions/1/approval".into(), json!({}), &["qadir"]),
        row("/masters/BUF-ACETATE/versions/1/check".into(), json!({}), &["petra", "sven"]),
        row(
            "/persons/omar/grants".into(),
            json!({ "roles": [{ "role": "operator" }], "reason": "x" }),
            &["ada"],
        ),
        row("/persons/omar/deactivation".into(), json!({ "reason": "" }), &["ada"]),
        row("/site/accountability".into(), json!({ "text": "" }), &["ada"]),
    ]
}

// shows: P11-10g.a, P11-10g.d, C211-22.b, C211-68b1.a, A11D-11.10.b, A11D-12.3.c, T31.a
#[test]
fn each_role_gets_past_the_doors_that_are_its_own_and_no_other() {
    on_one(|world| {
        let batch = Batch::issued(world, "ROLES-1");
        let everyone = ["olga", "sven", "petra", "quinn", "qadir", "pia", "audrey", "ada"];
        let mut wrong = Vec::new();
        for (path, body, may) in table(&batch) {
            for name in everyone {
                let answer = world.person(name).post(&path, &body);
                let kept_out = answer.status == 403 && answer.code() == "authority-missing";
                if kept_out == may.contains(&name) {
                    wrong.push(format!("{name} {path}: {} {}", answer.status, answer.code()));
                }
            }
        }
        for path in [
            "/batches",
            "/batches/ROLES-1",
            "/batches/ROLES-1/obligations",
            "/masters",
            "/audit-trail",
            "/deviations",
        ] {
            for name in everyone {
                let status = world.person(name).get(path).status;
                if (status == 403) != (name == "ada") {
                    wrong.push(format!("{name} GET {path}: {status}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

#[test]
fn a_refresh_token_is_good_once_and_misuse_ends_the_session() {
    on_each(|world| {
        let olga = world.person("olga").elsewhere();
        olga.sign_in().done();
        let first = olga.refresh_token.lock().unwrap().clone();
        let refresh =
            |token: &str| olga.post("/sessions/refresh", &json!({ "refresh_token": token }));
        let next = refresh(&first).done();
        olga.set_token(next["access_token"].as_str());
        olga.get("/sessions/current").done();
        refresh(&first).refused(401, "refresh-token-reused");
        olga.get("/batches").refused(401, "session-revoked");
        refresh("unknown").refused(401, "refresh-refused");
        olga.sign_in().done();
        let token = olga.token();
        olga.sign_out();
        olga.set_token(token.as_deref());
        olga.get("/batches").refused(401, "session-revoked");
    });
}

// shows: P11-10g.a
#[test]
fn records_outside_a_product_scope_are_not_shown_to_exist() {
    on_one(|world| {
        let batch = Batch::issued(world, "SCOPE-1");
        batch.weigh("0.300");
        let open = json!({ "outcome": "deviation", "title": "too much", "class": "critical" });
        let qadir = world.person("qadir");
        let opened = qadir.sign(&batch.path("exceptions/1/triage"), &open).done();
        let number = opened["deviation"].as_str().expect("a number");
        let listed = qadir.get("/deviations").done();
        assert_eq!(listed["deviations"][0]["number"], number, "{listed}");
        let roles = json!([{ "role": "operator", "product": "OTHER" }]);
        let oscar = world.joins("oscar", "Oscar Olsen", &roles);
        for (path, member) in [
            ("/batches", "batches"),
            ("/masters", "masters"),
            ("/deviations", "deviations"),
            ("/audit-trail?what=run.", "entries"),
            ("/audit-trail?what=deviation.", "entries"),
        ] {
            assert_eq!(oscar.get(path).done()[member], json!([]), "{path}");
        }
        let deviation = format!("/deviations/{number}");
        let of_deviation = format!("/audit-trail?record_kind=deviation&record={number}");
        for path in [
            "/batches/SCOPE-1",
            "/batches/SCOPE-1/obligations",
            "/batches/SCOPE-1/operations/OP-01~1/steps/01.1~1",
            "/batches/SCOPE-1/audit-trail",
            "/masters/BUF-ACETATE/versions/1",
            &deviation,
            &of_deviation,
        ] {
            oscar.get(path).refused(404, "not-found");
        }
        oscar
            .post(&batch.path("events"), &json!({ "what": "x" }))
            .refused(403, "authority-missing");
    });
}
