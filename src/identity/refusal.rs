//! The rules by which this room refuses. The texts never say which part of a credential was wrong.

crate::rules! {
    SIGN_IN_REFUSED = "sign-in-refused", Credentials, "P11-300d", "21 CFR 11.300(d)",
        "User name or password is wrong", "Try again with care; repeated failures lock the account until somebody who holds the authority unlock has checked who you are.";
    SIGNING_REFUSED = "signing-credentials-wrong", Credentials, "P11-200a1", "21 CFR 11.200(a)(1)",
        "The signature's credentials are wrong", "Sign again with your own user name and password; repeated failures lock the account.";
    SIGNING_PASSWORD_MISSING = "signing-needs-password", Credentials, "P11-200a1", "21 CFR 11.200(a)(1)",
        "A session is no signature", "Give your password in this very act.";
    SIGNING_USER_NAME_MISSING = "signing-needs-both-components", Credentials, "P11-200a1i", "21 CFR 11.200(a)(1)(i)-(ii)",
        "This signing needs user name and password", "Give both: the first signing of a session needs them, and a second person always does.";
    ACCOUNT_LOCKED = "account-locked", Credentials, "A11D-11.7", "EU GMP Annex 11 draft 2025 §11.7",
        "This account is locked after repeated failures", "Ask a holder of the authority unlock; they check who you are. Waiting does not unlock it.";
    SESSION_REVOKED = "session-revoked", Credentials, "P11-10d", "21 CFR 11.10(d)",
        "This session was ended", "Sign in again.";
    SESSION_IDLE = "session-idle", Credentials, "A11D-11.8", "EU GMP Annex 11 draft 2025 §11.8",
        "This session ended because nobody used it", "Sign in again; the first signing then needs user name and password.";
    SESSION_EXPIRED = "session-expired", Credentials, "P11-200a1ii", "21 CFR 11.200(a)(1)(ii)",
        "This session reached its longest life", "Sign in again; the first signing then needs user name and password.";
    PASSWORD_CHANGE_OWED = "password-change-owed", Authority, "A11D-11.4", "EU GMP Annex 11 draft 2025 §11.4",
        "This password was issued by somebody else", "Choose your own password first; nothing else is possible until then.";
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
    NOT_LOCKED = "account-not-locked", State, "A11D-11.7", "EU GMP Annex 11 draft 2025 §11.7",
        "This account is not locked", "Nothing to do.";
    UNLOCKS_OWN_ACCOUNT = "unlocks-own-account", Authority, "A11D-11.7", "EU GMP Annex 11 draft 2025 §11.7",
        "Nobody unlocks their own account", "Ask another holder of the authority unlock.";
    UNLOCK_NEEDS_SECOND = "unlock-needs-second-person", Missing, "P11-200a3", "21 CFR 11.200(a)(3)",
        "A supervisor unlocks together with a second person", "Let a second person, neither you nor the locked one, sign too; or ask an administrator.";
    IDENTITY_CHECK_MISSING = "identity-check-missing", Missing, "A11D-11.7", "EU GMP Annex 11 draft 2025 §11.7",
        "How the person's identity was checked is missing", "Check who they are, then say how.";
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
