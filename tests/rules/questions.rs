//! Which facts question a released lot: the matrix as quality reads it, and that no event is missing in it.

use crate::matrix::{hold, table};
use batchwright::domain::run::acts::RunEvent;
use batchwright::domain::run::questions::Weight;
use serde_json::json;
use std::collections::BTreeSet;

/// The names of all events of a run, as the reader of the journal knows them.
fn names() -> BTreeSet<String> {
    let unknown = json!({ "name": "?", "data": null });
    let fault = serde_json::from_value::<RunEvent>(unknown).expect_err("there is no such event");
    let fault = fault.to_string();
    let quoted = fault.split('`').skip(3).step_by(2);
    quoted.map(str::to_owned).collect()
}

// shows: C211-192b.e
// finding: P9
#[test]
fn every_event_of_a_run_stands_in_the_matrix_of_questions() {
    let catalogue = RunEvent::catalogue();
    let told: BTreeSet<String> = catalogue.iter().map(|event| event.name.clone()).collect();
    assert_eq!(told, names(), "an event is classified under its own name, and none is left out");
    let head = ["event", "when", "to a released lot of its run"].map(str::to_owned).to_vec();
    let line = |name: &str, (when, weight): &(&str, Weight)| {
        [name, when, weight.as_str()].map(str::to_owned).to_vec()
    };
    let lines = catalogue
        .iter()
        .flat_map(|event| event.weights.iter().map(|weight| line(&event.name, weight)));
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(lines).collect();
    let text = format!(
        "Which facts, written after the release, question a released lot of their run.\n\
         Read from above: the first line that fits counts. nothing: as planned, or oversight itself.\n\
         shown: in question, owed to quality, nothing blocked. blocks: not shipped, no child released.\n\n{}",
        table(&rows)
    );
    hold("questions.txt", &text);
}
