//! The tables in their classes: append-only, the head of the log, operational; the derived ones stand with
//! their nouns (`noun`). The migrations name beside each table and copied column what reads it.

diesel::table! {
    /// The legal record: exact bytes, its place in the log, and copies of header members that `verify`
    /// recomputes.
    journal (leaf) {
        leaf -> BigInt,
        record_kind -> Text,
        record_id -> Binary,
        seq -> BigInt,
        link -> Binary,
        at -> BigInt,
        event -> Text,
        actor -> Nullable<Binary>,
        salt -> Binary,
        header -> Text,
        body -> Text,
    }
}

diesel::table! {
    /// Sign-ins, refusals and other attempts, one chain in order of their places in the log.
    access_log (leaf) {
        leaf -> BigInt,
        link -> Binary,
        at -> BigInt,
        what -> Text,
        user_name -> Nullable<Text>,
        person -> Nullable<Binary>,
        outcome -> Text,
        row -> Text,
    }
}

diesel::table! {
    /// Checkpoints signed by the site's log key.
    checkpoints (number) {
        number -> BigInt,
        size -> BigInt,
        root -> Binary,
        at -> BigInt,
        note -> Text,
    }
}

diesel::table! {
    /// Large bytes by their SHA-256, in chunks of at most 1 MiB.
    blobs (hash, chunk_no) {
        hash -> Binary,
        chunk_no -> BigInt,
        bytes -> Binary,
    }
}

diesel::table! {
    /// One row: the head of the log, signed anew by every commit that adds a leaf.
    log_head (id) {
        id -> BigInt,
        checkpoint -> BigInt,
        size -> BigInt,
        root -> Binary,
        frontier -> Binary,
        at -> BigInt,
        note -> Text,
    }
}

diesel::table! {
    /// Sessions.
    sessions (id) {
        id -> Binary,
        person -> Binary,
        station -> Text,
        started_at -> BigInt,
        last_seen_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
        full_signing_at -> Nullable<BigInt>,
        password_change_owed -> Bool,
    }
}

diesel::table! {
    /// Refresh tokens, as hashes.
    op_refresh (hash) {
        hash -> Binary,
        session -> Binary,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// What recognises a password.
    password_verifiers (person) {
        person -> Binary,
        record -> Text,
    }
}

diesel::table! {
    /// Private signing keys, closed under their persons' passwords.
    wrapped_keys (person) {
        person -> Binary,
        record -> Text,
    }
}

diesel::table! {
    /// Answers kept for a repeated request, found by a short hash of whose and which: long random keys
    /// would touch a page each.
    receipts (id) {
        id -> BigInt,
        key_hash -> BigInt,
        principal -> Binary,
        key -> Text,
        hmac -> Binary,
        answer -> Text,
        heads -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    /// Failures of passwords.
    lockouts (person) {
        person -> Binary,
        failures -> BigInt,
        locked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// How to reach persons: erasable, never in the journal.
    contacts (person) {
        person -> Binary,
        data -> Text,
    }
}

diesel::table! {
    /// One row: which lane wrote last, so that another process's writing is noticed.
    op_lane (id) {
        id -> BigInt,
        owner -> Binary,
    }
}

diesel::allow_tables_to_appear_in_same_query!(journal, log_head);
diesel::allow_tables_to_appear_in_same_query!(access_log, log_head);

/// Tables that only ever grow; the engine refuses anything else.
pub const APPEND_ONLY: &[&str] = &["journal", "access_log", "checkpoints", "blobs"];

/// The one row that every commit signs anew: written by the door alone, recomputed by `verify`.
pub const LOG_HEAD: &str = "log_head";

/// Tables that are never evidence.
pub const OPERATIONAL: &[&str] = &[
    "sessions",
    "op_refresh",
    "password_verifiers",
    "wrapped_keys",
    "receipts",
    "lockouts",
    "contacts",
    "op_lane",
];
