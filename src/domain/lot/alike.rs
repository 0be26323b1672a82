//! When two lot numbers are one: whatever reads alike is the same lot, however it was typed.

use unicode_normalization::UnicodeNormalization;

/// The form by which lot numbers are compared: compatibility forms and case folded, blanks and invisible
/// characters gone, look-alikes of other scripts and of digits made one. Never shown.
#[must_use]
pub fn skeleton(typed: &str) -> String {
    let plain = typed.nfkc().filter(|c| !is_unseen(*c)).flat_map(char::to_uppercase);
    plain.map(drawn_as).collect()
}

/// Whether two numbers are one lot's.
#[must_use]
pub fn alike(one: &str, other: &str) -> bool {
    skeleton(one) == skeleton(other)
}

fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// The plain capital, digit or sign that a capital is drawn as.
fn drawn_as(c: char) -> char {
    match c {
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'С' => 'C',
        'Е' | 'Ε' => 'E',
        'Н' | 'Η' => 'H',
        'Ј' => 'J',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Ν' => 'N',
        'Р' | 'Ρ' => 'P',
        'Ѕ' => 'S',
        'Т' | 'Τ' => 'T',
        'Х' | 'Χ' => 'X',
        'У' | 'Υ' => 'Y',
        'Ζ' => 'Z',
        'O' | 'О' | 'Ο' => '0',
        'I' | 'І' | 'Ι' | '|' => '1',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // shows: C211-188b3
    #[test]
    fn what_reads_alike_is_one_lot_and_what_differs_is_not() {
        for twin in [
            "buf-26-001",
            " BUF-26 - 001 ",
            "BUF\u{200b}-26-001",
            "\u{412}UF-26-001",
            "BUF\u{2013}26\u{2212}001",
            "BUF-26-OO1",
            "BUF-26-00I",
            "\u{ff22}UF-26-001",
        ] {
            assert!(alike("BUF-26-001", twin), "{twin}");
        }
        for other in ["BUF-26-002", "BUF-26.001", "BUF-26-0011", ""] {
            assert!(!alike("BUF-26-001", other), "{other}");
        }
    }
}
