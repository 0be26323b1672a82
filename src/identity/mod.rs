//! Passwords, key wrapping, access tokens, sessions: who somebody is, and what proves it.
//!
//! One Argon2id run over a password gives two keys through HKDF: one that the server keeps to recognise
//! the password (the *verifier*), one that it never keeps and that opens the person's signing key. So
//! whoever reads the database can neither sign in nor sign, and a token never signs (21 CFR 11.200).
//!
//! No SQL and no HTTP: rows come in as values, time comes in as an argument. Times of this room are real
//! time, also on a site whose clock is simulated: expiry and locks must not depend on a told story.

pub mod cost;
pub mod keyring;
pub mod lockout;
pub mod password;
pub mod password_policy;
pub mod random;
pub mod receipt;
pub mod redaction;
pub mod refresh;
pub mod refusal;
pub mod session;
pub mod signing;
pub mod site_keys;
pub mod token;
pub mod user_name;
