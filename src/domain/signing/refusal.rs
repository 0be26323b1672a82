//! Refusals of signing, beside those that `domain::refusal` shares.

use crate::rules;

rules! {
    SECOND_IS_SIGNER = "second-person-is-the-first", Authority, "C211-188b11", "21 CFR 211.188(b)(11)",
        "The second person is the person who acts", "Ask somebody else to sign as second person.";
    BOTH_COMPONENTS = "both-components-required", Credentials, "P11-200a1i", "21 CFR 11.200(a)(1)(i)",
        "A person without a session signs with user name and password", "Send user name and password of the second person.";
    SERVICE_CANNOT_SIGN = "service-account-cannot-sign", Authority, "P11-200a2", "21 CFR 11.200(a)(2)",
        "An account that is no human cannot sign", "Ask a person to sign.";
    LOCKED_OUT = "account-locked", Credentials, "A11D-11.7", "EU GMP Annex 11 (draft 2025) 11.7",
        "The account is locked after failed attempts", "Ask a holder of the authority unlock; identity is checked first.";
    PASSWORD_CHANGE_OWED = "password-change-owed", Authority, "A11D-11.4", "EU GMP Annex 11 (draft 2025) 11.4",
        "A password set by somebody else must be changed before anything else", "Change the password, then repeat the act.";
}
