//! Units as people write them: `µg`, `°C`, `g / L`, `CFU/4 h`, `m²`; each leads to one code.

use super::list::{LISTED, Listed};
use super::term::parse;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Listed units by their codes and every spelling, folded and without blanks.
static LISTED_BY_SPELLING: LazyLock<BTreeMap<String, &'static Listed>> = LazyLock::new(|| {
    let mut all = BTreeMap::new();
    for unit in LISTED {
        for text in [unit.code, unit.shown].iter().chain(unit.spellings) {
            all.insert(squeezed(&folded(text)), unit);
        }
    }
    all
});

/// The listed unit of a code or spelling.
#[must_use]
pub fn listed(text: &str) -> Option<&'static Listed> {
    let by_spelling = &*LISTED_BY_SPELLING;
    by_spelling.get(text).or_else(|| by_spelling.get(&squeezed(&folded(text)))).copied()
}

/// The one code of a unit, however it is written; `None`: it is none.
#[must_use]
pub fn code(text: &str) -> Option<String> {
    if let Some(unit) = listed(text) {
        return Some(unit.code.to_owned());
    }
    let folded = folded(text);
    let term = parse(&squeezed(&folded)).or_else(|| parse(&composed(&folded)?))?;
    Some(term.code())
}

/// Whether two texts read alike.
#[must_use]
pub fn alike(a: &str, b: &str) -> bool {
    squeezed(&folded(a)) == squeezed(&folded(b))
}

/// One spelling of signs: both micro signs, degrees, raised digits, dots and minus signs.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.trim().chars() {
        let ten = out.ends_with("10");
        match sign {
            '\u{b5}' | '\u{3bc}' => out.push('u'),
            '\u{2103}' => out.push_str("°C"),
            '\u{2109}' => out.push_str("°F"),
            '\u{ba}' | '\u{2da}' => out.push('°'),
            '\u{2126}' | '\u{3a9}' => out.push_str("Ohm"),
            '¹' => out.push('1'),
            '²' => out.push('2'),
            '³' => out.push('3'),
            '·' | '\u{22c5}' | '\u{2219}' | '\u{2022}' => out.push('.'),
            '*' if !ten => out.push('.'),
            '^' if !ten => {}
            '\u{2212}' | '\u{207b}' => out.push('-'),
            '\u{2215}' | '\u{2044}' => out.push('/'),
            sign if sign.is_whitespace() => out.push(' '),
            sign => out.push(sign),
        }
    }
    out
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|sign| *sign != ' ').collect()
}

/// A code out of words between `/`: each a listed unit, or factors with a number before them.
fn composed(text: &str) -> Option<String> {
    let mut code = String::new();
    for (index, part) in text.split('/').enumerate() {
        let factors = part.split([' ', '.']).filter(|word| !word.is_empty());
        let one = match word(part) {
            Some(code) => vec![code],
            None => {
                let each: Option<Vec<Vec<String>>> = factors.map(counted).collect();
                each?.concat()
            }
        };
        let joined = match one.as_slice() {
            [] if index == 0 => String::new(),
            [] => return None,
            [one] if index > 0 && one.contains(['/', '.']) => format!("({one})"),
            [one] => one.clone(),
            more if index > 0 => format!("({})", more.join(".")),
            more => more.join("."),
        };
        if index > 0 {
            code.push('/');
        }
        code.push_str(&joined);
    }
    Some(code)
}

/// The code of a word: a listed unit, or a factor of the grammar.
fn word(text: &str) -> Option<String> {
    let text = squeezed(text);
    match LISTED_BY_SPELLING.get(&text) {
        Some(unit) => Some(unit.code.to_owned()),
        None => parse(&text).map(|term| term.code()),
    }
}

/// A word, or a number and a word: `4h`, `100mL`, `1e6`.
fn counted(text: &str) -> Option<Vec<String>> {
    if let Some(power) = text.strip_prefix("1e") {
        return Some(vec![format!("10*{power}")]);
    }
    if let Some(code) = word(text) {
        return Some(vec![code]);
    }
    let rest = text.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let number = text.strip_suffix(rest).filter(|number| !number.is_empty())?;
    Some(vec![number.to_owned(), word(rest)?])
}
