//! How numbers and censored numbers stand to limits, held against an independent implementation (`judgement.py`).

use crate::domain::limits::{Bound, Compare, Limit, Purpose};
use crate::domain::quantity::censored::{Censored, CensoredAs, Found, read};
use serde_json::json;

/// An end as the table writes it: its number, and a bracket where it is inside.
fn end(text: &str) -> Option<Bound> {
    let inclusive = text.contains(['[', ']']);
    let number = text.trim_matches(['[', ']', '(', ')']);
    let bound = json!({ "value": number, "inclusive": inclusive });
    (text != "-").then(|| serde_json::from_value(bound).expect("an end"))
}

fn found(text: &str) -> Found {
    match read(text).expect("a number") {
        (None, number) => number.value.into(),
        (Some(is), number) => {
            Censored { is, bound: number.value, counts_as: CensoredAs::Refuse }.into()
        }
    }
}

// shows: C211-165.a, T17.c
// finding: G5, G6, P5
#[test]
fn numbers_and_censored_numbers_stand_to_limits_as_an_independent_implementation_says() {
    let (mut held, mut undecided) = (0, 0);
    for line in include_str!("judgement.tsv").lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<_> = line.split('\t').collect();
        let [low, high, how, text, verdict] = cells.as_slice() else { panic!("{line}") };
        let compare = match *how {
            "rounded" => Compare::Rounded,
            _ => Compare::Exact,
        };
        let (low, high) = (end(low), end(high));
        let limit = Limit { purpose: Purpose::Acceptance, low, high, compare: None, note: None };
        let side = json!(limit.side_found(&found(text), compare));
        assert_eq!(side, json!(verdict), "{line}");
        // What the limit says itself goes before what is usual.
        let itself = Limit { compare: Some(compare), ..limit };
        for usual in [Compare::Rounded, Compare::Exact] {
            assert_eq!(json!(itself.side_found(&found(text), usual)), json!(verdict), "{line}");
        }
        held += 1;
        undecided += usize::from(*verdict == "cannot-be-told");
    }
    assert!(held > 4_000 && undecided > 1_000, "{held} lines, {undecided} undecided");
}
