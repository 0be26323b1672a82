-- The foundation: journal and log, derived tables, operational tables.
-- Time is µs since 1970-01-01 UTC, identities are 16 bytes, hashes 32, JSON is text in canonical form.

-- Append-only: the engine itself refuses UPDATE, DELETE and TRUNCATE (see the triggers below).

-- The legal record. `leaf` is the entry's place in the log of the site. `header`, `salt`, `body` and `link`:
-- what is folded, shown and verified. The other columns copy members of the header.
CREATE TABLE journal (
    leaf BIGINT PRIMARY KEY CHECK (leaf >= 0),
    record_kind TEXT COLLATE "C" NOT NULL, -- audit trail, by kind
    record_id BYTEA NOT NULL,
    seq BIGINT NOT NULL CHECK (seq >= 1),
    link BYTEA NOT NULL CHECK (length(link) = 32),
    at BIGINT NOT NULL, -- audit trail, its order
    event TEXT COLLATE "C" NOT NULL, -- audit trail, by act
    actor BYTEA, -- audit trail, by person
    salt BYTEA NOT NULL CHECK (length(salt) = 16),
    header TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    UNIQUE (record_id, seq)
);

-- Attempts, one chain in order of their leaves. The columns behind `link` copy members of `row`: they are what
-- the list of attempts is asked by.
CREATE TABLE access_log (
    leaf BIGINT PRIMARY KEY CHECK (leaf >= 0),
    link BYTEA NOT NULL CHECK (length(link) = 32),
    at BIGINT NOT NULL,
    what TEXT COLLATE "C" NOT NULL,
    user_name TEXT COLLATE "C",
    person BYTEA,
    outcome TEXT COLLATE "C" NOT NULL,
    row TEXT COLLATE "C" NOT NULL
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

-- The head of the log: one row, signed anew by every commit that adds a leaf. Who takes the lane reads it, and `verify`.

CREATE TABLE log_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    checkpoint BIGINT NOT NULL,
    size BIGINT NOT NULL,
    root BYTEA NOT NULL CHECK (length(root) = 32),
    frontier BYTEA NOT NULL,
    at BIGINT NOT NULL,
    note TEXT COLLATE "C" NOT NULL
);

-- Derived: rows(state) of the journal; `verify` compares every row.

-- Read to find a record by its number, the site's record, and the runs that are not over.
CREATE TABLE records (
    id BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C",
    phase TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (kind, number)
);

-- Read by the list of runs, by the burden of a master record, and by what looks for other batches.
CREATE TABLE runs (
    id BYTEA NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    issue_no BIGINT NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    phase TEXT COLLATE "C" NOT NULL,
    product TEXT COLLATE "C" NOT NULL,
    master_code TEXT COLLATE "C" NOT NULL,
    master_version BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    completed_at BIGINT,
    PRIMARY KEY (id),
    UNIQUE (number)
);

-- Read by the list of persons.
CREATE TABLE persons (
    id BYTEA NOT NULL,
    user_name TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    printed_name TEXT COLLATE "C" NOT NULL,
    active BOOLEAN NOT NULL,
    locked_at BIGINT,
    signing_key TEXT COLLATE "C",
    PRIMARY KEY (id),
    UNIQUE (number)
);

-- Read by the list of master records, and to find the version in effect.
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

-- Read by the list of lots, and to find a lot whose number reads alike.
CREATE TABLE lots (
    id BYTEA NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    drawn TEXT COLLATE "C" NOT NULL,
    run_number TEXT COLLATE "C" NOT NULL,
    class TEXT COLLATE "C" NOT NULL,
    product TEXT COLLATE "C" NOT NULL,
    disposition TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (number)
);

-- Read to find what quality decided on another house's lot.
CREATE TABLE foreign_lots (
    run BYTEA NOT NULL,
    lot TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    drawn TEXT COLLATE "C" NOT NULL,
    supplier TEXT COLLATE "C" NOT NULL,
    accepted BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (run, lot, supplier)
);

-- Read by the list of deviations.
CREATE TABLE deviations (
    id BYTEA NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    phase TEXT COLLATE "C" NOT NULL,
    class TEXT COLLATE "C",
    opened_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (number)
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
CREATE INDEX lots_run ON lots (run_number);
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

CREATE TRIGGER checkpoints_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
ALTER TABLE checkpoints ENABLE ALWAYS TRIGGER checkpoints_append_only;

CREATE TRIGGER blobs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON blobs
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
ALTER TABLE blobs ENABLE ALWAYS TRIGGER blobs_append_only;
