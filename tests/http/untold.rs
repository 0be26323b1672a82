//! What cannot be told: of means and medians settled by a further determination, of critical numbers by a deviation alone.

use crate::house::batch::Batch;
use crate::house::recipes;
use crate::house::world::on_one;
use crate::lab::{determined, owed, sampled_from};
use serde_json::json;

const PH: &str = "OP-02~1/02.1~1";
const WEIGH: &str = "OP-01~1/01.1~1";
const CONFORMS: &str = "entry/OP-02~1/02.1~1/endotoxin/conforms";

// finding: P5
#[test]
fn a_mean_or_median_that_cannot_be_told_is_settled_by_a_further_determination() {
    on_one(|world| {
        for reportable in ["mean", "median"] {
            let code = format!("BUF-{}", reportable.to_uppercase());
            let document = crate::lab::recipe(&code, |entry| {
                entry["replicates"] = json!(2);
                entry["reportable"] = json!(reportable);
                entry["further"] = json!(1);
                entry["spread"] = json!({ "range": "1.0" });
            });
            recipes::effective(world, &document);
            let batch = sampled_from(world, &format!("UT-{reportable}").to_uppercase(), &code);
            determined(&batch, "<0.4").done();
            determined(&batch, "0.10").done();
            assert!(owed(&batch, CONFORMS).is_some(), "{reportable}: it cannot be told");
            determined(&batch, "0.12").done();
            let entry = batch.entry(Some(PH), "endotoxin");
            let further = &entry["determinations"][2];
            assert_eq!(
                (&further["settles"], &further["repeat"]),
                (&json!(1), &json!(false)),
                "{reportable}: {entry}"
            );
            assert_eq!(owed(&batch, CONFORMS), None, "{reportable}: {entry}");
        }
    });
}

// finding: P5
#[test]
fn a_critical_number_that_cannot_be_told_is_not_triaged_away_by_anybody() {
    on_one(|world| {
        let batch = Batch::issued(world, "UT-NUM");
        let (olga, qadir) = (world.person("olga"), world.person("qadir"));
        batch.start(olga, WEIGH).done();
        let body = json!({ "entry": "weight", "value": "<=0.272", "unit": "kg" });
        batch.record(olga, WEIGH, &body).done();
        let exception = batch.exceptions()[0].clone();
        assert!(exception["detail"].to_string().contains("cannot be told"), "{exception}");
        let path = batch.path("exceptions/1/triage");
        let says = |why: &str| json!({ "outcome": "not-a-deviation", "rationale": why });
        olga.sign(&path, &says("as ever")).refused(403, "authority-missing");
        qadir.sign(&path, &says("as ever")).refused(409, "must-be-a-deviation");
    });
}
