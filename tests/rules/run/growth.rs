//! What an act costs does not grow with its run: what a new state does not share with the old one is
//! counted; times are only printed.

use super::scene::{master, ph, step};
use super::world::{World, at_entry, at_step, by};
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::acts::RunEvent;
use batchwright::domain::run::acts::recorded::EntryRecorded;
use batchwright::domain::run::acts::start::StepStarted;
use batchwright::domain::words::Basis;
use serde_json::json;
use std::time::Instant;

/// Readings of an occurrence; two more are never recorded here.
const READINGS: usize = 4;

/// One step that is read again and again, and so many values computed on another that never begins, from
/// another reading of the same step.
fn logging(computed: usize) -> MasterRecord {
    let mut readings: Vec<_> = (0..READINGS).map(|no| ph(&format!("ph{no}"))).collect();
    readings.push(ph("other"));
    let calculation = |no: usize| {
        json!({ "id": format!("mean{no}"), "name": "mean", "kind": "calculation",
            "language": "batchwright.calc/1", "expression": "mean(all[log/other])",
            "unit": "[pH]", "decimals": 2, "rounding": "half-even" })
    };
    let calculations: Vec<_> = (0..computed).map(calculation).collect();
    let every = json!({ "care": true, "every": "P1D", "occurs": { "min": 1 } });
    let operation = json!({ "id": "OP-1", "name": "Culture", "steps": [
        step("log", json!(readings), every), step("report", json!(calculations), json!({})) ] });
    master(json!([operation]), json!([]), json!([]))
}

/// A run with so many readings, written down as they are; the newest occurrence has none yet.
fn grown(entries: usize, computed: usize) -> (World, u32) {
    let mut w = World::new(logging(computed));
    w.does(by("ana"), w.start("OP-1~1/log~1"));
    let mut k = 1;
    for no in 0..entries {
        let at = at_entry(&format!("OP-1~1/log~{k}/ph{}", no % READINGS));
        let spec = w.run.recipe.entry(Some("log"), &at.entry).expect("an entry").clone();
        let value = spec.parse(&super::world::input(&w.run, &at, "6.85")).expect("a value");
        w.hears(
            by("ana"),
            RunEvent::EntryRecorded(EntryRecorded {
                at,
                raw: value.data.to_string(),
                verdicts: spec.judge(&value),
                value,
                performed_at: None,
                basis: Basis::Direct,
                source: None,
                performer: None,
                reason: None,
                under_exceptions: vec![],
                check_owed: false,
                exceptions: vec![],
            }),
        );
        if no % READINGS == READINGS - 1 {
            k += 1;
            let step = at_step(&format!("OP-1~1/log~{k}"));
            let under_exceptions = vec![];
            let started =
                RunEvent::StepStarted(StepStarted { step, under_exceptions, oversight: false });
            w.hears(by("ana"), started);
        }
    }
    (w, k)
}

#[test]
fn a_state_shares_with_the_one_before_all_but_what_an_act_changed() {
    for entries in [100, 1_000, 10_000] {
        let (mut w, k) = grown(entries, 20);
        let before = w.run.clone();
        w.does(by("ana"), w.record(&format!("OP-1~1/log~{k}/ph0"), "6.9"));
        let steps = w.run.steps.apart_from(&before.steps);
        assert!(steps.items == 1 && steps.nodes <= 4, "{entries}: {steps:?}");
        let exceptions = w.run.exceptions.apart_from(&before.exceptions);
        let signatures = w.run.signatures.apart_from(&before.signatures);
        assert_eq!((exceptions.items, signatures.items), (0, 0));
        assert_eq!(before.steps[&at_step(&format!("OP-1~1/log~{k}"))].entries.len(), 0);
    }
}

#[test]
fn only_open_limits_are_kept_however_many_there_were() {
    for entries in [100, 1_000] {
        let (w, k) = grown(entries, 0);
        let open: Vec<_> = w.run.open.keys().cloned().collect();
        assert_eq!(open, [format!("period/OP-1~1/log~{}", k + 1)]);
    }
}

/// Prints what an entry costs at several sizes of its run: deciding and folding, through the journal's text.
#[test]
#[ignore = "prints times; nothing is asserted"]
fn what_an_entry_costs_as_its_run_grows() {
    for computed in [0, 20] {
        for entries in [100, 1_000, 10_000] {
            let (w, k) = grown(entries, computed);
            let command = w.record(&format!("OP-1~1/log~{k}/ph0"), "6.9");
            let mut times: Vec<u128> = Vec::new();
            for _ in 0..200 {
                let mut copy = World { journal: Vec::new(), ..w.clone() };
                let begun = Instant::now();
                let ruling = copy.ask(by("ana"), &command).expect("recorded");
                copy.follow(by("ana"), &ruling);
                times.push(begun.elapsed().as_nanos());
            }
            times.sort_unstable();
            println!("{computed:>2} computed, entry {entries:>6}: {} µs", times[60] / 1000);
        }
    }
}
