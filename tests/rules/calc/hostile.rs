//! Whatever somebody writes: a sentence, never a panic, never a long time.

use super::known::Values;
use batchwright::domain::calc::{self, MAX_LENGTH};
use proptest::prelude::*;

fn bounded(text: &str) {
    if let Ok(expr) = calc::parse(text) {
        let _ = calc::evaluate(&expr, &Values::default());
        let printed = expr.to_string();
        assert_eq!(calc::parse(&printed).map(|again| again.to_string()), Ok(printed));
    }
}

#[test]
fn deep_long_and_huge_expressions_are_refused_with_a_sentence() {
    let deep = |open: &str, close: &str| {
        let n = MAX_LENGTH / (open.len() + close.len()) - 10;
        format!("{}1{}", open.repeat(n), close.repeat(n))
    };
    for text in [
        deep("(", ")"),
        deep("-", ""),
        deep("not ", ""),
        deep("abs(", ")"),
        deep("1+", ""),
        deep("1=", ""),
        deep("if(true,", ",1)"),
        deep("sum(1,", ")"),
        "[a]".repeat(4000),
        "1e999999999".into(),
        "9".repeat(40),
        "1.".into(),
        "round(1, 99999999999999999999, 'up')".into(),
        "round(1, 21, 'up')".into(),
        "round(1, -1, 'up')".into(),
        "round(1, 1, 'sideways')".into(),
        "1 'kg".into(),
        "\"open".into(),
        "[a/b/c]".into(),
        "[]".into(),
        "[a b]".into(),
        "all[a]".into(),
        "all[a] + 1".into(),
        "all(a)".into(),
        "exec(1)".into(),
        "1 < 2 < 3".into(),
        "1 2".into(),
        "sum()".into(),
        "é".into(),
        String::new(),
    ] {
        let found = calc::parse(&text).expect_err("hostile");
        assert!(!found.is_empty());
    }
    // What is long and flat is fine.
    let flat = format!("sum({}1)", "1,".repeat(1000));
    assert!(calc::parse(&flat).is_ok());
    bounded(&vec!["99999999999999999999999999"; 200].join("*"));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,80}") {
        bounded(&text);
    }

    #[test]
    fn no_words_make_it_panic(words in prop::collection::vec(prop::sample::select(&[
        "1", "0", "0.5", "79228162514264337593543950335", "[a]", "all[a]", "prev", "(", ")", ",",
        "+", "-", "*", "/", "=", "<", "and", "or", "not", "if", "sum", "mean", "round", "convert",
        "'g'", "'up'", "\"x\"", "true", "2",
    ][..]), 0..24)) {
        bounded(&words.join(" "));
    }
}
