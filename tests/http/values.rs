//! Values as they were read: units, notation, censored results, rounding; stored as typed, converted, judged.

use crate::house::batch::Batch;
use crate::house::client::Answer;
use crate::house::recipes;
use crate::house::world::{World, on_each, on_one};
use crate::lab::{PH, determined, owed, sampled_from};
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";
const STIR: &str = "OP-01~1/01.2~1";

fn weight(batch: &Batch<'_>, value: &str, unit: &str) -> Answer {
    let body = json!({ "entry": "weight", "value": value, "unit": unit });
    batch.record(batch.world.person("olga"), WEIGH, &body)
}

fn begun<'w>(world: &'w World, number: &str, code: &str, at: &str) -> Batch<'w> {
    let batch = Batch::issued_from(world, number, code);
    batch.start(world.person("olga"), at).done();
    batch
}

fn side<'v>(told: &'v Value, purpose: &str) -> &'v Value {
    let verdicts = told["verdicts"].as_array().expect("verdicts");
    &verdicts.iter().find(|verdict| verdict["purpose"] == purpose).expect("judged")["side"]
}

// shows: C211-188b4.a, DI-Q1b.b, T17.b
// finding: P5
#[test]
fn a_value_in_another_unit_of_the_same_dimension_is_kept_as_read_converted_and_judged() {
    on_each(|world| {
        for (no, (value, unit, shown, within)) in [
            ("272", "g", "272 g = 0.272 kg", true),
            ("270", "gram", "270 gram = 0.270 kg", true),
            ("272000", "mg", "272000 mg = 0.272000 kg", true),
            ("277.1", "g", "277.1 g = 0.2771 kg", false),
            ("0.6", "lb", "0.6 lb = 0.272155422 kg", true),
            ("0.272", " kg ", "0.272 kg", true),
        ]
        .into_iter()
        .enumerate()
        {
            let batch = begun(world, &format!("UNIT-{no}"), "BUF-ACETATE", WEIGH);
            let told = weight(&batch, value, unit).done();
            let shown = shown.replace("gram =", "g =");
            assert_eq!(told["shown"], shown.as_str());
            assert_eq!(side(&told, "acceptance") == "within", within, "{told}");
            let version = batch.entry(Some(WEIGH), "weight")["versions"][0].clone();
            assert_eq!(version["read"]["unit"], "kg", "{version}");
            let raw: Value = serde_json::from_str(version["raw"].as_str().expect("text")).unwrap();
            assert_eq!((&raw["value"], &raw["unit"]), (&json!(value), &json!(unit)));
            assert_eq!(batch.exceptions().is_empty(), within, "{version}");
        }
        let batch = begun(world, "UNIT-NO", "BUF-ACETATE", WEIGH);
        for (unit, names) in
            [("L", "which says nothing of it"), ("furlong", "no unit of the registry")]
        {
            let problem = weight(&batch, "0.272", unit).refused(422, "malformed");
            let said = problem.to_string();
            assert!(said.contains(names) && said.contains("mg"), "what converts is named: {said}");
        }
    });
}

// finding: P5
#[test]
fn a_temperature_is_read_in_every_spelling_and_from_another_nought() {
    on_one(|world| {
        let batch = Batch::issued(world, "TEMP-1");
        let olga = world.person("olga");
        batch.weighed();
        for (k, (value, unit, shown)) in [
            ("20", "°C", "20 degC"),
            ("20", "\u{2103}", "20 degC"),
            ("293.15", "K", "293.15 K = 20.00 degC"),
            ("68", "degF", "68 degF = 20 degC"),
        ]
        .into_iter()
        .enumerate()
        {
            let at = format!("OP-01~1/01.2~{}", k + 1);
            batch.start(olga, &at).done();
            let body = json!({ "entry": "temperature", "value": value, "unit": unit });
            let told = batch.record(olga, &at, &body).done();
            assert_eq!(
                (&told["shown"], side(&told, "acceptance")),
                (&json!(shown), &json!("within"))
            );
            batch.complete(olga, &at).done();
        }
        assert!(batch.exceptions().is_empty());
    });
}

