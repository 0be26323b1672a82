//! The example master records run to their end: nothing in their order waits for ever.

use super::phases::complete;
use super::world::{World, at_entry, by};
use batchwright::domain::clock::Instant;
use batchwright::domain::entry::Input;
use batchwright::domain::entry::spec::EntrySpec;
use batchwright::domain::ids::{OperationKey, StepKey};
use batchwright::domain::quantity::Quantity;
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::Phase;
use batchwright::domain::run::acts::{
    PassGate, RecordEntry, RunCommand, RunEvent, YieldLot, order,
};
use batchwright::domain::words::{Basis, EntryKey};
use rust_decimal::Decimal;
use serde_json::{Value, json};

const HANDS: [(&str, &str); 7] = [
    ("ana", "ben"),
    ("sue", "ben"),
    ("lab", "ana"),
    ("eva", "ana"),
    ("ben", "sue"),
    ("quinn", "sue"),
    ("sue", "ana"),
];

fn example(name: &str) -> MasterRecord {
    let path = format!("{}/schemas/examples/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("the example is there");
    serde_json::from_str(&text).expect("a master record")
}

/// A value that no limit objects to.
fn fine(spec: &EntrySpec, now: Instant) -> Input {
    let mut whole = serde_json::to_value(spec).expect("a specification");
    let version = (whole["kind"] == json!("result")).then(|| whole["method_version"].take());
    if version.is_some() {
        whole = whole["result"].take();
        whole["kind"] = whole["type"].take();
    }
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let unit = text(&whole["unit"]);
    let value = match whole["kind"].as_str().expect("a kind") {
        "confirm" => json!(true),
        "choice" => {
            let accepted = whole["accepted"][0].as_str().or(whole["options"][0].as_str());
            if whole["several"] == json!(true) { json!([accepted]) } else { json!(accepted) }
        }
        "text" => json!(text(&whole["expected"]).unwrap_or_else(|| "clear".into())),
        "date-time" => json!(now.to_rfc3339()),
        "lot" | "equipment" => json!("X-1"),
        _ => json!(number(&whole)),
    };
    // A laboratory result names what was tested.
    let value = version.map_or(
        value.clone(),
        |version| json!({ "value": value, "method_version": version, "item": "ITEM-1" }),
    );
    Input { value, unit }
}

/// The set point, or the middle between the judged limits.
fn number(spec: &Value) -> String {
    use rust_decimal::Decimal;
    let mut low: Option<Decimal> = None;
    let mut high: Option<Decimal> = None;
    for limit in spec["limits"].as_array().into_iter().flatten() {
        if limit["purpose"] == json!("reference") {
            continue;
        }
        let end = |side: &str| limit[side]["value"].as_str().and_then(|t| t.parse().ok());
        low = low.max(end("low"));
        high = match (high, end("high")) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    let middle = match (low, high) {
        (Some(low), Some(high)) => (low + high) / Decimal::TWO,
        (Some(low), None) => low + Decimal::ONE,
        (None, Some(high)) => high - Decimal::ONE / Decimal::TEN,
        (None, None) => Decimal::ONE,
    };
    let whole = spec["whole"] == json!(true);
    let shown = if whole { middle.round() } else { middle.round_dp(4) };
    spec["set_point"].as_str().map_or_else(|| shown.to_string(), str::to_owned)
}

fn act(w: &mut World, command: &RunCommand) -> bool {
    HANDS.iter().any(|(who, second)| w.act(by(who).with(second), command).is_ok())
}

fn record(w: &mut World, at: EntryKey, spec: &EntrySpec) {
    let command = RunCommand::RecordEntry(RecordEntry {
        at,
        input: fine(spec, w.now),
        performed_at: None,
        basis: Basis::Direct,
        reason: None,
        confirmed: false,
    });
    // By somebody whose work it is: a report by anybody else is stored too, with its exception.
    let quiet = |(who, _): &&(&str, &str)| {
        w.ask(by(who), &command).is_ok_and(|ruling| {
            !ruling.events.iter().any(|(e, _)| matches!(e, RunEvent::ExceptionOpened(_)))
        })
    };
    let (who, _) = *HANDS.iter().find(quiet).unwrap_or_else(|| panic!("nobody: {command:?}"));
    w.does(by(who), command);
}

/// One more occurrence of a step, carried through; `false`: not now.
fn one_step(w: &mut World, key: &StepKey) -> bool {
    let place = key.to_string();
    if !act(w, &w.start(&place)) {
        return false;
    }
    let (_, step) = w.run.recipe.step(&key.step).expect("a step");
    let (entries, name) = (step.entries.clone(), step.id.clone());
    for spec in &entries {
        let at = EntryKey { step: Some(key.clone()), entry: spec.id.clone() };
        record(w, at, spec);
    }
    w.later(5);
    assert!(act(w, &w.complete(&place)), "nobody completes {name}");
    w.later(5);
    act(w, &w.check(&place));
    true
}

/// How often a step occurs here: as often as it must, and what repeats at least three times.
fn wanted(w: &World, step: &str) -> u32 {
    let (_, step) = w.run.recipe.step(step).expect("a step");
    let occurs = step.order.occurs();
    if step.order.repeats() { occurs.max.unwrap_or(3).min(3).max(occurs.min) } else { occurs.min }
}

/// Plays a master record to the end of its execution.
fn play(recipe: MasterRecord) -> World {
    let steps: Vec<(String, String)> =
        recipe.steps().map(|(op, step)| (op.id.clone(), step.id.clone())).collect();
    let operations: Vec<String> = recipe.operations().map(|op| op.id.clone()).collect();
    let gates: Vec<String> = recipe.gates.iter().map(|gate| gate.id.clone()).collect();
    let mut w = World::new(recipe);
    loop {
        let mut moved = false;
        for (operation, step) in &steps {
            let key = OperationKey { op: operation.clone(), n: 1 };
            let k = order::next_occurrence(&w.run, &key, step);
            if k <= wanted(&w, step) {
                let key = StepKey { operation: key, step: step.clone(), k };
                moved |= one_step(&mut w, &key);
            }
        }
        for gate in gates.iter().filter(|_| !moved) {
            if !w.run.gates.contains_key(gate) {
                moved |= act(&mut w, &RunCommand::PassGate(PassGate { gate: gate.clone() }));
                break;
            }
        }
        for operation in operations.iter().filter(|_| !moved) {
            let command = w.close(&format!("{operation}~1"));
            if act(&mut w, &command) {
                moved = true;
                break;
            }
        }
        if !moved {
            return w;
        }
    }
}

/// The lot of the product that a good run would yield.
fn output(w: &World) -> RunCommand {
    let (recipe, hundred) = (&w.run.recipe, Decimal::ONE_HUNDRED);
    let expected = &recipe.theoretical_yield;
    let percent = (expected.min_percent + expected.max_percent) / Decimal::TWO;
    let value = expected.quantity.value * percent / hundred;
    let unit = recipe.outputs[0].unit.clone();
    RunCommand::YieldLot(YieldLot {
        number: "LOT-1".into(),
        material: recipe.outputs[0].name.clone(),
        output: None,
        quantity: Quantity { value, unit },
        parents: Vec::new(),
    })
}

fn ends(name: &str, most_signatures: usize) {
    let mut w = play(example(name));
    for spec in w.run.recipe.release_specifications.clone() {
        record(&mut w, at_entry(&spec.id), &spec);
    }
    let open: Vec<_> =
        w.run.operations.iter().filter(|(_, op)| op.closed.is_none()).map(|(k, _)| k).collect();
    assert!(open.is_empty(), "{open:?} never close");
    assert_eq!(w.run.operations.len(), w.run.recipe.operations().count());
    assert!(w.run.exceptions.is_empty(), "{:?}", w.run.exceptions);
    let lot = output(&w);
    assert!(act(&mut w, &lot));
    w.does(by("sue"), complete(&w));
    assert_eq!(w.run.phase, Phase::Complete);
    println!("{name}: {} entries of journal, {} signatures", w.run.seq, w.run.signatures.len());
    assert!(w.run.signatures.len() <= most_signatures, "{}", w.run.signatures.len());
    assert_eq!(format!("{:?}", w.replay()), format!("{:?}", w.run));
}

#[test]
fn a_buffer_preparation_runs_to_its_end() {
    ends("buffer-preparation.json", 10);
}

// shows: P11-10f.b
#[test]
fn the_whole_drug_substance_process_runs_to_its_end_with_few_signatures() {
    ends("amab-drug-substance.json", 60);
}
