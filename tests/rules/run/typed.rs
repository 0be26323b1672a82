//! What follows from striking an entry, from looking a second time, from deciding several things at once.

use super::scene::{master, note, ph, step};
use super::world::{World, at_entry, by};
use batchwright::domain::clock::MINUTE;
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::Content;
use batchwright::domain::run::acts::attempts::ExplainAttempts;
use batchwright::domain::run::acts::look::{LookOver, SeenAttempt, SeenValue};
use batchwright::domain::run::acts::together::MOST;
use batchwright::domain::run::acts::triage::{DecideNotDeviations, NoDeviation};
use batchwright::domain::run::acts::{RunCommand, StrikeEntry};
use batchwright::domain::run::attempt::{self, Mistake};
use batchwright::domain::run::looks::{self, Against};
use batchwright::domain::run::time;
use proptest::prelude::*;
use serde_json::{Value, json};

const GROSS: &str = "A~1/weigh~1/gross";
const NET: &str = "A~1/weigh~1/net";

/// Weighed, then used where the net weight is enough; a hold from the weighing on.
fn process() -> MasterRecord {
    let number = |id: &str| {
        json!({ "id": id, "name": id, "kind": "number", "unit": "kg", "classification": "CPP",
            "limits": [{ "purpose": "acceptance",
                "low": { "value": "0", "inclusive": true }, "high": { "value": "9", "inclusive": true } },
                { "purpose": "plausibility",
                "low": { "value": "0", "inclusive": true }, "high": { "value": "99", "inclusive": true } }] })
    };
    let net = json!({ "id": "net", "name": "net", "kind": "calculation", "unit": "kg",
        "language": "batchwright.calc/1", "expression": "[gross] - [tare]", "decimals": 2,
        "rounding": "half-even" });
    let hold = json!({ "id": "hold", "name": "Hold", "max": "PT1H",
        "starts": { "of": "weigh", "at": "entry", "entry": "gross" },
        "stops": { "of": "use", "at": "started" } });
    let mut gross = number("gross");
    gross["second_look"] = json!({ "gates": ["G"], "computed": true });
    master(
        json!([{ "id": "A", "name": "A", "steps": [
            step("weigh", json!([gross, number("tare"), net, ph("ph")]), json!({})),
            step("enough", json!([note("n", true)]), json!({ "when": "[weigh/net] / [weigh/tare] > 1" })),
            step("use", json!([note("n", true)]), json!({ "after": ["weigh"], "irreversible": "charge",
                "timers": [hold] })),
        ] }]),
        json!([{ "id": "G", "name": "G", "before": ["use"] }]),
        json!([]),
    )
}

fn weighed() -> World {
    let mut w = World::new(process());
    w.does(by("ana"), w.start("A~1/weigh~1"));
    w.does(by("ana"), w.record(GROSS, "2.50"));
    w.does(by("ana"), w.record("A~1/weigh~1/tare", "1.00"));
    w.does(by("ana"), w.record("A~1/weigh~1/ph", "6.85"));
    w
}

// finding: A3
#[test]
fn however_many_values_are_tried_a_step_can_be_signed_and_they_are_explained() {
    let mut w = weighed();
    let tries = 2500;
    for n in 0..tries {
        w.does(by("ana"), w.correct(GROSS, &format!("{}", 1000 + n), Some("misread"), false));
    }
    let key = at_entry(GROSS).step.expect("a step");
    let (_, step) = w.run.recipe.step(&key.step).expect("known");
    let covers = looks::covered(&key, step, &w.run.steps[&key]);
    assert!(json!(covers).to_string().len() < 32 * 1024);
    let earlier = covers.iter().find(|line| line.contains("attempts before")).expect("counted");
    assert!(earlier.contains("2490, SHA-256 "), "{earlier}");
    assert!(covers.iter().any(|line| line.ends_with("attempt 2500: 3499 kg")), "{covers:?}");
    let opened = &w.run.exceptions.last().expect("one").opened;
    let said = attempt::detail(&w.run, w.run.exceptions.last().expect("one"));
    assert!(opened.detail.len() < 500 && said.len() < 1000, "{said}");
    let why = || ExplainAttempts { at: at_entry(GROSS), why: Mistake::Mistyped, words: None };
    w.does(by("ana"), why().into());
    w.does(by("ana"), why().into());
    assert_eq!(w.refused(by("ana"), why().into()), "no-such-part", "all are explained");
}

fn strike(w: &World, at: &str) -> RunCommand {
    let at = at_entry(at);
    let expected = Some(w.entry_seq(&at));
    StrikeEntry { at, reason: "of another batch".into(), expected }.into()
}

/// A check of the newest version, also of one that strikes.
fn check(w: &World, at: &str) -> RunCommand {
    let key = at_entry(at);
    let newest = w.entry(&key).and_then(|entry| entry.versions.last()).map_or(0, |it| it.version);
    looks(&[(at, newest)])
}

