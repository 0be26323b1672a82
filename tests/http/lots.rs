//! What comes out: only what the master record declares, of its step, in its dimension.

use crate::batch::{Batch, lot_of};
use crate::client::Answer;
use crate::recipes::{bring_into_effect, changed};
use crate::world::{World, on_each};
use serde_json::{Value, json};

/// A buffer with a side product and waste of its filling, under another code.
fn with_rest(code: &str, change: impl Fn(&mut Value)) -> Value {
    changed(code, |document| {
        let other = |id: &str, class: &str| json!({ "id": id, "name": id, "material": id, "class": class, "step": "02.2", "unit": "kg" });
        let outputs = document["outputs"].as_array_mut().expect("outputs");
        outputs.push(other("heel", "side-product"));
        outputs.push(other("rinse", "waste"));
        change(document);
    })
}

fn effective(world: &World, document: &Value) {
    let who = |name| world.person(name);
    bring_into_effect(who("petra"), who("paul"), who("qadir"), document);
}

/// Yields a lot as the supervisor.
pub fn yields(batch: &Batch<'_>, number: &str, material: &str, amount: (&str, &str)) -> Answer {
    let body = json!({ "number": number, "material": material,
        "quantity": { "value": amount.0, "unit": amount.1 }, "parents": [] });
    batch.world.person("sven").post(&batch.path("lots"), &body)
}

// finding: P4
// shows: C211-188b3
#[test]
fn only_declared_outputs_come_out_of_their_step_and_in_their_dimension() {
    on_each(|world| {
        let batch = Batch::issued(world, "OUT-1");
        batch.weigh("0.272");
        let insulin = yields(&batch, "INS-1", "Insulin glargine, sterile", ("1", "L"));
        let said = insulin.refused(409, "output-not-declared");
        assert!(said["missing"].to_string().contains("Acetate buffer"), "{said}");
        yields(&batch, "OUT-1-L1", "Acetate buffer", ("98", "L")).refused(409, "output-step-not-begun");
        let batch = Batch::issued(world, "OUT-2");
        batch.filled();
        // Siblings: another dimension, an output's id with another material, case and spacing.
        let number = lot_of("OUT-2");
        yields(&batch, &number, "Acetate buffer", ("98", "kg")).refused(409, "output-unit-differs");
        let body = json!({ "number": number, "material": "Insulin", "output": "buffer",
            "quantity": { "value": "98", "unit": "L" }, "parents": [] });
        let sven = world.person("sven");
        sven.post(&batch.path("lots"), &body).refused(409, "output-not-declared");
        yields(&batch, &number, "acetate  BUFFER", ("98000", "mL")).done();
        let lot = sven.get(&format!("/lots/{number}")).done();
        assert_eq!((&lot["output"], &lot["class"]), (&json!("buffer"), &json!("product")));
    });
}

// finding: P4
// shows: C211-188b3
#[test]
fn a_material_of_two_outputs_is_yielded_by_id() {
    on_each(|world| {
        effective(world, &with_rest("BUF-TWO", |document| {
            document["outputs"][1]["material"] = "ACETATE-BUFFER".into();
            document["outputs"][1]["unit"] = "L".into();
        }));
        let batch = Batch::issued_from(world, "TWO-1", "BUF-TWO");
        batch.filled();
        let body = |number: &str, output: Option<&str>| {
            json!({ "number": number, "material": "acetate-buffer", "output": output,
                "quantity": { "value": "1", "unit": "L" }, "parents": [] })
        };
        let sven = world.person("sven");
        sven.post(&batch.path("lots"), &body("TWO-1-A", None)).refused(409, "output-not-declared");
        sven.post(&batch.path("lots"), &body("TWO-1-A", Some("heel"))).done();
        assert_eq!(sven.get("/lots/TWO-1-A").done()["class"], "side-product");
    });
}

// finding: P4
// shows: C211-186b
#[test]
fn a_recipe_that_makes_something_declares_what_comes_out() {
    on_each(|world| {
        let petra = world.person("petra");
        let mut without = changed("BUF-NONE", |document| document["outputs"] = json!([]));
        let submitted = |document: &Value, code: &str| {
            petra.post("/masters", &json!({ "content": document })).done();
            petra.sign(&format!("/masters/{code}/versions/1/submission"), &json!({}))
        };
        let problem = submitted(&without, "BUF-NONE").refused(422, "master-faulty");
        assert!(problem.to_string().contains("no output of class product"), "{problem}");
        without["code"] = "BUF-ODD".into();
        without["outputs"] = json!([{ "id": "a", "name": "A", "material": "A", "class": "product",
            "step": "09.9", "unit": "litre" }]);
        let problem = submitted(&without, "BUF-ODD").refused(422, "master-faulty").to_string();
        assert!(problem.contains("09.9") && problem.contains("litre"), "{problem}");
    });
}
