//! The text of an expression as words. Every word keeps the place it came from, for the sentences
//! that say what is wrong.

use crate::domain::quantity::parse_decimal;
use rust_decimal::Decimal;

/// A word of the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// Digits with a point.
    Number(Decimal),
    /// In double quotes.
    Text(String),
    /// In single quotes: a unit or a way of rounding.
    Quoted(String),
    /// In brackets, as written.
    Place(String),
    /// Letters: a function, a keyword.
    Name(String),
    /// An operator, a parenthesis, a comma.
    Sign(&'static str),
}

impl Word {
    /// For a sentence.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => format!("\"{text}\""),
            Self::Quoted(text) => format!("'{text}'"),
            Self::Place(place) => format!("[{place}]"),
            Self::Name(name) => name.clone(),
            Self::Sign(sign) => (*sign).to_owned(),
        }
    }
}

/// The longer ones first.
const SIGNS: [&str; 13] = ["<=", ">=", "!=", "<", ">", "=", "+", "-", "*", "/", "(", ")", ","];

/// Reads the words.
///
/// # Errors
/// A sentence for people with the place, counted in characters from 1.
pub(super) fn words(text: &str) -> Result<Vec<(usize, Word)>, String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let column = text[..text.len() - rest.len()].chars().count() + 1;
        if first.is_ascii_whitespace() {
            rest = &rest[1..];
            continue;
        }
        let (word, length) =
            one(rest, first).map_err(|why| format!("{why} (character {column})"))?;
        words.push((column, word));
        rest = &rest[length..];
    }
    Ok(words)
}

/// The first word of a text and its length in bytes.
fn one(rest: &str, first: char) -> Result<(Word, usize), String> {
    let span = |fits: fn(char) -> bool| rest.find(|c| !fits(c)).unwrap_or(rest.len());
    match first {
        '0'..='9' => {
            let length = span(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
            parse_decimal(&rest[..length]).map(|number| (Word::Number(number), length))
        }
        'a'..='z' | 'A'..='Z' => {
            let length = span(|c| c.is_ascii_alphanumeric() || c == '_');
            Ok((Word::Name(rest[..length].to_owned()), length))
        }
        '"' => closed(rest, '"').map(|(text, length)| (Word::Text(text), length)),
        '\'' => closed(rest, '\'').map(|(text, length)| (Word::Quoted(text), length)),
        '[' => closed(rest, ']').map(|(text, length)| (Word::Place(text), length)),
        other => SIGNS
            .iter()
            .find(|sign| rest.starts_with(**sign))
            .map(|sign| (Word::Sign(sign), sign.len()))
            .ok_or_else(|| format!("{other:?} is no sign of the language")),
    }
}

/// What stands between a sign and its end.
fn closed(rest: &str, end: char) -> Result<(String, usize), String> {
    let inner = &rest[1..];
    let length = inner.find(end).ok_or_else(|| format!("{end} is missing"))?;
    Ok((inner[..length].to_owned(), length + 2))
}
