//! The whole life of a small batch: from a draft to a released lot and a sealed report.

use crate::house::batch::{Batch, lot_of};
use crate::house::recipes;
use crate::house::world::on_each;
use serde_json::json;

// shows: P11-10b.f, P11-10f.d, P11-50a.b, P11-50b.a, C211-192a.a, A11D-13.6.a, F15.a, T30.a, T40.a
// shows: L4.a
#[test]
fn a_batch_goes_from_draft_to_released_lot_and_sealed_report() {
    on_each(|world| {
        let document = recipes::changed("BUF-LIFE", |_| {});
        assert_eq!(recipes::effective(world, &document), 1);
        let batch = Batch::issued_from(world, "LIFE-1", "BUF-LIFE");
        assert_eq!(batch.picture()["phase"], "issued");
        batch.adjusted();
        let olga = world.person("olga");
        batch.start(olga, "OP-02~1/02.2~1").refused(409, "gate-not-passed");
        olga.sign(&batch.path("gates/G-FILL/passage"), &json!({})).done();
        batch.fill(olga);
        let complete = batch.path("completion");
        world.person("sven").sign(&complete, &json!({})).refused(428, "version-required");
        batch.tested();
        batch.completed();
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        let early = batch.dispose(quella, "released").refused(409, "not-ready-for-release");
        assert!(!early["missing"].as_array().unwrap().is_empty(), "{early}");
        let owed = qadir.get(&batch.path("obligations")).done();
        assert_eq!(owed["of"].as_u64().unwrap() - owed["met"].as_u64().unwrap(), 1, "{owed}");
        batch.review(qadir).done();
        let owed = qadir.get(&batch.path("obligations")).done();
        assert_eq!(owed["of"], owed["met"], "{owed}");
        let tally = &owed["tally"];
        assert_eq!((&tally["open"], &tally["waived"]), (&json!(0), &json!(0)), "{tally}");
        assert_eq!(tally["shown"], format!("{} met, 0 waived, 0 open", owed["of"]), "{tally}");
        for obligation in owed["obligations"].as_array().unwrap() {
            for member in ["id", "rule", "clause", "stage", "what", "status"] {
                assert!(obligation[member].is_string(), "{member}: {obligation}");
            }
            assert!(obligation["waivable"].is_boolean(), "{obligation}");
            let evidence = obligation["evidence"].as_str().unwrap_or_default();
            assert!(!evidence.is_empty(), "met by what? {obligation}");
        }
        batch.dispose(quella, "released").done();
        let lot = quella.get(&format!("/lots/{}", lot_of("LIFE-1"))).done();
        assert_eq!(lot["disposition"], "released", "{lot}");
        let stood = &lot["decisions"][0]["obligations"];
        assert_eq!((&stood["met"], &stood["open"]), (&owed["met"], &json!(0)), "{lot}");
        quella.sign(&batch.path("closure"), &json!({})).done();
        let picture = batch.picture();
        assert_eq!(picture["phase"], "closed");
        assert_eq!(picture["exceptions"], json!([]), "{picture}");
        let signed = &batch.occurrence("OP-01~1/01.1~1")["performed"];
        for member in ["user_name", "printed_name", "role", "meaning", "at", "shown_at"] {
            assert!(signed[member].is_string(), "a manifestation names its {member}: {signed}");
        }
        report(&batch);
        trail(&batch);
        let late = json!({ "entry": "remark", "value": "too late" });
        batch.record(olga, "OP-01~1/01.2~1", &late).done();
        assert_eq!(batch.picture()["addenda"][0]["what"], "record-entry");
        batch.start(olga, "OP-01~1/01.2~2").refused(423, "record-final");
    });
}

