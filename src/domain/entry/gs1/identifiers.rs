//! Application identifiers: how long they and their values are (GS1 General Specifications 3, 7.8.5).

use super::{day, has_check_digit};

/// What stands in a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Digits.
    Digits,
    /// Digits, the last one a check digit.
    Checked,
    /// A day: year, month, day in two digits each.
    Day,
    /// So many digits, then characters.
    Mixed(usize),
    /// Characters of set 82.
    Text,
}

/// An application identifier, or several of one build.
#[derive(Debug, Clone, Copy)]
pub struct Ai {
    /// Its digits; an `n` in the end is any one (decimals, sequence).
    ai: &'static str,
    form: Form,
    least: usize,
    most: usize,
}

const fn of(ai: &'static str, form: Form, least: usize, most: usize) -> Ai {
    Ai { ai, form, least, most }
}

use Form::{Checked, Day, Digits, Mixed, Text};

const TABLE: &[Ai] = &[
    of("00", Checked, 18, 18),
    of("01", Checked, 14, 14),
    of("02", Checked, 14, 14),
    of("03", Checked, 14, 14),
    of("10", Text, 1, 20),
    of("11", Day, 6, 6),
    of("12", Day, 6, 6),
    of("13", Day, 6, 6),
    of("15", Day, 6, 6),
    of("16", Day, 6, 6),
    of("17", Day, 6, 6),
    of("20", Digits, 2, 2),
    of("21", Text, 1, 20),
    of("22", Text, 1, 20),
    of("235", Text, 1, 28),
    of("240", Text, 1, 30),
    of("241", Text, 1, 30),
    of("242", Digits, 1, 6),
    of("243", Text, 1, 20),
    of("250", Text, 1, 30),
    of("251", Text, 1, 30),
    of("253", Mixed(13), 13, 30),
    of("254", Text, 1, 20),
    of("255", Digits, 13, 25),
    of("30", Digits, 1, 8),
    of("37", Digits, 1, 8),
    of("390n", Digits, 1, 15),
    of("391n", Digits, 4, 18),
    of("392n", Digits, 1, 15),
    of("393n", Digits, 4, 18),
    of("394n", Digits, 4, 4),
    of("395n", Digits, 6, 6),
    of("400", Text, 1, 30),
    of("401", Text, 1, 30),
    of("402", Checked, 17, 17),
    of("403", Text, 1, 30),
    of("410", Checked, 13, 13),
    of("411", Checked, 13, 13),
    of("412", Checked, 13, 13),
    of("413", Checked, 13, 13),
    of("414", Checked, 13, 13),
    of("415", Checked, 13, 13),
    of("416", Checked, 13, 13),
    of("417", Checked, 13, 13),
    of("420", Text, 1, 20),
    of("421", Mixed(3), 4, 12),
    of("422", Digits, 3, 3),
    of("423", Digits, 3, 15),
    of("424", Digits, 3, 3),
    of("425", Digits, 3, 15),
    of("426", Digits, 3, 3),
    of("427", Text, 1, 3),
    of("7001", Digits, 13, 13),
    of("7002", Text, 1, 30),
    of("7003", Digits, 10, 10),
    of("7004", Digits, 1, 4),
    of("7005", Text, 1, 12),
    of("7006", Day, 6, 6),
    of("7007", Digits, 6, 12),
    of("7008", Text, 1, 3),
    of("7009", Text, 1, 10),
    of("7010", Text, 1, 2),
    of("7011", Digits, 6, 10),
    of("7020", Text, 1, 20),
    of("7021", Text, 1, 20),
    of("7022", Text, 1, 20),
    of("7023", Text, 1, 30),
    of("703n", Mixed(3), 4, 30),
    of("710", Text, 1, 20),
    of("711", Text, 1, 20),
    of("712", Text, 1, 20),
    of("713", Text, 1, 20),
    of("714", Text, 1, 20),
    of("715", Text, 1, 20),
    of("716", Text, 1, 20),
    of("723n", Text, 3, 30),
    of("7240", Text, 1, 20),
    of("8001", Digits, 14, 14),
    of("8002", Text, 1, 20),
    of("8003", Mixed(14), 14, 30),
    of("8004", Text, 1, 30),
    of("8005", Digits, 6, 6),
    of("8006", Digits, 18, 18),
    of("8007", Text, 1, 34),
    of("8008", Digits, 8, 12),
    of("8009", Text, 1, 50),
    of("8010", Text, 1, 30),
    of("8011", Digits, 1, 12),
    of("8012", Text, 1, 20),
    of("8013", Text, 1, 25),
    of("8017", Checked, 18, 18),
    of("8018", Checked, 18, 18),
    of("8019", Digits, 1, 10),
    of("8020", Text, 1, 25),
    of("8026", Digits, 18, 18),
    of("8030", Text, 1, 90),
    of("8110", Text, 1, 70),
    of("8111", Digits, 4, 4),
    of("8112", Text, 1, 70),
    of("8200", Text, 1, 70),
    of("90", Text, 1, 30),
];

