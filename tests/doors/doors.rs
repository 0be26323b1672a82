//! The porch as callers meet it: errors of every kind are problems, answers carry their headers.

use super::world::{BATCH, batch, on_one, step};
use serde_json::json;

// shows: L8, T34
#[test]
fn every_error_is_a_problem_also_the_frameworks_own() {
    on_one(|world| {
        let olga = world.person("olga");
        olga.get("/api/v1/nothing").refused(404, "no-such-route");
        let reply = olga.verb("DELETE", "/api/v1/batches").refused(405, "no-such-verb");
        assert_eq!(reply.header("allow"), Some("GET, POST"));
        olga.verb("PUT", &format!("/api/v1/batches/{BATCH}")).refused(405, "no-such-verb");
        olga.post("/health/live", &json!({})).refused(405, "no-such-verb");
        let path = "/api/v1/batches";
        let key = [("Idempotency-Key", "key-00000001")];
        olga.raw(path, b"{", "application/json", &key).refused(400, "unreadable-request");
        olga.raw(path, b"{}", "text/plain", &key).refused(415, "media-type");
        olga.raw(path, b"{}", "application/json", &[]).refused(400, "idempotency-key-missing");
        olga.raw(path, b"{}", "application/json", &[("Idempotency-Key", "short")])
            .refused(400, "idempotency-key-missing");
        olga.raw(path, b"{\"a\":1,\"a\":2}", "application/json", &key)
            .refused(400, "unreadable-request");
        olga.post(path, &json!({ "number": "A-1" })).refused(422, "malformed");
        olga.post(path, &json!({ "number": 7, "unknown": 1 })).refused(422, "malformed");
        let large = vec![b' '; 300 * 1024];
        olga.raw(path, &large, "application/json", &key).refused(413, "request-too-large");
        let huge = vec![b' '; 5 * 1024 * 1024];
        olga.raw(path, &huge, "application/json", &key).refused(413, "request-too-large");
        let tag = [("Idempotency-Key", "key-00000002"), ("If-Match", "*")];
        olga.raw(path, b"{}", "application/json", &tag).refused(400, "unreadable-request");
        olga.get("/api/v1/batches?unknown=1").refused(400, "unreadable-request");
        olga.get("/api/v1/batches/X/reports/none").refused(404, "no-such-route");
    });
}

#[test]
fn health_and_documents_are_there_for_everybody() {
    on_one(|world| {
        let nobody = world.stranger();
        nobody.get("/health/live").ok();
        let ready = nobody.get("/health/ready").ok().json;
        assert_eq!((&ready["status"], &ready["database"]), (&json!("ready"), &json!("ok")));
        assert_eq!(nobody.get("/api/openapi.json").ok().json["openapi"], "3.1.0");
        assert!(String::from_utf8_lossy(&nobody.get("/docs/").ok().bytes).contains("swagger"));
        world.desk.store().checkpoint_now().expect("a checkpoint");
        let note = nobody.get("/api/v1/log/checkpoint").ok();
        assert!(String::from_utf8_lossy(&note.bytes).starts_with("test.example/batchwright\n"));
        for header in ["x-request-id", "x-content-type-options", "cache-control"] {
            assert!(note.header(header).is_some(), "{header}");
        }
        let olga = world.person("olga");
        let problems = olga.get("/api/v1/problems").ok().json;
        assert!(problems["problems"].as_array().is_some_and(|all| all.len() > 100));
    });
}

// shows: T34, P11-10e1
#[test]
fn the_same_request_is_done_once_and_another_under_its_key_is_refused() {
    on_one(|world| {
        world.issued();
        let olga = world.person("olga");
        let path = format!("{}/start", step("OP-01~1/01.1~1"));
        let key = [("Idempotency-Key", "olga-start-0001")];
        let first = olga.send(&path, &json!({}), &key).ok();
        let again = olga.send(&path, &json!({}), &key).ok();
        assert_eq!((first.status, &first.json), (again.status, &again.json));
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(first.header("etag"), again.header("etag"));
        let other = olga.send(&batch("events"), &json!({ "what": "another request" }), &key);
        assert!(other.status == 409 || other.status == 422, "{} {}", other.status, other.json);
        // Whitespace and order of members make no other request.
        let entry = format!("{}/entries", step("OP-01~1/01.1~1"));
        let key = [("Idempotency-Key", "olga-weight-001")];
        let one = br#"{"entry":"weight","value":"0.271","unit":"kg"}"#;
        let two = br#"{ "unit": "kg", "value": "0.271", "entry": "weight" }"#;
        let one = olga.raw(&entry, one, "application/json", &key).ok();
        let two = olga.raw(&entry, two, "application/json", &key).ok();
        assert_eq!(one.json, two.json);
        olga.post(&entry, &json!({ "entry": "weight", "value": "0.272", "unit": "kg" }))
            .refused(409, "already-recorded");
    });
}
