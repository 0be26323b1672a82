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

// shows: C211-165.c
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

fn titre(reportable: &str, censored_as: Value) -> Spec {
    let mut spec = json!({
        "method": "qPCR", "method_version": "1", "replicates": 2, "reportable": reportable,
        "result": { "type": "number", "unit": "pg/mL", "words": { "ND": "<2.0" }, "limits": [
            { "purpose": "acceptance", "high": { "value": "10.0", "inclusive": true } }] }
    });
    if reportable == "mean" || reportable == "median" {
        spec["spread"] = json!({ "range": "20" });
    }
    if !censored_as.is_null() {
        spec["result"]["censored_as"] = censored_as;
    }
    serde_json::from_value(spec).expect("a specification")
}

fn pg(spec: &Spec, text: &str) -> EntryValue {
    let unit = Some("pg/mL".into()).filter(|_| text != "ND");
    spec.parse(&Input { value: json!(text), unit }).expect("well formed")
}

// finding: P5
#[test]
fn a_mean_of_a_censored_single_is_what_the_specification_says_or_cannot_be_told() {
    for (counts_as, singles, shown, stands) in [
        (json!("half"), ["ND", "3.0"], "2.0 pg/mL (mean of <2.0, 3.0)", Level::Within),
        (json!("bound"), ["<2.0", "3.0"], "2.5 pg/mL (mean of <2.0, 3.0)", Level::Within),
        (json!("zero"), ["<2.0", "3.0"], "1.5 pg/mL (mean of <2.0, 3.0)", Level::Within),
        (json!("bound"), [">18.0", "3.0"], "10.5 pg/mL (mean of >18.0, 3.0)", Level::Outside),
        (Value::Null, ["<2.0", "3.0"], "mean cannot be told", Level::CannotBeTold),
        (json!("half"), [">18.0", "3.0"], "mean cannot be told", Level::CannotBeTold),
    ] {
        let spec = titre("mean", counts_as);
        assert_eq!(spec.faults(), Vec::<String>::new());
        let singles = singles.map(|text| pg(&spec, text));
        let singles: Vec<_> = singles.iter().collect();
        assert_eq!(spec.invalid_by_spread(&singles), None);
        let (value, verdicts) = spec.joined(&singles).expect("joined");
        assert!(value.shown.replace("2 pg", "2.0 pg").starts_with(shown), "{}", value.shown);
        assert_eq!(level(&verdicts), stands, "{}", value.shown);
    }
    let median = titre("median", json!("half"));
    let singles = [pg(&median, "ND"), pg(&median, "4")];
    let (value, _) = median.joined(&singles.iter().collect::<Vec<_>>()).expect("joined");
    assert_eq!(value.number.map(|it| it.value), Some(Decimal::new(25, 1)));
}

// finding: P5
#[test]
fn the_worst_of_censored_singles_is_outside_before_untold_before_within() {
    for reportable in ["worst", "each"] {
        let spec = titre(reportable, Value::Null);
        let stands = |text: &str| level(&spec.judge(&pg(&spec, text)));
        assert_eq!(stands("ND"), Level::Within);
        assert_eq!(stands("<10.1"), Level::CannotBeTold);
        assert_eq!(stands(">10.0"), Level::Outside);
        assert_eq!(spec.joined(&[&pg(&spec, "ND")]), None);
        assert!(Level::Outside < Level::CannotBeTold && Level::CannotBeTold < Level::Within);
        assert!(spec.margin(&pg(&spec, "<9")) < spec.margin(&pg(&spec, "ND")));
    }
}

#[test]
fn words_are_held_to_be_words_that_stand_for_numbers() {
    for (words, counts_as) in [
        (json!({ "5": ">300" }), json!("refuse")),
        (json!({ "ND": "few" }), json!("refuse")),
        (json!({ "ND": ">300", "nd": ">400" }), json!("refuse")),
        (json!({ "TNTC": ">300" }), json!("half")),
        (json!({ "": "5" }), json!("refuse")),
    ] {
        let mut spec = sample().spec;
        spec["result"]["words"] = words.clone();
        spec["result"]["censored_as"] = counts_as;
        let spec: Spec = serde_json::from_value(spec).expect("a specification");
        assert_eq!(spec.faults().len(), 1, "{words}: {:?}", spec.faults());
    }
}