// shows: C211-188b4.a, T17.c
// finding: P5
#[test]
fn numbers_are_read_as_written_a_decimal_comma_is_named_and_fewer_decimals_are_marked() {
    on_each(|world| {
        for (no, (value, shown)) in [
            ("2.72e-1", "2.72e-1 kg"),
            (" 0.272 ", "0.272 kg"),
            ("2.72E-1", "2.72E-1 kg"),
            ("0.27", "0.27 kg, 2 of 3 decimals"),
            ("0.2720", "0.2720 kg"),
        ]
        .into_iter()
        .enumerate()
        {
            let batch = begun(world, &format!("NUM-{no}"), "BUF-ACETATE", WEIGH);
            let told = weight(&batch, value, "kg").done();
            assert_eq!(
                (&told["shown"], side(&told, "acceptance")),
                (&json!(shown), &json!("within"))
            );
            let owed = world.person("qadir").get(&batch.path("obligations")).done();
            let fewer = u32::from(shown.contains("decimals"));
            assert_eq!(owed["conformity"][0]["fewer_decimals"], fewer, "{owed}");
            assert!(batch.exceptions().is_empty());
        }
        let batch = begun(world, "NUM-NO", "BUF-ACETATE", WEIGH);
        let problem = weight(&batch, "0,272", "kg").refused(422, "malformed");
        assert!(problem.to_string().contains("decimal comma"), "{problem}");
        weight(&batch, "0.272 kg", "kg").refused(422, "malformed");
        weight(&batch, "about 0.3", "kg").refused(422, "malformed");
        // A minus of a typesetter is one: it is stored, and asked about because it is implausible.
        let told = weight(&batch, "\u{2212}0.272", "kg").done();
        assert_eq!(told["confirmation_asked"], true, "{told}");
    });
}

// finding: P5
#[test]
fn a_censored_process_value_stands_for_all_it_admits() {
    on_one(|world| {
        for (no, (value, unit, stands, opened)) in [
            ("<0.267", "kg", "below", true),
            ("< 266", "g", "below", true),
            (">0.277", "kg", "above", true),
            ("≥0.278", "kg", "above", true),
            ("<=0.272", "kg", "cannot-be-told", true),
            (">0.27", "kg", "cannot-be-told", true),
        ]
        .into_iter()
        .enumerate()
        {
            let batch = begun(world, &format!("CENS-{no}"), "BUF-ACETATE", WEIGH);
            let told = weight(&batch, value, unit).done();
            assert_eq!(side(&told, "acceptance"), stands, "{told}");
            assert_eq!(!batch.exceptions().is_empty(), opened, "{told}");
            let exception = batch.exceptions()[0].clone();
            assert_eq!(exception["kind"], "out-of-acceptance", "{exception}");
            let said = exception["detail"].as_str().expect("text");
            assert_eq!(said.contains("cannot be told"), stands == "cannot-be-told", "{said}");
            let read = batch.entry(Some(WEIGH), "weight")["versions"][0]["read"].clone();
            assert_eq!(
                (&read["number"], read["censored"].is_null()),
                (&Value::Null, false),
                "{read}"
            );
        }
    });
}

/// Endotoxin once, with words, and with as many further determinations as the method allows.
fn endotoxin(world: &World, number: &str, further: u32) -> String {
    let code = format!("BUF-{number}");
    let document = crate::lab::recipe(&code, |entry| {
        entry["replicates"] = json!(1);
        entry["further"] = json!(further);
        entry["result"]["words"] = json!({ "ND": "<0.05", "TNTC": ">300" });
    });
    recipes::effective(world, &document);
    code
}

const CONFORMS: &str = "entry/OP-02~1/02.1~1/endotoxin/conforms";

