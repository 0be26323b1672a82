//! What the language says: values, units, lists, conditions with three answers, and its own text.

use super::known::{Values, worth};
use batchwright::domain::calc::types::{Sort, Sorts, sort};
use batchwright::domain::calc::unit::Unit;
use batchwright::domain::calc::{self, Answer, Place, Rounding};
use batchwright::domain::entry::spec::EntrySpec;
use batchwright::domain::entry::{EntryValue, Input};
use rust_decimal::Decimal;

fn values() -> Values {
    Values::default()
        .number("m", "250", "mg")
        .number("V", "0.5", "L")
        .number("ph", "6.8", "[pH]")
        .number("ph", "6.9", "[pH]")
        .number("ph", "7.1", "[pH]")
        .number("OP1.2/n", "3", "1")
        .other("clear", serde_json::json!("no"))
        .other("done", serde_json::json!(true))
}

#[test]
fn it_computes_in_units_and_rounds_where_it_is_told_to() {
    for (text, value) in [
        ("[m] / [V]", "500 mg/L"),
        ("convert([m], 'g') / [V]", "0.5 g/L"),
        ("convert([m] / [V], 'mg/mL')", "0.5 mg/mL"),
        ("convert([m] / [V], 'ug/mL')", "500 µg/mL"),
        ("convert(90 'min', 'h')", "1.5 h"),
        ("convert(2 '[lb_av]', 'g')", "907.18474 g"),
        ("convert([V] / [V], '%')", "100 %"),
        ("[V] * 3 'g/L'", "1.5 g"),
        ("-[OP1.2/n] + 2 * 3 - 1", "2 no unit"),
        ("-(1 - 3) / 4", "0.5 no unit"),
        ("2 'm' * 3 'm'", "6 m²"),
        ("mean(all[ph])", "6.9333333333333333333333333333 pH"),
        ("round(mean(all[ph]), 2, 'half-even')", "6.93 pH"),
        ("sum(all[ph], 1 '[pH]')", "21.8 pH"),
        ("max(all[ph]) - min(all[ph])", "0.3 pH"),
        ("count(all[ph], [clear])", "4 no unit"),
        ("count(all[nothing])", "0 no unit"),
        ("first[ph] + prev[ph]", "13.7 pH"),
        ("round(2.5, 0, 'half-even')", "2 no unit"),
        ("round(2.5, 0, 'half-up')", "3 no unit"),
        ("round(-2.5, 0, 'half-up')", "-3 no unit"),
        ("round(-2.9, 0, 'down')", "-2 no unit"),
        ("round(2.01, 1, 'up')", "2.1 no unit"),
        ("round(2, 2, 'up')", "2 no unit"),
        ("abs(-3 'kg')", "3 kg"),
        ("if([clear] = \"no\", 1 'd', 2 'd')", "1 day"),
        ("1 / 3", "0.3333333333333333333333333333 no unit"),
        ("1 / (2 / 3)", "1.5 no unit"),
        ("1 / (1 / 3) <= 3", "true"),
        ("1 / 3 + 1 / 3 + 1 / 3 = 1", "true"),
        ("6 * convert(10 'min', 'h')", "1 h"),
        ("sum(1 / 3, 1 / 3, 1 / 3)", "1 no unit"),
        ("mean(1 / 3, 2 / 3, 1)", "0.6666666666666666666666666667 no unit"),
        ("3 * mean(1 / 3, 2 / 3, 1)", "2 no unit"),
        ("sd(1 / 3, 1 / 3, 1 / 3)", "0 no unit"),
        ("3 * median(1 / 3, 2 / 3, 1)", "2 no unit"),
        ("pow(1 / 3, -2)", "9 no unit"),
        ("1 / max(1 / 3, 1 / 4)", "3 no unit"),
        ("round(2 / 3, 1, 'down')", "0.6 no unit"),
    ] {
        assert_eq!(worth(text, &values()).as_deref(), Ok(value), "{text}");
    }
    let written = |rounding: Rounding| rounding.round(Decimal::new(-1, 3), 2).to_string();
    assert_eq!(written(Rounding::HalfEven), "0.00", "written out, and no minus nothing");
    assert_eq!(written(Rounding::Up), "-0.01");
}

