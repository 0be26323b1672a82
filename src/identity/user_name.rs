//! User names: one normal form, so that case and Unicode twins are the same name (T27).

use super::refusal as rule;
use crate::domain::refusal::Refusal;
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// Fewest and most characters.
pub const LENGTH: std::ops::RangeInclusive<usize> = 2..=40;

/// Names that stand for no person in records and logs.
const RESERVED: [&str; 4] = ["system", "anonymous", "unknown", "batchwright"];

/// A user name: as it is shown, and the skeleton by which it is unique for ever.
///
/// The skeleton is the key: it stays taken after the person has left, so a name never comes to mean
/// somebody else (21 CFR 11.100(a)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserName {
    shown: String,
    skeleton: String,
}

impl UserName {
    /// Reads a name as typed: white space around it is dropped, NFKC applied (a full-width `Ａ` is an
    /// `A`, a Kelvin sign a `K`), and only ASCII letters, digits, `.`, `_`, `-` may remain: a Cyrillic
    /// `а` is refused rather than taken for an `a`.
    ///
    /// # Errors
    /// A refusal that names the character or the length which cannot be.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let refuse = |detail: String| Err(Refusal::new(&rule::USER_NAME_MALFORMED, detail));
        // Bounded before normalising: one character can become eighteen.
        if typed.len() > 400 {
            return refuse("it is longer than 40 characters".to_owned());
        }
        let shown: String = typed.trim().nfkc().collect();
        if let Some(odd) =
            shown.chars().find(|c| !(c.is_ascii_alphanumeric() || "._-".contains(*c)))
        {
            return refuse(format!("{} cannot stand in a user name", described(odd)));
        }
        if !LENGTH.contains(&shown.len()) {
            return refuse(format!("it has {} characters", shown.len()));
        }
        let ends = [shown.bytes().next(), shown.bytes().last()];
        if !ends.into_iter().flatten().all(|byte| byte.is_ascii_alphanumeric()) {
            return refuse("it begins or ends with a sign".to_owned());
        }
        let skeleton = shown.to_ascii_lowercase();
        if RESERVED.contains(&skeleton.as_str()) {
            return refuse(format!("{shown} stands for no person in this house"));
        }
        Ok(Self { shown, skeleton })
    }

    /// As the person writes it.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The form by which names are looked up and unique.
    #[must_use]
    pub fn skeleton(&self) -> &str {
        &self.skeleton
    }

    /// Whether both are one name.
    #[must_use]
    pub fn is_twin_of(&self, other: &Self) -> bool {
        self.skeleton == other.skeleton
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// A character that people can tell from its twin: with its code point when it is not ASCII.
fn described(odd: char) -> String {
    match odd {
        ' ' => "a space".to_owned(),
        c if c.is_ascii_graphic() => format!("'{c}'"),
        c if c.is_alphanumeric() => format!("'{c}' (U+{:04X}, not an ASCII letter)", u32::from(c)),
        c => format!("the character U+{:04X}", u32::from(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn skeleton(typed: &str) -> Option<String> {
        UserName::parse(typed).ok().map(|name| name.skeleton().to_owned())
    }

    // shows: P11-100a.a, T27.a
    #[test]
    fn case_and_unicode_twins_are_one_name() {
        for twin in [
            "kim.olsen",
            "Kim.Olsen",
            "KIM.OLSEN",
            " kim.olsen\n",
            "\u{ff4b}im.olsen",
            "\u{212a}im.olsen",
            "kim\u{ff0e}olsen",
            "kim.ol\u{17f}en",
        ] {
            assert_eq!(skeleton(twin).as_deref(), Some("kim.olsen"), "{twin}");
        }
    }

    // shows: P11-100a.a, T27.a
    #[test]
    fn look_alikes_of_other_scripts_are_refused_by_name() {
        for alike in [
            "k\u{456}m.olsen",
            "kim.\u{43e}lsen",
            "k\u{131}m.olsen",
            "kim.olse\u{300}n",
            "kim\u{200b}olsen",
            "kim\u{202e}olsen",
        ] {
            let refusal = UserName::parse(alike).expect_err(alike);
            assert_eq!(refusal.rule.code, "user-name-malformed");
            assert!(refusal.detail.contains("U+"), "{}", refusal.detail);
        }
    }

    #[test]
    fn names_have_an_alphabet_a_length_and_ends() {
        for good in ["ab", "a-1", "x_y.z", &"a".repeat(40)] {
            assert!(UserName::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "..",
            ".ab",
            "ab-",
            "a b",
            "a/b",
            "a@b.c",
            "System",
            "ANONYMOUS",
            &"a".repeat(41),
            &"\u{fdfa}".repeat(400),
        ] {
            assert!(UserName::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn the_shown_form_parses_to_itself_and_skeletons_are_stable(typed in "\\PC{0,50}") {
            if let Ok(name) = UserName::parse(&typed) {
                let again = UserName::parse(name.shown()).expect("shown form parses");
                prop_assert_eq!(&again, &name);
                let upper = UserName::parse(&name.shown().to_ascii_uppercase()).expect("parses");
                prop_assert!(upper.is_twin_of(&name));
                prop_assert!(name.skeleton().is_ascii());
            }
        }
    }
}
