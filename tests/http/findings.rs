//! What is wrong with a master record is found before it is submitted: it is checked as it stands, and played.

use crate::house::recipes::{self, version};
use crate::house::world::{World, on_each, on_one};
use serde_json::{Value, json};

/// What somebody writes wrongly, where the finding stands, and a word of it.
type Mistake = (&'static str, fn(&mut Value), &'static str, &'static str);

const STEP: &str = "/unit_procedures/0/operations/0/steps/0";
const STIR: &str = "/unit_procedures/0/operations/0/steps/1";
const ADJUST: &str = "/unit_procedures/0/operations/1/steps/0";

/// Each mistake alone is a finding at its place and refuses submission, which names the place too.
fn found(world: &World, mistakes: &[Mistake]) {
    let petra = world.person("petra");
    for (code, wrong, place, word) in mistakes {
        petra.post("/masters", &json!({ "content": recipes::changed(code, wrong) })).done();
        let path = version(code, 1);
        let answer = petra.get(&format!("{path}/findings")).done();
        let findings = answer["findings"].as_array().expect("findings");
        let named = |it: &&Value| {
            it["pointer"].as_str().is_some_and(|at| at.starts_with(place))
                && it["detail"].as_str().is_some_and(|said| said.contains(word))
        };
        assert!(findings.iter().any(|it| named(&it)), "{code}: {answer:#}");
        let problem = petra.sign(&format!("{path}/submission"), &json!({}));
        let problem = problem.refused(422, "master-faulty");
        let missing = problem["missing"].as_array().expect("lines");
        let line =
            |it: &Value| it.as_str().is_some_and(|it| it.starts_with(place) && it.contains(word));
        assert!(missing.iter().any(line), "{code}: {problem:#}");
        assert_eq!(petra.get(&path).done()["phase"], "draft");
    }
}

fn more(document: &mut Value, step: &str, entry: Value) {
    let entries = recipes::step(document, step)["entries"].as_array_mut().expect("entries");
    entries.push(entry);
}

fn duration(document: &mut Value, to: &str, at: &str) {
    let entry = json!({ "id": "time", "name": "Time", "kind": "duration", "unit": "h",
        "from": { "of": "01.1", "at": "started" }, "to": { "of": to, "at": at } });
    more(document, "01.1", entry);
}

fn calculation(document: &mut Value, step: &str, expression: &str, unit: &str) {
    let entry = json!({ "id": "calc", "name": "Calculated", "kind": "calculation",
        "language": "batchwright.calc/1", "expression": expression, "unit": unit });
    more(document, step, entry);
}

// finding: N2
#[test]
fn what_can_never_be_completed_is_found_with_the_circle_by_its_places() {
    on_each(|world| {
        found(
            world,
            &[
                (
                    "M-N2-OWN",
                    |d| duration(d, "01.1", "completed"),
                    STEP,
                    "01.1 waits for [01.1/time], which ends with the completion of 01.1",
                ),
                (
                    "M-N2-NEXT",
                    |d| duration(d, "02.1", "started"),
                    STEP,
                    "which ends with the start of 02.1",
                ),
                (
                    "M-N2-OPERATION",
                    |d| duration(d, "OP-01", "completed"),
                    STEP,
                    "which ends with the completion of OP-01",
                ),
                (
                    "M-N2-DIVISION",
                    |d| calculation(d, "01.1", "[weight] / ([weight] - [weight])", "1"),
                    STEP,
                    "not computed",
                ),
                (
                    "M-N2-SAMPLE",
                    |d| {
                        more(
                            d,
                            "01.2",
                            json!({ "id": "sample", "name": "Sample", "kind": "sample",
                    "point": "tank" }),
                        );
                        more(
                            d,
                            "01.1",
                            json!({ "id": "early", "name": "Early", "kind": "result",
                    "sample": "sample", "method": "QC-1", "method_version": "1",
                    "classification": "IPC", "authorities": ["test"],
                    "result": { "type": "choice", "options": ["yes", "no"], "accepted": ["yes"] } }),
                        );
                    },
                    STEP,
                    "which is tested on [01.2/sample]",
                ),
            ],
        );
    });
}

// finding: G11
// finding: G7
#[test]
fn what_is_critical_is_judged_and_shown_as_finely_as_it_is_judged() {
    on_one(|world| {
        found(
            world,
            &[
                (
                    "M-G11-NUMBER",
                    |d| recipes::step(d, "01.1")["entries"][2]["limits"] = json!([]),
                    "/unit_procedures/0/operations/0/steps/0/entries/2",
                    "nothing judges it",
                ),
                (
                    "M-G11-CHOICE",
                    |d| {
                        let choice = &mut recipes::step(d, "02.1")["entries"][1];
                        choice["classification"] = json!("WC-CPP");
                        choice.as_object_mut().expect("an entry").remove("accepted");
                    },
                    ADJUST,
                    "is a WC-CPP, and nothing judges it",
                ),
                (
                    "M-G11-PLAUSIBLE",
                    |d| {
                        let limits =
                            recipes::step(d, "01.1")["entries"][2]["limits"].as_array_mut();
                        limits.expect("limits").drain(..2);
                    },
                    STEP,
                    "nothing judges it",
                ),
                (
                    "M-G7-NUMBER",
                    |d| recipes::step(d, "01.1")["entries"][2]["decimals"] = json!(2),
                    "/unit_procedures/0/operations/0/steps/0/entries/2/decimals",
                    "shown with 2 decimals",
                ),
                (
                    "M-G7-ADJUSTED",
                    |d| recipes::step(d, "02.1")["entries"][0]["decimals"] = json!(0),
                    "/unit_procedures/0/operations/1/steps/0/entries/0/decimals",
                    "held against 5.",
                ),
                (
                    "M-G7-CALCULATED",
                    |d| {
                        calculation(d, "01.1", "[weight] * 2", "kg");
                        let calc = &mut recipes::step(d, "01.1")["entries"][3];
                        calc["decimals"] = json!(1);
                        calc["limits"] = json!([{ "purpose": "acceptance",
                    "low": { "value": "0.53", "inclusive": true } }]);
                    },
                    STEP,
                    "shown with 1 decimals",
                ),
            ],
        );
    });
}

// finding: N15
// finding: N8
#[test]
fn what_nobody_knows_or_what_does_not_fit_is_found() {
    on_one(|world| {
        found(
            world,
            &[
                (
                    "M-N15-NUMBER",
                    |d| {
                        d["release_specifications"][0] = json!({ "id": "identity", "name": "pH",
                    "kind": "number", "unit": "[pH]", "due": "release" });
                    },
                    "/release_specifications/0",
                    "use kind result",
                ),
                (
                    "M-N15-LIMITS",
                    |d| d["release_specifications"][0]["result"]["accepted"] = json!([]),
                    "/release_specifications/0/result",
                    "nothing says what conforms",
                ),
                (
                    "M-N15-LOT",
                    |d| recipes::step(d, "01.1")["entries"][0]["material"] = json!("NACL"),
                    "/unit_procedures/0/operations/0/steps/0/entries/0",
                    "neither among the materials",
                ),
                (
                    "M-N15-ADDED",
                    |d| {
                        recipes::step(d, "02.1")["entries"][0]["addition"]["material"] =
                            json!("HCL");
                    },
                    ADJUST,
                    "neither among the materials",
                ),
                (
                    "M-N15-RESERVE",
                    |d| {
                        more(
                            d,
                            "01.2",
                            json!({ "id": "sample", "name": "Sample",
                "kind": "sample", "point": "tank", "quantity": { "value": "10", "unit": "mL" },
                "reserve": { "quantity": { "value": "0.02", "unit": "L" }, "storage": "cold" } }),
                        )
                    },
                    STIR,
                    "keeps 0.02 L of a sample of 10 mL",
                ),
                (
                    "M-N8-FORMULA",
                    |d| calculation(d, "02.1", "[01.2/temperature]", "Cel"),
                    ADJUST,
                    "first[01.2/temperature]",
                ),
                (
                    "M-N8-CONDITION",
                    |d| {
                        recipes::step(d, "02.1")["entries"][1]["when"] =
                            json!("[01.2/temperature] > 20 'Cel'");
                    },
                    ADJUST,
                    "01.2 occurs several times",
                ),
            ],
        );
    });
}

// shows: L2.b
#[test]
fn a_record_is_played_and_says_what_nobody_has_seen() {
    on_each(|world| {
        let petra = world.person("petra");
        let never = "[01.1/weight] > 4 'kg' and [01.1/weight] < 3 'kg'";
        let document = recipes::changed("M-PLAYED", |document| {
            let entries = recipes::step(document, "02.1")["entries"].as_array_mut();
            entries.expect("entries").push(json!({ "id": "why", "name": "Why so much",
                "kind": "text", "when": never }));
        });
        petra.post("/masters", &json!({ "content": document })).done();
        let path = version("M-PLAYED", 1);
        let answer = petra.get(&format!("{path}/findings")).done();
        assert_eq!(answer["findings"], json!([]), "{answer:#}");
        let played = &answer["played"];
        assert_eq!(played["steps"], json!(4), "{answer:#}");
        assert_eq!((&played["gates"], &played["finished"]), (&json!(1), &json!(true)));
        let rows = answer["not_played"].as_array().expect("a list");
        assert!(rows.iter().any(|row| row["condition"] == json!(never)), "{answer:#}");
        // It blocks nothing.
        petra.sign(&format!("{path}/submission"), &json!({})).done();
        // Who may not submit is told so, and nothing is played for them.
        let sven = world.person("sven");
        sven.sign(&format!("{path}/submission"), &json!({})).refused(403, "authority-missing");
        // What cannot be read is not played, and that is said.
        let broken = recipes::changed("M-UNREAD", |document| document["labels"] = json!(7));
        petra.post("/masters", &json!({ "content": broken })).done();
        let answer = petra.get(&format!("{}/findings", version("M-UNREAD", 1))).done();
        assert_eq!(answer["played"], Value::Null, "{answer:#}");
        assert_eq!(answer["not_played"][0]["branch"], json!("the whole record"));
    });
}
