//! Units: factors held against an independent implementation (`units.py`), and `docs/units.md` against the list.

use crate::domain::quantity::ratio::Ratio;
use crate::domain::units::{self, LISTED};
use std::fs;
use std::path::Path;

fn ratio(text: &str) -> Ratio {
    let (above, below) = text.split_once('/').unwrap_or((text, "1"));
    Ratio::new(above.parse().expect("digits"), below.parse().expect("digits")).expect("a fraction")
}

// shows: T17.b
// finding: P5
#[test]
fn factors_are_exactly_those_of_an_independent_implementation() {
    let mut held = 0;
    for line in include_str!("units.tsv").lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<_> = line.split('\t').collect();
        let [from, to, factor, offset] = cells.as_slice() else { panic!("{line}") };
        let unit = |code: &str| units::find(code).unwrap_or_else(|| panic!("{code} is no unit"));
        let found = unit(from).to(&unit(to)).unwrap_or_else(|| panic!("{from} is not {to}"));
        assert_eq!((found.factor, found.offset), (ratio(factor), ratio(offset)), "{from} in {to}");
        held += 1;
    }
    assert!(held >= 70, "{held} lines");
}

/// The table of `docs/units.md`.
fn table() -> String {
    let mut text = String::from(
        "| measures | code | shown | also | base units | one is | nought is |\n|---|---|---|---|---|---|---|\n",
    );
    for listed in LISTED {
        let unit = units::find(listed.code).expect("listed");
        let also: Vec<_> = listed.spellings.iter().map(|it| format!("`{it}`")).collect();
        let offset = if unit.offset == Ratio::ZERO { String::new() } else { unit.offset.shown() };
        text.push_str(&format!(
            "| {} | `{}` | {} | {} | `{}` | {} | {offset} |\n",
            listed.measures,
            listed.code,
            listed.shown,
            also.join(", "),
            unit.base(),
            unit.factor.shown(),
        ));
    }
    text
}

const MARK: &str = "<!-- the list, as the code has it -->\n";

// finding: N10
#[test]
fn the_documentation_lists_every_unit_as_the_code_has_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/units.md");
    let file = fs::read_to_string(&path).expect("docs/units.md");
    let (head, list) = file.split_once(MARK).expect("the mark before the list");
    if std::env::var_os("BATCHWRIGHT_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, format!("{head}{MARK}\n{}", table())).expect("written");
        return;
    }
    assert!(list.trim() == table().trim(), "docs/units.md: run with BATCHWRIGHT_BLESS=1");
}
