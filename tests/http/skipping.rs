//! Skip testing: which tests a batch owes is settled by quality's signature before it starts.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::recipes;
use crate::house::world::on_each;
use serde_json::{Value, json};

fn owed(batch: &Batch<'_>, id: &str) -> Value {
    let all = batch.world.person("qadir").get(&batch.path("obligations")).done();
    let list = all["obligations"].as_array().cloned().unwrap_or_default();
    list.into_iter().find(|it| it["id"] == id).unwrap_or(Value::Null)
}

// shows: C211-165.a
// finding: G2
#[test]
fn quality_alone_skips_a_test_before_the_start_and_names_the_document() {
    on_each(|world| {
        let document = recipes::changed("BUF-SKIP", |document| {
            document["release_specifications"][0]["skippable"] = true.into();
        });
        recipes::effective(world, &document);
        let batch = Batch::issued_from(world, "SKIP-1", "BUF-SKIP");
        let qadir = world.person("qadir");
        let skip = batch.path("entries/identity/skip-testing");
        let why = json!({ "document": "QS-114", "reason": "one batch in five is tested" });
        for who in ["olga", "sven", "quinn", "petra"] {
            world.person(who).sign(&skip, &why).refused(403, "authority-missing");
        }
        qadir.post(&skip, &why).refused(428, "signature-required");
        let silent = json!({ "document": " ", "reason": "one batch in five is tested" });
        qadir.sign(&skip, &silent).refused(428, "reason-required");
        qadir.sign(&skip, &why).done();
        qadir.sign(&skip, &why).refused(409, "not-skippable");
        let shown = owed(&batch, "entry/release/identity/skipped");
        assert!(shown["evidence"].to_string().contains("QS-114"), "{shown}");
        assert_eq!(shown["status"], "waived", "a test that was skipped is not met: {shown}");
        assert_eq!(owed(&batch, "entry/release/identity/conforms"), Value::Null);
        assert_eq!(owed(&batch, "entry/release/identity/recorded")["status"], "waived");
        // What the master record does not let be skipped is owed, and after the start it is too late.
        let other = Batch::issued(world, "SKIP-2");
        let path = other.path("entries/identity/skip-testing");
        qadir.sign(&path, &why).refused(409, "not-skippable");
        let late = Batch::issued_from(world, "SKIP-3", "BUF-SKIP");
        late.weigh("0.272");
        qadir.sign(&late.path("entries/identity/skip-testing"), &why).refused(409, "phase-forbids");
        assert_eq!(owed(&late, "entry/release/identity/conforms")["status"], "open");
    });
}

// shows: C211-165.a
// finding: G2
#[test]
fn a_batch_that_does_not_owe_a_test_is_released_without_it() {
    on_each(|world| {
        let document = recipes::changed("BUF-SKIP-2", |document| {
            document["release_specifications"][0]["skippable"] = true.into();
        });
        recipes::effective(world, &document);
        let batch = Batch::issued_from(world, "SKIP-4", "BUF-SKIP-2");
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        let why = json!({ "document": "QS-114", "reason": "one batch in five is tested" });
        qadir.sign(&batch.path("entries/identity/skip-testing"), &why).done();
        batch.filled();
        let at = "OP-02~1/02.2~1";
        let body = json!({ "entry": "bioburden", "unit": "[CFU]/mL",
            "value": { "value": "2", "method_version": "4", "item": "BAG-1" } });
        batch.record(world.person("quinn"), at, &body).done();
        let version = With::version(&batch.entry_etag(at, "bioburden"));
        qadir.post_with(&batch.step(at, "entries/bioburden/checks"), &json!({}), &version).done();
        batch.completed();
        batch.review(qadir).done();
        batch.dispose(quella, "released").done();
    });
}
