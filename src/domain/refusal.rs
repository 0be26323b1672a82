//! Refusals: each has a name, a rule id, a clause, a resolution and a test (law 6).
//!
//! A noun's rules stand in its own `refusal.rs`, declared with `rules!`; `all()` lists every one.

use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;

/// What sort of refusal: the porch turns it into a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Not signed in, or signing credentials wrong (401).
    Credentials,
    /// Authority or qualification is missing (403).
    Authority,
    /// No such thing, or not in this person's scope (404).
    NotFound,
    /// State, order or concurrency forbids it (409).
    State,
    /// The caller saw an older version (412).
    Stale,
    /// Malformed input (422).
    Malformed,
    /// The record is final (423).
    Final,
    /// A reason, signature, second person or version is missing (428).
    Missing,
}

/// A rule that can refuse: fixed text, one static per rule.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Kebab-case name, part of the API.
    pub code: &'static str,
    /// What sort of refusal.
    pub class: Class,
    /// Requirement id, as in `C211-188b11`.
    pub rule: &'static str,
    /// The clause or standard behind it.
    pub clause: &'static str,
    /// What happened, in one line.
    pub title: &'static str,
    /// What to do, and who can.
    pub resolution: &'static str,
}

/// A refusal of one command: the rule and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The rule that forbids.
    pub rule: &'static Rule,
    /// What was found here: names, numbers, what is missing.
    pub detail: String,
    /// What is missing, one thing a line, for a screen to list.
    pub missing: Vec<String>,
}

impl Refusal {
    /// Refuses with a sentence about this case.
    #[must_use]
    pub fn new(rule: &'static Rule, detail: impl Into<String>) -> Self {
        Self { rule, detail: detail.into(), missing: Vec::new() }
    }

    /// Adds the list of what is missing, each thing once.
    #[must_use]
    pub fn missing(mut self, missing: Vec<String>) -> Self {
        self.missing = once(missing);
        self
    }
}

/// Each text once, in the order in which they first stand.
#[must_use]
pub fn once(texts: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.into_iter().filter(|text| seen.insert(text.clone())).collect()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.rule.title, self.detail, self.rule.code)
    }
}

impl std::error::Error for Refusal {}

/// What somebody wrote, without the space around it; nothing when no letter or digit is in it: blanks,
/// dashes and characters that nobody sees are no reason.
#[must_use]
pub fn words(text: &str) -> &str {
    if text.chars().any(char::is_alphanumeric) { text.trim() } else { "" }
}

/// So many characters of a text are quoted.
const QUOTED: usize = 80;

/// What somebody sent as a refusal quotes it: in quotation marks, at most 80 characters and how many more there are.
#[must_use]
pub fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        None => format!("{text:?}"),
        Some((end, _)) => {
            let (begins, rest) = text.split_at(end);
            format!("{begins:?}… ({} more characters)", rest.chars().count())
        }
    }
}

/// The same without quotation marks.
#[must_use]
pub fn begun(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        None => text.to_owned(),
        Some((end, _)) => {
            let (begins, rest) = text.split_at(end);
            format!("{begins}… ({} more characters)", rest.chars().count())
        }
    }
}

/// Declares a noun's rules and their list `ALL`.
#[macro_export]
macro_rules! rules {
    ($($name:ident = $code:literal, $class:ident, $rule:literal, $clause:literal, $title:literal, $resolution:literal;)*) => {
        $(
            #[doc = $title]
            pub static $name: $crate::domain::refusal::Rule = $crate::domain::refusal::Rule {
                code: $code,
                class: $crate::domain::refusal::Class::$class,
                rule: $rule,
                clause: $clause,
                title: $title,
                resolution: $resolution,
            };
        )*
        /// Every rule of this file.
        pub static ALL: &[&$crate::domain::refusal::Rule] = &[$(&$name),*];
    };
}

rules! {
    NOT_FOUND = "not-found", NotFound, "P11-10d", "21 CFR 11.10(d)",
        "No such record", "Check the number; records outside your scope are not shown.";
    AUTHORITY_MISSING = "authority-missing", Authority, "P11-10g", "21 CFR 11.10(g)",
        "You do not hold the authority for this act", "Ask a person who holds it; an administrator grants roles.";
    SIGNATURE_REQUIRED = "signature-required", Missing, "P11-50a", "21 CFR 11.50(a)",
        "This act is signed", "Send `signature` with your user name and password; later signings of a session need the password only.";
    SIGNER_NOT_SESSION = "signer-is-not-the-session", Credentials, "P11-200a2", "21 CFR 11.200(a)(2)",
        "The signature belongs to somebody else than the session", "Sign in yourself; a second person signs in the field meant for them.";
    SECOND_PERSON_REQUIRED = "second-person-required", Missing, "C211-188b11", "21 CFR 211.188(b)(11)",
        "This act needs a second person", "Ask a qualified second person to sign with user name and password.";
    REASON_REQUIRED = "reason-required", Missing, "A11-09", "EU GMP Annex 11 §9",
        "A reason is missing", "Say why, in a sentence that an inspector understands.";
    STALE = "stale-version", Stale, "P11-10f", "21 CFR 11.10(f)",
        "Somebody changed this since you looked", "Read it again, then decide again with the new ETag in If-Match.";
    VERSION_REQUIRED = "version-required", Missing, "P11-10f", "21 CFR 11.10(f)",
        "The version you decided on is missing", "Send the ETag you read in If-Match.";
    MALFORMED = "malformed", Malformed, "DI-Q1b", "FDA Data Integrity Q1(b)",
        "The input cannot be read", "Correct the named field and send it again; nothing was lost.";
    BODY_TOO_LARGE = "entry-too-large", Malformed, "P11-10b", "21 CFR 11.10(b)",
        "An entry may hold 128 KiB at most", "Shorten the text; longer material is an attachment.";
    ACCOUNTABILITY_MISSING = "accountability-not-acknowledged", Authority, "P11-10j", "21 CFR 11.10(j)",
        "The accountability statement is not acknowledged", "Read and acknowledge the current statement, then sign.";
    SIGNING_KEY_MISSING = "signing-key-missing", Authority, "P11-100b", "21 CFR 11.100(b)",
        "You have no signing key", "Ask an identity verifier to enrol you again.";
    PERSON_INACTIVE = "person-inactive", Credentials, "P11-10d", "21 CFR 11.10(d)",
        "This account is locked, deactivated or must change its password", "Ask a holder of the authority unlock, or an administrator.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_named_once() {
        let mut codes: Vec<_> = ALL.iter().map(|rule| rule.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len());
    }

    // shows: A11-09.a
    #[test]
    fn what_nobody_can_read_is_no_reason() {
        for nothing in ["", "  ", "\u{200b}\u{200b}", "\u{202e}", "...", "–"] {
            assert_eq!(words(nothing), "", "{nothing:?}");
        }
        assert_eq!(words("  mistyped, 6 for 9 \n"), "mistyped, 6 for 9");
        assert_eq!(words("誤記"), "誤記");
    }
}
