//! No arm for whatever else there is, over orders, events, nouns and kinds: what is added to one of them
//! must be a fault of the compiler wherever it is told apart.

use crate::nouns::NOUNS;
use crate::tokens::{Token, close_of};
use std::sync::LazyLock;

/// The enums that grow: each arm over them is written out.
static GROWING: LazyLock<Vec<String>> = LazyLock::new(|| {
    let own =
        NOUNS.iter().flat_map(|noun| ["Command", "Event"].map(|of| format!("{}{of}", noun.kind)));
    own.chain(["State", "RecordKind", "KindSpec"].map(str::to_owned)).collect()
});

/// The lines of arms that catch all the rest in a match that names one of them.
pub fn catch_alls(code: &[Token]) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (at, token) in code.iter().enumerate() {
        if !token.is("match") || at.checked_sub(1).is_some_and(|before| code[before].is(".")) {
            continue;
        }
        let Some(open) = body(code, at + 1) else { continue };
        let arms = arms(&code[open + 1..close_of(code, open)]);
        found.extend(caught(&arms, own(code, at)));
    }
    found
}

/// The arm that catches all the rest, by itself or in one place of a tuple, and of which enum.
fn caught(arms: &[&[Token]], own: Option<&str>) -> Option<(usize, &'static str)> {
    let told: Vec<Vec<&[Token]>> = arms.iter().map(|arm| places(arm)).collect();
    let width = told.iter().map(Vec::len).max()?;
    (0..width).find_map(|place| {
        // An arm for every place at once catches all the rest of each of them.
        let here =
            told.iter().filter_map(|of| if of.len() == 1 { of.first() } else { of.get(place) });
        let here: Vec<&[Token]> = here.copied().collect();
        let named = here.iter().find_map(|it| GROWING.iter().find(|name| names(it, name, own)))?;
        let rest = here.iter().find(|it| catches_all(it))?;
        Some((rest[0].line, named.as_str()))
    })
}

/// The places of a tuple pattern, or the pattern itself; without what an `if` adds.
fn places(arm: &[Token]) -> Vec<&[Token]> {
    let end = until(arm, 0, "if").unwrap_or(arm.len());
    let pattern = &arm[..end];
    let tuple =
        pattern.first().is_some_and(|token| token.is("(")) && close_of(pattern, 0) + 1 == end;
    if !tuple {
        return vec![arm];
    }
    let (inside, mut found, mut at) = (&pattern[1..end - 1], Vec::new(), 0);
    while at < inside.len() {
        let comma = until(inside, at, ",").unwrap_or(inside.len());
        found.push(&inside[at..comma]);
        at = comma + 1;
    }
    found
}

/// The enum in whose `impl` a match stands, if it is one that grows.
fn own(code: &[Token], at: usize) -> Option<&'static str> {
    let open =
        |from: usize| code[from..at].iter().position(|token| token.is("{")).map(|n| n + from);
    let around = |from: &usize| {
        code[*from].is("impl") && open(*from).is_some_and(|open| close_of(code, open) > at)
    };
    let from = (0..at).rev().find(around)?;
    let head = &code[from..open(from)?];
    let of = head.iter().position(|token| token.is("for")).map_or(0, |n| n + 1);
    GROWING.iter().find(|name| head[of..].iter().any(|token| token.is(name))).map(String::as_str)
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

/// Whether a pattern names a variant of this enum, by its name or as `Self`.
fn names(arm: &[Token], name: &str, own: Option<&str>) -> bool {
    let is = |token: &Token| token.is(name) || own == Some(name) && token.is("Self");
    arm.windows(2).any(|pair| is(&pair[0]) && pair[1].is("::"))
}

/// `_`, or a name that binds whatever comes.
fn catches_all(arm: &[Token]) -> bool {
    let binds = |token: &Token| token.text.starts_with(|c: char| c.is_lowercase() || c == '_');
    matches!(arm, [only] if binds(only))
}
