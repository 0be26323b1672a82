-- The foundation: journal and tree, derived tables, operational tables.
-- Time is µs since 1970-01-01 UTC, identities are 16 bytes, hashes 32, JSON is text in canonical form.

-- Append-only: the engine itself refuses UPDATE, DELETE and REPLACE (see the triggers below).

CREATE TABLE journal (
    record_kind TEXT COLLATE "C" NOT NULL,
    record_id BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    header TEXT COLLATE "C" NOT NULL,
    salt BYTEA NOT NULL CHECK (length(salt) = 16),
    body TEXT COLLATE "C" NOT NULL,
    link BYTEA NOT NULL CHECK (length(link) = 32),
    at BIGINT NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    event_version BIGINT NOT NULL,
    actor BYTEA,
    user_name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    command_id BYTEA NOT NULL,
    request_id TEXT COLLATE "C",
    PRIMARY KEY (record_id, seq),
    CHECK (seq >= 1)
);

CREATE TABLE access_log (
    seq BIGINT PRIMARY KEY,
    row TEXT COLLATE "C" NOT NULL,
    link BYTEA NOT NULL CHECK (length(link) = 32),
    at BIGINT NOT NULL,
    what TEXT COLLATE "C" NOT NULL,
    user_name TEXT COLLATE "C",
    person BYTEA,
    outcome TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C"
);

CREATE TABLE tree_leaves (
    leaf_index BIGINT PRIMARY KEY,
    link BYTEA NOT NULL CHECK (length(link) = 32),
    source TEXT COLLATE "C" NOT NULL,
    record_kind TEXT COLLATE "C",
    record_id BYTEA,
    seq BIGINT NOT NULL
);

CREATE TABLE checkpoints (
    number BIGINT PRIMARY KEY,
    size BIGINT NOT NULL,
    root BYTEA NOT NULL CHECK (length(root) = 32),
    at BIGINT NOT NULL,
    note TEXT COLLATE "C" NOT NULL
);

CREATE TABLE blobs (
    hash BYTEA NOT NULL,
    chunk_no BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (hash, chunk_no)
);

-- Derived: rows(state) of the journal; `verify` compares every row.

CREATE TABLE records (
    kind TEXT COLLATE "C" NOT NULL,
    id BYTEA NOT NULL,
    number TEXT COLLATE "C",
    head_seq BIGINT NOT NULL,
    head_link BYTEA NOT NULL,
    phase TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, id),
    UNIQUE (kind, number)
);

CREATE TABLE runs (
    id BYTEA NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    issue_no BIGINT NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    phase TEXT COLLATE "C" NOT NULL,
    product TEXT COLLATE "C" NOT NULL,
    master_id BYTEA NOT NULL,
    master_code TEXT COLLATE "C" NOT NULL,
    master_version BIGINT NOT NULL,
    content_hash TEXT COLLATE "C" NOT NULL,
    issued_at BIGINT NOT NULL,
    completed_at BIGINT,
    corrections BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (number)
);

CREATE TABLE run_steps (
    run BYTEA NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    step TEXT COLLATE "C" NOT NULL,
    phase TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    started_by TEXT COLLATE "C" NOT NULL,
    completed_at BIGINT,
    completed_by TEXT COLLATE "C",
    checked_by TEXT COLLATE "C",
    version BIGINT NOT NULL,
    PRIMARY KEY (run, step)
);

CREATE TABLE run_entries (
    run BYTEA NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    step TEXT COLLATE "C" NOT NULL,
    entry TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    current BOOLEAN NOT NULL,
    value TEXT COLLATE "C",
    unit TEXT COLLATE "C",
    shown TEXT COLLATE "C" NOT NULL,
    verdict TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C",
    at BIGINT NOT NULL,
    checked_by TEXT COLLATE "C",
    seq BIGINT NOT NULL,
    PRIMARY KEY (run, step, entry, version)
);

CREATE TABLE run_exceptions (
    run BYTEA NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    no BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    severity TEXT COLLATE "C" NOT NULL,
    effect TEXT COLLATE "C" NOT NULL,
    step TEXT COLLATE "C",
    entry TEXT COLLATE "C",
    detail TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    triage TEXT COLLATE "C",
    triaged_at BIGINT,
    PRIMARY KEY (run, no)
);

CREATE TABLE run_holds (
    run BYTEA NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    no BIGINT NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    lifted_by_authority TEXT COLLATE "C" NOT NULL,
    lifted_at BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (run, no)
);

CREATE TABLE persons (
    id BYTEA NOT NULL,
    user_name TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    printed_name TEXT COLLATE "C" NOT NULL,
    active BOOLEAN NOT NULL,
    locked_at BIGINT,
    must_change_password BOOLEAN NOT NULL,
    service BOOLEAN NOT NULL,
    signing_key TEXT COLLATE "C",
    grants TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (number)
);

