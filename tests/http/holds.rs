//! Holds: objects with an owner; they stop what moves forward, never care, sampling or readings.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::world::on_each;
use serde_json::json;

// shows: Q7-8.1.c, S88-3.a, S88-3.b
#[test]
fn a_hold_stops_what_moves_forward_and_never_care() {
    on_each(|world| {
        let batch = Batch::issued(world, "HOLD-1");
        let (olga, sven, qadir) =
            (world.person("olga"), world.person("sven"), world.person("qadir"));
        batch.weighed();
        let holds = batch.path("holds");
        let whole = json!({ "scope": { "kind": "run" }, "reason": "power is unstable" });
        olga.post(&holds, &whole).refused(403, "authority-missing");
        sven.post(&holds, &json!({ "scope": { "kind": "run" }, "reason": "" }))
            .refused(428, "reason-required");
        sven.post(&holds, &json!({ "scope": { "kind": "galaxy" }, "reason": "x" }))
            .refused(422, "malformed");
        let other = Batch::issued(world, "HOLD-1B");
        qadir.post(&other.path("holds"), &whole).done();
        other.start(olga, "OP-01~1/01.1~1").refused(409, "on-hold");
        let placed = With::version(other.picture()["holds"][0]["etag"].as_str().unwrap());
        let settled = json!({ "reason": "settled" });
        qadir.sign_with(&other.path("holds/1/lifting"), &settled, &placed).done();
        other.start(olga, "OP-01~1/01.1~1").done();
        let nowhere = json!({ "scope": { "kind": "step", "step": "99.9" }, "reason": "x" });
        sven.post(&holds, &nowhere).refused(404, "no-such-part");
        sven.post(&holds, &whole).done();
        let step = json!({ "scope": { "kind": "step", "step": "02.2" }, "reason": "filter lot under question" });
        qadir.post(&holds, &step).done();
        // Care goes on; and what is running may be read and finished.
        batch.stirred(1, "20");
        batch.close(olga, "OP-01~1").refused(409, "on-hold");
        let lift = |no: u32| batch.path(&format!("holds/{no}/lifting"));
        let why = json!({ "reason": "power is back" });
        let etag =
            |no: usize| batch.picture()["holds"][no - 1]["etag"].as_str().unwrap().to_owned();
        sven.post(&lift(1), &why).refused(428, "version-required");
        sven.post_with(&lift(1), &why, &With::version("\"1\"")).refused(412, "stale-version");
        olga.post_with(&lift(1), &why, &With::version(&etag(1))).refused(403, "authority-missing");
        sven.post_with(&lift(9), &why, &With::version("\"1\"")).refused(404, "no-such-part");
        sven.post_with(&lift(1), &why, &With::version(&etag(1))).done();
        sven.post_with(&lift(1), &why, &With::version(&etag(1)))
            .refused(409, "hold-already-lifted");
        batch.close(olga, "OP-01~1").done();
        batch.at_ph();
        // The quality hold is quality's: production cannot lift it.
        sven.post_with(&lift(2), &why, &With::version(&etag(2))).refused(403, "authority-missing");
        assert_eq!(batch.gate("G-FILL")["open"], false);
        qadir.post_with(&lift(2), &why, &With::version(&etag(2))).done();
        assert_eq!(batch.gate("G-FILL")["open"], true);
    });
}

#[test]
fn a_hold_keeps_a_batch_from_being_completed_and_released() {
    on_each(|world| {
        let batch = Batch::issued(world, "HOLD-2");
        let (sven, qadir) = (world.person("sven"), world.person("qadir"));
        batch.executed();
        batch.review(qadir).done();
        let hold = json!({ "scope": { "kind": "run" }, "reason": "complaint on the acetate lot" });
        qadir.post(&batch.path("holds"), &hold).done();
        let quella = world.person("quella");
        batch.dispose(quella, "released").refused(409, "on-hold");
        // The hold lapsed the review, and without one there is no end.
        quella.sign(&batch.path("closure"), &json!({})).refused(409, "phase-forbids");
        batch.dispose(quella, "rejected").done();
        let other = Batch::issued(world, "HOLD-3");
        other.weigh("0.272");
        sven.post(&other.path("holds"), &hold).done();
        let version = With::version(&other.etag());
        sven.sign_with(&other.path("completion"), &json!({}), &version).refused(409, "on-hold");
        other.start(world.person("olga"), "OP-01~1/01.2~1").refused(409, "out-of-order");
    });
}
