//! The audit trail: who, what, when, why, from what to what; filtered, and hidden from nobody who may read.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::world::on_each;
use serde_json::{Value, json};

fn lines(page: &Value) -> Vec<Value> {
    page["entries"].as_array().cloned().unwrap_or_else(|| panic!("no entries: {page}"))
}

// shows: P11-10e1.b, P11-10k2.b, A11-12c.a, A11D-12.2.a, A11D-12.4.a, A11D-12.4.b, A11D-12.4.c
// shows: PICS-2.a, MHRA-2.a
#[test]
fn the_trail_answers_by_who_what_when_and_record() {
    on_each(|world| {
        let batch = Batch::issued(world, "TRAIL-1");
        batch.weighed();
        let at = "OP-01~1/01.1~1";
        let (olga, audrey) = (world.person("olga"), world.person("audrey"));
        let body = json!({ "value": "0.271", "unit": "kg", "reason": "tare forgotten" });
        let version = With::version(&batch.entry_etag(at, "weight"));
        let noon = "2026-03-03T09:00:00Z";
        world.minutes(180);
        olga.post_with(&batch.step(at, "entries/weight/corrections"), &body, &version).done();
        let corrected = audrey.get("/audit-trail?action=run.entry-corrected").done();
        let found = lines(&corrected);
        assert_eq!(found.len(), 1, "{corrected}");
        let line = &found[0];
        assert_eq!(line["who"]["user_name"], "olga");
        assert_eq!(line["who"]["role"], "operator");
        assert_eq!(line["reason"], "tare forgotten");
        assert_eq!(line["zone"], "Europe/Berlin");
        for member in ["old", "new", "at", "what", "action", "link", "software", "request_id"] {
            assert!(line[member].is_string(), "{member}: {line}");
        }
        assert!(line["old"].as_str().unwrap().contains("0.272"), "{line}");
        assert!(line["new"].as_str().unwrap().contains("0.271"), "{line}");
        for line in lines(&audrey.get("/audit-trail?who=omar&part=actor").done()) {
            assert_eq!(line["who"]["user_name"], "omar");
        }
        let after = lines(&audrey.get(&format!("/audit-trail?from={noon}")).done());
        assert!(!after.is_empty() && after.iter().all(|l| l["at"].as_str().unwrap() >= noon));
        let before = lines(&audrey.get(&format!("/audit-trail?to={noon}&record_kind=run")).done());
        assert!(
            before.iter().all(|l| l["at"].as_str().unwrap() < noon && l["record_kind"] == "run")
        );
        let record =
            lines(&audrey.get("/audit-trail?record_kind=run&record=TRAIL-1&limit=500").done());
        assert!(record.iter().all(|l| l["number"] == "TRAIL-1"));
        let whole = lines(&audrey.get(&batch.path("audit-trail")).done());
        assert_eq!(record.len(), whole.len());
        for (n, line) in whole.iter().enumerate() {
            assert_eq!(
                line["seq"].as_u64(),
                Some(n as u64 + 1),
                "from the first entry, without gaps"
            );
        }
        audrey.get("/audit-trail?who=nobody").refused(404, "not-found");
        audrey.get("/audit-trail?record_kind=run&record=NONE").refused(404, "not-found");
        audrey.get("/audit-trail?record=TRAIL-1").refused(422, "malformed");
    });
}

// shows: PICS-2.a
#[test]
fn a_long_trail_comes_in_parts_without_gaps_or_repeats() {
    on_each(|world| {
        let batch = Batch::issued(world, "TRAIL-2");
        batch.weighed();
        let audrey = world.person("audrey");
        let whole = lines(&audrey.get("/audit-trail?limit=500").done());
        let (mut parts, mut path) = (Vec::new(), "/audit-trail?limit=7".to_owned());
        for _ in 0..500 {
            let page = audrey.get(&path).done();
            parts.extend(lines(&page));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/audit-trail?limit=7&cursor={next}");
        }
        let links =
            |all: &[Value]| -> Vec<String> { all.iter().map(|l| l["link"].to_string()).collect() };
        assert_eq!(links(&parts)[..whole.len().min(parts.len())], links(&whole)[..]);
        assert!(parts.len() >= whole.len());
        audrey.get("/audit-trail?cursor=nonsense").refused(400, "unreadable-request");
    });
}

// shows: P11-50a.a, P11-50a.c, P11-50b.c, A11-14.b, A11D-13.6.a
#[test]
fn a_signature_stands_in_the_trail_with_name_role_meaning_and_time() {
    on_each(|world| {
        let batch = Batch::issued(world, "TRAIL-3");
        batch.weighed();
        let trail = world.person("audrey").get(&batch.path("audit-trail")).done();
        let completed =
            lines(&trail).into_iter().find(|l| l["event"] == "run.step-completed").unwrap();
        let signature = &completed["signatures"][0];
        for (member, value) in [
            ("user_name", "olga"),
            ("printed_name", "Olga Okafor"),
            ("role", "operator"),
            ("meaning", "performed"),
        ] {
            assert_eq!(signature[member], value, "{signature}");
        }
        for member in ["at", "key", "value"] {
            assert!(signature[member].is_string(), "{member}: {signature}");
        }
    });
}

// shows: T31.a
#[test]
fn an_auditor_reads_everything_and_changes_nothing() {
    on_each(|world| {
        let batch = Batch::issued(world, "AUDIT-1");
        batch.weigh("0.272");
        let audrey = world.person("audrey");
        for path in
            ["/batches", "/batches/AUDIT-1", "/masters", "/audit-trail", "/access-log", "/site"]
        {
            audrey.get(path).done();
        }
        let body = json!({ "entry": "weight", "value": "0.272", "unit": "kg" });
        batch.record(audrey, "OP-01~1/01.1~1", &body).refused(403, "authority-missing");
        batch.start(audrey, "OP-01~1/01.1~1").refused(403, "authority-missing");
        audrey
            .sign(&batch.path("abort"), &json!({ "reason": "x" }))
            .refused(403, "authority-missing");
    });
}
