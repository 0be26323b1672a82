//! GS1 element strings and digital links, read into their parts (GS1 General Specifications 24, sections 3, 7.2
//! and 7.8; GS1 Digital Link URI Syntax 1.3), and the envelopes of ISO/IEC 15434. What a scanner sent is never changed,
//! and never refused for this; what can be read of a label is, and what cannot is told.

mod doubts;
mod envelope;
mod identifiers;
#[cfg(test)]
mod tests;

use identifiers::{Ai, ai_length, find};
use serde::{Deserialize, Serialize};

/// Longest text that a scanner sends, in characters.
pub const LENGTH: usize = 400;

/// The separator between elements, as scanners send it.
const GS: char = '\u{1d}';

/// What keyboards that type for a scanner write for the separator.
const TYPED: [&str; 9] =
    ["<GS>", "{GS}", "[GS]", "<FNC1>", "{FNC1}", "\\x1d", "\\u001d", "\u{241d}", "^]"];

/// Symbology identifiers that say: GS1 (ISO/IEC 15424).
const SYMBOLOGIES: [&str; 5] = ["]C1", "]e0", "]d2", "]Q3", "]J1"];

/// One element: application identifier and value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    /// Application identifier, as in `10`.
    pub ai: String,
    /// As it stands in the symbol.
    pub value: String,
}

/// What a scanned text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scan {
    /// It is no GS1 text.
    Plain,
    /// Its elements, in their order; at least one.
    Elements(Vec<Element>),
    /// Of its elements what can be read, at least one, and what is broken or doubtful, at least one.
    Doubtful(Vec<Element>, Vec<String>),
    /// It looks like one, and cannot be read.
    Broken(String),
}

/// What was taken apart, and why no more of it was.
#[derive(Debug, Default)]
struct Taken {
    elements: Vec<Element>,
    stopped: Option<String>,
    /// Whether elements stand one behind the other, so that a separator may be missing.
    joined: bool,
}

/// Reads a scanned text.
#[must_use]
pub fn scan(text: &str) -> Scan {
    let text = text.trim_matches(|c: char| c.is_whitespace() && c != GS);
    let taken = if let Some(link) = link(text) {
        match link {
            Ok(elements) => Taken { elements, ..Taken::default() },
            Err(why) => return Scan::Broken(why),
        }
    } else if let Some(taken) = envelope::read(text) {
        taken
    } else if let Some(rest) = SYMBOLOGIES.iter().find_map(|id| text.strip_prefix(id)) {
        joined(&separated(rest))
    } else if is_bracketed(text) {
        Taken { elements: bracketed(text), ..Taken::default() }
    } else {
        let text = separated(text);
        if !text.contains(GS) && !is_trade_item(&text) {
            return Scan::Plain;
        }
        joined(&text)
    };
    let Taken { elements, stopped, joined } = taken;
    let (mut good, mut faults) = (Vec::new(), Vec::new());
    for element in elements {
        match check(&element) {
            Ok(()) => good.push(element),
            Err(why) => faults.push(why),
        }
    }
    faults.extend(stopped);
    faults.extend(doubts::contradictions(&good));
    if joined {
        faults.extend(doubts::run_together(&good));
    }
    match (good.is_empty(), faults.is_empty()) {
        (true, true) => Scan::Broken("it holds no element".into()),
        (true, false) => Scan::Broken(faults.join("; ")),
        (false, true) => Scan::Elements(good),
        (false, false) => Scan::Doubtful(good, faults),
    }
}

/// The value of an application identifier; nothing where a label says two of it.
#[must_use]
pub fn value<'e>(elements: &'e [Element], ai: &str) -> Option<&'e str> {
    let mut all = elements.iter().filter(|element| element.ai == ai).map(|it| it.value.as_str());
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

/// The last day of use that a label says, of several the first (GS1 15, 17 and 7003, 14D of ISO/IEC 15434), as
/// `(year, month, day)`.
#[must_use]
pub fn last_day(elements: &[Element], year: u16) -> Option<(u16, u8, u8)> {
    let all = elements.iter().filter_map(|element| match element.ai.as_str() {
        "15" | "17" | "7003" => day(element.value.get(..6)?, year),
        // Its year is written in full.
        "14D" if element.value.len() == 8 => {
            day(element.value.get(2..)?, element.value.get(..4)?.parse().ok()?)
        }
        _ => None,
    });
    all.min()
}

