//! Functions against a table that another program made (`functions.py`, with mpmath), and every example of the
//! page that documents the language.

use super::known::{Values, worth};
use batchwright::domain::calc::types::{Sort, Sorts, sort};
use batchwright::domain::calc::unit::Unit;
use batchwright::domain::calc::{self, Place};
use batchwright::domain::units;
use std::collections::BTreeMap;

const TABLE: &str = include_str!("functions.tsv");
const PAGE: &str = include_str!("../../../docs/calculations.md");

// shows: C211-68b2.b
// finding: N11
#[test]
fn functions_agree_with_another_program_to_the_last_digit() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [name, arguments, value] = cells[..] else { panic!("{line}") };
        let text = format!("{name}({})", arguments.replace(' ', ", "));
        let found = worth(&text, &Values::default());
        let found = found.as_deref().map(|shown| shown.split(' ').next().unwrap_or_default());
        match value {
            "-" => assert!(found.is_err(), "{text}: {found:?}"),
            value => assert_eq!(found, Ok(value), "{text}"),
        }
        *seen.entry(name).or_default() += 1;
    }
    let all = ["exp", "geomean", "ln", "log10", "mean", "median", "pow", "rsd", "sd", "sqrt"];
    assert_eq!(seen.keys().copied().collect::<Vec<_>>(), all);
    assert!(seen.values().all(|rows| *rows >= 20), "{seen:?}");
}

/// The lines of the blocks of one sort on the page.
fn lines(block: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut within = false;
    for line in PAGE.lines() {
        if let Some(name) = line.strip_prefix("```") {
            within = name == block;
        } else if within && !line.is_empty() {
            found.push(line);
        }
    }
    assert!(!found.is_empty(), "no {block} on the page");
    found
}

/// The values that the page computes with, and their sorts.
fn at_hand() -> (Values, Declared) {
    let (mut values, mut sorts) = (Values::default(), BTreeMap::new());
    for line in lines("values") {
        let (name, what) = line.split_once(" = ").expect(line);
        let id = name.trim_matches(&['[', ']'][..]);
        let sort = if let Ok(text) = serde_json::from_str::<serde_json::Value>(what)
            && !text.is_number()
        {
            let sort = if text.is_boolean() { Sort::Truth } else { Sort::Text };
            values = values.other(id, text);
            sort
        } else {
            let (numbers, unit) = what.rsplit_once(' ').unwrap_or((what, "1"));
            for number in numbers.split(", ") {
                values = values.number(id, number, unit);
            }
            assert!(units::find(unit).is_some(), "{line}");
            Sort::Number(Unit::of(unit))
        };
        sorts.insert(id.to_owned(), sort);
    }
    (values, Declared(sorts))
}

struct Declared(BTreeMap<String, Sort>);

impl Sorts for Declared {
    fn sort(&self, place: &Place) -> Result<Sort, String> {
        self.0.get(&place.entry).cloned().ok_or_else(|| format!("no entry {place}"))
    }
}

// finding: N11
#[test]
fn every_example_of_the_page_is_as_it_says() {
    let (values, sorts) = at_hand();
    for line in lines("examples") {
        let (text, value) = line.rsplit_once(" = ").expect(line);
        let found = worth(text, &values);
        let found = found.as_deref().map(|it| it.strip_suffix(" no unit").unwrap_or(it));
        assert_eq!(found, Ok(value.strip_suffix(" no unit").unwrap_or(value)), "{line}");
        let expr = calc::parse(text).expect(line);
        sort(&expr, &sorts).unwrap_or_else(|why| panic!("{line}: {why}"));
        assert_eq!(calc::parse(&expr.to_string()).as_ref(), Ok(&expr), "it reads back: {line}");
    }
    for line in lines("findings") {
        let (text, why) = line.split_once(" : ").expect(line);
        let found = sort(&calc::parse(text).expect(line), &sorts).expect_err(line);
        assert!(found.contains(why), "{line}: {found}");
    }
    for line in lines("errors") {
        let (text, why) = line.split_once(" : ").expect(line);
        let found = worth(text, &values).expect_err(line);
        assert!(found.contains(why), "{line}: {found}");
    }
}

#[test]
fn the_page_names_every_function_and_operator() {
    for aggregate in calc::Aggregate::ALL {
        assert!(PAGE.contains(&format!("`{}`", aggregate.as_str())), "{}", aggregate.as_str());
    }
    for function in calc::Function::ALL {
        assert!(PAGE.contains(&format!("`{}(x)`", function.as_str())), "{}", function.as_str());
    }
    for op in calc::Op::ALL {
        assert!(PAGE.contains(&format!("`{}`", op.as_str())), "{}", op.as_str());
    }
}
