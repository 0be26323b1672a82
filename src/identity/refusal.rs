//! The rules by which this room refuses. The texts never say which part of a credential was wrong.

pub use crate::domain::signing::refusal::{LOCKED_OUT as ACCOUNT_LOCKED, PASSWORD_CHANGE_OWED};

crate::rules! {
    SIGN_IN_REFUSED = "sign-in-refused", Credentials, "P11-300d", "21 CFR 11.300(d)",
        "User name or password is wrong", "Try again with care; repeated failures lock the account until somebody who holds the authority unlock has checked who you are.";
    SIGNING_REFUSED = "signing-credentials-wrong", Credentials, "P11-200a1", "21 CFR 11.200(a)(1)",
        "The signature's credentials are wrong", "Sign again with your own user name and password; repeated failures lock the account.";
    SIGNING_PASSWORD_MISSING = "signing-needs-password", Credentials, "P11-200a1", "21 CFR 11.200(a)(1)",
        "A session is no signature", "Give your password in this very act.";
    SIGNING_USER_NAME_MISSING = "signing-needs-both-components", Credentials, "P11-200a1i", "21 CFR 11.200(a)(1)(i)-(ii)",
        "This signing needs user name and password", "Give both: the first signing of a session needs them, and a second person always does.";
    SESSION_REVOKED = "session-revoked", Credentials, "P11-10d", "21 CFR 11.10(d)",
        "This session was ended", "Sign in again.";
    SESSION_IDLE = "session-idle", Credentials, "A11D-11.8", "EU GMP Annex 11 draft 2025 §11.8",
        "This session ended because nobody used it", "Sign in again; the first signing then needs user name and password.";
    SESSION_EXPIRED = "session-expired", Credentials, "P11-200a1ii", "21 CFR 11.200(a)(1)(ii)",
        "This session reached its longest life", "Sign in again; the first signing then needs user name and password.";
    TOKEN_INVALID = "token-invalid", Credentials, "P11-10d", "21 CFR 11.10(d)",
        "The access token is not one of this site", "Sign in at this site.";
    TOKEN_EXPIRED = "token-expired", Credentials, "P11-10d", "21 CFR 11.10(d)",
        "The access token has expired", "Refresh it, or sign in again.";
    REFRESH_REFUSED = "refresh-refused", Credentials, "P11-10d", "21 CFR 11.10(d)",
        "The refresh token is unknown or has expired", "Sign in again.";
    REFRESH_REUSED = "refresh-token-reused", Credentials, "P11-300d", "21 CFR 11.300(d)",
        "This refresh token was used before", "The session is ended because the token may be in two hands; sign in again and report it if you did not do this.";
    PASSWORD_TOO_SHORT = "password-too-short", Malformed, "A11D-11.5", "EU GMP Annex 11 draft 2025 §11.5",
        "The password is too short or too long", "Choose 10 to 256 characters that are hard to guess: several uncommon words, say.";
    PASSWORD_GUESSABLE = "password-guessable", Malformed, "A11D-11.5", "EU GMP Annex 11 draft 2025 §11.5",
        "The password is easy to guess", "Choose several uncommon words, or let a password store make one.";
    PASSWORD_HOLDS_NAME = "password-holds-name", Malformed, "A11D-11.5", "EU GMP Annex 11 draft 2025 §11.5",
        "The password contains your name", "Choose one that has nothing to do with you.";
    PASSWORD_UNCHANGED = "password-unchanged", Malformed, "A11D-11.4", "EU GMP Annex 11 draft 2025 §11.4",
        "The new password is the old one", "Choose another.";
    USER_NAME_MALFORMED = "user-name-malformed", Malformed, "P11-100a", "21 CFR 11.100(a)",
        "This cannot be a user name", "Use 2 to 40 of the letters a-z, digits, '.', '_' and '-', beginning and ending with a letter or digit.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_named_once_and_apart_from_the_shared_ones() {
        let shared = crate::domain::refusal::ALL.iter();
        let mut codes: Vec<_> = ALL.iter().chain(shared.clone()).map(|rule| rule.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len() + shared.len());
    }
}
