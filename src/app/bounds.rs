//! How much one order may say: looked at before its shape, and before anything waits for the writing thread.
//!
//! What an order says is small; only files are large, and they are counted by their own bounds (`enclosure.rs`). A
//! text without an end costs whoever reads, compares, refuses or prints it, and all who wait behind.

use crate::domain::entry::text;
use crate::domain::refusal::quoted;
use serde_json::Value;

/// Longest text, in characters: the longest that a master record may ask for.
const TEXT: usize = text::LONGEST as usize;

/// Longest name of a member, in characters.
const NAME: usize = 200;

/// Longest run of digits that a text begins with, in bytes: labels are that long, no number is. Whoever reads a number
/// digit by digit is held no longer than that.
const DIGITS: usize = 400;

/// Most items of one list, and most members of one object.
const ITEMS: usize = 5_000;

/// Most marks between values of one body: commas, colons, and what begins a list or an object.
const MARKS: usize = 500_000;

/// Whether a body has more parts than are taken apart, seen in its bytes before it is.
#[must_use]
pub fn too_many_parts(bytes: &[u8]) -> bool {
    let (mut marks, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_text = !in_text,
            (false, b',' | b':' | b'[' | b'{') => marks += 1,
            _ => {}
        }
    }
    marks > MARKS
}

/// Whether what was sent is within the bounds of an order: `bytes` came, and beside files at most `most` are taken.
///
/// # Errors
/// A sentence for people: where something is too long, how long it is, and how long it may be.
pub fn within(sent: &Value, bytes: usize, most: usize) -> Result<(), String> {
    let files = looked_at(sent, false).map_err(|(at, why)| match at.as_str() {
        "" => format!("the body {why}"),
        at => format!("{at} {why}"),
    })?;
    let said = bytes.saturating_sub(files);
    if said > most {
        return Err(format!("{said} bytes came beside files; {most} are the most"));
    }
    Ok(())
}

/// Where something is beyond its bounds, as a JSON pointer, and what is.
type Beyond = (String, String);

/// How many bytes of files a value holds (what is the content of an item of a list `files`), once everything else in it is within its bounds.
fn looked_at(sent: &Value, among_files: bool) -> Result<usize, Beyond> {
    let here = |why: String| (String::new(), why);
    match sent {
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(0),
        Value::String(text) => {
            // No text has more characters than bytes.
            let length = if text.len() > TEXT { text.chars().count() } else { 0 };
            if length > TEXT {
                let begins = quoted(text);
                let why = format!("has {length} characters, and {TEXT} are the most: {begins}");
                return Err(here(why));
            }
            let signs = text.bytes().skip_while(|b| matches!(b, b'+' | b'-'));
            let digits = signs.take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b'_'));
            if text.len() > DIGITS && digits.count() > DIGITS {
                return Err(here(format!("is no number and no label: {}", quoted(text))));
            }
            Ok(0)
        }
        Value::Array(items) => {
            few(items.len()).map_err(here)?;
            let each = items.iter().enumerate();
            each.map(|(place, item)| {
                looked_at(item, among_files).map_err(|beyond| inside(place, beyond))
            })
            .sum()
        }
        Value::Object(members) => {
            few(members.len()).map_err(here)?;
            let mut files = 0;
            for (name, member) in members {
                if name.chars().count() > NAME {
                    let begins = quoted(name);
                    return Err(here(format!(
                        "has a member whose name has more than {NAME} characters: {begins}"
                    )));
                }
                files += match (among_files && name == "content", member) {
                    (true, Value::String(content)) => content.len(),
                    (_, member) => {
                        looked_at(member, name == "files").map_err(|beyond| inside(name, beyond))?
                    }
                };
            }
            Ok(files)
        }
    }
}

fn inside(part: impl std::fmt::Display, (at, why): Beyond) -> Beyond {
    (format!("/{part}{at}"), why)
}

fn few(items: usize) -> Result<(), String> {
    if items > ITEMS {
        return Err(format!("has {items} parts; {ITEMS} are the most"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_too_long_is_named_by_its_place_and_quoted_by_its_beginning() {
        let within = |sent: &Value| within(sent, sent.to_string().len(), 300_000);
        assert_eq!(within(&json!({ "value": "µ".repeat(TEXT) })), Ok(()));
        for (sent, at) in [
            (json!({ "unit": "k".repeat(TEXT + 1) }), "/unit"),
            (json!({ "value": { "a": ["x", "µ".repeat(TEXT + 1)] } }), "/value/a/1"),
            (json!({ "value": vec![0; ITEMS + 1] }), "/value"),
            (json!({ "quantity": { "value": "0".repeat(DIGITS + 1) } }), "/quantity/value"),
            (json!({ "value": format!("-0.{}x", "0".repeat(DIGITS)) }), "/value"),
            (json!({ "value": { "k".repeat(NAME + 1): 1 } }), "/value"),
            (json!({ "content": "A".repeat(TEXT + 1) }), "/content"),
            (
                json!({ "value": { "issued": { "name": "x", "content": "A".repeat(TEXT + 1) } } }),
                "/value/issued/content",
            ),
        ] {
            let said = within(&sent).expect_err("too long");
            assert!(said.starts_with(at) && said.len() < 300, "{said}");
        }
    }

    #[test]
    fn files_are_counted_by_themselves_and_nothing_else_hides_among_them() {
        let file = json!({ "name": "a.pdf", "content": "A".repeat(400_000) });
        let sent = json!({ "value": { "files": [file] } });
        assert_eq!(within(&sent, sent.to_string().len(), 1_000), Ok(()));
        let blanks = sent.to_string().len() + 2_000;
        assert!(within(&sent, blanks, 1_000).is_err(), "blanks are no file");
    }

    #[test]
    fn marks_in_texts_are_no_parts() {
        let text = format!("{{\"a\":\"{}\\\",\"}}", ",".repeat(MARKS + 9));
        assert!(!too_many_parts(text.as_bytes()));
        let list = format!("[{}]", "[],".repeat(MARKS));
        assert!(too_many_parts(list.as_bytes()));
    }
}