CREATE TABLE masters (
    id BYTEA NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    product TEXT COLLATE "C" NOT NULL,
    phase TEXT COLLATE "C" NOT NULL,
    content_hash TEXT COLLATE "C" NOT NULL,
    effective_from BIGINT,
    superseded_from BIGINT,
    PRIMARY KEY (id),
    UNIQUE (code, version)
);

CREATE TABLE lots (
    id BYTEA NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    drawn TEXT COLLATE "C" NOT NULL,
    run BYTEA NOT NULL,
    run_number TEXT COLLATE "C" NOT NULL,
    output TEXT COLLATE "C" NOT NULL,
    class TEXT COLLATE "C" NOT NULL,
    material TEXT COLLATE "C" NOT NULL,
    quantity TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    product TEXT COLLATE "C" NOT NULL,
    disposition TEXT COLLATE "C" NOT NULL,
    decided_at BIGINT,
    PRIMARY KEY (id),
    UNIQUE (number)
);

CREATE TABLE foreign_lots (
    run BYTEA NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    lot TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    drawn TEXT COLLATE "C" NOT NULL,
    supplier TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    accepted BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (run, lot, supplier)
);

CREATE TABLE deviations (
    id BYTEA NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    phase TEXT COLLATE "C" NOT NULL,
    class TEXT COLLATE "C",
    opened_at BIGINT NOT NULL,
    runs TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (number)
);

CREATE TABLE record_signatures (
    kind TEXT COLLATE "C" NOT NULL,
    id BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    person BYTEA NOT NULL,
    meaning TEXT COLLATE "C" NOT NULL,
    printed_name TEXT COLLATE "C" NOT NULL,
    user_name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    voided BOOLEAN NOT NULL,
    PRIMARY KEY (kind, id, seq, person, meaning)
);

-- Operational: never evidence.

CREATE TABLE sessions (
    id BYTEA NOT NULL,
    person BYTEA NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    revoked_at BIGINT,
    full_signing_at BIGINT,
    password_change_owed BOOLEAN NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE op_refresh (
    hash BYTEA NOT NULL,
    session BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (hash)
);

CREATE TABLE password_verifiers (
    person BYTEA NOT NULL,
    record TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (person)
);

CREATE TABLE wrapped_keys (
    person BYTEA NOT NULL,
    record TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (person)
);

CREATE TABLE receipts (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    key_hash BIGINT NOT NULL,
    principal BYTEA NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    hmac BYTEA NOT NULL,
    answer TEXT COLLATE "C" NOT NULL,
    heads TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE log_pending (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    link BYTEA NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    record_kind TEXT COLLATE "C",
    record_id BYTEA,
    seq BIGINT NOT NULL
);

CREATE TABLE lockouts (
    person BYTEA NOT NULL,
    failures BIGINT NOT NULL,
    locked_at BIGINT,
    PRIMARY KEY (person)
);

CREATE TABLE contacts (
    person BYTEA NOT NULL,
    data TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (person)
);

CREATE TABLE op_lane (
    id BIGINT PRIMARY KEY,
    owner BYTEA NOT NULL
);

-- For lists and the audit trail.

CREATE INDEX journal_at ON journal (at);
CREATE INDEX journal_actor ON journal (actor, at);
CREATE INDEX access_log_at ON access_log (at);
CREATE INDEX runs_phase ON runs (purpose, phase);
CREATE INDEX lots_run ON lots (run);
CREATE INDEX lots_folded ON lots (folded);
CREATE INDEX lots_drawn ON lots (drawn);
CREATE INDEX foreign_lots_folded ON foreign_lots (folded);
CREATE INDEX foreign_lots_drawn ON foreign_lots (drawn);
CREATE INDEX receipts_key ON receipts (key_hash);
CREATE INDEX sessions_person ON sessions (person);
CREATE INDEX op_refresh_session ON op_refresh (session);

-- The engine refuses to forget. ALWAYS, because the replica role bypasses ordinary triggers.

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
ALTER TABLE journal ENABLE ALWAYS TRIGGER journal_append_only;

CREATE TRIGGER access_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
ALTER TABLE access_log ENABLE ALWAYS TRIGGER access_log_append_only;

CREATE TRIGGER tree_leaves_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tree_leaves
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
ALTER TABLE tree_leaves ENABLE ALWAYS TRIGGER tree_leaves_append_only;

CREATE TRIGGER checkpoints_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
ALTER TABLE checkpoints ENABLE ALWAYS TRIGGER checkpoints_append_only;

CREATE TRIGGER blobs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON blobs
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
ALTER TABLE blobs ENABLE ALWAYS TRIGGER blobs_append_only;
