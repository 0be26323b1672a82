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

/// Longest text that is read as a unit, in bytes: the longest code, in signs of several bytes each.
const LONGEST: usize = 200;

/// The listed unit of a code or spelling.
#[must_use]
pub fn listed(text: &str) -> Option<&'static Listed> {
    if text.len() > LONGEST {
        return None;
    }
    let by_spelling = &*LISTED_BY_SPELLING;
    by_spelling.get(text).or_else(|| by_spelling.get(&squeezed(&folded(text)))).copied()
}

/// The one code of a unit, however it is written; `None`: it is none.
#[must_use]
pub fn code(text: &str) -> Option<String> {
    if let Some(unit) = listed(text) {
        return Some(unit.code.to_owned());
    }
    if text.len() > LONGEST || taught(text).is_some() {
        return None;
    }
    let folded = folded(text);
    let term = parse(&squeezed(&folded)).or_else(|| parse(&composed(&folded)?))?;
    Some(term.code())
}

/// Whether two texts read alike.
#[must_use]
pub fn alike(a: &str, b: &str) -> bool {
    let read = a.len().max(b.len()) <= LONGEST;
    a == b || (read && squeezed(&folded(a)) == squeezed(&folded(b)))
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
            sign if raised(sign).is_some() => {
                // Behind ten stands a power: 10⁶ is no 106.
                if ten {
                    out.push('^');
                }
                out.extend(raised(sign));
            }
            '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
            '·' | '\u{22c5}' | '\u{2219}' | '\u{2022}' => out.push('.'),
            '*' if !ten => out.push('.'),
            '^' if !ten => {}
            '\u{2212}' => out.push('-'),
            '\u{2215}' | '\u{2044}' => out.push('/'),
            sign if sign.is_whitespace() => out.push(' '),
            sign => out.push(sign),
        }
    }
    out
}

/// The plain sign of a raised one.
fn raised(sign: char) -> Option<char> {
    match sign {
        '\u{2070}' => Some('0'),
        '\u{b9}' => Some('1'),
        '\u{b2}' => Some('2'),
        '\u{b3}' => Some('3'),
        '\u{2074}'..='\u{2079}' => char::from_digit(u32::from(sign) - 0x2070, 10),
        '\u{207b}' => Some('-'),
        _ => None,
    }
}

/// What is a unit by the grammar, and hardly ever the one that was meant: why it is not taken, and what to write.
#[must_use]
pub fn taught(text: &str) -> Option<&'static str> {
    if text.len() > LONGEST {
        return None;
    }
    let plain = squeezed(&folded(text)).to_lowercase();
    if matches!(plain.as_str(), "%a.s." | "%a.s" | "%as" | "%dissolvedoxygen" | "%do") {
        return Some("it reads as something else; percent of air saturation is written % sat");
    }
    let mut noted = 0_i32;
    let mut words = text.split(|sign: char| {
        noted += i32::from(sign == '{') - i32::from(sign == '}');
        noted > 0 || !sign.is_alphabetic()
    });
    words.find_map(|word| match word {
        "Ml" | "ML" => Some("ML is a million litres; a millilitre is written mL"),
        "Mg" => Some("Mg is a million grams; a milligram is written mg, a tonne t"),
        _ => None,
    })
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
