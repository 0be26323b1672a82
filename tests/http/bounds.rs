//! What has no end costs nobody anything, and what has one is read as it was typed.

use crate::house::batch::Batch;
use crate::house::client::Answer;
use crate::house::recipes;
use crate::house::world::on_one;
use crate::typed::correct;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const WEIGH: &str = "OP-01~1/01.1~1";
const STIR: &str = "OP-01~1/01.2~1";

/// Refused, in few words.
fn briefly(answer: Answer) -> Value {
    let said = answer.refused(422, "malformed");
    assert!(said.to_string().len() < 3_000, "{} bytes", said.to_string().len());
    said
}

#[test]
fn a_text_without_an_end_is_refused_before_anybody_waits_and_is_not_repeated() {
    on_one(|world| {
        let batch = Batch::issued(world, "END-1");
        let olga = world.person("olga");
        batch.start(olga, WEIGH).done();
        let weight = |value: Value, unit: Value| {
            batch.record(olga, WEIGH, &json!({ "entry": "weight", "value": value, "unit": unit }))
        };
        for zeros in [61, 7_000] {
            briefly(weight(json!("0".repeat(zeros)), json!("kg")));
            briefly(weight(json!(format!("0.{}", "0".repeat(zeros))), json!("kg")));
        }
        for kilos in [200, 7_000] {
            briefly(weight(json!("0.272"), json!("k".repeat(kilos))));
            briefly(weight(json!("k".repeat(kilos)), json!("kg")));
        }
        let before = Instant::now();
        let long = "k".repeat(20_000_000);
        let said = briefly(weight(json!("0.272"), json!(long)));
        assert!(said["detail"].to_string().contains("/unit"), "{said}");
        briefly(weight(json!({ "a": [long] }), json!("kg")));
        briefly(weight(json!({ long.as_str(): 1 }), json!("kg")));
        briefly(weight(json!(vec![json!([]); 600_000]), json!("kg")));
        assert!(before.elapsed() < Duration::from_secs(60), "{:?}", before.elapsed());
        weight(json!("0.272"), json!("kg")).done();
        // A second one is refused, and quotes little.
        let again = weight(json!("0.273"), json!("kg")).refused(409, "already-recorded");
        assert!(again.to_string().len() < 3_000, "{again}");
        // Wherever a number is read, not only in values.
        let petra = world.person("petra");
        let draft = recipes::changed("M-ZEROS", |document| {
            recipes::step(document, "01.1")["entries"][2]["set_point"] = "0".repeat(7_900).into();
        });
        briefly(petra.post("/masters", &json!({ "content": draft })));
        briefly(olga.post(&batch.path("events"), &json!({ "what": "x".repeat(8_001) })));
    });
}

#[test]
fn a_draft_that_counts_without_an_end_is_a_finding_and_ends_nothing() {
    on_one(|world| {
        let petra = world.person("petra");
        let endless = recipes::changed("M-ENDLESS", |document| {
            let result = &mut recipes::step(document, "02.2")["entries"][2];
            assert_eq!(result["kind"], "result");
            result["replicates"] = 4_294_967_295_u32.into();
            let files = json!({ "id": "files", "name": "Files", "kind": "attachment",
                "min_files": 4_294_967_295_u32, "max_files": 4_294_967_295_u32 });
            recipes::step(document, "01.2")["entries"].as_array_mut().expect("a list").push(files);
        });
        petra.post("/masters", &json!({ "content": endless })).done();
        let path = recipes::version("M-ENDLESS", 1);
        let found = petra.get(&format!("{path}/findings")).done();
        assert!(found["findings"].to_string().contains("4294967295"), "{found}");
        petra.sign(&format!("{path}/submission"), &json!({})).refused(422, "master-faulty");
    });
}

