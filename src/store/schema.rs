//! The tables, in their three classes: append-only, derived, operational.

#![allow(missing_docs, reason = "columns are described in the rows that carry them")]

diesel::table! {
    /// The legal record: exact bytes, and copies of header members that `verify` recomputes.
    journal (record_id, seq) {
        record_kind -> Text,
        record_id -> Binary,
        seq -> BigInt,
        header -> Text,
        salt -> Binary,
        body -> Text,
        link -> Binary,
        at -> BigInt,
        event -> Text,
        event_version -> BigInt,
        actor -> Nullable<Binary>,
        user_name -> Text,
        role -> Text,
        command_id -> Binary,
        request_id -> Nullable<Text>,
    }
}

diesel::table! {
    /// Sign-ins, refusals and other attempts, one chain.
    access_log (seq) {
        seq -> BigInt,
        row -> Text,
        link -> Binary,
        at -> BigInt,
        what -> Text,
        user_name -> Nullable<Text>,
        person -> Nullable<Binary>,
        outcome -> Text,
        code -> Nullable<Text>,
    }
}

diesel::table! {
    /// The global order: leaf by leaf, which entry or access row stands there.
    tree_leaves (leaf_index) {
        leaf_index -> BigInt,
        link -> Binary,
        source -> Text,
        record_kind -> Nullable<Text>,
        record_id -> Nullable<Binary>,
        seq -> BigInt,
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
    /// Every record with its head.
    records (kind, id) {
        kind -> Text,
        id -> Binary,
        number -> Nullable<Text>,
        head_seq -> BigInt,
        head_link -> Binary,
        phase -> Text,
        title -> Text,
    }
}

diesel::table! {
    /// Runs.
    runs (id) {
        id -> Binary,
        number -> Text,
        issue_no -> BigInt,
        purpose -> Text,
        phase -> Text,
        product -> Text,
        master_id -> Binary,
        master_code -> Text,
        master_version -> BigInt,
        content_hash -> Text,
        issued_at -> BigInt,
        completed_at -> Nullable<BigInt>,
        corrections -> BigInt,
    }
}

diesel::table! {
    /// Step occurrences of runs.
    run_steps (run, step) {
        run -> Binary,
        number -> Text,
        step -> Text,
        phase -> Text,
        started_at -> BigInt,
        started_by -> Text,
        completed_at -> Nullable<BigInt>,
        completed_by -> Nullable<Text>,
        checked_by -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    /// Entries of runs, every version; `step` is empty for release specifications.
    run_entries (run, step, entry, version) {
        run -> Binary,
        number -> Text,
        step -> Text,
        entry -> Text,
        version -> BigInt,
        current -> Bool,
        value -> Nullable<Text>,
        unit -> Nullable<Text>,
        shown -> Text,
        verdict -> Text,
        person -> Nullable<Text>,
        at -> BigInt,
        checked_by -> Nullable<Text>,
        seq -> BigInt,
    }
}

diesel::table! {
    /// Exceptions of runs.
    run_exceptions (run, no) {
        run -> Binary,
        number -> Text,
        no -> BigInt,
        kind -> Text,
        severity -> Text,
        effect -> Text,
        step -> Nullable<Text>,
        entry -> Nullable<Text>,
        detail -> Text,
        at -> BigInt,
        person -> Text,
        triage -> Nullable<Text>,
        triaged_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Holds of runs.
    run_holds (run, no) {
        run -> Binary,
        number -> Text,
        no -> BigInt,
        scope -> Text,
        reason -> Text,
        at -> BigInt,
        person -> Text,
        lifted_by_authority -> Text,
        lifted_at -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    /// Persons.
    persons (id) {
        id -> Binary,
        user_name -> Text,
        number -> Text,
        printed_name -> Text,
        active -> Bool,
        locked_at -> Nullable<BigInt>,
        must_change_password -> Bool,
        service -> Bool,
        signing_key -> Nullable<Text>,
        grants -> Text,
    }
}

diesel::table! {
    /// Versions of master records.
    masters (id) {
        id -> Binary,
        code -> Text,
        version -> BigInt,
        title -> Text,
        product -> Text,
        phase -> Text,
        content_hash -> Text,
        effective_from -> Nullable<BigInt>,
        superseded_from -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Output lots.
    lots (id) {
        id -> Binary,
        number -> Text,
        folded -> Text,
        drawn -> Text,
        run -> Binary,
        run_number -> Text,
        output -> Text,
        class -> Text,
        material -> Text,
        quantity -> Text,
        unit -> Text,
        product -> Text,
        disposition -> Text,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Decisions of quality on lots of others, the one that counts of each run.
    foreign_lots (run, lot, supplier) {
        run -> Binary,
        number -> Text,
        lot -> Text,
        folded -> Text,
        drawn -> Text,
        supplier -> Text,
        document -> Text,
        accepted -> Bool,
        at -> BigInt,
    }
}

diesel::table! {
    /// Deviations.
    deviations (id) {
        id -> Binary,
        number -> Text,
        title -> Text,
        phase -> Text,
        class -> Nullable<Text>,
        opened_at -> BigInt,
        runs -> Text,
    }
}

diesel::table! {
    /// Signatures as records remember them.
    record_signatures (kind, id, seq, person, meaning) {
        kind -> Text,
        id -> Binary,
        seq -> BigInt,
        person -> Binary,
        meaning -> Text,
        printed_name -> Text,
        user_name -> Text,
        role -> Text,
        at -> BigInt,
        voided -> Bool,
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
    /// Entries and access rows that no stored checkpoint covers yet, in order of insertion.
    log_pending (id) {
        id -> BigInt,
        link -> Binary,
        source -> Text,
        record_kind -> Nullable<Text>,
        record_id -> Nullable<Binary>,
        seq -> BigInt,
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

diesel::allow_tables_to_appear_in_same_query!(journal, records);
diesel::allow_tables_to_appear_in_same_query!(run_exceptions, runs);

/// Tables that only ever grow; the engine refuses anything else.
pub const APPEND_ONLY: &[&str] = &["journal", "access_log", "tree_leaves", "checkpoints", "blobs"];

/// Tables that `derived::rows` makes from states; `verify` compares every row.
pub const DERIVED: &[&str] = &[
    "records",
    "runs",
    "run_steps",
    "run_entries",
    "run_exceptions",
    "run_holds",
    "persons",
    "masters",
    "lots",
    "foreign_lots",
    "deviations",
    "record_signatures",
];

/// Tables that are never evidence.
pub const OPERATIONAL: &[&str] = &[
    "sessions",
    "op_refresh",
    "password_verifiers",
    "wrapped_keys",
    "receipts",
    "log_pending",
    "lockouts",
    "contacts",
    "op_lane",
];