// finding: P5
#[test]
fn a_censored_result_is_within_outside_or_cannot_be_told_and_words_stand_for_their_numbers() {
    on_each(|world| {
        let code = endotoxin(world, "CENSORED", 0);
        for (no, (value, stands, shown)) in [
            ("<0.05", "within", "<0.05 EU/mL"),
            ("nd", "within", "nd (<0.05 EU/mL)"),
            ("≤ 0.25", "within", "≤0.25 EU/mL"),
            (">0.25", "above", ">0.25 EU/mL"),
            ("TNTC", "above", "TNTC (>300 EU/mL)"),
            ("<0.5", "cannot-be-told", "<0.5 EU/mL"),
            (">0.1", "cannot-be-told", ">0.1 EU/mL"),
        ]
        .into_iter()
        .enumerate()
        {
            let batch = sampled_from(world, &format!("CR-{no}"), &code);
            let told = determined(&batch, value).done();
            assert_eq!(side(&told, "acceptance"), stands, "{told}");
            assert!(told["shown"].as_str().is_some_and(|it| it.starts_with(shown)), "{told}");
            let kinds = batch.exception_kinds();
            assert_eq!(
                kinds.contains(&"out-of-specification".into()),
                stands != "within",
                "{kinds:?}"
            );
            assert_eq!(owed(&batch, CONFORMS).is_none(), stands == "within", "{told}");
        }
        let batch = sampled_from(world, "CR-WORD", &code);
        let problem = determined(&batch, "QNS").refused(422, "malformed");
        assert!(problem.to_string().contains("ND, TNTC"), "{problem}");
    });
}

// finding: P5
#[test]
fn what_cannot_be_told_is_settled_by_a_further_determination_of_the_same_sample_and_never_by_triage()
 {
    on_each(|world| {
        let code = endotoxin(world, "FURTHER", 1);
        let batch = sampled_from(world, "FU-1", &code);
        determined(&batch, "<0.5").done();
        // The deviation about it lets nothing go.
        crate::lab::deviates(&batch, 1);
        assert!(owed(&batch, CONFORMS).is_some());
        determined(&batch, "0.10").done();
        let entry = batch.entry(Some(PH), "endotoxin");
        let further = &entry["determinations"][1];
        assert_eq!(
            (&further["settles"], &further["repeat"]),
            (&json!(1), &json!(false)),
            "{entry}"
        );
        assert_eq!(entry["determinations"][0]["invalidated"], "settled by determination 2");
        assert_eq!(owed(&batch, CONFORMS), None, "{entry}");
        // One that fails fails; what the method does not allow is a repeat that helps nothing.
        let batch = sampled_from(world, "FU-2", &code);
        determined(&batch, "<0.5").done();
        determined(&batch, "0.31").done();
        determined(&batch, "0.10").done();
        let entry = batch.entry(Some(PH), "endotoxin");
        assert_eq!(entry["determinations"][2]["repeat"], true, "{entry}");
        assert!(owed(&batch, CONFORMS).is_some());
        let batch = sampled_from(world, "FU-3", &code);
        determined(&batch, "<0.5").done();
        determined(&batch, "<0.4").done();
        determined(&batch, "0.10").done();
        let entry = batch.entry(Some(PH), "endotoxin");
        assert_eq!(entry["determinations"][1]["settles"], 1, "{entry}");
        assert_eq!(entry["determinations"][2]["repeat"], true, "{entry}");
        assert!(owed(&batch, CONFORMS).is_some(), "the method allows one");
    });
}

// finding: P5
#[test]
fn a_calculation_takes_a_censored_value_for_what_its_entry_says() {
    on_one(|world| {
        let entries = |code: &str, counts_as: Option<&str>| {
            let document = recipes::changed(code, |document| {
                let mut titre =
                    json!({ "id": "titre", "name": "Titre", "kind": "number", "unit": "g/L" });
                if let Some(counts_as) = counts_as {
                    titre["censored_as"] = json!(counts_as);
                }
                let mass = json!({ "id": "mass", "name": "Mass", "kind": "calculation",
                    "language": "batchwright.calc/1", "expression": "[titre] * 2 'L'", "unit": "g" });
                let entries = recipes::step(document, "01.2")["entries"].as_array_mut();
                entries.expect("entries").extend([titre, mass]);
            });
            recipes::effective(world, &document);
        };
        for (no, (counts_as, sent, shown)) in [
            (Some("half"), "<0.5", Some("0.5 g")),
            (Some("bound"), "< 0.5", Some("1.0 g")),
            (Some("zero"), "<0.5", Some("0 g")),
            (Some("bound"), ">0.5", Some("1.0 g")),
            (Some("half"), ">0.5", None),
            (None, "<0.5", None),
        ]
        .into_iter()
        .enumerate()
        {
            let code = format!("BUF-CALC-{no}");
            entries(&code, counts_as);
            let batch = Batch::issued_from(world, &format!("CALC-CENS-{no}"), &code);
            batch.weighed();
            let olga = world.person("olga");
            batch.start(olga, STIR).done();
            let body = json!({ "entry": "titre", "value": sent, "unit": "g/L" });
            batch.record(olga, STIR, &body).done();
            let mass = batch.entry(Some(STIR), "mass");
            let found = mass["versions"].as_array().and_then(|all| all.last()).cloned();
            let said = found.map_or(Value::Null, |version| version["shown"].clone());
            let number =
                said.as_str().map(|said| said.replace("0.50 ", "0.5 ").replace("0.0 ", "0 "));
            assert_eq!(number.as_deref(), shown, "{mass}");
        }
    });
}