fn looks(all: &[(&str, u32)]) -> RunCommand {
    let value = |(at, version): &(&str, u32)| {
        let at = at_entry(at);
        SeenValue { step: at.step, entry: at.entry, version: *version, against: None }
    };
    let values = all.iter().map(value).collect();
    LookOver { against: Against::Display, values, attempts: Vec::new() }.into()
}

fn shown(w: &World, at: &str) -> Option<String> {
    let current = w.entry(&at_entry(at))?.current()?;
    match &current.content {
        Content::Value(value) => Some(value.shown.clone()),
        Content::Absent(_) | Content::Struck => None,
    }
}

// shows: P11-10e3.a
// finding: P11
#[test]
fn what_was_computed_from_a_struck_value_and_what_it_decided_follow() {
    let mut w = weighed();
    assert_eq!(shown(&w, NET).as_deref(), Some("1.50 kg"));
    w.does(by("ana"), w.start("A~1/enough~1"));
    let told = w.does(by("ana"), strike(&w, GROSS));
    assert!(told.contains(&"run.entry-computed".to_owned()), "{told:?}");
    assert_eq!(shown(&w, NET), None, "nothing is computed from what is struck");
    let opened = w.run.exceptions.last().expect("an exception");
    assert!(opened.opened.detail.contains("enough"), "{}", opened.opened.detail);
    assert_eq!(w.refused(by("ana"), strike(&w, NET)), "never-struck");
    let refused = w.ask(by("ana"), &w.complete("A~1/weigh~1")).expect_err("missing");
    assert_eq!(refused.rule.code, "entries-missing");
    let said = refused.detail;
    for says in ["net (net), not computed: ", "gross", "record or correct that"] {
        assert!(said.contains(says), "{says}: {said}");
    }
    w.does(by("ana"), w.record(GROSS, "3.50"));
    assert_eq!(shown(&w, NET).as_deref(), Some("2.50 kg"));
    let entry = w.entry(&at_entry(GROSS)).expect("recorded");
    let versions: Vec<_> = entry.versions.iter().map(|it| it.version).collect();
    assert_eq!(versions, [1, 2, 3], "every version stays");
    assert_eq!(w.run.corrections, 1);
}

// shows: C211-111.d
// finding: P11
#[test]
fn striking_sets_no_hold_time_anew_before_somebody_else_has_checked_it() {
    let started = |w: &World| {
        let at = w.now;
        let limit = time::whole(&w.run);
        assert_eq!(limit, w.run.open, "kept as computed at {at}");
        let all = time::limits(&w.run, at).into_iter().find(|it| it.id.contains("hold"));
        all.and_then(|it| it.started)
    };
    let mut w = weighed();
    let began = w.now;
    assert_eq!(started(&w), Some(began));
    w.later(30);
    w.does(by("ana"), strike(&w, GROSS));
    assert_eq!(started(&w), Some(began), "struck by its author alone");
    w.does(by("ana"), w.record(GROSS, "2.50"));
    let again = w.now;
    assert_eq!(started(&w), Some(began), "and recorded anew");
    w.later(1);
    w.does(by("ben"), looks(&[(GROSS, 2)]));
    assert_eq!(started(&w), Some(again), "checked: it never was");
    assert!(again.since(began) == 30 * MINUTE);
}

// shows: A11-06.b
#[test]
fn a_gate_and_a_computed_value_wait_for_a_second_look_only_where_the_master_record_says_so() {
    let mut w = weighed();
    let net = |w: &World| {
        let version =
            w.entry(&at_entry(NET)).and_then(|it| it.current()).cloned().expect("computed");
        batchwright::domain::run::looks::not_final(&w.run, &version)
    };
    w.does(by("ana"), w.complete("A~1/weigh~1"));
    assert_eq!(net(&w), [GROSS], "tare is looked at until review, and holds up nothing");
    let closed = |w: &World| {
        let all = batchwright::domain::run::acts::closed::closed(&w.run, "G", w.now);
        all.iter().map(|it| it.line()).collect::<Vec<_>>()
    };
    assert_eq!(closed(&w).len(), 1, "{:?}", closed(&w));
    assert!(closed(&w)[0].contains("second look"));
    assert_eq!(w.refused(by("ana"), looks(&[(GROSS, 1)])), "witness-is-performer");
    w.later(1);
    w.does(by("ben"), looks(&[(GROSS, 1)]));
    assert_eq!((net(&w).len(), closed(&w).len()), (0, 0));
    assert_eq!(w.refused(by("ben"), looks(&[(GROSS, 1)])), "already-checked");
    assert_eq!(w.refused(by("ben"), w.check_entry(GROSS)), "already-checked");
    w.later(1);
    w.does(by("ana"), w.correct(GROSS, "2.60", Some("misread"), false));
    assert_eq!((net(&w).len(), closed(&w).len()), (1, 1), "the value that is looked at is another");
}

