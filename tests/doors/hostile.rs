//! Hostile and odd inputs: nothing panics, nothing is a 500, facts are stored as they are.

use super::world::{BATCH, batch, on_each, on_one, step};
use serde_json::{Value, json};

// shows: T34, DI-Q1b
#[test]
fn no_odd_text_makes_a_five_hundred() {
    on_one(|world| {
        world.issued();
        let olga = world.person("olga");
        olga.post(&format!("{}/start", step("OP-01~1/01.1~1")), &json!({})).ok();
        let long = "x".repeat(100_000);
        let odd = [
            "",
            " ",
            "\u{0}",
            "NaN",
            "Infinity",
            "1e5",
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
        let path = format!("{}/entries", step("OP-01~1/01.1~1"));
        for text in odd {
            for value in [json!(text), json!([text]), json!({ text: text }), Value::Null, json!(1)]
            {
                for unit in ["kg", text] {
                    let body = json!({ "entry": "weight", "value": value, "unit": unit });
                    let reply = olga.post(&path, &body);
                    let fine = [400, 413, 422].contains(&reply.status);
                    assert!(fine, "{body:.100}: {} {}", reply.status, reply.json);
                }
            }
            let event = olga.post(&batch("events"), &json!({ "what": text }));
            assert!(event.status < 500, "{text:.40}: {} {}", event.status, event.json);
            let sign_in = json!({ "user_name": text, "password": text });
            let reply = world.stranger().post("/api/v1/sessions", &sign_in);
            assert!([400, 401, 413].contains(&reply.status), "{text:.40}: {}", reply.status);
        }
        for path in [
            "/api/v1/batches/%00",
            "/api/v1/batches/..%2f..",
            "/api/v1/lots/%F0%9F%92%A9",
            "/api/v1/persons/%FF",
            "/api/v1/audit-trail?from=yesterday",
            "/api/v1/audit-trail?record_kind=moon",
            "/api/v1/audit-trail?cursor=;DROP",
            "/api/v1/batches?limit=-1",
            "/api/v1/batches?cursor=zzz",
        ] {
            let reply = world.person("audrey").get(path);
            assert!(reply.status < 500, "{path}: {} {}", reply.status, reply.json);
        }
    });
}

// shows: P11-10f, T17, T15
#[test]
fn a_fact_is_stored_as_it_is_and_judged_afterwards() {
    on_each(|world| {
        world.issued();
        let olga = world.person("olga");
        // Not started: the report opens the occurrence as found running.
        let path = format!("{}/entries", step("OP-01~1/01.1~1"));
        let report = json!({ "entry": "weight", "value": "0.300", "unit": "kg" });
        let told = olga.post(&path, &report).ok().json;
        let kinds: Vec<_> = told["exceptions"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|e| e["kind"].clone())
            .collect();
        assert!(kinds.contains(&json!("out-of-acceptance")), "{kinds:?}");
        assert!(
            kinds.contains(&json!("found-running")) || kinds.contains(&json!("out-of-order")),
            "{kinds:?}"
        );
        let picture = world.picture();
        let weight = &picture["steps"][0]["entries"];
        let shown = weight.as_array().into_iter().flatten().find(|e| e["entry"] == "weight");
        assert!(shown.is_some_and(|e| e["versions"][0]["shown"] == "0.300 kg"), "{weight:#}");
        // Implausible: kept, confirmation asked, then recorded.
        let lot = json!({ "entry": "lot", "value": "NAAC-77" });
        olga.post(&path, &lot).ok();
        // Without authority to record anything: refused.
        world.person("qadir").post(&path, &lot).refused(403, "authority-missing");
        world.ada.post(&path, &lot).refused(403, "authority-missing");
        olga.post(&path, &json!({ "entry": "none", "value": "x" }))
            .refused(404, "occurrence-unknown");
        olga.post("/api/v1/batches/NONE/events", &json!({ "what": "x" })).refused(404, "not-found");
        let _ = BATCH;
    });
}

// shows: P11-10e3, A11-09
#[test]
fn a_correction_needs_reason_and_version_and_leaves_the_old_value_readable() {
    on_one(|world| {
        world.issued();
        let olga = world.person("olga");
        let path = step("OP-01~1/01.1~1");
        olga.post(&format!("{path}/start"), &json!({})).ok();
        let first = olga
            .post(
                &format!("{path}/entries"),
                &json!({ "entry": "weight", "value": "0.271", "unit": "kg" }),
            )
            .ok();
        world.minutes(5);
        let corrections = format!("{path}/entries/weight/corrections");
        let bare = json!({ "value": "0.272", "unit": "kg" });
        let full = json!({ "value": "0.272", "unit": "kg", "reason": "read the display again" });
        olga.post(&corrections, &full).refused(428, "version-required");
        olga.on(first.version(), &corrections, &bare).refused(428, "reason-required");
        olga.on(first.version() + 40, &corrections, &full).refused(412, "stale-version");
        let second = olga.on(first.version(), &corrections, &full).ok();
        assert!(second.version() > first.version());
        let checks = format!("{path}/entries/weight/checks");
        olga.on(second.version(), &checks, &json!({})).refused(403, "witness-is-performer");
        world.person("omar").on(second.version(), &checks, &json!({})).ok();
        let picture = world.picture();
        let entries = picture["steps"][0]["entries"].as_array().expect("entries").clone();
        let weight = entries.into_iter().find(|e| e["entry"] == "weight").expect("the weight");
        assert_eq!(weight["versions"][0]["shown"], "0.271 kg");
        assert_eq!(weight["versions"][1]["shown"], "0.272 kg");
        assert_eq!(weight["versions"][1]["reason"], "read the display again");
        assert_eq!(weight["versions"][1]["checked_by"]["user_name"], "omar");
    });
}
