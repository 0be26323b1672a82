//! Envelopes of ISO/IEC 15434: `[)>` RS `06` GS … RS EOT. Format 05 holds application identifiers, format 06 data
//! identifiers (ANSI MH10.8.2): `1T` a lot, `S` a serial number, `14D` a last day of use.

use super::{Element, GS, Taken, joined, separated};

/// The separator between formats.
const RS: char = '\u{1e}';

/// The end of an envelope.
const EOT: char = '\u{4}';

/// What keyboards that type for a scanner write for them.
const TYPED: [(&str, char); 8] = [
    ("<RS>", RS),
    ("{RS}", RS),
    ("[RS]", RS),
    ("\u{241e}", RS),
    ("<EOT>", EOT),
    ("{EOT}", EOT),
    ("[EOT]", EOT),
    ("\u{2404}", EOT),
];

/// The elements of an envelope; nothing: it is none.
pub(super) fn read(text: &str) -> Option<Taken> {
    let inner = text.strip_prefix("]d1").unwrap_or(text).strip_prefix("[)>")?;
    let mut inner = separated(inner);
    for (typed, sign) in TYPED {
        inner = inner.replace(typed, &sign.to_string());
    }
    let mut all = Taken::default();
    for format in inner.trim_end_matches(EOT).split(RS).filter(|format| !format.is_empty()) {
        let (number, rest) = format.split_once(GS).unwrap_or((format, ""));
        match number {
            "05" => {
                let inside = joined(rest);
                all.elements.extend(inside.elements);
                all.stopped = all.stopped.or(inside.stopped);
                all.joined = true;
            }
            "06" => identified(rest, &mut all),
            other => {
                let other: String = other.chars().take(8).collect();
                all.stopped = Some(format!("format {other:?} of ISO/IEC 15434 is not read"));
            }
        }
    }
    Some(all)
}

/// Elements behind data identifiers: at most three digits and a letter.
fn identified(text: &str, all: &mut Taken) {
    for part in text.split(GS).filter(|part| !part.is_empty()) {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let letter = part.as_bytes().get(digits).is_some_and(u8::is_ascii_uppercase);
        match part.split_at_checked(digits.saturating_add(1)).filter(|_| letter && digits <= 3) {
            Some((ai, value)) => {
                all.elements.push(Element { ai: ai.to_owned(), value: value.to_owned() });
            }
            None => {
                let begins: String = part.chars().take(8).collect();
                all.stopped = Some(format!("{begins:?} begins with no data identifier"));
            }
        }
    }
}
