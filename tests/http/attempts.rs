//! Values that were sent and not confirmed: whose they are, who may confirm and who may look at them.

use crate::house::batch::Batch;
use crate::house::world::{on_each, on_one};
use crate::typed::{correct, owed, weight};
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";

fn attempts(batch: &Batch<'_>) -> Vec<Value> {
    batch.entry(Some(WEIGH), "weight")["attempts"].as_array().cloned().unwrap_or_default()
}

fn meant(value: &str) -> Value {
    let mut body = weight(value);
    body["confirmed"] = true.into();
    body
}

// finding: A3
#[test]
fn only_who_typed_an_implausible_value_confirms_it() {
    on_each(|world| {
        let batch = Batch::issued(world, "ATT-1");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        batch.start(olga, WEIGH).done();
        batch.record(olga, WEIGH, &weight("27.2")).done();
        let told = batch.record(omar, WEIGH, &meant("27.2")).done();
        assert_eq!(told["confirmation_asked"], true, "omar has not been asked: {told}");
        assert_eq!(batch.entry(Some(WEIGH), "weight")["versions"], json!([]));
        let told = batch.record(omar, WEIGH, &meant("27.2")).done();
        assert!(told["confirmation_asked"].is_null(), "{told}");
        let all = attempts(&batch);
        assert_eq!((&all[0]["confirmed"], &all[1]["confirmed"]), (&json!(false), &json!(true)));
        assert_eq!(owed(&batch, "/attempt/1"), ["open"], "olga's own stays an attempt");
        assert_eq!(owed(&batch, "/attempt/2"), [""; 0]);
        // Of a correction as of a first value.
        let mut again = json!({ "value": "28.2", "unit": "kg", "reason": "misread" });
        correct(&batch, olga, WEIGH, "weight", &again).done();
        again["confirmed"] = true.into();
        let told = correct(&batch, omar, WEIGH, "weight", &again).done();
        assert_eq!(told["confirmation_asked"], true, "{told}");
        correct(&batch, olga, WEIGH, "weight", &again).done();
        let confirmed: Vec<_> = attempts(&batch).iter().map(|it| it["confirmed"].clone()).collect();
        assert_eq!(json!(confirmed), json!([false, true, true, false]));
    });
}

// shows: A11D-10a.a
// finding: A3
#[test]
fn who_performed_what_a_scribe_sent_does_not_look_at_it() {
    on_one(|world| {
        let batch = Batch::issued(world, "ATT-2");
        let (olga, omar, qadir) =
            (world.person("olga"), world.person("omar"), world.person("qadir"));
        batch.start(olga, WEIGH).done();
        let mut scribed = weight("5.1");
        scribed["basis"] = json!({ "kind": "scribe", "performed_by": "omar" });
        batch.record(olga, WEIGH, &scribed).done();
        let kept = &attempts(&batch)[0];
        assert_eq!(kept["basis"], json!({ "kind": "scribe", "performed_by": "omar" }), "{kept}");
        let looks = batch.path("second-looks");
        let one = json!({ "against": "display",
            "attempts": [{ "step": WEIGH, "entry": "weight", "no": 1 }] });
        olga.sign(&looks, &one).refused(403, "witness-is-performer");
        omar.sign(&looks, &one).refused(403, "witness-is-performer");
        qadir.sign(&looks, &one).done();
        assert_eq!(attempts(&batch)[0]["looked_by"]["user_name"], "qadir");
        // Nor does the performer check the step on which it was sent.
        batch.record(olga, WEIGH, &weight("0.272")).done();
        batch.record(olga, WEIGH, &json!({ "entry": "lot", "value": "NA-2026-01" })).done();
        batch.record(olga, WEIGH, &json!({ "entry": "balance", "value": "BAL-07" })).done();
        batch.complete(olga, WEIGH).done();
        batch.check(omar, WEIGH).refused(403, "witness-is-performer");
    });
}
