//! Business numbers as plants write them (`MFC/IB/041.09`, `mfc 41`), and the keys that they have in addresses.

use super::ids::{NUMBER_LENGTH, check_number};
use super::refusal::quoted;

/// What may stand in a number beside letters and digits. What its key cannot hold becomes a hyphen there, and
/// two numbers that differ in nothing else read alike (`domain::alike`).
pub const MARKS: &str = ". _ - / \\ : # + , ( ) &";

/// A number and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// What stands in addresses: 1 to 40 of `A-Z 0-9 . _ -`.
    pub key: String,
    /// As it is written, where that is another text.
    pub printed: Option<String>,
}

/// Reads a number: 1 to 40 ASCII letters, digits, blanks and [`MARKS`], beginning with a letter or digit. Its key
/// has capitals alone.
///
/// # Errors
/// A sentence for people when it is none.
pub fn numbered(text: &str) -> Result<Numbered, String> {
    let Numbered { key, .. } = plated(text)?;
    let key = key.to_ascii_uppercase();
    let printed = (key != text).then(|| text.to_owned());
    Ok(Numbered { key, printed })
}

/// Reads what stands on the plate of a device: as [`numbered`], but small letters stay small in the key.
///
/// # Errors
/// A sentence for people when it is none.
pub fn plated(text: &str) -> Result<Numbered, String> {
    let kept = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let one = |c: char| if kept(c) { c } else { '-' };
    let key: String = text.chars().filter(|c| *c != ' ').map(one).collect();
    if check_number(&key.to_ascii_uppercase()).is_err() || !may_stand(text) {
        return Err(format!(
            "{} is not a number: use 1 to {NUMBER_LENGTH} letters and digits without accents, blanks between \
             and {MARKS}, beginning with a letter or digit",
            quoted(text)
        ));
    }
    let printed = (key != text).then(|| text.to_owned());
    Ok(Numbered { key, printed })
}

/// Whether a text has nothing in it that a number may not have.
fn may_stand(text: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || MARKS.contains(c);
    text.trim() == text && text.len() <= NUMBER_LENGTH && text.chars().all(known)
}

/// Whether a text is the key of a number that is printed so.
#[must_use]
pub fn is_key(text: &str, printed: &str) -> bool {
    [numbered(printed), plated(printed)].iter().flatten().any(|own| own.key == text)
}

/// A number as it is printed.
#[must_use]
pub fn called<'a>(key: &'a str, printed: Option<&'a str>) -> &'a str {
    printed.unwrap_or(key)
}

/// A number as it is printed, with its key where that is another text.
#[must_use]
pub fn shown(key: &str, printed: Option<&str>) -> String {
    printed.map_or_else(|| key.to_owned(), |printed| format!("{printed} ({key})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::alike::alike;

    #[test]
    fn a_number_keeps_how_it_is_written_and_has_one_key() {
        for (written, key) in [
            ("MFC/IB/041.09", "MFC-IB-041.09"),
            ("mfc 41", "MFC41"),
            ("AB (2)\\c:d#e+f,g&h", "AB-2--C-D-E-F-G-H"),
        ] {
            let read = numbered(written).expect(written);
            assert_eq!(read.key, key);
            assert_eq!(read.printed, Some(written.to_owned()));
        }
        let plain = Numbered { key: "AMAB-26.001_A".into(), printed: None };
        assert_eq!(numbered("AMAB-26.001_A"), Ok(plain));
        for bad in
            ["", " ", "/A", "-A", " A", "A ", "A\tB", "\u{c4}", "A\"B", "A<B", &"A".repeat(41)]
        {
            assert!(numbered(bad).is_err(), "{bad:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_number_and_its_key_read_alike(text in "[A-Za-z0-9][A-Za-z0-9 ._/\\\\:#+,()&-]{0,38}[a-z0-9)]") {
            let read = numbered(&text).expect("a number");
            proptest::prop_assert!(alike(&read.key, &text), "{} {}", read.key, text);
        }
    }
}