// finding: N10
#[test]
fn the_units_are_listed_and_a_master_record_takes_annotations_and_what_people_read() {
    on_each(|world| {
        let list = world.person("audrey").get("/units").done();
        let units = list["units"].as_array().expect("a list").clone();
        let unit = |code: &str| units.iter().find(|it| it["code"] == code).expect("listed").clone();
        let psi = unit("[psi]");
        assert_eq!((&psi["shown"], &psi["measures"]), (&json!("psi"), &json!("pressure")));
        let (g, kg) = (unit("g"), unit("kg"));
        assert_eq!(
            (&g["base"], &g["factor"], &kg["factor"]),
            (&kg["base"], &json!("1"), &json!("1000"))
        );
        assert_eq!(unit("Cel")["offset"], "5463/20");
        assert!(unit("Cel")["spellings"].to_string().contains("°C"));
        let document = recipes::changed("BUF-UNITS", |document| {
            let entries = recipes::step(document, "01.2")["entries"].as_array_mut();
            let entries = entries.expect("entries");
            for (id, unit) in [
                ("speed", "{vials}/min"),
                ("rate", "L/min/m2"),
                ("force", "lbf"),
                ("density", "g / dL"),
                ("jacket", "degC"),
                ("odd", "{lyo-trays}/h"),
                ("count", "10*6.{vc}/mL"),
            ] {
                entries.push(json!({ "id": id, "name": id, "kind": "number", "unit": unit,
                    "mandatory": false }));
            }
        });
        recipes::effective(world, &document);
        let batch = Batch::issued_from(world, "UNITS-1", "BUF-UNITS");
        batch.weighed();
        let olga = world.person("olga");
        batch.start(olga, STIR).done();
        for (entry, value, unit, shown) in [
            ("speed", "120", "vials/min", "120 vials/min"),
            ("rate", "2", "L/min/m²", "2 L/min/m2"),
            ("force", "10", "N", "10 N = 2.248089… lbf"),
            ("density", "1.02", "kg/L", "1.02 kg/L = 102 g/dL"),
            ("jacket", "36.9", "°C", "36.9 degC"),
            ("odd", "3", "lyo-trays/h", "3 lyo-trays/h"),
            ("count", "4.2e6", "vc / mL", "4.2e6 vc/mL = 4.2 1e6 vc/mL"),
        ] {
            let body = json!({ "entry": entry, "value": value, "unit": unit });
            assert_eq!(batch.record(olga, STIR, &body).done()["shown"], shown);
        }
        for (entry, unit) in [("speed", "cells/min"), ("odd", "vials/h"), ("jacket", "bar")] {
            let body = json!({ "entry": entry, "value": "1", "unit": unit });
            batch.record(olga, STIR, &body).refused(422, "malformed");
        }
        let petra = world.person("petra");
        let unknown = recipes::changed("BUF-FURLONG", |document| {
            recipes::step(document, "01.2")["entries"][0]["unit"] = json!("furlong");
        });
        petra.post("/masters", &json!({ "content": unknown })).done();
        let path = recipes::version("BUF-FURLONG", 1);
        let problem = petra.sign(&format!("{path}/submission"), &json!({}));
        assert!(problem.text().contains("furlong"), "{}", problem.text());
    });
}
