//! No arm for whatever else there is, over orders, events, nouns and kinds: what is added to one of them
//! must be a fault of the compiler wherever it is told apart.

use crate::tokens::{Token, close_of};

/// The enums that grow: each arm over them is written out.
const GROWING: &[&str] = &[
    "RunCommand",
    "LotCommand",
    "DeviationCommand",
    "MasterCommand",
    "SiteCommand",
    "PersonCommand",
    "RunEvent",
    "LotEvent",
    "DeviationEvent",
    "MasterEvent",
    "SiteEvent",
    "PersonEvent",
    "State",
    "RecordKind",
    "KindSpec",
];

/// The lines of arms that catch all the rest in a match that names one of them.
pub fn catch_alls(code: &[Token]) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (at, token) in code.iter().enumerate() {
        if !token.is("match") || at.checked_sub(1).is_some_and(|before| code[before].is(".")) {
            continue;
        }
        let Some(open) = body(code, at + 1) else { continue };
        let arms = arms(&code[open + 1..close_of(code, open)]);
        let named = arms.iter().find_map(|arm| GROWING.iter().find(|name| names(arm, name)));
        let rest = arms.iter().find(|arm| catches_all(arm));
        if let (Some(name), Some(rest)) = (named, rest) {
            found.push((rest[0].line, *name));
        }
    }
    found
}

/// Where the arms of a match open: the first brace outside brackets.
fn body(code: &[Token], from: usize) -> Option<usize> {
    let mut at = from;
    while at < code.len() {
        match code[at].text.as_str() {
            "{" => return Some(at),
            "(" | "[" => at = close_of(code, at),
            ";" | "}" => return None,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The patterns of a match.
fn arms(inside: &[Token]) -> Vec<&[Token]> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < inside.len() {
        let Some(arrow) = until(inside, at, "=>") else { break };
        found.push(&inside[at..arrow]);
        at = match inside.get(arrow + 1) {
            Some(token) if token.is("{") => close_of(inside, arrow + 1) + 1,
            _ => until(inside, arrow + 1, ",").unwrap_or(inside.len()),
        };
        if inside.get(at).is_some_and(|token| token.is(",")) {
            at += 1;
        }
    }
    found
}

/// The next of this sign outside brackets.
fn until(code: &[Token], mut at: usize, sign: &str) -> Option<usize> {
    while at < code.len() {
        match code[at].text.as_str() {
            text if text == sign => return Some(at),
            "(" | "[" | "{" => at = close_of(code, at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Whether a pattern names a variant of this enum.
fn names(arm: &[Token], name: &str) -> bool {
    arm.windows(2).any(|pair| pair[0].is(name) && pair[1].is("::"))
}

/// `_`, or a name that binds whatever comes.
fn catches_all(arm: &[Token]) -> bool {
    let binds = |token: &Token| token.text.starts_with(|c: char| c.is_lowercase() || c == '_');
    matches!(arm, [only] if binds(only))
}
