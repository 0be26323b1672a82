//! Records that somebody writes who tries how far the check goes: it answers each, and the same every time.

use super::{examined, examined_within, fill_finish, lines};
use batchwright::domain::cross::play::Budget;
use serde_json::{Value, json};

/// The largest number that there is, nearly.
const LARGEST: &str = "7.9e28";

/// The same where no exponent is written.
const WRITTEN: &str = "79000000000000000000000000000";

/// Entries of the first step.
fn entries(document: &mut Value) -> &mut Vec<Value> {
    let step = &mut document["unit_procedures"][0]["operations"][0]["steps"][0];
    step["entries"].as_array_mut().expect("entries")
}

fn number(id: &str, limits: &Value) -> Value {
    json!({ "id": id, "name": "Number", "kind": "number", "unit": "1", "limits": limits })
}

fn calculation(id: &str, expression: &str) -> Value {
    json!({ "id": id, "name": "Calculated", "kind": "calculation",
        "language": "batchwright.calc/1", "expression": expression, "unit": "1" })
}

fn acceptance(low: Option<&str>, high: Option<&str>) -> Value {
    let mut limit = json!({ "purpose": "acceptance" });
    for (side, value) in [("low", low), ("high", high)] {
        if let Some(value) = value {
            limit[side] = json!({ "value": value, "inclusive": true });
        }
    }
    json!([limit])
}

/// The findings of a record with more entries in its first step.
fn with(more: Vec<Value>) -> Vec<String> {
    let mut document = fill_finish();
    entries(&mut document).extend(more);
    lines(&examined(&document))
}

#[test]
fn limits_at_the_ends_of_all_numbers_are_played_like_others() {
    let least = format!("-{LARGEST}");
    let (low, high) = (Some(least.as_str()), Some(LARGEST));
    for (low, high) in [
        (low, high),
        (high, high),
        (low, low),
        (high, None),
        (None, low),
        (low, None),
        (None, high),
    ] {
        let found = with(vec![
            number("vast", &acceptance(low, high)),
            json!({ "id": "why", "name": "Why", "kind": "text",
                "when": format!("[vast] > {WRITTEN} or [vast] < -{WRITTEN}") }),
            calculation("half", "[vast] / 2"),
        ]);
        let found: Vec<_> = found.iter().filter(|it| !it.contains("no value is inside")).collect();
        assert_eq!(found, Vec::<&String>::new(), "{low:?} to {high:?}");
    }
}

#[test]
fn a_time_or_a_yield_at_the_ends_of_all_numbers_is_answered() {
    let mut document = fill_finish();
    document["theoretical_yield"]["min_percent"] = json!(LARGEST);
    document["theoretical_yield"]["max_percent"] = json!(LARGEST);
    examined(&document);
    for unit in ["s", "d"] {
        let mut time = json!({ "id": "age", "name": "Age", "kind": "duration", "unit": unit,
            "from": { "of": "1.1", "at": "started" }, "to": { "of": "1.1", "at": "completed" },
            "due": "release", "limits": acceptance(Some(LARGEST), Some(LARGEST)) });
        time["set_point"] = json!(LARGEST);
        with(vec![time]);
    }
}

#[test]
fn a_chain_in_which_each_value_names_the_one_before_it_six_times_is_played() {
    let mut more = vec![number("c0", &acceptance(Some("1"), Some("2")))];
    for n in 1..=12 {
        let expression = vec![format!("[c{}]", n - 1); 6].join(" + ") + " - 5 * [c0]";
        more.push(calculation(&format!("c{n}"), &expression));
    }
    assert_eq!(with(more), Vec::<String>::new());
}

#[test]
fn values_that_follow_one_from_the_other_deeper_than_anybody_reads_are_found() {
    let mut more = vec![number("d0", &acceptance(Some("1"), Some("2")))];
    more.extend((1..=200).map(|n| calculation(&format!("d{n}"), &format!("[d{}] + 1", n - 1))));
    let found = with(more);
    assert!(found.len() == 1 && found[0].contains("too-deep"), "{found:#?}");
}