/// An entry as it is recorded, read by the kind itself.
fn read(spec: &serde_json::Value, value: &str, unit: &str) -> EntryValue {
    let mut whole = serde_json::json!({ "id": "x", "name": "x", "kind": "number" });
    whole.as_object_mut().expect("an object").extend(spec.as_object().expect("an object").clone());
    let spec: EntrySpec = serde_json::from_value(whole).expect("a specification");
    let input = Input { value: value.into(), unit: Some(unit.to_owned()) };
    spec.parse(&input).unwrap_or_else(|why| panic!("{value} {unit}: {why}"))
}

// finding: P5
#[test]
fn what_is_read_in_another_unit_is_computed_with_whole() {
    let hours = serde_json::json!({ "unit": "h" });
    let mut values = Values::default();
    for _ in 0..3 {
        values = values.value("t", read(&hours, "20", "min"));
    }
    for (text, value) in [
        ("sum(all[t])", "1 h"),
        ("first[t] + last[t] + [t]", "1 h"),
        ("3 * mean(all[t])", "1 h"),
        ("3 * median(all[t])", "1 h"),
        ("3 * max(all[t])", "1 h"),
        ("sd(all[t])", "0 h"),
    ] {
        assert_eq!(worth(text, &values).as_deref(), Ok(value), "{text}");
    }
}

// finding: G7
#[test]
fn what_a_censored_value_stands_for_stands_in_lists_too() {
    let of = |stands: &str| {
        let spec = serde_json::json!({ "unit": "[EU]/mL", "censored_as": stands, "words": { "ND": "<0.05" } });
        let mut values = Values::default();
        for value in ["ND", "0.20", "<0.10", "0.30"] {
            values = values.value("et", read(&spec, value, "EU/mL"));
        }
        values
    };
    for (stands, text, value) in [
        ("half", "mean(all[et])", "0.14375 EU/mL"),
        ("half", "median(all[et])", "0.125 EU/mL"),
        ("half", "median(all[et], 0.9 '[EU]/mL')", "0.2 EU/mL"),
        ("half", "max(all[et])", "0.3 EU/mL"),
        ("zero", "min(all[et])", "0 EU/mL"),
        ("bound", "sum(all[et])", "0.65 EU/mL"),
    ] {
        assert_eq!(worth(text, &of(stands)).as_deref(), Ok(value), "{text} {stands}");
    }
    let refused = worth("mean(all[et])", &of("refuse")).expect_err("nothing stands for it");
    assert!(refused.contains("ND"), "{refused}");
}

#[test]
fn what_cannot_be_computed_says_why() {
    for (text, why) in [
        ("[m] + [V]", "needs one unit"),
        ("[m] / ([V] - 0.5 'L')", "division by zero"),
        ("[missing] + [m]", "missing"),
        ("79228162514264337593543950335 * 10", "more digits"),
        ("convert([m], 'L')", "measure different things"),
        ("convert([ph], 'Cel')", "measure different things"),
        ("[clear] + 1", "needs numbers"),
        ("0.00000000000001 * 0.00000000000001 * 0.00000000000001", "more digits"),
        ("if([m], 1, 2)", "neither true nor false"),
    ] {
        let found = worth(text, &values()).expect_err(text);
        assert!(found.contains(why), "{text}: {found}");
    }
}

