//! What is withdrawn from a reserve.

use crate::house::batch::Batch;
use crate::house::client::Answer;
use crate::house::world::on_one;
use crate::lab::{owed, sampled};
use serde_json::{Value, json};

const PH: &str = "OP-02~1/02.1~1";

fn withdraws(batch: &Batch<'_>, entry: &str, quantity: &str, unit: &str) -> Answer {
    let value = json!({ "quantity": quantity, "unit": unit, "purpose": "complaint 12" });
    let body = json!({ "kind": "reserve-withdrawn", "value": value });
    let path = batch.step(PH, &format!("entries/{entry}/trail"));
    batch.world.person("quinn").post(&path, &body)
}

fn last(batch: &Batch<'_>) -> Value {
    batch.exceptions().last().cloned().unwrap_or_default()
}

// shows: C211-170.b
#[test]
fn what_was_withdrawn_is_stored_whatever_is_left_and_stands_out_with_the_difference() {
    on_one(|world| {
        let batch = sampled(world, "RSV-1");
        withdraws(&batch, "sample", "4", "mL").done();
        withdraws(&batch, "sample", "0.001", "L").done();
        assert!(batch.exceptions().is_empty(), "as much as there is");
        for (quantity, unit, says) in [
            ("7", "mL", "7 mL were withdrawn, 2 mL more than the 5 mL that are left"),
            ("3", "g", "3 g were withdrawn, another measure than the -2 mL that are left"),
            ("1", "mL", "1 mL were withdrawn, and what is left of 10 mL cannot be told"),
        ] {
            withdraws(&batch, "sample", quantity, unit).done();
            let last = last(&batch);
            assert_eq!(
                (&last["kind"], &last["severity"]),
                (&json!("out-of-acceptance"), &json!("major"))
            );
            assert!(last["detail"].as_str().is_some_and(|it| it.ends_with(says)), "{last}");
        }
        assert!(owed(&batch, &format!("sample/{PH}/sample/reserve")).is_some());
        let all = batch.entry(Some(PH), "sample")["trail"].as_array().map(Vec::len);
        assert_eq!(all, Some(5), "every one of them stands");
        // Where no reserve is kept.
        let other = json!({ "entry": "second-sample", "value": { "id": "S-2" } });
        batch.record(world.person("olga"), PH, &other).done();
        withdraws(&batch, "second-sample", "1", "mL").done();
        let said = last(&batch)["detail"].to_string();
        assert!(said.contains("1 mL were withdrawn, and no reserve is kept"), "{said}");
    });
}
