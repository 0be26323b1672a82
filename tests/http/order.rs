//! Order is enforced by the server.

use crate::house::batch::Batch;
use crate::house::world::{on_each, on_one};
use serde_json::json;

const WEIGH: &str = "OP-01~1/01.1~1";

// shows: P11-10f.a, T15.a
#[test]
fn no_step_begins_before_what_comes_before_it() {
    on_each(|world| {
        let batch = Batch::issued(world, "ORDER-1");
        let olga = world.person("olga");
        let problem = batch.start(olga, "OP-01~1/01.2~1").refused(409, "out-of-order");
        assert!(problem["missing"][0].as_str().unwrap().contains("01.1"), "{problem}");
        batch.start(olga, "OP-02~1/02.1~1").refused(409, "out-of-order");
        batch.start(olga, "OP-01~1/01.1~2").refused(404, "occurrence-unknown");
        batch.start(olga, "OP-01~1/99.9~1").refused(404, "occurrence-unknown");
        batch.start(olga, WEIGH).done();
        batch.start(world.person("omar"), WEIGH).refused(409, "already-started");
        batch.complete(olga, WEIGH).refused(409, "entries-missing");
        batch.check(world.person("omar"), WEIGH).refused(409, "step-not-complete");
        batch.close(olga, "OP-01~1").refused(409, "operation-unfinished");
        let next = batch.picture()["next"].clone();
        let of = |step: &str| next.as_array().unwrap().iter().find(|n| n["step"] == step).cloned();
        let stir = of("OP-01~1/01.2~1").expect("what comes next is told");
        assert_eq!(stir["may_start"], false);
        assert!(!stir["why"].as_array().unwrap().is_empty(), "{stir}");
    });
}

// shows: P11-10f.a
#[test]
fn a_completion_of_what_has_not_begun_says_why() {
    on_one(|world| {
        let batch = Batch::issued(world, "ORDER-2");
        let olga = world.person("olga");
        batch.complete(olga, WEIGH).refused(409, "step-not-started");
        batch.complete(olga, "OP-01~1/01.2~1").refused(409, "out-of-order");
        batch.weighed();
        batch.complete(olga, WEIGH).refused(409, "already-complete");
        batch.check(world.person("omar"), WEIGH).refused(409, "already-checked");
        batch.stirred(1, "20");
        batch.check(world.person("omar"), "OP-01~1/01.2~1").refused(409, "no-check-asked");
        batch.close(olga, "OP-01~1").done();
        batch.close(olga, "OP-01~1").refused(409, "operation-closed");
        batch.start(olga, "OP-01~1/01.2~2").refused(409, "out-of-order");
    });
}

// shows: P11-10f.a
#[test]
fn what_was_reported_out_of_order_is_kept_and_satisfies_nothing() {
    on_each(|world| {
        let batch = Batch::issued(world, "FOUND-1");
        let olga = world.person("olga");
        let at = "OP-01~1/01.2~1";
        let body = json!({ "entry": "temperature", "value": "21", "unit": "Cel" });
        let answer = batch.record(olga, at, &body).done();
        assert!(!answer["exceptions"].as_array().unwrap().is_empty(), "{answer}");
        let found = batch.occurrence(at);
        assert_eq!(found["phase"], "found-running");
        batch.complete(olga, at).done();
        batch.weighed();
        batch.close(olga, "OP-01~1").refused(409, "operation-unfinished");
        for exception in batch.exceptions() {
            batch.wave_through(exception["no"].as_u64().unwrap()).done();
        }
        batch.close(olga, "OP-01~1").done();
    });
}

// shows: P11-10f.a, C211-100b.c
#[test]
fn a_step_is_left_out_only_by_a_supervisor_who_signs() {
    on_each(|world| {
        let batch = Batch::issued(world, "SKIP-1");
        let (olga, sven) = (world.person("olga"), world.person("sven"));
        let path = batch.step(WEIGH, "not-performed");
        let why = json!({ "reason": "buffer made from concentrate" });
        olga.sign(&path, &why).refused(428, "supervisor-required");
        sven.post(&path, &why).refused(428, "signature-required");
        sven.sign(&path, &json!({ "reason": "" })).refused(428, "reason-required");
        let too_soon = batch.step("OP-02~1/02.1~1", "not-performed");
        sven.sign(&too_soon, &why).refused(409, "out-of-order");
        sven.sign(&path, &why).done();
        sven.sign(&path, &why).refused(409, "already-complete");
        assert_eq!(batch.occurrence(WEIGH)["phase"], "not-performed");
        assert_eq!(batch.exception_kinds(), ["not-performed"]);
        batch.start(olga, "OP-01~1/01.2~1").done();
    });
}
