//! What the server cannot compute of a list, and what the refusal of the completion says of it.

use crate::house::batch::Batch;
use crate::house::recipes;
use crate::house::world::on_one;
use serde_json::json;

const WATCH: &str = "OP-01~1/01.8~1";

// finding: G12
#[test]
fn a_completion_that_waits_for_a_list_says_which_member_cannot_be_computed_with_and_what_to_do() {
    on_one(|world| {
        let document = recipes::changed("CENSORED", |document| {
            recipes::step(document, "01.2")["occurs"] = json!({ "min": 1 });
            let mean = json!({ "id": "mean", "name": "Mean", "kind": "calculation", "unit": "Cel",
                "language": "batchwright.calc/1", "expression": "mean(all[01.2/temperature])" });
            let watch = json!({ "id": "01.8", "name": "Watch", "instruction": "Look at it.",
                "after": ["01.1"], "entries": [mean] });
            let operations = document["unit_procedures"][0]["operations"].as_array_mut();
            let steps = operations.and_then(|list| list[0]["steps"].as_array_mut());
            steps.expect("steps").push(watch);
        });
        recipes::effective(world, &document);
        let batch = Batch::issued_from(world, "CENSORED-1", "CENSORED");
        let olga = world.person("olga");
        batch.weighed();
        batch.start(olga, WATCH).done();
        let refused = batch.complete(olga, WATCH).refused(409, "entries-missing");
        let said = refused["missing"].to_string();
        assert!(said.contains("[01.2/temperature] has no value"), "{refused:#}");
        for (k, temperature) in [(1, "20.5"), (2, "<5")] {
            let at = format!("OP-01~1/01.2~{k}");
            batch.start(olga, &at).done();
            let body = json!({ "entry": "temperature", "value": temperature, "unit": "Cel" });
            batch.record(olga, &at, &body).done();
            if k == 1 {
                batch.complete(olga, &at).done();
            }
        }
        let refused = batch.complete(olga, WATCH).refused(409, "entries-missing");
        let said = refused["missing"].to_string();
        assert!(said.contains("01.2~2"), "{refused:#}");
        assert!(said.contains("declare mean not available"), "{refused:#}");
    });
}