/// From the issue on, with the meaning of each signature.
fn trail(batch: &Batch<'_>) {
    let audrey = batch.world.person("audrey");
    let trail = audrey.get(&batch.path("audit-trail")).done();
    let lines = trail["entries"].as_array().expect("lines");
    assert_eq!(lines[0]["event"], "run.issued");
    assert!(lines.iter().any(|line| line["signatures"][0]["meaning"].is_string()), "{trail}");
}

fn report(batch: &Batch<'_>) {
    let quella = batch.world.person("quella");
    let issued = quella.post(&batch.path("reports"), &json!({}));
    assert_eq!(issued.status, 201, "{}", issued.text());
    let issued = issued.done();
    assert_eq!(issued["no"], 1, "{issued}");
    let first = quella.get(&batch.path("reports/1"));
    assert_eq!(first.header("content-type"), "application/pdf");
    assert!(first.bytes.starts_with(b"%PDF-"));
    assert_eq!(issued["bytes"].as_u64(), Some(first.bytes.len() as u64));
    let hash =
        batchwright::seal::digest::to_hex(&batchwright::seal::digest::sha256(&[&first.bytes]));
    assert_eq!(issued["sha256"], hash.as_str());
    let again = quella.get(&batch.path("reports/1"));
    assert_eq!(first.bytes, again.bytes, "an issued rendition is kept, never drawn again");
    let second = quella.post(&batch.path("reports"), &json!({})).done();
    assert_eq!(second["no"], 2, "every rendition has a number of its own");
    quella.get(&batch.path("reports/3")).refused(404, "not-found");
    let list = quella.get(&batch.path("reports")).done();
    assert_eq!(list["renditions"][0]["sha256"], issued["sha256"], "{list}");
}

// shows: F11.b, F12.a, F20.a, T39.a
#[test]
fn an_aborted_batch_stays_in_every_list_and_keeps_everything() {
    on_each(|world| {
        let batch = Batch::issued(world, "ABORT-1");
        batch.weighed();
        let (olga, sven) = (world.person("olga"), world.person("sven"));
        olga.sign(&batch.path("abort"), &json!({ "reason": "x" }))
            .refused(403, "authority-missing");
        sven.sign(&batch.path("abort"), &json!({ "reason": " " })).refused(428, "reason-required");
        sven.sign(&batch.path("abort"), &json!({ "reason": "vessel leaks" })).done();
        let listed = sven.get("/batches").done();
        let line = listed["batches"].as_array().unwrap().iter().find(|b| b["number"] == "ABORT-1");
        assert_eq!(line.expect("an aborted batch is listed")["phase"], "aborted");
        let only = sven.get("/batches?phase=aborted").done();
        assert_eq!(only["batches"].as_array().unwrap().len(), 1, "{only}");
        let none = sven.get("/batches?purpose=cleaning").done();
        assert_eq!(none["batches"], json!([]));
        let entry = batch.entry(Some("OP-01~1/01.1~1"), "weight");
        assert_eq!(entry["versions"][0]["raw"].as_str().map(|r| r.contains("0.272")), Some(true));
        let picture = batch.picture();
        assert_eq!(
            (&picture["phase"], &picture["aborted"]),
            (&json!("aborted"), &json!("vessel leaks"))
        );
        assert!(batch.occurrence("OP-01~1/01.1~1")["performed"]["printed_name"].is_string());
        let what = json!({ "kind": "destruction", "text": "12 L to kill tank" });
        olga.post(&batch.path("aftermath"), &what).done();
        let wrong = json!({ "kind": "sale", "text": "sold" });
        olga.post(&batch.path("aftermath"), &wrong).refused(422, "aftermath-kind-unknown");
        batch.start(olga, "OP-02~1/02.1~1").refused(409, "phase-forbids");
        sven.sign(&batch.path("abort"), &json!({ "reason": "again" }))
            .refused(409, "phase-forbids");
        olga.post(&batch.path("events"), &json!({ "what": "tank rinsed", "step": null })).done();
        assert!(batch.exception_kinds().contains(&"aborted".to_owned()));
    });
}
