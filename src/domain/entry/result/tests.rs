//! What a result is read, judged and joined as.

use super::*;

fn spec(limits: Value) -> Spec {
    let mut spec = sample().spec;
    spec["result"]["limits"] = limits;
    serde_json::from_value(spec).expect("a specification")
}

fn found(spec: &Spec, text: &str) -> EntryValue {
    let value = json!({ "value": text, "method_version": "AM-114 v3" });
    spec.parse(&Input { value, unit: Some("[EU]/mL".into()) }).expect("well formed")
}

// shows: C211-188b5, C211-194b
#[test]
fn a_determination_is_judged_alone_and_the_worst_has_the_smallest_margin() {
    let spec = spec(sample().spec["result"]["limits"].clone());
    assert!(outside(&spec.judge(&found(&spec, "0.26"))));
    assert!(!outside(&spec.judge(&found(&spec, "0.25"))));
    assert!(spec.margin(&found(&spec, "0.20")) < spec.margin(&found(&spec, "0.05")));
    assert_eq!(method_version(&found(&spec, "0.20")), "AM-114 v3");
}

#[test]
fn between_two_limits_the_nearer_one_says_what_is_worse() {
    let both = spec(json!([{ "purpose": "acceptance",
        "low": { "value": "1", "inclusive": true },
        "high": { "value": "5", "inclusive": true } }]));
    assert!(both.margin(&found(&both, "1.1")) < both.margin(&found(&both, "4")));
    assert!(both.margin(&found(&both, "0.5")) < both.margin(&found(&both, "1.1")));
    assert_eq!(spec(json!([])).margin(&found(&both, "3")), None);
}

// shows: C211-165
// finding: G8
#[test]
fn a_mean_is_rounded_once_to_the_place_of_the_limit_and_singles_below_it_alone_are_no_oos() {
    let spec: Spec = serde_json::from_value(json!({
        "method": "HPLC", "method_version": "1", "replicates": 3, "reportable": "mean",
        "spread": { "range": "1.0" },
        "result": { "type": "number", "unit": "%", "limits": [
            { "purpose": "acceptance", "low": { "value": "97.0", "inclusive": true } }] }
    }))
    .expect("a specification");
    assert_eq!(spec.faults(), Vec::<String>::new());
    let single = |text: &str| {
        let input = Input { value: json!(text), unit: Some("%".into()) };
        spec.parse(&input).expect("well formed")
    };
    let all = [single("97.2"), single("96.96"), single("97.4")];
    assert!(all.iter().all(|one| !outside(&spec.judge(one))));
    let all: Vec<_> = all.iter().collect();
    let (value, verdicts) = spec.joined(&all).expect("a mean");
    assert!(!outside(&verdicts));
    assert_eq!(value.shown, "97.18666… %, rounded 97.2 (mean of 97.2, 96.96, 97.4)");
    assert_eq!(spec.invalid_by_spread(&all), None);
    let apart = [single("97.2"), single("95.9"), single("98.9")];
    assert!(spec.invalid_by_spread(&apart.iter().collect::<Vec<_>>()).is_some());
    let low = [single("96.9"), single("96.9"), single("97.04")];
    let (value, verdicts) = spec.joined(&low.iter().collect::<Vec<_>>()).expect("a mean");
    assert!(outside(&verdicts), "{}", value.shown);
}

#[test]
fn a_mean_without_replicates_or_spread_is_a_fault_and_a_choice_has_none() {
    let mut spec = sample().spec;
    spec["reportable"] = json!("mean");
    spec["replicates"] = json!(1);
    let faults = serde_json::from_value::<Spec>(spec).expect("a specification").faults();
    assert_eq!(faults.len(), 2, "{faults:?}");
    let choice = json!({ "method": "PCR", "reportable": "median", "replicates": 2,
        "result": { "type": "choice", "options": ["a", "b"], "accepted": ["a"] } });
    assert!(!serde_json::from_value::<Spec>(choice).expect("read").faults().is_empty());
}
