//! When two identifiers are one: whatever reads alike is the same lot, sample, device, batch or area, however it
//! was typed. Every comparison of identifiers is made here.
//!
//! Marks between are one, as a label's slash is a hyphen in an address (`domain::numbered`); point and underscore
//! stay what they are.
//!
//! A number reads as it is folded (`bm-1` as `BM-1`) and as it is drawn (`BUF-l` as `BUF-1`); whoever reads
//! it takes it for one or the other. Look-alikes are those of Unicode's confusables (UTS 39).

use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton as prototypes;

/// The two forms in which a number reads. Never shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forms {
    /// Case folded first, then look-alikes made one.
    pub folded: String,
    /// Look-alikes made one as they stand, then case folded.
    pub drawn: String,
}

impl Forms {
    /// Whether two numbers may be read as one.
    #[must_use]
    pub fn meet(&self, other: &Self) -> bool {
        let other = [&other.folded, &other.drawn];
        other.contains(&&self.folded) || other.contains(&&self.drawn)
    }
}

/// The forms by which identifiers are compared: compatibility forms and case folded, blanks and invisible
/// characters gone, look-alikes of other scripts and of digits made one.
#[must_use]
pub fn forms(typed: &str) -> Forms {
    let seen: String = typed.nfkc().filter(|c| !is_unseen(*c)).collect();
    let upper: String = seen.chars().flat_map(char::to_uppercase).collect();
    Forms { folded: one(&upper), drawn: one(&seen) }
}

/// The one normal form under which an identifier is kept and found. Never shown.
#[must_use]
pub fn key(typed: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b" -._/:#()+,;=".contains(&b);
    if !typed.bytes().all(plain) {
        return forms(typed).folded;
    }
    // What nearly every identifier is made of needs no tables.
    let one = |b: u8| match b.to_ascii_uppercase() {
        b'I' => b'1',
        b'0' => b'O',
        mark if is_mark(char::from(mark)) => b'-',
        other => other,
    };
    typed.bytes().filter(|b| *b != b' ').map(|b| char::from(one(b))).collect()
}

/// What two spellings of one identifier differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// In case, blanks, marks between, width or composition: a habit of typing.
    Typed,
    /// In characters that look alike, or in some that nobody sees: another thing may be meant.
    Drawn,
}

/// In what a spelling differs from the other of the same identifier; nothing: it does not.
#[must_use]
pub fn spelled(one: &str, other: &str) -> Option<Spelling> {
    let plain = |text: &str| -> String {
        let text =
            text.nfkc().filter(|c| !c.is_whitespace()).map(|c| if is_mark(c) { '-' } else { c });
        text.flat_map(char::to_uppercase).collect()
    };
    if one.trim() == other.trim() {
        return None;
    }
    Some(if plain(one) == plain(other) { Spelling::Typed } else { Spelling::Drawn })
}

/// In what two spellings of one identifier differ, for people.
#[must_use]
pub fn differs(typed: &str, known: &str) -> String {
    let others: Vec<_> = typed.chars().filter(|c| !known.contains(*c)).collect();
    let mut points: Vec<_> = others.iter().map(|c| format!("U+{:04X}", u32::from(*c))).collect();
    points.dedup();
    match spelled(typed, known) {
        None => "they are written alike".to_owned(),
        Some(Spelling::Typed) => "they differ in case, blanks, marks between or width".to_owned(),
        Some(Spelling::Drawn) if points.is_empty() => "they differ in what is not seen".to_owned(),
        Some(Spelling::Drawn) => format!("it is written with {}", points.join(", ")),
    }
}

/// Look-alikes made one. What is drawn like a one has a small L as its prototype; no capital L is meant by it.
fn one(text: &str) -> String {
    let drawn = prototypes(text).filter(|c| !is_unseen(*c)).flat_map(|c| {
        let plain = match c {
            'l' | 'I' | '|' => '1',
            '0' => 'O',
            mark if is_mark(mark) => '-',
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' => '-',
            other => other,
        };
        plain.to_uppercase()
    });
    drawn.collect()
}

/// Whether a mark stands between the parts of a number as a hyphen does.
fn is_mark(c: char) -> bool {
    "/\\:#+,()&".contains(c)
}

/// Whether two identifiers name one thing.
#[must_use]
pub fn alike(one: &str, other: &str) -> bool {
    one == other || forms(one).meet(&forms(other))
}

/// Whether nothing is drawn for a character: blanks, controls, and what Unicode calls default ignorable
/// (DerivedCoreProperties, Default_Ignorable_Code_Point).
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_alike_is_one_lot_and_what_differs_is_not() {
        for twin in [
            "buf-26-001",
            " BUF-26 - 001 ",
            "BUF\u{200b}-26-001",
            "BUF\u{34f}-26-001",
            "BUF\u{2800}-26-001",
            "BUF\u{e0041}-26-001",
            "\u{412}UF-26-001",
            "\u{13f4}UF-26-001",
            "BUF\u{2013}26\u{2212}001",
            "BUF-26-OO1",
            "BUF-26-00I",
            "BUF-26-00l",
            "BUF-26-00\u{217c}",
            "BUF-26-00\u{2113}",
            "\u{ff22}UF-26-001",
            "BUF-26-00\u{1d7cf}",
        ] {
            assert!(alike("BUF-26-001", twin), "{twin}: {:?}", forms(twin));
        }
        for twin in ["a-2-l1", "A-2-Ll", "\u{13aa}-2-L1", "A-2-L\u{217c}", "A-2-L\u{406}"] {
            assert!(alike("A-2-L1", twin), "{twin}: {:?}", forms(twin));
        }
        for other in ["BUF-26-002", "BUF-26.001", "BUF-26-0011", ""] {
            assert!(!alike("BUF-26-001", other), "{other}");
        }
        assert!(!alike("A-2-L1", "A-2-11"), "a capital L is no one");
    }

    // finding: P6, A18
    #[test]
    fn every_spelling_of_an_identifier_has_one_key_and_says_what_it_differs_in() {
        use Spelling::{Drawn, Typed};
        for (known, twin, differs) in [
            ("S-2", "s-2", Typed),
            ("S-2", "S -2", Typed),
            ("S-2", "\u{ff33}-\u{ff12}", Typed),
            ("S-2", "S-2\u{200b}", Drawn),
            ("S-2", "\u{202e}S-2", Drawn),
            ("SCALE-1", "SC\u{410}LE-1", Drawn),
            ("SCALE-1", "SCALE\u{2010}1", Drawn),
            ("SCALE-1", "SCALE-I", Drawn),
            ("\u{c4}-7", "A\u{308}-7", Typed),
            ("K-20", "K-2O", Drawn),
            ("MFC-IB-041.09", "MFC/IB/041.09", Typed),
            ("K-2-0", "k- 2:0", Typed),
        ] {
            assert_eq!(key(known), key(twin), "{known} {twin:?}");
            assert!(alike(known, twin), "{known} {twin:?}");
            assert_eq!(spelled(known, twin), Some(differs), "{known} {twin:?}");
        }
        assert_eq!(spelled("S-2", " S-2\t"), None, "what stands around it is not a part of it");
        for (one, other) in [("S-2", "S-3"), ("S-2", "S.2"), ("\u{d6}-7", "O-7")] {
            assert_ne!(key(one), key(other), "{one} {other}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_key_is_the_folded_form_however_it_is_made(typed in "[ -~]{0,12}|\\PC{0,12}") {
            proptest::prop_assert_eq!(key(&typed), forms(&typed).folded);
        }
    }
}
