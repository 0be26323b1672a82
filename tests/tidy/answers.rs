//! A test accepts one answer: a status or a code that may be one of several, and any refusal whatever, let the
//! product answer what it likes. That nothing is a 500 (`status < 500`) is no answer and stays possible.

use crate::tokens::{Token, close_of, starts, tokens};

/// What an answer says of itself.
const SAYS: &[&[&str]] = &[&[".", "status"], &[".", "code", "("]];

/// Results that are told apart by what they refuse.
const RESULTS: &[&str] = &["Err", "Refused", "Failure", "Outcome"];

fn says(code: &[Token]) -> usize {
    (0..code.len()).filter(|at| SAYS.iter().any(|words| starts(&code[*at..], words))).count()
}

/// One of a list: `[401, 403].contains(&answer.status)`.
fn of_a_list(code: &[Token]) -> Vec<usize> {
    let mut found = Vec::new();
    for at in 0..code.len() {
        if starts(&code[at..], &["]", ".", "contains", "(", "&"]) {
            let asked = &code[at + 3..close_of(code, at + 3)];
            found.extend((says(asked) > 0).then_some(code[at].line));
        }
    }
    found
}

/// The lines of a test that accept two answers.
pub fn accepting_two(text: &str) -> Vec<usize> {
    let code = tokens(text);
    let mut found = of_a_list(&code);
    for at in 0..code.len() {
        if !starts(&code[at..], &["assert", "!", "("]) {
            continue;
        }
        let inside = &code[at + 3..close_of(&code, at + 2)];
        let either = inside.windows(2).any(|it| it[0].is("|") && it[1].is("|"));
        let several = either && says(inside) > 1;
        let any = (0..inside.len()).any(|at| {
            starts(&inside[at..], &["status", ">", "="]) || starts(&inside[at..], &["status", ">"])
        });
        let results = starts(inside, &["matches", "!"])
            && inside.iter().any(|token| token.is("|"))
            && inside.iter().any(|token| RESULTS.iter().any(|word| token.is(word)));
        found.extend((several || any || results).then_some(code[at].line));
    }
    found.sort_unstable();
    found
}

#[test]
fn tests_that_accept_two_answers_are_seen() {
    for two in [
        "assert!([403, 404].contains(&answer.status), \"{}\", answer.text());",
        "let fine = [\"a\", \"b\"].contains(&sent.answer.code());",
        "assert!(answer.status == 201 || answer.code() == \"malformed\");",
        "assert!(answer.status >= 400);",
        "assert!(refused.status > 399 && refused.text().contains(says));",
        "assert!(matches!(again, Err(Failure::Broken(_) | Failure::Refused(_))));",
    ] {
        assert_eq!(accepting_two(two), [1], "{two}");
    }
    for one in [
        "assert_eq!(answer.status, 403);",
        "assert!(answer.status < 500, \"{}\", answer.text());",
        "assert!(matches!(run.phase, Phase::Reviewed | Phase::Closed));",
        "assert!(kinds.contains(&json!(\"a\")) || kinds.is_empty());",
        "let never = [\"a\", \"b\"].contains(&finding.code.as_str());",
        "let kept_out = answer.status == 403 && answer.code() == \"authority-missing\";",
        "assert!(all.iter().any(|it| it.status == 1) && list().map_or(true, |it| it));",
    ] {
        assert_eq!(accepting_two(one), [0_usize; 0], "{one}");
    }
}
