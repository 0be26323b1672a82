//! What was said wrong of a step is put right in the open: a wrong found running, a wrong performed-at.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::world::on_each;
use batchwright::domain::clock::Instant;
use serde_json::{Value, json};

const FILL: &str = "OP-02~1/02.2~1";

fn owed(batch: &Batch<'_>, id: &str) -> Value {
    let all = batch.world.person("qadir").get(&batch.path("obligations")).done();
    let list = all["obligations"].as_array().cloned().unwrap_or_default();
    list.into_iter().find(|it| it["id"] == id).unwrap_or(Value::Null)
}

// shows: C211-110c.a
// finding: N21
#[test]
fn a_wrong_found_running_is_taken_back_by_two_and_stays_listed() {
    on_each(|world| {
        let batch = Batch::issued(world, "BACK-1");
        let (olga, omar, sven) = (world.person("olga"), world.person("omar"), world.person("sven"));
        let why = json!({ "reason": "reported on the wrong batch" });
        let back = batch.step(FILL, "taking-back");
        sven.sign_seconded(&back, &why, omar).refused(409, "phase-forbids");
        batch.adjusted();
        sven.sign_seconded(&back, &why, omar).refused(409, "step-not-started");
        batch.record(olga, FILL, &json!({ "entry": "closed", "value": true })).done();
        let gate = batch.gate("G-FILL");
        assert!(gate["not_passed_before"].to_string().contains(FILL), "{gate}");
        omar.sign_seconded(&back, &why, sven).refused(403, "authority-missing");
        olga.sign(&back, &why).refused(428, "second-person-required");
        sven.sign_seconded(&back, &why, olga).refused(403, "witness-is-performer");
        olga.sign_seconded(&back, &json!({ "reason": "" }), omar).refused(428, "reason-required");
        let started = batch.step("OP-01~1/01.1~1", "taking-back");
        sven.sign_seconded(&started, &why, omar).refused(409, "not-found-running");
        let open = batch.exceptions().len();
        olga.sign_seconded(&back, &why, omar).done();
        let picture = batch.picture();
        let taken = &picture["taken_back"][0];
        assert_eq!((&taken["step"], &taken["reason"]), (&json!(FILL), &why["reason"]), "{taken}");
        assert_eq!(taken["signed"].as_array().map(Vec::len), Some(2), "{taken}");
        assert!(taken["reported"].to_string().contains("closed"), "{taken}");
        assert_eq!(batch.gate("G-FILL")["not_passed_before"], Value::Null);
        assert_eq!(batch.exceptions().len(), open, "its exception waits for quality");
        let gate = owed(&batch, "gate/G-FILL/passed");
        assert_eq!(gate["status"], "open", "{gate}");
        assert!(gate["evidence"].to_string().contains("taken back"), "{gate}");
        for no in 1..=open as u64 {
            batch.wave_through(no).done();
        }
        olga.sign(&batch.path("gates/G-FILL/passage"), &json!({})).done();
        batch.fill(olga);
        assert_eq!(owed(&batch, "gate/G-FILL/passed")["status"], "met");
        let pages = batch.path("reports");
        sven.post(&pages, &json!({})).done();
    });
}

// shows: C211-110c.a
// finding: N21
#[test]
fn more_than_the_report_is_corrected_or_declared_and_not_taken_back() {
    on_each(|world| {
        let batch = Batch::issued(world, "BACK-2");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        batch.adjusted();
        batch.record(olga, FILL, &json!({ "entry": "closed", "value": true })).done();
        olga.wait(60);
        let etag = batch.entry_etag(FILL, "closed");
        let body = json!({ "value": false, "reason": "it is open" });
        let path = batch.step(FILL, "entries/closed/corrections");
        olga.post_with(&path, &body, &With::version(&etag)).done();
        let why = json!({ "reason": "reported on the wrong batch" });
        let problem = olga
            .sign_seconded(&batch.step(FILL, "taking-back"), &why, omar)
            .refused(409, "more-recorded");
        assert!(problem["missing"].to_string().contains("version 2 of closed"), "{problem}");
    });
}

// shows: P11-10e3.a
// finding: N21
#[test]
fn a_wrong_performed_at_is_corrected_with_its_reason_and_a_check() {
    on_each(|world| {
        let batch = Batch::issued(world, "BACK-3");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        batch.adjusted();
        olga.sign(&batch.path("gates/G-FILL/passage"), &json!({})).done();
        olga.wait(600);
        let now = world.line.clock.time();
        let ago = |seconds: i64| Instant(now.0 - seconds * 1_000_000).to_rfc3339();
        let wrong = ago(1200);
        let report = json!({ "entry": "closed", "value": true, "performed_at": wrong,
            "reason": "no tablet was at hand" });
        batch.record(olga, FILL, &report).done();
        assert!(batch.gate("G-FILL")["not_passed_before"].to_string().contains(FILL));
        let path = batch.step(FILL, "entries/closed/corrections");
        let post = |body: &Value| {
            let etag = batch.entry_etag(FILL, "closed");
            olga.post_with(&path, body, &With::version(&etag))
        };
        let right = ago(60);
        let mut body = json!({ "value": true, "performed_at": ago(-3600), "reason": "misread" });
        post(&body).refused(422, "performed-in-the-future");
        body["performed_at"] = "half past two".into();
        post(&body).refused(422, "malformed");
        body["performed_at"] = right.clone().into();
        post(&json!({ "value": true, "performed_at": right })).refused(428, "reason-required");
        post(&body).done();
        assert!(batch.gate("G-FILL")["not_passed_before"].to_string().contains(FILL), "unchecked");
        olga.wait(60);
        let etag = batch.entry_etag(FILL, "closed");
        let check = batch.step(FILL, "entries/closed/checks");
        omar.post_with(&check, &json!({}), &With::version(&etag)).done();
        assert_eq!(batch.gate("G-FILL")["not_passed_before"], Value::Null);
        let versions = &batch.entry(Some(FILL), "closed")["versions"];
        assert_eq!(versions[1]["performed_before"], versions[0]["performed_at"], "{versions}");
        assert_ne!(versions[1]["performed_at"], versions[0]["performed_at"], "{versions}");
    });
}
