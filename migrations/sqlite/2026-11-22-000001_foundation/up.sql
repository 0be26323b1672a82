-- The foundation: journal and tree, derived tables, operational tables.
-- Time is µs since 1970-01-01 UTC, identities are 16 bytes, hashes 32, JSON is text in canonical form.

-- Append-only: the engine itself refuses UPDATE, DELETE and REPLACE (see the triggers below).

CREATE TABLE journal (
    record_kind TEXT NOT NULL,
    record_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    header TEXT NOT NULL,
    salt BLOB NOT NULL CHECK (length(salt) = 16),
    body TEXT NOT NULL,
    link BLOB NOT NULL CHECK (length(link) = 32),
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    event_version INTEGER NOT NULL,
    actor BLOB,
    user_name TEXT NOT NULL,
    role TEXT NOT NULL,
    command_id BLOB NOT NULL,
    request_id TEXT,
    PRIMARY KEY (record_id, seq),
    CHECK (seq >= 1)
);

CREATE TABLE access_log (
    seq INTEGER PRIMARY KEY,
    row TEXT NOT NULL,
    link BLOB NOT NULL CHECK (length(link) = 32),
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    user_name TEXT,
    person BLOB,
    outcome TEXT NOT NULL,
    code TEXT
);

CREATE TABLE tree_leaves (
    leaf_index INTEGER PRIMARY KEY,
    link BLOB NOT NULL CHECK (length(link) = 32),
    source TEXT NOT NULL,
    record_kind TEXT,
    record_id BLOB,
    seq INTEGER NOT NULL
);

CREATE TABLE checkpoints (
    number INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    root BLOB NOT NULL CHECK (length(root) = 32),
    at INTEGER NOT NULL,
    note TEXT NOT NULL
);

CREATE TABLE blobs (
    hash BLOB NOT NULL,
    chunk_no INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (hash, chunk_no)
);

-- Derived: rows(state) of the journal; `verify` compares every row.

CREATE TABLE records (
    kind TEXT NOT NULL,
    id BLOB NOT NULL,
    number TEXT,
    head_seq INTEGER NOT NULL,
    head_link BLOB NOT NULL,
    phase TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (kind, id),
    UNIQUE (kind, number)
) WITHOUT ROWID;

CREATE TABLE runs (
    id BLOB NOT NULL,
    number TEXT NOT NULL,
    issue_no INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    phase TEXT NOT NULL,
    product TEXT NOT NULL,
    master_id BLOB NOT NULL,
    master_code TEXT NOT NULL,
    master_version INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    completed_at INTEGER,
    corrections INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (number)
) WITHOUT ROWID;

CREATE TABLE run_steps (
    run BLOB NOT NULL,
    number TEXT NOT NULL,
    step TEXT NOT NULL,
    phase TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    started_by TEXT NOT NULL,
    completed_at INTEGER,
    completed_by TEXT,
    checked_by TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (run, step)
) WITHOUT ROWID;

CREATE TABLE run_entries (
    run BLOB NOT NULL,
    number TEXT NOT NULL,
    step TEXT NOT NULL,
    entry TEXT NOT NULL,
    version INTEGER NOT NULL,
    current INTEGER NOT NULL CHECK (current IN (0, 1)),
    value TEXT,
    unit TEXT,
    shown TEXT NOT NULL,
    verdict TEXT NOT NULL,
    person TEXT,
    at INTEGER NOT NULL,
    checked_by TEXT,
    seq INTEGER NOT NULL,
    PRIMARY KEY (run, step, entry, version)
) WITHOUT ROWID;

CREATE TABLE run_exceptions (
    run BLOB NOT NULL,
    number TEXT NOT NULL,
    no INTEGER NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    effect TEXT NOT NULL,
    step TEXT,
    entry TEXT,
    detail TEXT NOT NULL,
    at INTEGER NOT NULL,
    person TEXT NOT NULL,
    triage TEXT,
    triaged_at INTEGER,
    PRIMARY KEY (run, no)
) WITHOUT ROWID;

CREATE TABLE run_holds (
    run BLOB NOT NULL,
    number TEXT NOT NULL,
    no INTEGER NOT NULL,
    scope TEXT NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    person TEXT NOT NULL,
    lifted_by_authority TEXT NOT NULL,
    lifted_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (run, no)
) WITHOUT ROWID;

CREATE TABLE persons (
    id BLOB NOT NULL,
    user_name TEXT NOT NULL,
    number TEXT NOT NULL,
    printed_name TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    locked_at INTEGER,
    must_change_password INTEGER NOT NULL CHECK (must_change_password IN (0, 1)),
    service INTEGER NOT NULL CHECK (service IN (0, 1)),
    signing_key TEXT,
    grants TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (number)
) WITHOUT ROWID;

CREATE TABLE masters (
    id BLOB NOT NULL,
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    product TEXT NOT NULL,
    phase TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    effective_from INTEGER,
    superseded_from INTEGER,
    PRIMARY KEY (id),
    UNIQUE (code, version)
) WITHOUT ROWID;

