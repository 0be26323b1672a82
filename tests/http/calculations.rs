//! Calculations and conditions: the server computes, nobody sends; a correction reaches all that was
//! computed from it, and a branch says whether it is taken.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::recipes;
use crate::house::world::{World, on_each, on_one};
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";
const PH: &str = "OP-02~1/02.1~1";

fn calculation(id: &str, unit: &str, expression: &str) -> Value {
    json!({ "id": id, "name": id, "kind": "calculation", "language": "batchwright.calc/1",
        "expression": expression, "unit": unit, "decimals": 2, "rounding": "half-even",
        "classification": "CPP",
        "limits": [{ "purpose": "acceptance",
            "low": { "value": "2.60", "inclusive": true },
            "high": { "value": "2.80", "inclusive": true } }] })
}

/// The buffer with its concentration calculated where it is weighed, and what was stirred twice; a
/// filtration only where the solution is turbid.
fn calculated(world: &World, code: &str) {
    let document = recipes::changed(code, |document| {
        let weigh = recipes::step(document, "01.1");
        let entries = weigh["entries"].as_array_mut().expect("entries");
        entries.push(calculation("conc", "g/L", "convert([weight], 'g') / 100 'L'"));
        let filter = json!({ "id": "02.9", "name": "Filter", "instruction": "Filter it.",
            "after": ["02.1"], "when": "[02.1/appearance] = \"turbid\"",
            "entries": [{ "id": "pore", "name": "Pore size", "kind": "number", "unit": "um" }] });
        let operations = document["unit_procedures"][0]["operations"].as_array_mut();
        let steps = operations.and_then(|list| list[1]["steps"].as_array_mut()).expect("steps");
        steps.insert(1, filter);
        recipes::step(document, "02.2")["after"] = json!(["02.1", "02.9"]);
    });
    recipes::effective(world, &document);
}

// shows: F24.a, T18.a
#[test]
fn the_server_computes_nobody_sends_and_a_correction_reaches_what_was_computed() {
    on_each(|world| {
        calculated(world, "CALC");
        let batch = Batch::issued_from(world, "CALC-1", "CALC");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        batch.start(olga, WEIGH).done();
        let sent = json!({ "entry": "conc", "value": "2.72", "unit": "g/L" });
        batch.record(olga, WEIGH, &sent).refused(422, "malformed");
        let claimed = json!({ "entry": "weight", "value": "0.272", "unit": "kg",
            "basis": { "kind": "computed" } });
        batch.record(olga, WEIGH, &claimed).refused(422, "malformed");
        batch.record(olga, WEIGH, &json!({ "entry": "lot", "value": "NA-1" })).done();
        batch.record(olga, WEIGH, &json!({ "entry": "balance", "value": "BAL-07" })).done();
        let weight = json!({ "entry": "weight", "value": "0.272", "unit": "kg" });
        batch.record(olga, WEIGH, &weight).done();
        let entry = batch.entry(Some(WEIGH), "conc");
        let first = &entry["versions"][0];
        assert_eq!(first["shown"], "2.72 g/L", "{entry}");
        assert_eq!(first["basis"]["kind"], "computed");
        assert_eq!(first["lineage"][0]["at"], format!("{WEIGH}/weight"));
        assert!(
            entry["asks"].as_str().unwrap().contains("convert([weight], g) / 100 L"),
            "{entry}"
        );
        let correction = json!({ "value": "2.75", "unit": "g/L", "reason": "nicer" });
        let path = batch.step(WEIGH, "entries/conc/corrections");
        let version = With::version(entry["etag"].as_str().unwrap());
        olga.post_with(&path, &correction, &version).refused(422, "malformed");
        batch.complete(olga, WEIGH).done();
        batch.check(omar, WEIGH).done();
        // The checker computes it again; after the correction somebody must do so once more.
        let checks = batch.step(WEIGH, "entries/conc/checks");
        omar.post_with(&checks, &json!({}), &version).done();
        let told = batch.entry(Some(WEIGH), "conc")["versions"][0]["recomputed"].to_string();
        assert!(told.contains("computed again") && told.contains("agreed"), "{told}");
        let reason = json!({ "value": "0.262", "unit": "kg", "reason": "tare forgotten" });
        let of_weight = With::version(&batch.entry_etag(WEIGH, "weight"));
        olga.post_with(&batch.step(WEIGH, "entries/weight/corrections"), &reason, &of_weight)
            .done();
        let entry = batch.entry(Some(WEIGH), "conc");
        assert_eq!(entry["versions"].as_array().unwrap().len(), 2, "{entry}");
        assert_eq!(entry["versions"][0]["shown"], "2.72 g/L", "the old one stays");
        let new = &entry["versions"][1];
        assert_eq!((&new["shown"], &new["check_owed"]), (&json!("2.62 g/L"), &json!(true)));
        assert!(new["checked_by"].is_null(), "version 2 owes its own check");
        let uses = new["superseded_uses"].to_string();
        assert!(uses.contains("checked by Omar") && uses.contains("completed by Olga"), "{uses}");
        assert!(new["reason"].as_str().unwrap().contains("weight was corrected"), "{new}");
        let version = With::version(entry["etag"].as_str().unwrap());
        omar.post_with(&checks, &json!({}), &version).done();
    });
}