/// The text as it was scanned, its control characters visible.
#[must_use]
pub fn visible(text: &str) -> String {
    let shown = |c: char| match u32::from(c) {
        control @ 0..=0x1f => char::from_u32(0x2400 + control).unwrap_or('\u{241a}'),
        0x7f => '\u{2421}',
        _ => c,
    };
    text.chars().map(shown).collect()
}

/// A day `YYMMDD` in the century that it means in this year: at most 50 years ahead, at most 49 back; day 00 is the
/// last of its month (General Specifications 3.4.7, 7.12). As `(year, month, day)`.
#[must_use]
pub fn day(text: &str, year: u16) -> Option<(u16, u8, u8)> {
    let part = |at: std::ops::Range<usize>| text.get(at)?.parse::<u16>().ok();
    let (short, month, day) = (part(0..2)?, part(2..4)?, part(4..6)?);
    let century = year / 100 * 100;
    let full = match i32::from(short) - i32::from(year % 100) {
        51..=99 => (century + short).checked_sub(100)?,
        -99..=-50 => century + short + 100,
        _ => century + short,
    };
    let leap = full % 4 == 0 && (full % 100 != 0 || full % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let day = if day == 0 { last } else { day };
    (day <= last).then(|| (full, u8::try_from(month).unwrap_or(0), u8::try_from(day).unwrap_or(0)))
}

/// A GTIN in 14 digits, however many of them are written; nothing: it is none, or its check digit is wrong.
#[must_use]
pub fn gtin(text: &str) -> Option<String> {
    let written =
        matches!(text.len(), 8 | 12 | 13 | 14) && text.bytes().all(|b| b.is_ascii_digit());
    let padded = format!("{text:0>14}");
    (written && has_check_digit(&padded)).then_some(padded)
}

/// Whether the last digit is the check digit of those before (General Specifications 7.9).
fn has_check_digit(digits: &str) -> bool {
    let sum = digits.bytes().rev().enumerate().try_fold(0_u32, |sum, (i, b)| {
        let digit = u32::from(b.checked_sub(b'0').filter(|digit| *digit <= 9)?);
        Some(sum + digit * if i % 2 == 1 { 3 } else { 1 })
    });
    sum.is_some_and(|sum| sum % 10 == 0)
}

/// With the separator itself in place of what keyboards write for it.
fn separated(text: &str) -> String {
    let mut text = text.to_owned();
    for typed in TYPED {
        for typed in [typed.to_owned(), typed.to_lowercase()] {
            text = text.replace(&typed, &GS.to_string());
        }
    }
    text
}

/// Whether a text without any separator is an element string: a trade item or a logistic unit with its check digit.
fn is_trade_item(text: &str) -> bool {
    let digits = |n: usize| text.get(2..2 + n).is_some_and(has_check_digit);
    match text.get(..2) {
        Some("01" | "02") => digits(14) && joined(text).stopped.is_none(),
        Some("00") => digits(18) && joined(text).stopped.is_none(),
        _ => false,
    }
}

/// Elements as they stand in a symbol, one after the other, as far as they can be told apart.
fn joined(text: &str) -> Taken {
    let mut taken = Taken { joined: true, ..Taken::default() };
    let mut rest = text.trim_matches(GS);
    while !rest.is_empty() {
        match first(rest) {
            Ok((element, after)) => {
                taken.elements.push(element);
                rest = after;
            }
            Err(why) => {
                taken.stopped = Some(why);
                // Behind the next separator something begins anew.
                let Some((_, after)) = rest.split_once(GS) else { break };
                rest = after.trim_start_matches(GS);
            }
        }
    }
    taken
}

/// The element at the beginning, and what comes behind it.
fn first(rest: &str) -> Result<(Element, &str), String> {
    let length = ai_length(rest).ok_or_else(|| {
        let begins: String = rest.chars().take(4).collect();
        format!("{begins:?} begins with no application identifier")
    })?;
    let (ai, after) = rest.split_at_checked(length).ok_or("it ends in an identifier")?;
    if !ai.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("{ai:?} is no application identifier"));
    }
    let until = after.find(GS).unwrap_or(after.len());
    // What has a length of its own needs no separator; it may have one.
    let end = find(ai).and_then(|known| known.predefined()).map_or(until, |n| n.min(until));
    let (value, after) = after.split_at_checked(end).ok_or("it is cut")?;
    let element = Element { ai: ai.to_owned(), value: value.to_owned() };
    Ok((element, after.strip_prefix(GS).unwrap_or(after)))
}

