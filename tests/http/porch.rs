//! What the door does before any rule is asked: shapes, sizes, types, keys, limits.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::engine::Engine;
use crate::house::world::{Opening, World, on_each, on_one};
use batchwright::api::document;
use batchwright::app::catalogue::rules;
use batchwright::http::problem::Porch;
use serde_json::json;

fn typed(kind: &str) -> With {
    With { headers: vec![("Content-Type", kind.to_owned())], ..With::default() }
}

// shows: L8.a
#[test]
fn what_cannot_be_read_is_told_apart() {
    on_one(|world| {
        let sven = world.person("sven");
        Batch::issued(world, "PORCH-1");
        sven.send("POST", "/health/live", Some(b"{}".to_vec()), &With::default())
            .refused(405, "no-such-verb");
        let answer = sven.send("DELETE", "/batches", None, &With::default());
        assert_eq!(answer.header("allow"), "GET, POST");
        answer.refused(405, "no-such-verb");
        let post =
            |bytes: &[u8], with: &With| sven.send("POST", "/batches", Some(bytes.to_vec()), with);
        let json_type = typed("application/json");
        post(b"{", &json_type).refused(400, "unreadable-request");
        post(br#"{"number":"A","number":"B"}"#, &json_type).refused(400, "unreadable-request");
        post(br#"{"number":1.5}"#, &json_type).refused(400, "unreadable-request");
        post(br#"{"number":"X"}"#, &json_type).refused(422, "malformed");
        post(br#"[]"#, &json_type).refused(422, "malformed");
        post(b"number=X", &typed("application/x-www-form-urlencoded")).refused(415, "media-type");
        post(b"{}", &typed("text/plain")).refused(415, "media-type");
        let large = format!("{{\"number\":\"{}\"}}", "X".repeat(300 * 1024));
        post(large.as_bytes(), &json_type).refused(413, "request-too-large");
        let huge = vec![b' '; 5 * 1024 * 1024];
        post(&huge, &json_type).refused(413, "request-too-large");
        let whatever = With { if_match: Some("*".into()), ..json_type };
        post(b"{}", &whatever).refused(400, "unreadable-request");
        let number = json!({ "number": "lower\tcase", "master": { "code": "BUF-ACETATE" } });
        sven.sign("/batches", &number).refused(422, "malformed");
        sven.get("/nothing/here").refused(404, "no-such-route");
        sven.get("/batches/PORCH-1/reports/none").refused(404, "no-such-route");
        sven.get("/batches/NONE-1").refused(404, "not-found");
        sven.get("/lots/NONE-1").refused(404, "not-found");
        sven.get("/masters/NONE/versions/1").refused(404, "not-found");
        sven.get("/batches?colour=blue").refused(400, "unreadable-request");
        sven.get("/audit-trail?from=yesterday").refused(422, "malformed");
        let path = "/batches/PORCH-1/operations/OP-01~x/steps/01.1~1/start";
        assert_eq!(sven.post(path, &json!({})).status, 404);
        let path = "/batches/PORCH-1/operations/OP-01~0/steps/01.1~1/start";
        sven.post(path, &json!({})).refused(422, "malformed");
    });
}

// shows: A11-05.c, MHRA-1.a, T34.a
#[test]
fn the_same_request_twice_is_done_once() {
    on_each(|world| {
        let batch = Batch::issued(world, "TWIN-1");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        let at = "OP-01~1/01.1~1";
        let begin = With::key("start-000000001");
        let started = olga.post_with(&batch.step(at, "start"), &json!({}), &begin);
        let again = olga.post_with(&batch.step(at, "start"), &json!({}), &begin);
        assert_eq!((started.status, &started.body), (again.status, &again.body));
        assert_eq!(again.header("idempotency-replayed"), "true");
        let elsewhere = json!({ "what": "another request" });
        olga.post_with(&batch.path("events"), &elsewhere, &begin)
            .refused(409, "idempotency-key-reused");
        let path = batch.step(at, "entries");
        let body = json!({ "entry": "weight", "value": "0.272", "unit": "kg" });
        let no_key = With { no_key: true, ..With::default() };
        olga.post_with(&path, &body, &no_key).refused(400, "idempotency-key-missing");
        olga.post_with(&path, &body, &With::key("short")).refused(400, "idempotency-key-missing");
        let key = With::key("weighing-0000001");
        let first = olga.post_with(&path, &body, &key);
        let rows = world.database.rows().0;
        let again = olga.post_with(&path, &body, &key);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!((first.status, &first.bytes), (again.status, &again.bytes));
        assert_eq!(first.header("etag"), again.header("etag"));
        assert_eq!(world.database.rows().0, rows, "the replay wrote nothing");
        // Whitespace and order of members make no other request.
        let same = br#"{ "unit": "kg", "value": "0.272",  "entry": "weight" }"#.to_vec();
        let with = With { key: key.key.clone(), ..typed("application/json") };
        let again = olga.send("POST", &path, Some(same), &with);
        assert_eq!((again.status, &again.body), (first.status, &first.body));
        let other = json!({ "entry": "weight", "value": "0.273", "unit": "kg" });
        olga.post_with(&path, &other, &key).refused(409, "idempotency-key-reused");
        // The key is the person's own: somebody else's same key is another request.
        omar.post_with(&path, &other, &key).refused(409, "already-recorded");
        // A refusal leaves no receipt: the same key may be tried again once it is possible.
        let early = With::key("gate-passage-0001");
        let ready = Batch::issued(world, "TWIN-1B");
        ready.adjusted();
        let passage = ready.path("gates/G-FILL/passage");
        olga.post_with(&passage, &json!({}), &early).refused(428, "signature-required");
        olga.sign_with(&passage, &json!({}), &early).done();
    });
}

// shows: P11-200a1.a, T34.a
#[test]
fn repeating_a_signed_request_asks_for_the_password_again() {
    on_each(|world| {
        let batch = Batch::issued(world, "TWIN-2");
        let sven = world.person("sven");
        let path = batch.path("abort");
        let key = With::key("abort-00000001");
        let body = json!({ "reason": "leak" });
        sven.sign_with(&path, &body, &key).done();
        let mut wrong = body.clone();
        wrong["signature"] = json!({ "user_name": "sven", "password": "guessed-wrong-4" });
        sven.post_with(&path, &wrong, &key).refused(401, "signing-credentials-wrong");
        let again = sven.sign_with(&path, &body, &key);
        assert_eq!((again.status, again.header("idempotency-replayed")), (200, "true"));
    });
}

// shows: P11-300d.c
#[test]
fn whoever_calls_too_often_waits() {
    let world = World::open(Engine::Sqlite, Opening { sign_ins: 4, ..Opening::USUAL });
    world.person("qadir").get("/batches").done();
    let stranger = world.stranger();
    for _ in 0..3 {
        stranger.sign_in_with("whatever-it-is-1").refused(401, "sign-in-refused");
    }
    let answer = stranger.sign_in_with("whatever-it-is-1");
    assert!(!answer.header("retry-after").is_empty());
    answer.refused(429, "too-many-requests");
    drop(world.end());
}

#[test]
fn answers_carry_the_headers_of_a_careful_server_and_health_is_told() {
    on_one(|world| {
        let olga = world.person("olga");
        let answer = olga.get("/site");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(!answer.header("content-security-policy").is_empty());
        assert!(!answer.header("x-request-id").is_empty());
        let stranger = world.stranger();
        assert_eq!(stranger.get("/health/live").status, 200);
        let ready = stranger.get("/health/ready").done();
        assert_eq!((&ready["status"], &ready["database"]), (&json!("ready"), &json!("ok")));
        let served = stranger.get("/api/openapi.json").done();
        assert_eq!(served, serde_json::to_value(document()).unwrap(), "what is published");
        let listed = olga.get("/problems").done()["problems"].as_array().unwrap().len();
        assert_eq!(listed, rules().len() + Porch::ALL.len(), "every problem is listed");
        let docs = stranger.get("/docs/");
        assert_eq!(docs.status, 200);
        assert!(docs.text().contains("swagger"), "{}", docs.text());
        assert!(!docs.text().contains("https://"), "nothing comes from elsewhere");
        let site = answer.done();
        assert_eq!(site["environment"], "demo", "{site}");
        assert_eq!(site["clock"], "simulated");
    });
}

// shows: T13.b
#[test]
fn the_newest_checkpoint_is_a_signed_note() {
    on_each(|world| {
        Batch::issued(world, "NOTE-1");
        let stranger = world.stranger();
        let answer = stranger.get("/log/checkpoint");
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert!(answer.header("content-type").starts_with("text/plain"));
        let note = String::from_utf8(answer.bytes).unwrap();
        assert!(note.starts_with("batchwright.invalid/test\n"), "{note}");
        assert!(note.contains("\n\u{2014} batchwright.invalid/test "), "{note}");
    });
}
