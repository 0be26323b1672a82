//! Hostile and odd inputs: nothing panics, nothing is a 500, facts are stored as they are.

use crate::house::batch::Batch;
use crate::house::world::{on_each, on_one};
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";

#[test]
fn no_odd_text_makes_a_five_hundred() {
    on_one(|world| {
        let batch = Batch::issued(world, "ODD-1");
        let olga = world.person("olga");
        batch.start(olga, WEIGH).done();
        let long = "x".repeat(100_000);
        let odd = [
            "",
            " ",
            "\u{0}",
            "NaN",
            "Infinity",
            "1e",
            "e5",
            "--1",
            "1,5",
            "0x10",
            "١٢",
            "\u{202e}0.272",
            "'; DROP TABLE journal; --",
            "<script>alert(1)</script>",
            "${jndi:ldap://x}",
            "../../etc",
            "0.272000000000000000000000000000000000001",
            "99999999999999999999999999999999",
            &long,
        ];
        for text in odd {
            for value in [json!(text), json!([text]), json!({ text: text }), Value::Null, json!(1)]
            {
                for unit in ["kg", text] {
                    let body = json!({ "entry": "weight", "value": value, "unit": unit });
                    batch.record(olga, WEIGH, &body).refused(422, "malformed");
                }
            }
            let event = olga.post(&batch.path("events"), &json!({ "what": text }));
            assert!(event.status < 500, "{text:.40}: {}", event.text());
            let sign_in = json!({ "user_name": text, "password": text });
            let (status, code) = match text.contains('\u{0}') || text.len() > 8_000 {
                true => (422, "malformed"),
                false => (401, "sign-in-refused"),
            };
            world.stranger().post("/sessions", &sign_in).refused(status, code);
        }
        for (path, status, code) in [
            ("/batches/%00", 404, "not-found"),
            ("/batches/..%2f..", 404, "not-found"),
            ("/lots/%F0%9F%92%A9", 404, "not-found"),
            ("/persons/%FF", 404, "not-found"),
            ("/audit-trail?from=yesterday", 422, "malformed"),
            ("/audit-trail?record_kind=moon", 400, "unreadable-request"),
            ("/audit-trail?cursor=;DROP", 400, "unreadable-request"),
            ("/batches?limit=-1", 400, "unreadable-request"),
            ("/batches?cursor=zzz", 400, "unreadable-request"),
        ] {
            world.person("audrey").get(path).refused(status, code);
        }
    });
}

// shows: T15.a
#[test]
fn a_fact_is_stored_as_it_is_and_judged_afterwards() {
    on_each(|world| {
        let batch = Batch::issued(world, "FACT-1");
        let olga = world.person("olga");
        // Not started: the report opens the occurrence as found running.
        let report = json!({ "entry": "weight", "value": "0.300", "unit": "kg" });
        let told = batch.record(olga, WEIGH, &report).done();
        let kinds: Vec<_> = told["exceptions"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|e| e["kind"].clone())
            .collect();
        assert!(kinds.contains(&json!("out-of-acceptance")), "{kinds:?}");
        assert!(kinds.contains(&json!("found-running")), "{kinds:?}");
        assert_eq!(batch.entry(Some(WEIGH), "weight")["versions"][0]["shown"], "0.300 kg");
        let lot = json!({ "entry": "lot", "value": "NA-2026-01" });
        batch.record(olga, WEIGH, &lot).done();
        // Without authority to record anything: refused.
        for name in ["qadir", "ada"] {
            batch.record(world.person(name), WEIGH, &lot).refused(403, "authority-missing");
        }
        batch
            .record(olga, WEIGH, &json!({ "entry": "none", "value": "x" }))
            .refused(404, "occurrence-unknown");
        olga.post("/batches/NONE/events", &json!({ "what": "x" })).refused(404, "not-found");
    });
}
