//! Numbers as people type them, in one spelling: `4.2 × 10⁶`, `+0.5`, `.5`, `–10`, digits of full width. What could be
//! two numbers is none; it is told how to write each.

use crate::domain::refusal::quoted;

/// The one spelling of a number: ASCII digits, a point between them, `-` before them, `e` before a power of ten. What
/// is none comes out as something that is none.
pub(super) fn plain(typed: &str) -> String {
    let folded = folded(typed);
    let (digits, power) = tens(&folded);
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => {
            ("", digits.strip_prefix('+').filter(|rest| !rest.starts_with('-')).unwrap_or(digits))
        }
    };
    let nought = if digits.starts_with('.') && digits.len() > 1 { "0" } else { "" };
    match power {
        Some(power) => format!("{sign}{nought}{digits}e{power}"),
        None => format!("{sign}{nought}{digits}"),
    }
}

/// One sign for each meaning: digits of full width, minus signs and dashes, raised digits behind `^`, an ASCII blank.
fn folded(typed: &str) -> String {
    let mut out = String::with_capacity(typed.len());
    let mut raised = false;
    for sign in typed.trim().chars() {
        let high = match sign {
            '\u{2070}' => Some('0'),
            '\u{b9}' => Some('1'),
            '\u{b2}' => Some('2'),
            '\u{b3}' => Some('3'),
            '\u{2074}'..='\u{2079}' => char::from_digit(u32::from(sign) - 0x2070, 10),
            '\u{207b}' => Some('-'),
            '\u{207a}' => Some('+'),
            _ => None,
        };
        if let Some(high) = high {
            if !raised {
                out.push('^');
            }
            raised = true;
            out.push(high);
            continue;
        }
        if raised {
            // Nothing belongs behind a raised digit.
            out.push('^');
        }
        raised = false;
        out.push(match sign {
            '\u{ff10}'..='\u{ff19}' => {
                char::from_digit(u32::from(sign) - 0xff10, 10).unwrap_or(sign)
            }
            '\u{ff0e}' => '.',
            '\u{ff0c}' => ',',
            '\u{ff0b}' => '+',
            '\u{2212}' | '\u{ff0d}' | '\u{2010}'..='\u{2013}' => '-',
            '\u{d7}' | '\u{b7}' | '\u{22c5}' | '*' | 'x' | 'X' => '\u{d7}',
            'E' => 'e',
            sign if sign.is_whitespace() => ' ',
            sign => sign,
        });
    }
    out
}

/// What stands before a power of ten, and the power: of `4.2×10^6` 4.2 and 6, of `10^6` alone 1 and 6.
fn tens(folded: &str) -> (&str, Option<&str>) {
    let Some((before, power)) = folded.split_once("10^") else {
        return match folded.split_once('e') {
            Some((digits, power)) => (digits, Some(power)),
            None => (folded, None),
        };
    };
    match before.trim_end().strip_suffix('\u{d7}') {
        Some(digits) => (digits.trim_end(), Some(power)),
        None if before == "-" => ("-1", Some(power)),
        None if matches!(before, "" | "+") => ("1", Some(power)),
        None => (folded, None),
    }
}

/// Why a text is no number, and how to write what it may have meant.
pub(super) fn taught(typed: &str, plain: &str) -> String {
    let shown = quoted(typed);
    let (digits, power) = plain.split_once('e').unwrap_or((plain, ""));
    let power = if power.is_empty() { String::new() } else { format!("e{power}") };
    let of =
        |marks: &str| digits.bytes().all(|b| b.is_ascii_digit() || marks.as_bytes().contains(&b));
    let some = digits.bytes().any(|b| b.is_ascii_digit());
    if some && digits.contains(',') && of("-,.") {
        let commas = digits.bytes().filter(|b| *b == b',').count();
        let last = digits.rsplit([',', '.']).next().unwrap_or_default();
        let point = format!("{}{power}", digits.replace('.', "").replace(',', "."));
        let none = format!("{}{power}", digits.replace(',', ""));
        let mark = "has a decimal comma or groups of digits: write a decimal point and no groups";
        let either = commas == 1 && last.len() == 3 && !digits.contains('.');
        let meant = match digits.rfind(',') > digits.rfind('.') {
            _ if either => format!("as in {point} or {none}, whichever was read"),
            true if commas == 1 => format!("as in {point}"),
            _ => format!("as in {none}"),
        };
        return format!("{shown} {mark}, {meant}");
    }
    if some && digits.contains([' ', '\'', '\u{2019}']) && of("-. '\u{2019}") {
        let together: String =
            digits.chars().filter(|c| !matches!(c, ' ' | '\'' | '\u{2019}')).collect();
        return format!(
            "{shown} is digits in groups: write them together, as in {together}{power}, if they are one number"
        );
    }
    format!(
        "{shown} is not a number: write digits with a point, as in -12.340 or 4.2e6 (28 digits at most)"
    )
}
