//! Typed or scanned identifiers: kept as they came, with a key under which twins are one.

use super::EntryValue;
use super::gs1::{self, Element, Scan};
use crate::domain::alike;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Longest identifier, in characters.
pub const LENGTH: usize = 64;

/// The identifier in what was typed or scanned: blanks, tabs and line ends around it are none of it.
///
/// # Errors
/// A sentence for people.
pub fn read(text: &str) -> Result<&str, String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    check(text)?;
    Ok(text)
}

/// Checks an identifier.
///
/// # Errors
/// A sentence for people.
pub fn check(text: &str) -> Result<(), String> {
    let length = text.chars().count();
    if length == 0 || length > LENGTH {
        return Err(format!("an identifier has 1 to {LENGTH} characters, not {length}"));
    }
    if text.trim() != text || text.chars().any(char::is_control) {
        return Err("an identifier neither begins nor ends with a blank, and holds no control character; scan it again".into());
    }
    if key(text).is_empty() {
        return Err("nothing of the identifier can be seen; type it".into());
    }
    Ok(())
}

/// The key under which the same identifier, however it was typed, is found again.
#[must_use]
pub fn key(text: &str) -> String {
    alike::key(text)
}

/// What identifiers are of one register: within it twins are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Register {
    /// Lots of one material.
    Lots,
    Equipment,
    /// Samples of one run.
    Samples,
}

/// The identifier that a value names, as it is shown, and where it is registered.
#[must_use]
pub fn named(value: &EntryValue) -> Option<(Register, &str)> {
    let (register, member) = match value.kind.as_str() {
        "lot" => (Register::Lots, "lot"),
        "equipment" => (Register::Equipment, "equipment"),
        "sample" => (Register::Samples, "id"),
        _ => return None,
    };
    Some((register, value.data[member].as_str()?))
}

/// An identifier as it was typed or scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// What names the thing.
    pub id: String,
    /// What a label said beside it.
    pub label: Option<Label>,
}

/// What a GS1 label says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// As scanned, control characters visible.
    pub scanned: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<Element>,
    /// The last day of use, once the century is known, as in `2027-03-31`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<String>,
    /// Why it does not say what it should.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

impl Label {
    /// The label that was scanned for a value.
    #[must_use]
    pub fn of(value: &EntryValue) -> Option<Self> {
        let label = value.data.get("label").filter(|label| label.is_object())?;
        serde_json::from_value(label.clone()).ok()
    }

    /// The trade item number on it: of the item, or of what it contains.
    #[must_use]
    pub fn gtin(&self) -> Option<&str> {
        ["01", "02"].iter().find_map(|ai| gs1::value(&self.elements, ai))
    }
}

/// Reads an identifier that may have been scanned off a label: the first of these application identifiers names the
/// thing. A label that does not say it is kept as a text, with what is wrong.
///
/// # Errors
/// A sentence for people.
pub fn scanned(text: &str, wanted: &[&str], what: &str) -> Result<Scanned, String> {
    let length = text.chars().count();
    if length > gs1::LENGTH {
        return Err(format!("a scanned text has at most {} characters, not {length}", gs1::LENGTH));
    }
    let (elements, fault) = match gs1::scan(text) {
        Scan::Plain => return Ok(Scanned { id: read(text)?.to_owned(), label: None }),
        Scan::Elements(elements) => (elements, None),
        Scan::Doubtful(elements, why) => {
            (elements, Some(format!("can be read in part: {}", why.join("; "))))
        }
        Scan::Broken(why) => (Vec::new(), Some(format!("cannot be read: {why}"))),
    };
    let scanned = gs1::visible(text.trim());
    let named = wanted.iter().find_map(|ai| gs1::value(&elements, ai)).map(str::to_owned);
    let none = named.is_none().then(|| format!("names no {what} ({})", wanted.join(", ")));
    let fault = match (fault, none) {
        (Some(why), Some(none)) if !elements.is_empty() => Some(format!("{none}; {why}")),
        (why, none) => why.or(none),
    };
    let id = named.unwrap_or_else(|| scanned.clone());
    let label = Label { scanned, elements, expiry: None, fault };
    Ok(Scanned { id, label: Some(label) })
}

/// What names a lot on a label: of GS1, of ISO/IEC 15434.
pub const LOT: &[&str] = &["10", "1T"];

/// The number of a lot, typed or scanned, without what else a label says.
///
/// # Errors
/// A sentence for people.
pub fn lot(text: &str) -> Result<String, String> {
    scanned(text, LOT, "lot").map(|read| read.id)
}

impl Scanned {
    /// Puts what the label said into a value's data, and the number of the item into how it is shown.
    pub fn tell(&self, data: &mut Value, shown: &mut String) {
        let Some(label) = &self.label else { return };
        data["label"] = json!(label);
        if let Some(gtin) = label.gtin() {
            shown.push_str(&format!(", GTIN {gtin}"));
        }
    }
}

/// Gives the last day of use on a label the century that it has in this year.
pub fn dated(value: &mut EntryValue, year: u16) {
    let Some(label) = Label::of(value) else { return };
    if let Some((year, month, day)) = gs1::last_day(&label.elements, year) {
        let expiry = format!("{year:04}-{month:02}-{day:02}");
        value.shown.push_str(&format!(", expiry {expiry}"));
        value.data["label"]["expiry"] = json!(expiry);
    }
}