#[test]
fn a_condition_holds_fails_or_is_not_decided_and_then_says_what_is_missing() {
    let ask = |text: &str| calc::answer(&calc::parse(text).expect(text), &values()).0;
    assert_eq!(ask("[clear] = \"no\" and [m] >= 250 'mg'"), Answer::Holds);
    assert_eq!(ask("[clear] != \"no\""), Answer::Fails);
    assert_eq!(ask("[done] and not ([ph] < 7 '[pH]')"), Answer::Holds);
    // One side decides, whatever the other lacks.
    assert_eq!(ask("[x] > 1 or [done]"), Answer::Holds);
    assert_eq!(ask("[x] > 1 and not [done]"), Answer::Fails);
    let Answer::Undecided(what) = ask("[x] > 1 and [a/y] = \"z\"") else { panic!("decided") };
    assert_eq!(what, ["[a/y] has no value yet", "[x] has no value yet"]);
    assert!(matches!(ask("1 / 0 = 1"), Answer::Undecided(_)));
    assert!(matches!(ask("[m]"), Answer::Undecided(_)));
    // On the bound.
    assert_eq!(ask("[m] > 250 'mg'"), Answer::Fails);
    assert_eq!(ask("[m] = 250.00 'mg'"), Answer::Holds);
}

struct Declared;

impl Sorts for Declared {
    fn sort(&self, place: &Place) -> Result<Sort, String> {
        match place.entry.as_str() {
            "m" => Ok(Sort::Number(Unit::of("mg"))),
            "g" => Ok(Sort::Number(Unit::of("g"))),
            "V" => Ok(Sort::Number(Unit::of("L"))),
            "clear" => Ok(Sort::Text),
            "done" => Ok(Sort::Truth),
            other => Err(format!("no entry {other}")),
        }
    }
}

#[test]
fn units_are_checked_before_anything_is_computed() {
    let of = |text: &str| sort(&calc::parse(text).expect(text), &Declared);
    for (text, wrong) in [
        ("[m] + [g]", "write convert"),
        ("[m] + [V]", "needs one unit"),
        ("[m] < [V]", "needs one unit"),
        ("[m] = [clear]", "cannot be compared"),
        ("[clear] < \"a\"", "a number is needed"),
        ("convert([m], 'L')", "measure different things"),
        ("convert([m], 'kilo')", "registry"),
        ("[m] * 2 'kilo'", "registry"),
        ("sum([m], [V])", "needs one unit"),
        ("if([done], [m], [V])", "both must be the same"),
        ("if([m], 1, 2)", "true or false"),
        ("not [m]", "true or false"),
        ("[done] and [clear]", "true or false"),
        ("[nobody] + 1", "no entry"),
    ] {
        let found = of(text).expect_err(text);
        assert!(found.contains(wrong), "{text}: {found}");
    }
    let fits = |text: &str, unit: &str| match of(text) {
        Ok(Sort::Number(found)) => found.fits(unit),
        other => panic!("{text}: {other:?}"),
    };
    assert!(fits("[m] / [V]", "mg/L") && !fits("[m] / [V]", "g/L"));
    assert!(fits("convert([m], 'g') / [V]", "g/L"));
    assert!(fits("[g] / [V] * [V] / [g]", "1") && fits("[g] / [g]", "{logit}"));
    assert!(!fits("[g] / [g]", "%"), "a fraction is no percentage without a word");
    assert!(fits("count([clear])", "1") && fits("mean([m], 2 'mg')", "mg"));
}

#[test]
fn an_expression_reads_back_as_it_was_written() {
    for text in [
        "[a] - ([b] - [c]) - -[d]",
        "-([a] + 2 'g') * 3",
        "not ([a] = \"x\" or [b]) and [c] <= 2",
        "if([a] > 1, round([b] / 2, 2, 'half-up'), convert([c], 'kg'))",
        "mean(all[OP-1.2/x_y], prev[z], first[z], 3 '[pH]')",
        "[a] / ([b] / [c]) * [d]",
        "([a] = 1) = true",
    ] {
        let expr = calc::parse(text).expect(text);
        assert_eq!(expr.to_string(), text);
        assert_eq!(calc::parse(&expr.to_string()).as_ref(), Ok(&expr));
    }
    let readable = calc::parse("[a] * 2 'Cel'").map(|expr| expr.readable());
    assert_eq!(readable.as_deref(), Ok("[a] * 2 degC"));
}