// shows: C211-68b2.c
#[test]
fn a_check_that_said_nothing_of_against_what_is_no_second_look_and_does_not_forbid_one() {
    let mut w = weighed();
    w.later(1);
    w.does(by("ben"), w.check_entry(GROSS));
    let entry = |w: &World| w.entry(&at_entry(GROSS)).and_then(|it| it.current()).cloned();
    assert!(entry(&w).is_some_and(|it| it.checked.is_some() && it.looked.is_none()));
    w.later(1);
    w.does(by("sue"), looks(&[(GROSS, 1)]));
    let found = entry(&w).expect("recorded");
    assert_eq!(found.looked.map(|it| it.by.user_name).as_deref(), Some("sue"));
    assert_eq!(found.checked.map(|(_, by)| by.user_name).as_deref(), Some("ben"), "it stands");
}

// finding: N22
#[test]
fn a_list_is_read_through_and_names_what_it_refuses() {
    let mut w = weighed();
    w.later(1);
    let many: Vec<_> = (0..=MOST).map(|_| (GROSS, 1)).collect();
    assert_eq!(w.refused(by("ben"), looks(&many)), "malformed");
    assert_eq!(w.refused(by("ben"), looks(&[])), "malformed");
    let twice = w.ask(by("ben"), &looks(&[(GROSS, 1), (GROSS, 1)])).expect_err("twice");
    assert_eq!(twice.rule.code, "already-checked");
    assert!(twice.detail.starts_with(&format!("{GROSS} version 1: 2.50 kg")), "{twice}");
    let tried = LookOver {
        against: Against::Seen,
        values: Vec::new(),
        attempts: vec![SeenAttempt {
            step: at_entry(GROSS).step,
            entry: "gross".into(),
            no: 1,
            against: None,
        }],
    };
    assert_eq!(w.refused(by("ben"), tried.into()), "no-such-part");
    let ruling = w.ask(by("ben"), &looks(&[(GROSS, 1), ("A~1/weigh~1/tare", 1)])).expect("both");
    for (event, signatures) in &ruling.events {
        let told: Value = serde_json::to_value(event).expect("plain data");
        let together = told["data"]["together"].as_array().expect("the list");
        assert_eq!(together.len(), 2, "each lists both: {told}");
        assert_eq!(signatures.len(), 1, "under a signature: {told}");
    }
    let none = DecideNotDeviations {
        decisions: vec![NoDeviation { exception: 1, rationale: "x1".into() }],
    };
    assert_eq!(w.refused(by("quinn"), none.into()), "no-such-part");
}

proptest! {
    /// However values are sent, confirmed, struck and recorded anew: each that was not confirmed owes its look, from
    /// the second on an exception names them, and the value that counts is the last one meant and not struck.
    #[test]
    fn attempts_and_struck_values_are_counted_whatever_the_order(
        acts in proptest::collection::vec(0u8..4, 1..12),
    ) {
        let mut w = World::new(process());
        w.does(by("ana"), w.start("A~1/weigh~1"));
        let (mut meant, mut tried, mut struck) = (None, 0usize, 0usize);
        for (index, act) in acts.into_iter().enumerate() {
            w.later(1);
            let value = format!("{}.00", index % 9);
            match act {
                0 | 1 if meant.is_none() => {
                    w.does(by("ana"), w.record(GROSS, &value));
                    meant = Some(format!("{value} kg"));
                }
                2 if meant.is_none() => {
                    w.does(by("ana"), w.record(GROSS, &format!("10{value}")));
                    tried += 1;
                }
                3 if meant.is_some() => {
                    w.does(by("ana"), strike(&w, GROSS));
                    (meant, struck) = (None, struck + 1);
                }
                _ => {}
            }
            let entry = w.entry(&at_entry(GROSS));
            let strikes = entry.map_or(0, |it| it.versions.iter().filter(|v| v.strikes()).count());
            prop_assert_eq!(shown(&w, GROSS), meant.clone());
            prop_assert_eq!(strikes, struck);
            let kept: Vec<_> = entry.map(|it| it.unconfirmed().collect()).unwrap_or_default();
            prop_assert_eq!(kept.len(), tried);
            prop_assert_eq!(kept.iter().all(|it| it.exception.is_some()), tried != 1);
        }
        let again = w.replay();
        let kept = |run: &batchwright::domain::run::Run| format!("{:?}", run.entry(&at_entry(GROSS)));
        prop_assert_eq!(kept(&again), kept(&w.run));
    }
}

/// A check of what its author struck.
#[test]
fn what_its_author_struck_is_checked_by_another() {
    let mut w = weighed();
    w.later(1);
    w.does(by("ana"), strike(&w, GROSS));
    w.later(1);
    assert_eq!(w.refused(by("ana"), check(&w, GROSS)), "witness-is-performer");
    w.does(by("ben"), check(&w, GROSS));
    assert_eq!(w.refused(by("ben"), check(&w, GROSS)), "nothing-recorded");
}
