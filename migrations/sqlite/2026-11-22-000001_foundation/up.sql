-- The foundation: journal and log, operational tables.
-- Time is µs since 1970-01-01 UTC, identities are 16 bytes, hashes 32, JSON is text in canonical form.

-- Append-only: the engine itself refuses UPDATE, DELETE and REPLACE (see the triggers below).

-- The legal record. `leaf` is the entry's place in the log of the site. `header`, `salt`, `body` and `link`:
-- what is folded, shown and verified. The other columns copy members of the header.
CREATE TABLE journal (
    leaf INTEGER PRIMARY KEY CHECK (leaf >= 0),
    record_kind TEXT NOT NULL, -- audit trail, by kind
    record_id BLOB NOT NULL,
    seq INTEGER NOT NULL CHECK (seq >= 1),
    link BLOB NOT NULL CHECK (length(link) = 32),
    at INTEGER NOT NULL, -- audit trail, its order
    event TEXT NOT NULL, -- audit trail, by act
    actor BLOB, -- who acted; everybody in an entry stands in `mentioned`
    salt BLOB NOT NULL CHECK (length(salt) = 16),
    header TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (record_id, seq)
);

-- Attempts, one chain in order of their leaves. The columns behind `link` copy members of `row`: they are what
-- the list of attempts is asked by.
CREATE TABLE access_log (
    leaf INTEGER PRIMARY KEY CHECK (leaf >= 0),
    link BLOB NOT NULL CHECK (length(link) = 32),
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    user_name TEXT,
    person BLOB,
    outcome TEXT NOT NULL,
    row TEXT NOT NULL
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

-- The head of the log: one row, signed anew by every commit that adds a leaf. Who takes the lane reads it, and `verify`.

CREATE TABLE log_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    checkpoint INTEGER NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL CHECK (length(root) = 32),
    frontier BLOB NOT NULL,
    at INTEGER NOT NULL,
    note TEXT NOT NULL
);

-- The derived tables are made from what the nouns declare (`store/noun`).

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

CREATE INDEX journal_at ON journal (at, leaf);
CREATE INDEX journal_event ON journal (event, at, leaf);
CREATE INDEX access_log_at ON access_log (at);
CREATE INDEX receipts_key ON receipts (key_hash);
CREATE INDEX sessions_person ON sessions (person);
CREATE INDEX op_refresh_session ON op_refresh (session);

-- The engine refuses to forget. INSERT OR REPLACE slips past a delete trigger, so it has a guard of its own.

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;

CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE leaf = NEW.leaf) OR EXISTS (SELECT 1 FROM journal WHERE record_id = NEW.record_id AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;

CREATE TRIGGER access_log_no_update BEFORE UPDATE ON access_log
BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END;

CREATE TRIGGER access_log_no_delete BEFORE DELETE ON access_log
BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END;

CREATE TRIGGER access_log_no_replace BEFORE INSERT ON access_log
WHEN EXISTS (SELECT 1 FROM access_log WHERE leaf = NEW.leaf)
BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END;

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
