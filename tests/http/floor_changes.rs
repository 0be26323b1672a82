//! One-batch changes over HTTP: redline, reprocessing, rework; three persons and what stays for ever.

use crate::house::batch::Batch;
use crate::house::world::{World, on_each};
use serde_json::{Value, json};

fn propose(change: Value) -> Value {
    json!({ "change": change, "reason": "the filter clogs", "assessment": "no effect on quality" })
}

fn redline(step: &str, text: &str) -> Value {
    propose(json!({ "kind": "instruction", "step": step, "instruction": text }))
}

fn verdict(approved: bool) -> Value {
    json!({ "approved": approved, "conclusion": "agreed" })
}

fn decisions(batch: &Batch<'_>, no: u64) -> String {
    batch.path(&format!("amendments/{no}/decisions"))
}

/// Proposed by the process engineer, approved by production and by quality.
fn in_force(world: &World, batch: &Batch<'_>, body: &Value) -> u64 {
    let told = world.person("petra").sign(&batch.path("amendments"), body).done();
    let no = told["amendment"].as_u64().expect("a number");
    world.person("sara").sign(&decisions(batch, no), &verdict(true)).done();
    world.person("quella").sign(&decisions(batch, no), &verdict(true)).done();
    no
}

// shows: CH4-20.j, F30.a, T4.b
#[test]
fn a_redline_takes_three_persons_and_is_shown_beside_the_original() {
    on_each(|world| {
        let batch = Batch::issued(world, "RED-1");
        let path = batch.path("amendments");
        let person = |name: &str| world.person(name);
        let body = redline("02.2", "Fill slowly, below 1 L/min.");
        for who in ["olga", "qadir", "quinn"] {
            person(who).sign(&path, &body).refused(403, "authority-missing");
        }
        person("sven").post(&path, &body).refused(428, "signature-required");
        let wrong = propose(json!({ "kind": "entry", "step": "02.2", "entry": {
            "id": "closed", "name": "Closed", "kind": "confirm", "statement": "Closed.",
            "when": "[kilo] > 1" } }));
        let problem = person("sven").sign(&path, &wrong).refused(409, "amendment-findings");
        assert!(problem["missing"].to_string().contains("kilo"), "{problem}");
        let emptied = propose(json!({ "kind": "entry", "step": "02.2", "entry": {
            "id": "bioburden", "name": "Bioburden", "kind": "result", "method": "filtration",
            "result": { "type": "number", "unit": "[CFU]/mL" },
            "mandatory": false, "due": "release", "authorities": ["test"] } }));
        person("sven").sign(&path, &emptied).refused(409, "specification-stands");
        let odd = propose(json!({ "kind": "paint" }));
        person("sven").sign(&path, &odd).refused(422, "malformed");
        let before = person("sven").get("/masters/BUF-ACETATE/versions/1").done();
        person("sven").sign(&path, &body).done();
        person("sven")
            .sign(&decisions(&batch, 1), &verdict(true))
            .refused(403, "three-persons-required");
        person("sara").sign(&decisions(&batch, 1), &verdict(true)).done();
        let decided = person("sara").sign(&decisions(&batch, 1), &verdict(true));
        decided.refused(409, "amendment-decided");
        assert_eq!(batch.picture()["amendments"][0]["standing"], "proposed");
        person("qadir").sign(&decisions(&batch, 1), &verdict(true)).done();
        let view = person("audrey").get(&path).done()["amendments"][0].clone();
        assert_eq!((&view["sort"], &view["standing"]), (&json!("redline"), &json!("in-force")));
        assert_eq!(view["after"], "Fill slowly, below 1 L/min.");
        assert!(!view["before"].to_string().contains("slowly"));
        assert_eq!(view["decisions"][1]["signed"]["user_name"], "qadir");
        assert_eq!(batch.exception_kinds(), ["planned-change"]);
        // What was refused by one side is dead; what has begun keeps its instruction.
        person("petra").sign(&path, &redline("02.1", "Otherwise.")).done();
        person("qadir").sign(&decisions(&batch, 2), &verdict(false)).done();
        let decided = person("sara").sign(&decisions(&batch, 2), &verdict(true));
        decided.refused(409, "amendment-decided");
        batch.weigh("0.272");
        person("petra").sign(&path, &redline("01.1", "Otherwise.")).refused(409, "step-begun");
        // The changed step says under which amendment it is done; the master record is what it was.
        let olga = person("olga");
        batch.complete(olga, "OP-01~1/01.1~1").done();
        batch.check(person("omar"), "OP-01~1/01.1~1").done();
        batch.stirred(1, "20");
        batch.close(olga, "OP-01~1").done();
        let at = "OP-02~1/02.1~1";
        batch.start(olga, at).done();
        batch.record(olga, at, &json!({ "entry": "ph", "value": "5.30", "unit": "[pH]" })).done();
        batch.record(olga, at, &json!({ "entry": "appearance", "value": "clear" })).done();
        batch.complete(olga, at).done();
        olga.sign(&batch.path("gates/G-FILL/passage"), &json!({})).done();
        batch.start(olga, "OP-02~1/02.2~1").done();
        let step = batch.occurrence("OP-02~1/02.2~1");
        assert_eq!(step["instruction"], "Fill slowly, below 1 L/min.");
        assert_eq!(
            (&step["amendments"], step["entries"][0]["amendments"].clone()),
            (&json!([1]), json!([]))
        );
        assert_eq!(person("sven").get("/masters/BUF-ACETATE/versions/1").done(), before);
        let master = batch.picture()["master"]["content_hash"].clone();
        assert_eq!(master, before["content_hash"]);
    });
}

