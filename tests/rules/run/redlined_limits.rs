//! Limits in a change of one batch: narrower is free in every purpose, wider or fewer is no minor change, and no
//! specification is loosened.

use super::scene::{master, step};
use super::world::{World, by};
use batchwright::domain::exception::Severity;
use batchwright::domain::limits::{Compare, Limit, disarms, unenclosed};
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::acts::{DecideAmendment, ProposeAmendment, RunCommand};
use serde_json::{Value, json};

fn bound(value: &str) -> Value {
    json!({ "value": value, "inclusive": true })
}

fn limit(purpose: &str, low: &str, high: &str) -> Value {
    json!({ "purpose": purpose, "low": bound(low), "high": bound(high) })
}

fn entry(id: &str) -> Value {
    json!({ "id": id, "name": id, "kind": "number", "unit": "Cel", "decimals": 1, "words": { "low": "<0" },
        "limits": [limit("acceptance", "15.0", "25.0"), limit("control", "16.0", "24.0"),
            limit("alert", "17.0", "23.0"), limit("plausibility", "0", "60")] })
}

fn recipe() -> MasterRecord {
    let mut spec = entry("spec");
    spec["classification"] = json!("specification");
    master(
        json!([{ "id": "A", "name": "Culture", "area": "R1",
            "steps": [step("test", json!([entry("t"), spec]), json!({}))] }]),
        json!([]),
        json!([]),
    )
}

fn proposal(entry: &Value) -> RunCommand {
    let change = json!({ "kind": "entry", "step": "test", "entry": entry });
    RunCommand::ProposeAmendment(ProposeAmendment {
        change: serde_json::from_value(change).expect("a change"),
        reason: "the room is cold".into(),
        assessment: "none".into(),
    })
}

/// How grave the change of the ordinary entry is; and whether the specification may be changed so.
fn judged(change: impl Fn(&mut Value)) -> (Severity, bool) {
    let mut w = World::new(recipe());
    let mut asked = entry("t");
    change(&mut asked);
    w.does(by("eva"), proposal(&asked));
    for who in ["sue", "quinn"] {
        let decided = DecideAmendment { no: 1, approved: true, conclusion: "agreed".into() };
        w.does(by(who), RunCommand::DecideAmendment(decided));
    }
    let severity = w.run.exceptions.last().expect("opened").opened.severity;
    let mut spec = entry("spec");
    spec["classification"] = json!("specification");
    change(&mut spec);
    let allowed = World::new(recipe()).ask(by("eva"), &proposal(&spec));
    (severity, allowed.is_ok())
}

// finding: A3
#[test]
fn a_limit_of_any_purpose_may_be_narrower_and_is_loosened_by_being_wider_or_gone() {
    for (index, purpose) in ["acceptance", "control", "alert"].into_iter().enumerate() {
        // No alert or control limit lies beyond what is acceptable: the inner ones move along.
        let narrower = |entry: &mut Value| {
            (index..3).for_each(|inner| entry["limits"][inner]["low"] = bound("17.5"));
        };
        assert_eq!(judged(narrower), (Severity::Minor, true), "{purpose}");
        let open = |entry: &mut Value| entry["limits"][index]["low"]["inclusive"] = json!(false);
        assert_eq!(judged(open), (Severity::Minor, true), "{purpose}");
        let further = if purpose == "acceptance" { "14.9" } else { "15.5" };
        let wider = |entry: &mut Value| entry["limits"][index]["low"] = bound(further);
        assert_eq!(judged(wider), (Severity::Major, false), "{purpose}");
        let one_sided = |entry: &mut Value| {
            entry["limits"][index].as_object_mut().expect("a limit").remove("high");
        };
        assert_eq!(judged(one_sided), (Severity::Major, false), "{purpose}");
        let gone = |entry: &mut Value| {
            entry["limits"].as_array_mut().expect("limits").remove(index);
        };
        assert_eq!(judged(gone), (Severity::Major, false), "{purpose}");
    }
}

// finding: A3
#[test]
fn what_is_plausible_words_and_how_a_value_is_compared_count_as_limits_too() {
    let plausible = |low: &'static str, high: &'static str| {
        move |entry: &mut Value| entry["limits"][3] = limit("plausibility", low, high)
    };
    assert_eq!(
        judged(plausible("5", "50")),
        (Severity::Minor, true),
        "narrower, around the limits"
    );
    assert_eq!(judged(plausible("0", "70")), (Severity::Major, false), "wider");
    let mut disarming = entry("t");
    plausible("18", "50")(&mut disarming);
    let w = World::new(recipe());
    assert_eq!(w.refused(by("eva"), proposal(&disarming)), "amendment-findings");
    let rounded = |entry: &mut Value| entry["limits"][0]["compare"] = json!("rounded");
    assert_eq!(judged(rounded), (Severity::Major, false), "25.04 would be within");
    let as_read = |entry: &mut Value| entry["limits"][0]["compare"] = json!("exact");
    assert_eq!(judged(as_read), (Severity::Minor, true), "as it is compared already");
    let word = |entry: &mut Value| entry["words"] = json!({ "low": "<-5" });
    assert_eq!(judged(word), (Severity::Major, false), "another number behind a word");
    let added = |entry: &mut Value| {
        let limits = entry["limits"].as_array_mut().expect("limits");
        limits.push(limit("reference", "10", "30"));
    };
    assert_eq!(judged(added), (Severity::Minor, true), "what is only shown");
}

// finding: A3
#[test]
fn what_is_plausible_disarms_more_by_which_end_it_is_and_not_by_how_many() {
    let all = |plausible: &str, acceptance: (&str, &str)| -> Vec<Limit> {
        let all = json!([
            limit("acceptance", acceptance.0, acceptance.1),
            limit("control", "96", "99"),
            limit("plausibility", "0", plausible)
        ]);
        serde_json::from_value(all).expect("limits")
    };
    let loosened = |now: &[Limit], next: &[Limit]| disarms(now, next, Compare::Exact);
    let many = |all: &[Limit]| unenclosed(all, "", Compare::Exact).len();
    let now = all("99.5", ("95", "100"));
    assert_eq!(many(&now), 1, "acceptance above");
    assert!(!loosened(&now, &now));
    let further = all("99.2", ("95", "100"));
    assert_eq!(many(&further), 1, "as many");
    assert!(loosened(&now, &further), "and disarmed by more");
    let other = all("98", ("95", "97"));
    assert_eq!(many(&other), 1, "as many");
    assert!(loosened(&now, &other), "control instead");
    assert!(!loosened(&now, &all("99.7", ("95", "100"))), "by less");
    assert!(!loosened(&now, &all("99.5", ("95", "99.2"))), "no more");
    assert!(loosened(&all("200", ("95", "100")), &now), "it was armed");
}
