//! One part of a batch: what a terminal asks for that works on one step.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::world::on_each;
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";
const PART: &str = "operations/OP-01~1/steps/01.1~1";

// finding: HOUSE, readers
#[test]
fn a_part_is_what_the_whole_batch_shows_of_it_with_its_version_and_what_is_asked() {
    on_each(|world| {
        let batch = Batch::issued(world, "PART-1");
        let olga = world.person("olga");
        olga.get(&batch.path(PART)).refused(404, "not-found");
        batch.weigh("0.300");
        let answer = olga.get(&batch.path(PART));
        let etag = answer.header("etag").to_owned();
        let part = answer.done();
        let whole = batch.occurrence(WEIGH);
        assert_eq!(etag, whole["etag"].as_str().expect("a version"));
        for (member, value) in whole.as_object().expect("a step") {
            assert_eq!(&part[member], value, "{member}");
        }
        assert_eq!((&part["batch"], &part["batch_phase"]), (&json!("PART-1"), &json!("running")));
        let goggles = "Wear eye protection when handling acetic acid.";
        assert_eq!(part["precautions"], json!([goggles]));
        let weight = asked(&part, "weight");
        assert_eq!((&weight["unit"], &weight["options"]), (&json!("kg"), &json!([])));
        let printed: Vec<&Value> = weight["limits"].as_array().expect("limits").iter().collect();
        assert!(printed.iter().any(|limit| limit["purpose"] == "acceptance"
            && limit["shown"].as_str().is_some_and(|shown| shown.contains("0.267"))));
        let low = &weight["specification"]["limits"][0]["low"];
        assert_eq!(low, &json!({ "value": "0.267", "inclusive": true }));
        assert_eq!(asked(&part, "lot")["limits"], json!([]));
        // What was shown is what may be acted on.
        let complete = batch.step(WEIGH, "completion");
        let stale = With { if_match: Some("\"1\"".into()), ..With::default() };
        olga.sign_with(&complete, &json!({}), &stale).refused(412, "stale-version");
    });
}

// finding: HOUSE, readers
#[test]
fn a_part_that_is_not_there_is_not_found_whoever_asks_and_its_path_is_written_in_one_way() {
    on_each(|world| {
        let batch = Batch::issued(world, "PART-2");
        let olga = world.person("olga");
        batch.start(olga, WEIGH).done();
        olga.get(&batch.path(PART)).done();
        for elsewhere in [
            "operations/OP-01~1/steps/01.1~2",
            "operations/OP-01~2/steps/01.1~1",
            "operations/OP-02~1/steps/01.1~1",
            "operations/OP-01~1/steps/99.9~1",
        ] {
            olga.get(&batch.path(elsewhere)).refused(404, "not-found");
        }
        olga.get("/batches/NONE-1/operations/OP-01~1/steps/01.1~1").refused(404, "not-found");
        assert_eq!(olga.get(&batch.path("operations/OP-01~1/steps/01.1~01")).status, 404);
        world.person("ada").get(&batch.path(PART)).refused(403, "authority-missing");
    });
}

fn asked(part: &Value, entry: &str) -> Value {
    let all = part["asks"].as_array().expect("what is asked");
    all.iter().find(|ask| ask["entry"] == entry).cloned().expect("an entry")
}
