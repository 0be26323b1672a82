//! One rounding rule: a specification is rounded once, to the place of its limit; a process parameter is compared as read.

use crate::house::batch::Batch;
use crate::house::recipes;
use crate::house::world::{World, on_each, on_one};
use crate::lab::{determined, sampled_from};
use serde_json::{Value, json};

const STIR: &str = "OP-01~1/01.2~1";

fn side<'v>(told: &'v Value, purpose: &str) -> &'v Value {
    let verdicts = told["verdicts"].as_array().expect("verdicts");
    &verdicts.iter().find(|verdict| verdict["purpose"] == purpose).expect("judged")["side"]
}

/// The buffer with one more number where it is stirred.
fn stirring(world: &World, code: &str, entry: &Value) {
    let document = recipes::changed(code, |document| {
        let entries = recipes::step(document, "01.2")["entries"].as_array_mut();
        entries.expect("entries").push(entry.clone());
    });
    recipes::effective(world, &document);
}

fn content(value: Value) -> Value {
    let mut entry = json!({ "id": "content", "name": "Content", "kind": "number", "unit": "%",
        "classification": "CPP", "mandatory": false, "limits": [{ "purpose": "acceptance",
            "low": { "value": "97.0", "inclusive": true }, "high": { "value": "102.0", "inclusive": true } }] });
    for (member, said) in value.as_object().expect("members") {
        entry["limits"][0][member] = said.clone();
    }
    entry
}

// finding: G5, G6
#[test]
fn a_process_parameter_is_compared_as_read_unless_its_limit_says_that_it_is_rounded() {
    on_each(|world| {
        stirring(world, "BUF-READ", &content(json!({})));
        stirring(world, "BUF-ROUND", &content(json!({ "compare": "rounded" })));
        for (code, no, value, stands, shown) in [
            ("BUF-READ", 1, "102.0", "within", "102.0 %"),
            ("BUF-READ", 2, "102.04", "above", "102.04 %"),
            ("BUF-READ", 3, "96.96", "below", "96.96 %"),
            ("BUF-ROUND", 1, "102.04", "within", "102.04 %, rounded 102.0"),
            ("BUF-ROUND", 2, "102.05", "above", "102.05 %, rounded 102.1"),
            ("BUF-ROUND", 3, "96.95", "within", "96.95 %, rounded 97.0"),
        ] {
            let batch = Batch::issued_from(world, &format!("{code}-{no}"), code);
            batch.weighed();
            let olga = world.person("olga");
            batch.start(olga, STIR).done();
            let body = json!({ "entry": "content", "value": value, "unit": "%" });
            let told = batch.record(olga, STIR, &body).done();
            assert_eq!(
                (side(&told, "acceptance"), &told["shown"]),
                (&json!(stands), &json!(shown))
            );
            let limit = told["verdicts"][0]["limit"].as_str().expect("printed").to_owned();
            assert_eq!(limit.ends_with(", compared rounded"), code == "BUF-ROUND", "{limit}");
            assert_eq!(batch.exceptions().is_empty(), stands == "within");
        }
    });
}

// finding: G5, G6
#[test]
fn a_specification_is_rounded_once_half_away_from_zero_to_the_place_of_its_limit() {
    on_one(|world| {
        let limited = |code: &str, high: Value| {
            let document = crate::lab::recipe(code, |entry| {
                entry["replicates"] = json!(1);
                entry["result"]["limits"][0]["high"] = high.clone();
            });
            recipes::effective(world, &document);
        };
        limited("BUF-102", json!({ "value": "102.0", "inclusive": true }));
        limited("BUF-1E3", json!({ "value": "1.0e3", "inclusive": true }));
        limited("BUF-BELOW", json!({ "value": "-0.5", "inclusive": false }));
        for (no, (code, value, stands, shown)) in [
            ("BUF-102", "102.04", "within", "102.04 EU/mL, rounded 102.0"),
            ("BUF-102", "102.05", "above", "102.05 EU/mL, rounded 102.1"),
            ("BUF-102", "102.0499999999", "within", "102.0499999999 EU/mL, rounded 102.0"),
            ("BUF-1E3", "1049", "within", "1049 EU/mL, rounded 1000"),
            ("BUF-1E3", "1.05e3", "above", "1.05e3 EU/mL, rounded 1100"),
            ("BUF-BELOW", "-0.55", "within", "-0.55 EU/mL, rounded -0.6"),
            ("BUF-BELOW", "-0.54", "above", "-0.54 EU/mL, rounded -0.5"),
        ]
        .into_iter()
        .enumerate()
        {
            let batch = sampled_from(world, &format!("SPEC-{no}"), code);
            let told = determined(&batch, value).done();
            assert_eq!(side(&told, "acceptance"), stands, "{told}");
            assert!(told["shown"].as_str().is_some_and(|it| it.starts_with(shown)), "{told}");
        }
    });
}

// finding: G7
#[test]
fn a_yield_is_judged_from_its_full_value_whatever_decimals_it_is_shown_with() {
    on_each(|world| {
        let yields = |code: &str, least: &str, decimals: u32| {
            recipes::changed(code, |document| {
                let entries = recipes::step(document, "01.2")["entries"].as_array_mut();
                let entries = entries.expect("entries");
                entries.push(json!({ "id": "out", "name": "Out", "kind": "number", "unit": "kg" }));
                entries.push(
                    json!({ "id": "yield", "name": "Yield", "kind": "yield", "unit": "kg",
                    "theoretical": { "value": "100", "unit": "kg" }, "of": ["out"],
                    "min_percent": least, "max_percent": "102.0", "decimals": decimals }),
                );
            })
        };
        recipes::effective(world, &yields("BUF-G7", "95.0", 1));
        for (no, (value, unit, shown, within)) in [
            ("94.5", "kg", "94.5 % (94.5 of 100 kg)", false),
            ("94.95", "kg", "94.95 %, rounded 95.0 (94.95 of 100 kg)", true),
            ("94949", "g", "94.949 %, rounded 94.9 (94.949 of 100 kg)", false),
        ]
        .into_iter()
        .enumerate()
        {
            let batch = Batch::issued_from(world, &format!("G7-{no}"), "BUF-G7");
            batch.weighed();
            let olga = world.person("olga");
            batch.start(olga, STIR).done();
            let body = json!({ "entry": "out", "value": value, "unit": unit });
            batch.record(olga, STIR, &body).done();
            let version = batch.entry(Some(STIR), "yield")["versions"][0].clone();
            assert_eq!(version["shown"], shown, "{version}");
            assert_eq!(batch.exceptions().is_empty(), within, "{version}");
        }
        // Shown with fewer decimals than its limits are written with, it hides what is judged.
        let petra = world.person("petra");
        petra.post("/masters", &json!({ "content": yields("BUF-COARSE", "95.0", 0) })).done();
        let path = recipes::version("BUF-COARSE", 1);
        let problem = petra.sign(&format!("{path}/submission"), &json!({}));
        assert!(problem.text().contains("hides what its limits judge"), "{}", problem.text());
    });
}
