//! The rules by which the lane itself refuses, before any noun is asked.

crate::rules! {
    KEY_REUSED = "idempotency-key-reused", State, "T16", "IETF draft Idempotency-Key §2.7",
        "This Idempotency-Key was used for another request", "Use a fresh key for each new request; repeat a request only word for word.";
    SESSION_UNKNOWN = "session-unknown", Credentials, "P11-10d", "21 CFR 11.10(d)",
        "This session is not there, was ended, or is somebody else's", "Sign in again.";
    KEY_NOT_ENROLLED = "signing-key-not-enrolled", Authority, "P11-100b", "21 CFR 11.100(b)",
        "The key that would sign is not the one enrolled for this person", "Ask an identity verifier to enrol you again.";
}
