//! A signature is made by the person's password in that very act; a token is none.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::recipes;
use crate::house::world::{on_each, on_one};
use serde_json::json;

const WEIGH: &str = "OP-01~1/01.1~1";

// shows: P11-200a1.a, A11D-13.3.b, T1.a
#[test]
fn a_token_alone_never_signs() {
    on_each(|world| {
        let batch = Batch::issued(world, "SIGN-1");
        batch.weigh("0.272");
        let olga = world.person("olga");
        let path = batch.step(WEIGH, "completion");
        let version = With::version(batch.occurrence(WEIGH)["etag"].as_str().unwrap());
        olga.post_with(&path, &json!({}), &version).refused(428, "signature-required");
        let wrong = json!({ "signature": { "user_name": "olga", "password": "guessed-wrong-1" } });
        olga.post_with(&path, &wrong, &version).refused(401, "signing-credentials-wrong");
        assert_eq!(batch.occurrence(WEIGH)["phase"], "started");
        let log = world.person("ada").get("/access-log?outcome=refused&who=olga").done();
        let lines = log["entries"].as_array().unwrap();
        assert!(lines.iter().any(|l| l["code"] == "signing-credentials-wrong"), "{log}");
    });
}

// shows: P11-200a1i.a, P11-200a1i.b, A11D-13.3.a
#[test]
fn the_first_signing_of_a_session_needs_both_components_and_later_ones_the_password() {
    on_each(|world| {
        let batch = Batch::issued(world, "SIGN-2");
        batch.weigh("0.272");
        let olga = world.person("olga");
        let path = batch.step(WEIGH, "completion");
        let version = With::version(batch.occurrence(WEIGH)["etag"].as_str().unwrap());
        let alone = json!({ "signature": olga.password_only() });
        olga.post_with(&path, &alone, &version).refused(401, "signing-needs-both-components");
        olga.post_with(&path, &json!({ "signature": olga.both() }), &version).done();
        batch.check(world.person("omar"), WEIGH).done();
        batch.stirred(1, "20");
        let picture = batch.picture();
        let closing = With::version(picture["operations"][0]["etag"].as_str().unwrap());
        let close = batch.path("operations/OP-01~1/closure");
        olga.post_with(&close, &alone, &closing).done();
        batch.at_ph();
        olga.sign_out();
        olga.sign_in().done();
        let body = json!({ "signature": olga.password_only() });
        let passage = batch.path("gates/G-FILL/passage");
        olga.post(&passage, &body).refused(401, "signing-needs-both-components");
    });
}

/// The buffer recipe with a witness while the first step is done.
fn witnessed(code: &str, mode: &str) -> serde_json::Value {
    recipes::changed(code, |document| {
        recipes::step(document, "01.1")["second_person"] = json!({ "mode": mode });
    })
}

// shows: P11-200a1i.c, C211-188b11.a, F10.a, F21.a, T3.a
#[test]
fn a_witness_signs_with_user_name_and_password_of_their_own() {
    on_each(|world| {
        recipes::effective(world, &witnessed("BUF-WITNESS", "witness-during"));
        let batch = Batch::issued_from(world, "WIT-1", "BUF-WITNESS");
        batch.weigh("0.272");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        let path = batch.step(WEIGH, "completion");
        let version = With::version(batch.occurrence(WEIGH)["etag"].as_str().unwrap());
        let with = |second: serde_json::Value| json!({ "signature": olga.both(), "second_person": second });
        let none = json!({ "signature": olga.both() });
        olga.post_with(&path, &none, &version).refused(428, "second-person-required");
        let alone = with(omar.password_only());
        olga.post_with(&path, &alone, &version).refused(401, "signing-needs-both-components");
        olga.post_with(&path, &with(olga.both()), &version)
            .refused(403, "second-person-is-the-first");
        let borrowed = with(json!({ "user_name": "omar", "password": olga.password() }));
        olga.post_with(&path, &borrowed, &version).refused(401, "signing-credentials-wrong");
        let auditor = with(world.person("audrey").both());
        olga.post_with(&path, &auditor, &version).refused(403, "authority-missing");
        olga.post_with(&path, &with(omar.both()), &version).done();
        let step = batch.occurrence(WEIGH);
        assert_eq!(step["performed"]["user_name"], "olga");
        assert_eq!(step["checked"]["user_name"], "omar");
        assert_eq!(step["checked"]["meaning"], "witnessed");
    });
}

// shows: C211-188b11.a, F10.a, T4.c
#[test]
fn nobody_verifies_their_own_work() {
    on_each(|world| {
        let batch = Batch::issued(world, "OWN-1");
        batch.weigh("0.272");
        let olga = world.person("olga");
        batch.complete(olga, WEIGH).done();
        batch.check(olga, WEIGH).refused(403, "witness-is-performer");
        let (omar, path) = (world.person("omar"), batch.step(WEIGH, "check"));
        let version = With::version(batch.occurrence(WEIGH)["etag"].as_str().unwrap());
        omar.post_with(&path, &json!({}), &version).refused(428, "signature-required");
        omar.sign_with(&path, &json!({}), &With::version("\"9999\"")).refused(412, "stale-version");
        batch.check(world.person("audrey"), WEIGH).refused(403, "authority-missing");
        batch.check(omar, WEIGH).done();
        let checked = &batch.occurrence(WEIGH)["checked"];
        assert_eq!(checked["user_name"], "omar");
        for part in ["printed_name", "role", "meaning", "at", "shown_at"] {
            assert!(checked[part].as_str().is_some_and(|text| !text.is_empty()), "{part}");
        }
        let trail = world.person("audrey").get(&batch.path("audit-trail"));
        let text = String::from_utf8_lossy(&trail.bytes);
        assert!(!text.contains(&omar.password()), "no password anywhere");
    });
}

// shows: F10.a, T4.c
#[test]
fn whoever_recorded_one_value_of_a_step_does_not_verify_it() {
    on_one(|world| {
        let batch = Batch::issued(world, "OWN-2");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        batch.start(olga, WEIGH).done();
        for (who, entry, value) in [(olga, "lot", "NA-1"), (omar, "balance", "BAL-1")] {
            batch.record(who, WEIGH, &json!({ "entry": entry, "value": value })).done();
        }
        let weight = json!({ "entry": "weight", "value": "0.272", "unit": "kg" });
        batch.record(olga, WEIGH, &weight).done();
        batch.complete(olga, WEIGH).done();
        batch.check(omar, WEIGH).refused(403, "witness-is-performer");
        batch.check(world.person("sara"), WEIGH).done();
    });
}

// shows: P11-200a2.a, F21.a
#[test]
fn a_signature_in_a_session_is_by_the_sessions_person() {
    on_one(|world| {
        let batch = Batch::issued(world, "SESS-1");
        batch.weigh("0.272");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        let version = With::version(batch.occurrence(WEIGH)["etag"].as_str().unwrap());
        let body = json!({ "signature": omar.both() });
        olga.post_with(&batch.step(WEIGH, "completion"), &body, &version)
            .refused(401, "signer-is-not-the-session");
    });
}

// shows: F10.b
#[test]
fn a_check_faster_than_anybody_can_look_stands_with_an_exception() {
    on_one(|world| {
        let batch = Batch::issued(world, "FAST-1");
        batch.weigh("0.272");
        batch.complete(world.person("olga"), WEIGH).done();
        world.minutes(120);
        batch.check(world.person("omar"), WEIGH).done();
        assert_eq!(batch.exception_kinds(), ["overdue"], "later than 60 minutes");
    });
}