#[test]
fn a_number_as_people_type_it_is_read_and_what_could_be_two_is_taught() {
    on_one(|world| {
        for (no, (typed, unit, shown)) in [
            ("+0.272", "kg", "0.272 kg (typed \"+0.272\")"),
            (".272", "kg", "0.272 kg (typed \".272\")"),
            ("2.72 x 10^-1", "Kg", "2.72e-1 kg (typed \"2.72 x 10^-1\")"),
            ("2.72\u{b7}10\u{b2}", "g", "2.72e2 g = 0.272 kg (typed \"2.72\u{b7}10\u{b2}\")"),
        ]
        .into_iter()
        .enumerate()
        {
            let batch = Batch::issued(world, &format!("TYPED-{no}"));
            let olga = world.person("olga");
            batch.start(olga, WEIGH).done();
            let body = json!({ "entry": "weight", "value": typed, "unit": unit });
            let told = batch.record(olga, WEIGH, &body).done();
            assert_eq!(told["shown"], shown);
            let version = batch.entry(Some(WEIGH), "weight")["versions"][0].clone();
            assert!(version["raw"].as_str().is_some_and(|raw| raw.contains(typed)), "{version}");
        }
        let batch = Batch::issued(world, "TYPED-NO");
        let olga = world.person("olga");
        batch.start(olga, WEIGH).done();
        for (typed, unit, taught) in [
            ("0,272", "kg", "decimal comma"),
            ("1,234", "kg", "1.234 or 1234"),
            ("1 000", "g", "1000"),
            ("<LOD", "kg", "send the bound itself"),
            ("272000", "Mg", "milligram is written mg"),
        ] {
            let body = json!({ "entry": "weight", "value": typed, "unit": unit });
            let said = batch.record(olga, WEIGH, &body).refused(422, "malformed");
            assert!(said.to_string().contains(taught), "{said}");
        }
    });
}

#[test]
fn a_count_is_whole_in_the_unit_in_which_it_was_counted() {
    on_one(|world| {
        let counted = recipes::changed("M-COUNT", |document| {
            let looks = &mut recipes::step(document, "01.2")["entries"];
            looks.as_array_mut().expect("a list").push(json!({ "id": "count", "name": "Count",
                "kind": "number", "unit": "[CFU]/mL", "whole": true, "words": { "ND": "<0.5" } }));
        });
        recipes::effective(world, &counted);
        for (no, (value, unit, number)) in [
            ("25", "CFU/100 mL", "0.25"),
            ("<0.5", "CFU/mL", "<0.5"),
            ("n. d.", "CFU/mL", "<0.5"),
            ("3", "CFU/mL", "3"),
        ]
        .into_iter()
        .enumerate()
        {
            let batch = Batch::issued_from(world, &format!("COUNT-{no}"), "M-COUNT");
            let olga = world.person("olga");
            batch.start(olga, STIR);
            let body = json!({ "entry": "count", "value": value, "unit": unit });
            let told = batch.record(olga, STIR, &body).done();
            assert!(told["shown"].as_str().is_some_and(|shown| shown.contains(number)), "{told}");
        }
        let batch = Batch::issued_from(world, "COUNT-NO", "M-COUNT");
        let body = json!({ "entry": "count", "value": "2.5", "unit": "CFU/mL" });
        batch.record(world.person("olga"), STIR, &body).refused(422, "malformed");
    });
}

#[test]
fn a_text_with_the_line_ends_of_any_system_is_kept_and_so_is_the_longest() {
    on_one(|world| {
        let batch = Batch::issued(world, "LINES-1");
        let olga = world.person("olga");
        batch.weighed();
        batch.start(olga, STIR);
        let body = json!({ "entry": "remark", "value": "stirred\r\nby hand\rtwice" });
        let told = batch.record(olga, STIR, &body).done();
        assert_eq!(told["shown"], "stirred\nby hand\ntwice");
        let long = recipes::changed("M-LONG", |document| {
            recipes::step(document, "01.2")["entries"][1]["max_length"] = 8_000.into();
        });
        recipes::effective(world, &long);
        let batch = Batch::issued_from(world, "LINES-2", "M-LONG");
        let longest = "\u{b5}\n".repeat(4_000);
        let body = json!({ "entry": "remark", "value": longest });
        batch.record(olga, STIR, &body).done();
        let version = batch.entry(Some(STIR), "remark")["versions"][0].clone();
        assert!(version["shown"].as_str().is_some_and(|shown| shown.starts_with("\u{b5}")));
        // A correction holds the text before, the text as it came, as it was read and as it is shown, and its reason.
        let body =
            json!({ "value": longest.replacen('\n', "", 1), "reason": "\u{20000}".repeat(8_000) });
        correct(&batch, olga, STIR, "remark", &body).done();
    });
}