CREATE TABLE lots (
    id BLOB NOT NULL,
    number TEXT NOT NULL,
    folded TEXT NOT NULL,
    drawn TEXT NOT NULL,
    run BLOB NOT NULL,
    run_number TEXT NOT NULL,
    output TEXT NOT NULL,
    class TEXT NOT NULL,
    material TEXT NOT NULL,
    quantity TEXT NOT NULL,
    unit TEXT NOT NULL,
    product TEXT NOT NULL,
    disposition TEXT NOT NULL,
    decided_at INTEGER,
    PRIMARY KEY (id),
    UNIQUE (number)
) WITHOUT ROWID;

CREATE TABLE foreign_lots (
    run BLOB NOT NULL,
    number TEXT NOT NULL,
    lot TEXT NOT NULL,
    folded TEXT NOT NULL,
    drawn TEXT NOT NULL,
    supplier TEXT NOT NULL,
    document TEXT NOT NULL,
    accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),
    at INTEGER NOT NULL,
    PRIMARY KEY (run, lot, supplier)
) WITHOUT ROWID;

CREATE TABLE deviations (
    id BLOB NOT NULL,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    phase TEXT NOT NULL,
    class TEXT,
    opened_at INTEGER NOT NULL,
    runs TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (number)
) WITHOUT ROWID;

CREATE TABLE record_signatures (
    kind TEXT NOT NULL,
    id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    person BLOB NOT NULL,
    meaning TEXT NOT NULL,
    printed_name TEXT NOT NULL,
    user_name TEXT NOT NULL,
    role TEXT NOT NULL,
    at INTEGER NOT NULL,
    voided INTEGER NOT NULL CHECK (voided IN (0, 1)),
    PRIMARY KEY (kind, id, seq, person, meaning)
) WITHOUT ROWID;

-- Operational: never evidence.

CREATE TABLE sessions (
    id BLOB NOT NULL,
    person BLOB NOT NULL,
    station TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    revoked_at INTEGER,
    full_signing_at INTEGER,
    password_change_owed INTEGER NOT NULL CHECK (password_change_owed IN (0, 1)),
    PRIMARY KEY (id)
) WITHOUT ROWID;

CREATE TABLE op_refresh (
    hash BLOB NOT NULL,
    session BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (hash)
) WITHOUT ROWID;

CREATE TABLE password_verifiers (
    person BLOB NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (person)
) WITHOUT ROWID;

CREATE TABLE wrapped_keys (
    person BLOB NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (person)
) WITHOUT ROWID;

CREATE TABLE receipts (
    id INTEGER PRIMARY KEY,
    key_hash INTEGER NOT NULL,
    principal BLOB NOT NULL,
    key TEXT NOT NULL,
    hmac BLOB NOT NULL,
    answer TEXT NOT NULL,
    heads TEXT NOT NULL,
    at INTEGER NOT NULL
);

CREATE TABLE log_pending (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    link BLOB NOT NULL,
    source TEXT NOT NULL,
    record_kind TEXT,
    record_id BLOB,
    seq INTEGER NOT NULL
);

CREATE TABLE lockouts (
    person BLOB NOT NULL,
    failures INTEGER NOT NULL,
    locked_at INTEGER,
    PRIMARY KEY (person)
) WITHOUT ROWID;

CREATE TABLE contacts (
    person BLOB NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (person)
) WITHOUT ROWID;

CREATE TABLE op_lane (
    id INTEGER PRIMARY KEY,
    owner BLOB NOT NULL
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

-- The engine refuses to forget. INSERT OR REPLACE slips past a delete trigger, so it has a guard of its own.

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;

CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE record_id = NEW.record_id AND seq = NEW.seq) OR EXISTS (SELECT 1 FROM journal WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;

CREATE TRIGGER access_log_no_update BEFORE UPDATE ON access_log
BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END;

CREATE TRIGGER access_log_no_delete BEFORE DELETE ON access_log
BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END;

CREATE TRIGGER access_log_no_replace BEFORE INSERT ON access_log
WHEN EXISTS (SELECT 1 FROM access_log WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END;

CREATE TRIGGER tree_leaves_no_update BEFORE UPDATE ON tree_leaves
BEGIN SELECT RAISE(ABORT, 'tree_leaves is append-only'); END;

CREATE TRIGGER tree_leaves_no_delete BEFORE DELETE ON tree_leaves
BEGIN SELECT RAISE(ABORT, 'tree_leaves is append-only'); END;

CREATE TRIGGER tree_leaves_no_replace BEFORE INSERT ON tree_leaves
WHEN EXISTS (SELECT 1 FROM tree_leaves WHERE leaf_index = NEW.leaf_index)
BEGIN SELECT RAISE(ABORT, 'tree_leaves is append-only'); END;

CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints is append-only'); END;

CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints is append-only'); END;

CREATE TRIGGER checkpoints_no_replace BEFORE INSERT ON checkpoints
WHEN EXISTS (SELECT 1 FROM checkpoints WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'checkpoints is append-only'); END;

CREATE TRIGGER blobs_no_update BEFORE UPDATE ON blobs
BEGIN SELECT RAISE(ABORT, 'blobs is append-only'); END;

CREATE TRIGGER blobs_no_delete BEFORE DELETE ON blobs
BEGIN SELECT RAISE(ABORT, 'blobs is append-only'); END;

CREATE TRIGGER blobs_no_replace BEFORE INSERT ON blobs
WHEN EXISTS (SELECT 1 FROM blobs WHERE hash = NEW.hash AND chunk_no = NEW.chunk_no) OR EXISTS (SELECT 1 FROM blobs WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'blobs is append-only'); END;
