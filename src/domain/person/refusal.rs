//! Rules about persons that can refuse.

use crate::rules;

rules! {
    USER_NAME_TAKEN = "user-name-taken", State, "P11-100a", "21 CFR 11.100(a)",
        "This user name is or was somebody's", "Choose another: names are never reused, and upper and lower case or Unicode twins are one name.";
    NAME_MALFORMED = "printed-name-malformed", Malformed, "P11-50a", "21 CFR 11.50(a)(1)",
        "The printed name cannot be printed", "Give the name as it shall stand beside signatures: 1 to 100 characters, no line breaks, no invisible marks of direction.";
    OWN_ACCOUNT = "own-account", Authority, "P11-200a3", "21 CFR 11.200(a)(3)",
        "Nobody decides this about their own account", "Ask another person who holds the authority.";
    NOT_OWN_ACCOUNT = "another-account", Authority, "P11-200a2", "21 CFR 11.200(a)(2)",
        "Only the person can do this", "Let the person do it in a session of their own.";
    ROLE_UNKNOWN = "role-unknown", Malformed, "P11-10g", "21 CFR 11.10(g)",
        "The site has no such role", "Choose one of the site's roles, or have an administrator add it.";
    COMBINATION_FORBIDDEN = "combination-forbidden", State, "A11D-11.10", "EU GMP Annex 11 (draft 2025) 11.10; ICH Q7 2.1",
        "One person may not hold these authorities together", "Give one of the roles to somebody else; no setting lifts this.";
    SERVICE_GRANT = "service-grant-forbidden", State, "P11-200a2", "21 CFR 11.200(a)(2)",
        "A service account may not hold authorities that are exercised by signature", "Give it execute, test, evaluate, read or export only.";
    UNCHANGED = "unchanged", State, "P11-10k2", "21 CFR 11.10(k)(2)",
        "Nothing would change", "Nothing to do.";
    INACTIVE_SUBJECT = "account-deactivated", State, "P11-100a", "21 CFR 11.100(a)",
        "The account is deactivated for ever", "Create a new account under another user name.";
    METHOD_MISSING = "identity-method-missing", Missing, "P11-100b", "21 CFR 11.100(b)",
        "How the identity was verified is missing", "Say which document or which acquaintance, as in \"passport seen\".";
    ALREADY_ENROLLED = "already-enrolled", State, "P11-100b", "21 CFR 11.100(b)",
        "The person has a signing key", "Nothing to do; a reset of the password destroys it and asks for a new enrolment.";
    SERVICE_ENROL = "service-account-enrols-no-key", State, "P11-200a2", "21 CFR 11.200(a)(2)",
        "An account that is no human gets no signing key", "Enrol persons only.";
    PASSWORD_NOT_OWN = "password-not-own", State, "P11-200a3", "21 CFR 11.200(a)(3)",
        "No key is wrapped under a password that somebody else set", "Let the person sign in and choose a password first.";
    VOUCHER_RESET = "voucher-reset-the-password", Authority, "P11-200a3", "21 CFR 11.200(a)(3)",
        "Whoever reset a password does not vouch for the key that follows", "Let another holder of enrol see the person and sign. Where there is none, create a second administrator first.";
    KEY_MALFORMED = "key-malformed", Malformed, "P11-100b", "21 CFR 11.100(b)",
        "This is no fresh public signing key", "Enrol again; every enrolment makes a new key.";
    STATEMENT_STALE = "statement-not-current", State, "P11-10j", "21 CFR 11.10(j)",
        "This is not the statement in force", "Read the current statement and acknowledge that.";
    STATEMENT_KNOWN = "statement-already-acknowledged", State, "P11-10j", "21 CFR 11.10(j)",
        "The statement in force is acknowledged already", "Nothing to do.";
    NOT_LOCKED = "account-not-locked", State, "A11D-11.7", "EU GMP Annex 11 (draft 2025) 11.7",
        "This account is not locked", "Nothing to do.";
    ALREADY_LOCKED = "account-locked-already", State, "P11-300d", "21 CFR 11.300(d)",
        "This account is locked already", "Nothing to do.";
    IDENTITY_CHECK_MISSING = "identity-check-missing", Missing, "A11D-11.7", "EU GMP Annex 11 (draft 2025) 11.7",
        "How the person's identity was checked is missing", "Check who they are, then say how.";
    UNLOCK_SECOND = "unlock-needs-second-person", Missing, "A11D-11.7", "EU GMP Annex 11 (draft 2025) 11.7",
        "A supervisor unlocks together with a second person", "Let a second person, neither you nor the locked one, sign too; or ask an administrator.";
    SYSTEM_ONLY = "system-act", Authority, "P11-300d", "21 CFR 11.300(d)",
        "Only the system does this", "Nothing to do: it happens by itself.";
}
