//! Which passwords may be chosen (Annex 11 draft 11.5), and the temporary ones that a reset issues.

use super::random;
use super::refusal as rule;
use crate::domain::refusal::Refusal;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

/// Fewest characters of any password.
pub const FEWEST: usize = 10;
/// Most characters of a password.
pub const MOST: usize = 256;

/// Whose password it will be: neither name may stand in it.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    pub user_name: &'a str,
    pub printed_name: &'a str,
}

/// Judges a password that a person chose.
///
/// At least ten characters, hard to guess (zxcvbn score 3: ten reach it only when drawn at random, words
/// need more), with no name of the owner in it. No classes of characters are demanded and no ageing is
/// forced: both make people write passwords down (NIST SP 800-63B).
///
/// # Errors
/// A refusal whose detail says in a sentence what is weak; it never repeats the password.
pub fn judge(password: &str, owner: Owner<'_>) -> Result<(), Refusal> {
    let password: Zeroizing<String> = Zeroizing::new(password.nfkc().collect());
    let length = password.chars().count();
    if !(FEWEST..=MOST).contains(&length) {
        return Err(Refusal::new(&rule::PASSWORD_TOO_SHORT, format!("it has {length} characters")));
    }
    if holds_name(&password, owner) {
        let detail = "your user name or a part of your name stands in it";
        return Err(Refusal::new(&rule::PASSWORD_HOLDS_NAME, detail));
    }
    let inputs = [owner.user_name, owner.printed_name, "batchwright"];
    let judged = zxcvbn(&password, &inputs);
    if judged.score() < Score::Three {
        return Err(Refusal::new(&rule::PASSWORD_GUESSABLE, advice(&judged)));
    }
    Ok(())
}

/// Refuses a "new" password that is the old one.
///
/// # Errors
/// When both are the same after normalisation.
pub fn judge_change(old: &str, new: &str) -> Result<(), Refusal> {
    if old.nfkc().eq(new.nfkc()) {
        return Err(Refusal::new(&rule::PASSWORD_UNCHANGED, "both are the same"));
    }
    Ok(())
}

/// A password for a reset: 80 random bits in letters that nobody confuses, in groups of four.
/// Whoever receives it must choose an own one before anything else.
#[must_use]
pub fn temporary_password() -> Zeroizing<String> {
    // 32 letters and digits, so that five bits of a byte choose one evenly.
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let bytes = Zeroizing::new(random::bytes::<16>());
    let mut password = Zeroizing::new(String::with_capacity(19));
    for (i, byte) in bytes.iter().enumerate() {
        if i > 0 && i % 4 == 0 {
            password.push('-');
        }
        password.push(char::from(LETTERS[usize::from(byte & 31)]));
    }
    password
}

fn holds_name(password: &str, owner: Owner<'_>) -> bool {
    let letters = |text: &str| -> Zeroizing<String> {
        Zeroizing::new(
            text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect(),
        )
    };
    let password = letters(password);
    // Very short parts ("Li", "van") stand in ordinary words by chance.
    let whole = [owner.user_name, owner.printed_name].map(letters);
    let parts = owner.printed_name.split(|c: char| !c.is_alphanumeric()).map(letters);
    whole.iter().any(|name| name.chars().count() >= 3 && password.contains(name.as_str()))
        || parts
            .into_iter()
            .any(|part| part.chars().count() >= 4 && password.contains(part.as_str()))
}

fn advice(judged: &zxcvbn::Entropy) -> String {
    let feedback = judged.feedback();
    let warning = feedback.and_then(zxcvbn::feedback::Feedback::warning).map(|w| w.to_string());
    let suggestions = feedback.map(zxcvbn::feedback::Feedback::suggestions).unwrap_or_default();
    let sentences: Vec<String> =
        warning.into_iter().chain(suggestions.iter().map(ToString::to_string)).collect();
    if sentences.is_empty() { "it is easy to guess".to_owned() } else { sentences.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: Owner<'static> = Owner { user_name: "a.keller", printed_name: "Anna van Keller" };

    fn code(password: &str) -> Option<&'static str> {
        judge(password, ANNA).err().map(|refusal| refusal.rule.code)
    }

    // shows: A11D-11.5.a
    #[test]
    fn only_passwords_that_are_long_and_hard_to_guess_may_be_chosen() {
        assert_eq!(code("mauve tractor lichen"), None);
        assert_eq!(code("k7Qw-z2mVx"), None, "ten suffice when drawn at random");
        assert_eq!(code("k7Qw-z2mV"), Some("password-too-short"));
        assert_eq!(code(&"mauve tractor ".repeat(30)), Some("password-too-short"));
        for dictionary in [
            "passwordpassword",
            "qwertyuiopas",
            "aaaaaaaaaaaaaaaa",
            "Password2026",
            "1234567890123",
        ] {
            assert_eq!(code(dictionary), Some("password-guessable"), "{dictionary}");
        }
    }

    // shows: A11D-11.5.b
    #[test]
    fn no_name_stands_in_a_password() {
        for named in [
            "a.keller mauve lichen",
            "AKELLER mauve lichen",
            "mauve KELLER lichen",
            "mauve lichen k-e-l-l-e-r",
            "mauve Anna lichen 77",
        ] {
            assert_eq!(code(named), Some("password-holds-name"), "{named}");
        }
        assert_eq!(code("caravan mauve lichen"), None, "three letters may stand in a word");
    }

    #[test]
    fn refusals_say_what_to_do_and_never_the_password() {
        let refusal = judge("qwertyuiopas", ANNA).expect_err("guessable");
        assert!(
            refusal.detail.ends_with('.') && !refusal.detail.contains("qwerty"),
            "{}",
            refusal.detail
        );
    }

    #[test]
    fn a_new_password_is_another_one() {
        assert!(judge_change("mauve tractor", "mauve tractors").is_ok());
        assert!(judge_change("caf\u{e9} tractor", "cafe\u{301} tractor").is_err());
    }

    #[test]
    fn temporary_passwords_are_random_and_would_pass() {
        let (one, two) = (temporary_password(), temporary_password());
        assert_ne!(*one, *two);
        assert_eq!(code(&one), None);
        assert_eq!(one.len(), 19);
    }
}