#[test]
fn a_computed_value_outside_its_limits_opens_an_exception() {
    on_one(|world| {
        calculated(world, "CALC");
        let batch = Batch::issued_from(world, "CALC-2", "CALC");
        batch.weigh("0.274");
        assert_eq!(batch.entry(Some(WEIGH), "conc")["versions"][0]["shown"], "2.74 g/L");
        let before = batch.exceptions().len();
        let olga = world.person("olga");
        let reason = json!({ "value": "0.290", "unit": "kg", "reason": "digits swapped" });
        let version = With::version(&batch.entry_etag(WEIGH, "weight"));
        olga.post_with(&batch.step(WEIGH, "entries/weight/corrections"), &reason, &version).done();
        let found = batch.exceptions();
        assert!(found.len() > before, "{found:?}");
        let computed = found.iter().any(|e| e["detail"].to_string().contains("2.90 g/L"));
        assert!(computed, "{found:?}");
    });
}

#[test]
fn a_step_says_whether_its_branch_is_taken() {
    on_each(|world| {
        calculated(world, "BRANCH");
        let batch = Batch::issued_from(world, "BRANCH-1", "BRANCH");
        let olga = world.person("olga");
        let filter = "OP-02~1/02.9~1";
        let next = |step: &str| {
            let list = batch.picture()["next"].clone();
            let found = list.as_array().into_iter().flatten().find(|n| n["step"] == step).cloned();
            found.unwrap_or(Value::Null)
        };
        batch.dissolved();
        assert_eq!(next(filter)["taken"], "undecided", "{}", next(filter));
        let problem = batch.start(olga, filter).refused(409, "branch-undecided");
        assert!(problem["missing"].to_string().contains("[02.1/appearance]"), "{problem}");
        batch.start(olga, PH).done();
        batch.record(olga, PH, &json!({ "entry": "ph", "value": "5.30", "unit": "[pH]" })).done();
        batch.record(olga, PH, &json!({ "entry": "appearance", "value": "clear" })).done();
        batch.complete(olga, PH).done();
        assert_eq!(next(filter)["taken"], "false", "{}", next(filter));
        let problem = batch.start(olga, filter).refused(409, "branch-not-taken");
        assert!(problem["detail"].to_string().contains("is clear"), "{problem}");
        let owed = olga.get(&batch.path("obligations")).done().to_string();
        assert!(owed.contains("branch not taken"), "{owed}");
        // What happens all the same is recorded.
        let pore = json!({ "entry": "pore", "value": "0.2", "unit": "um" });
        batch.record(olga, filter, &pore).done();
        let kinds = batch.exception_kinds();
        assert!(kinds.contains(&"out-of-order".to_owned()), "{kinds:?}");
        assert_eq!(batch.occurrence(filter)["taken"], "false");
    });
}

// shows: F24.c
#[test]
fn a_master_record_whose_units_do_not_agree_is_not_submitted() {
    on_one(|world| {
        let petra = world.person("petra");
        let document = recipes::changed("CALC-BAD", |document| {
            let entries =
                recipes::step(document, "01.1")["entries"].as_array_mut().expect("entries");
            entries.push(calculation("conc", "g/L", "[weight] / 100 'L'"));
        });
        petra.post("/masters", &json!({ "content": document })).done();
        let path = format!("{}/submission", recipes::version("CALC-BAD", 1));
        let problem = petra.sign(&path, &json!({})).refused(422, "master-faulty");
        assert!(problem.to_string().contains("declared in g/L"), "{problem}");
    });
}