/// Whether it begins as what is printed below a symbol: `(01)…`.
fn is_bracketed(text: &str) -> bool {
    bracket(text).is_some()
}

/// The identifier in brackets at the beginning, and what comes behind it.
fn bracket(text: &str) -> Option<(&str, &str)> {
    let (ai, rest) = text.strip_prefix('(')?.split_once(')')?;
    let is_ai = (2..=4).contains(&ai.len()) && ai.bytes().all(|b| b.is_ascii_digit());
    is_ai.then_some((ai, rest))
}

fn bracketed(text: &str) -> Vec<Element> {
    let mut elements = Vec::new();
    let mut rest = text;
    while let Some((ai, after)) = bracket(rest) {
        let next = after.match_indices('(').map(|(at, _)| at).find(|at| {
            // A bracket may stand in a value: only one around an identifier that exists ends it.
            after.get(*at..).and_then(bracket).is_some_and(|(ai, _)| find(ai).is_some())
        });
        let (value, after) = after.split_at(next.unwrap_or(after.len()));
        elements.push(Element { ai: ai.to_owned(), value: value.trim().to_owned() });
        rest = after;
    }
    elements
}

/// The elements of a digital link; nothing: it is none.
fn link(text: &str) -> Option<Result<Vec<Element>, String>> {
    let after = ["https://", "http://"].iter().find_map(|scheme| {
        let begins = text.get(..scheme.len())?;
        begins.eq_ignore_ascii_case(scheme).then(|| text.get(scheme.len()..))?
    })?;
    let without = after.split('#').next()?;
    let (path, query) = without.split_once('?').unwrap_or((without, ""));
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let first = parts.iter().position(|part| find(named(part)).is_some_and(Ai::begins_link))?;
    let pairs = parts.get(first..)?;
    let pairs = pairs.strip_suffix(&[""]).unwrap_or(pairs);
    if pairs.len() % 2 == 1 {
        return Some(Err("the link names an identifier without its value".into()));
    }
    let of_path = pairs.chunks(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?)));
    let of_query = query.split(['&', ';']).filter_map(|pair| pair.split_once('='));
    let of_query = of_query.filter(|(ai, _)| {
        let ai = named(ai);
        (2..=4).contains(&ai.len()) && ai.bytes().all(|b| b.is_ascii_digit())
    });
    let element = |(ai, value): (&str, &str)| {
        let ai = named(ai).to_owned();
        let value = decoded(value).ok_or_else(|| format!("the value of {ai} is no text"))?;
        // A GTIN may be shorter in a link.
        let padded = gtin(&value).filter(|_| ai == "01");
        Ok(Element { ai, value: padded.unwrap_or(value) })
    };
    Some(of_path.chain(of_query).map(element).collect())
}

/// The identifier of a word that early links have in its place.
fn named(part: &str) -> &str {
    match part {
        "gtin" => "01",
        "lot" => "10",
        "ser" => "21",
        "cpv" => "22",
        "exp" => "17",
        "sscc" => "00",
        other => other,
    }
}

/// Percent-encoding undone.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let two = [rest.next()?, rest.next()?];
        let two = std::str::from_utf8(&two).ok()?;
        bytes.push(u8::from_str_radix(two, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// Whether a value is one of its identifier.
fn check(element: &Element) -> Result<(), String> {
    let Element { ai, value } = element;
    if value.is_empty() {
        return Err(format!("({ai}) has no value"));
    }
    // One that these tables do not know is kept as it is.
    let Some(known) = find(ai) else { return Ok(()) };
    known.check(value).map_err(|why| format!("({ai}) {value:?} {why}"))
}