#[test]
fn a_logarithm_of_what_has_no_limits_is_no_fault() {
    for formula in [
        "log10([count])",
        "log10([count] - 20000)",
        "sqrt([count] - [blank])",
        "1 / ([count] - [blank])",
    ] {
        let found = with(vec![
            number("count", &json!([])),
            number("blank", &json!([])),
            calculation("log", formula),
        ]);
        assert_eq!(found, Vec::<String>::new(), "{formula}");
    }
}

#[test]
fn a_value_that_no_recorded_number_lets_compute_is_a_fault() {
    let found = with(vec![
        number("count", &acceptance(Some("1"), Some("2"))),
        calculation("none", "1 / ([count] - [count])"),
    ]);
    assert!(found.iter().any(|it| it.contains("not computed")), "{found:#?}");
}

#[test]
fn a_product_of_either_of_two_branches_is_no_fault() {
    let mut document = fill_finish();
    let product = document["outputs"].as_array().expect("outputs");
    let mut product = product.iter().find(|it| it["class"] == "product").expect("one").clone();
    let steps = document["unit_procedures"][0]["operations"][3]["steps"].as_array_mut();
    let steps = steps.expect("steps");
    let branch = |id: &str, when: &str| {
        json!({ "id": id, "name": "Branch", "after": ["4.3"],
        "instruction": "Pack.", "when": when, "entries": [] })
    };
    steps.push(branch("4.8", "[4.3/defects] > 2 '{units}'"));
    steps.push(branch("4.9", "not ([4.3/defects] > 2 '{units}')"));
    let outputs = document["outputs"].as_array_mut().expect("outputs");
    outputs.retain(|it| it["class"] != "product");
    for (id, step) in [("first", "4.8"), ("second", "4.9")] {
        product["id"] = json!(id);
        product["step"] = json!(step);
        outputs.push(product.clone());
    }
    let found = lines(&examined(&document));
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn what_must_occur_more_often_than_anybody_plays_is_told_as_not_played() {
    let mut document = fill_finish();
    document["unit_procedures"][0]["operations"][0]["steps"][0]["occurs"] =
        json!({ "min": 90_000 });
    let begin = std::time::Instant::now();
    let budget = Budget { playing: Budget::WHOLE.playing / 20, ..Budget::WHOLE };
    let found = examined_within(&document, budget);
    println!("a twentieth of the work takes {:?}", begin.elapsed());
    let play = found.play.as_ref().expect("it is played");
    assert!(!play.finished, "{:#?}", lines(&found));
    assert!(play.not_played.iter().any(|it| it.why.contains("bound of work")), "{play:#?}");
    assert!(!found.findings.iter().any(|it| it.code == "never-completes"), "{:#?}", lines(&found));
}

#[test]
fn a_record_whose_values_take_long_to_find_is_played_with_the_first_ones() {
    let mut more: Vec<Value> = (0..8).map(|n| number(&format!("n{n}"), &json!([]))).collect();
    let all = (0..8).map(|n| format!("ln([n{n}] + 1)")).collect::<Vec<_>>().join(" + ");
    for n in 0..8 {
        let mut of = calculation(&format!("v{n}"), &format!("{all} - {n}"));
        of["limits"] = acceptance(Some("-20"), Some("-10"));
        more.push(of);
    }
    let mut document = fill_finish();
    entries(&mut document).extend(more);
    let budget = Budget { searching: Budget::WHOLE.searching / 100, ..Budget::WHOLE };
    let found = examined_within(&document, budget);
    assert_eq!(lines(&found), Vec::<String>::new());
    let rows = found.play.expect("it is played").not_played;
    assert!(rows.iter().any(|row| row.branch == "OP-1~1/1.1~1/v7"), "{rows:#?}");
}

/// A mistake in the first step, and a word of its finding.
fn says(more: Vec<Value>, word: &str) {
    let found = with(more);
    assert!(found.iter().any(|it| it.contains(word)), "{word}: {found:#?}");
}

// finding: N2
#[test]
fn what_decides_a_branch_and_need_not_be_recorded_is_found() {
    let mut optional = number("maybe", &json!([]));
    optional["mandatory"] = json!(false);
    let asks = json!({ "id": "why", "name": "Why", "kind": "text", "when": "[maybe] > 3" });
    says(
        vec![optional.clone(), asks.clone()],
        "is decided by [1.1/maybe], which nobody must record",
    );
    // What is asked for nothing keeps nothing waiting.
    let mut free = asks;
    free["mandatory"] = json!(false);
    assert_eq!(with(vec![optional.clone(), free]), Vec::<String>::new());
    let mut document = fill_finish();
    entries(&mut document).push(optional);
    document["unit_procedures"][0]["operations"][3]["steps"][3]["when"] = json!("[1.1/maybe] > 3");
    let found = lines(&examined(&document));
    assert!(found.iter().any(|it| it.contains("whether step 4.4 is done")), "{found:#?}");
}

#[test]
fn what_could_never_be_met_settled_or_told_apart_is_found() {
    let mut whole = number("whole", &json!([]));
    whole["whole"] = json!(true);
    whole["set_point"] = json!("2.5");
    says(vec![whole], "no whole number");
    let text = |expected: &str| json!({ "id": "look", "name": "Look", "kind": "text", "expected": expected });
    says(vec![text(" clear ")], "has blanks at its ends");
    assert_eq!(with(vec![text("clear")]), Vec::<String>::new());
    let choice = json!({ "id": "look", "name": "Look", "kind": "choice", "options": ["clear ", "no"],
        "accepted": ["clear "] });
    says(vec![choice], "has blanks at its ends");
    let mut word = number("trace", &acceptance(None, Some("0.01")));
    word["words"] = json!({ "ND": "<0.05" });
    says(vec![word.clone()], "ND stands for <0.05");
    word["limits"] = acceptance(None, Some("0.05"));
    assert_eq!(with(vec![word]), Vec::<String>::new());
    let limits = json!([
        { "purpose": "acceptance", "low": { "value": "1", "inclusive": true } },
        { "purpose": "alert", "low": { "value": "0.5", "inclusive": true } },
    ]);
    says(vec![number("wide", &limits)], "the alert limit reaches beyond that of acceptance");
    says(vec![number("ph-1", &json!([])), number("ph-l", &json!([]))], "reads like \"ph-1\"");
}

#[test]
fn a_ratio_of_degrees_is_found_and_a_mean_or_a_difference_is_not() {
    let degrees = |id: &str| {
        json!({ "id": id, "name": "T", "kind": "number", "unit": "Cel",
        "limits": acceptance(Some("10"), Some("20")) })
    };
    let with_formula = |formula: &str, unit: &str| {
        let mut of = calculation("of", formula);
        of["unit"] = json!(unit);
        with(vec![degrees("t1"), degrees("t2"), of])
    };
    for formula in ["[t1] / [t2]", "1 / ([t1] / 10 'Cel')", "([t1] - [t2]) / mean([t1], [t2])"] {
        let found = with_formula(formula, "1");
        assert!(found.iter().any(|it| it.contains("takes a ratio")), "{formula}: {found:#?}");
    }
    for (formula, unit) in [
        ("([t1] + [t2]) / 2", "Cel"),
        ("([t1] - [t2]) / 2", "Cel"),
        ("([t1] - 5 'Cel') / 1 'Cel'", "1"),
        ("1 / (1 + ([t1] - [t2]) / 100 'Cel')", "1"),
    ] {
        assert_eq!(with_formula(formula, unit), Vec::<String>::new(), "{formula}");
    }
}