// shows: C211-115.a, Q7-8.1.d, Q7-14.2.a, Q7-14.2.b
#[test]
fn reprocessing_and_rework_are_added_only_as_approved_and_kept_apart() {
    on_each(|world| {
        let batch = Batch::issued(world, "REP-1");
        batch.dissolved();
        let (olga, petra) = (world.person("olga"), world.person("petra"));
        let again = propose(json!({ "kind": "reprocess", "operation": "OP-01", "times": 1 }));
        let rework = propose(json!({ "kind": "rework", "unit_procedure": "UP-01", "operation": {
            "id": "OP-R", "name": "Refiltration", "area": "Buffers", "after": ["OP-01"], "steps": [
                { "id": "R.1", "name": "Refilter", "instruction": "Filter again through 0.2 um.",
                  "entries": [{ "id": "done", "name": "Filter", "kind": "text" }] }] } }));
        batch.start(olga, "OP-01~2/01.1~1").refused(409, "out-of-order");
        batch.start(olga, "OP-R~1/R.1~1").refused(404, "occurrence-unknown");
        olga.sign(&batch.path("amendments"), &again).refused(403, "authority-missing");
        olga.sign(&batch.path("amendments"), &rework).refused(403, "authority-missing");
        petra.sign(&batch.path("amendments"), &again).done();
        batch.start(olga, "OP-01~2/01.1~1").refused(409, "out-of-order");
        world.person("sara").sign(&decisions(&batch, 1), &verdict(true)).done();
        batch.start(olga, "OP-01~2/01.1~1").refused(409, "out-of-order");
        world.person("qadir").sign(&decisions(&batch, 1), &verdict(true)).done();
        assert_eq!(in_force(world, &batch, &rework), 2);
        assert_eq!(batch.exception_kinds(), ["reprocess", "rework"]);
        batch.start(olga, "OP-01~2/01.1~1").done();
        batch.start(olga, "OP-R~1/R.1~1").refused(409, "out-of-order");
        let owed = olga.get(&batch.path("obligations")).done();
        let list = owed["obligations"].as_array().cloned().unwrap_or_default();
        let of = |id: &str| list.iter().find(|owed| owed["id"] == id).cloned().expect("owed");
        let (first, second) = (of("amendment/1/decided"), of("amendment/2/decided"));
        assert_eq!((&first["rule"], &second["rule"]), (&json!("C211-115"), &json!("Q7-14.2")));
        assert!(first["what"].to_string().contains("reprocessing 1"), "{first}");
        assert!(second["what"].to_string().contains("rework 2"), "{second}");
        assert_eq!(of("operation/OP-R~1/closed")["status"], "open");
        let operations = batch.picture()["operations"].clone();
        let said = |id: &str| {
            let list = operations.as_array().cloned().unwrap_or_default();
            list.into_iter().find(|op| op["operation"] == id).map(|op| op["addition"].clone())
        };
        assert_eq!(said("OP-01~1"), Some(Value::Null));
        assert_eq!(said("OP-01~2"), Some(json!("reprocessing 1")));
        assert_eq!(said("OP-R~1"), Some(json!("rework 2")));
    });
}
