//! The shipped master records have no finding, and every step, entry and gate of them is played.

use super::{examined, examined_within, fill_finish, lines};
use batchwright::domain::cross::play::{Budget, NotPlayed, OutOfTime, examine};
use serde_json::{Value, json};

fn example(name: &str) -> Value {
    let path = format!("{}/schemas/examples/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("the example is there");
    serde_json::from_str(&text).expect("JSON")
}

/// Steps, entries and gates of a document.
fn size(document: &Value) -> (u32, u32, u32) {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let operations = list(&document["unit_procedures"])
        .iter()
        .flat_map(|up| list(&up["operations"]))
        .collect::<Vec<_>>();
    let steps: Vec<Value> =
        operations.iter().flat_map(|operation| list(&operation["steps"])).collect();
    let entries: usize = steps.iter().map(|step| list(&step["entries"]).len()).sum();
    let release = list(&document["release_specifications"]).len();
    let count = |n: usize| u32::try_from(n).expect("few");
    (count(steps.len()), count(entries + release), count(list(&document["gates"]).len()))
}

fn plays(document: &Value) {
    let found = examined(document);
    assert_eq!(lines(&found), Vec::<String>::new());
    let play = found.play.expect("it is played");
    println!("{:#?}", play.not_played);
    assert!(play.finished);
    let played = (play.played.steps, play.played.entries, play.played.gates);
    assert_eq!(played, size(document), "{:#?}", play.not_played);
}

#[test]
fn the_buffer_is_played_whole() {
    plays(&example("buffer-preparation.json"));
}

#[test]
fn the_drug_substance_is_played_whole() {
    plays(&example("amab-drug-substance.json"));
}

#[test]
fn the_second_drug_substance_is_played_whole() {
    plays(&example("amab-drug-substance-2.json"));
}

#[test]
fn a_whole_drug_substance_takes_less_than_half_of_the_work_that_a_play_may_be() {
    let Budget { searching, playing } = Budget::WHOLE;
    let half = Budget { searching: searching / 2, playing: playing / 2 };
    let found = examined_within(&example("amab-drug-substance-2.json"), half);
    assert!(found.play.expect("it is played").finished);
}

#[test]
fn both_sides_of_a_condition_are_played_where_values_lead_there() {
    let document = fill_finish();
    plays(&document);
    let found = examined(&document).play.expect("it is played");
    assert_eq!(found.not_played, Vec::new(), "both sides of the second inspection are met");
    assert_eq!(found.played.batches, 2);
}

#[test]
fn a_branch_that_no_value_reaches_is_listed_and_blocks_nothing() {
    let mut document = fill_finish();
    let when = "[4.3/defects] > 20 '{units}' and [4.3/defects] < 19 '{units}'";
    document["unit_procedures"][0]["operations"][3]["steps"][3]["when"] = when.into();
    let found = examined(&document);
    assert_eq!(lines(&found), Vec::<String>::new());
    let play = found.play.expect("it is played");
    let branch = play.not_played.iter().find(|row| row.condition.as_deref() == Some(when));
    let branch = branch.expect("the condition is named");
    assert_eq!(branch.branch, "4.4");
    assert!(branch.why.contains("no values were found"), "{branch:?}");
}

#[test]
fn a_branch_for_what_is_outside_its_limits_is_played_with_such_values() {
    let mut document = fill_finish();
    document["unit_procedures"][0]["operations"][3]["steps"][3]["when"] =
        "[4.3/defects] > 20 '{units}'".into();
    plays(&document);
    // What such a branch cannot come to is found too.
    let when = "[4.3/defects] > 20 '{units}'";
    let steps = document["unit_procedures"][0]["operations"][3]["steps"].as_array_mut();
    let steps = steps.expect("steps");
    steps[3]["entries"] = json!([{ "id": "early", "name": "Early", "kind": "result",
        "sample": "late", "method": "QC-1", "method_version": "1", "classification": "IPC",
        "authorities": ["test"],
        "result": { "type": "choice", "options": ["yes", "no"], "accepted": ["yes"] } }]);
    steps.push(json!({ "id": "4.6", "name": "Later", "instruction": "Later.", "when": when,
        "after": ["4.4"],
        "entries": [{ "id": "late", "name": "Late", "kind": "sample", "point": "line" }] }));
    let found = lines(&examined(&document));
    assert!(found.len() == 1 && found[0].contains("which is tested on [4.6/late]"), "{found:#?}");
}

#[test]
fn what_lies_beyond_the_bound_of_work_is_listed_with_its_condition_and_blocks_nothing() {
    let small = Budget { playing: 30, ..Budget::WHOLE };
    let found = examined_within(&fill_finish(), small);
    assert_eq!(lines(&found), Vec::<String>::new());
    assert_eq!(found, examined_within(&fill_finish(), small), "it comes out the same again");
    let play = found.play.expect("it is played");
    assert!(!play.finished);
    let bound = |row: &&NotPlayed| row.why.contains("bound of work");
    assert!(play.not_played.iter().any(|row| bound(&row) && row.branch == "4.4"), "{play:#?}");
    assert!(play.not_played.iter().any(|row| bound(&row) && row.condition.is_some()), "{play:#?}");
}

#[test]
fn a_clock_that_runs_out_tells_nothing_of_the_record() {
    let found = examine(&fill_finish(), Budget::WHOLE, &|| false);
    assert_eq!(found, Err(OutOfTime));
}