/// Measures of trade items and logistic units (310n to 369n): six digits.
const MEASURE: Ai = of("3nnn", Digits, 6, 6);

/// What a house agrees on with its partners (91 to 99).
const INTERNAL: Ai = of("9n", Text, 1, 90);

/// What is known of an application identifier.
pub fn find(ai: &str) -> Option<&'static Ai> {
    let digits = ai.bytes().all(|b| b.is_ascii_digit());
    match ai.as_bytes() {
        [b'9', b'1'..=b'9'] => return Some(&INTERNAL),
        [b'3', b'1'..=b'6', _, _] if digits => return Some(&MEASURE),
        _ => {}
    }
    TABLE.iter().filter(|_| digits).find(|known| match known.ai.strip_suffix('n') {
        Some(begins) => ai.len() == known.ai.len() && ai.starts_with(begins),
        None => known.ai == ai,
    })
}

/// How long the identifier is that begins here, by its first two digits.
pub fn ai_length(text: &str) -> Option<usize> {
    match text.as_bytes().get(..2)? {
        [b'0' | b'9', _] | [b'1', _] | [b'2', b'0'..=b'2'] | [b'3', b'0' | b'7'] => Some(2),
        [b'2', b'3'..=b'5'] | [b'4', b'0'..=b'2'] | [b'7', b'1'] => Some(3),
        [b'3', b'1'..=b'6' | b'9'] | [b'4', b'3'] | [b'7', b'0' | b'2'] | [b'8', b'0'..=b'2'] => {
            Some(4)
        }
        _ => None,
    }
}

impl Ai {
    /// The length of a value that needs no separator behind it (General Specifications, figure 7.8.5-2).
    pub fn predefined(&self) -> Option<usize> {
        let begins = self.ai.as_bytes().get(..2)?;
        let is = matches!(begins, [b'0', b'0'..=b'4'] | [b'1', b'1'..=b'9'] | [b'2', b'0'])
            || self.ai.starts_with("41")
            || self.ai == MEASURE.ai;
        is.then_some(self.most)
    }

    /// Whether a digital link begins with it: it is the key of something.
    pub fn begins_link(&self) -> bool {
        matches!(
            self.ai,
            "00" | "01"
                | "253"
                | "255"
                | "401"
                | "402"
                | "414"
                | "415"
                | "417"
                | "8003"
                | "8004"
                | "8006"
                | "8010"
                | "8013"
                | "8017"
                | "8018"
        )
    }

    /// Whether a value is one.
    pub fn check(&self, value: &str) -> Result<(), String> {
        let Self { form, least, most, .. } = *self;
        let length = value.chars().count();
        if !(least..=most).contains(&length) {
            let asked = if least == most { most.to_string() } else { format!("{least} to {most}") };
            return Err(format!("has {length} characters, and {asked} are asked"));
        }
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let fits = match form {
            Digits | Checked | Day => digits(value),
            Mixed(n) => value.get(..n).is_some_and(digits) && value.chars().all(is_82),
            Text => value.chars().all(is_82),
        };
        if !fits {
            return Err("holds a character that cannot stand there".into());
        }
        match form {
            Checked if !has_check_digit(value) => Err("has a wrong check digit".into()),
            // Whatever the century, the day must exist in one of them.
            Day if day(value, 2024).is_none() => Err("is no day (YYMMDD)".into()),
            Digits
                if self.ai == "7003" && value.get(..6).and_then(|it| day(it, 2024)).is_none() =>
            {
                Err("begins with no day (YYMMDD)".into())
            }
            Digits | Checked | Day | Mixed(_) | Text => Ok(()),
        }
    }
}

/// Whether a character belongs to GS1 AI encodable character set 82.
fn is_82(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!\"%&'()*+,-./:;<=>?_".contains(c)
}
