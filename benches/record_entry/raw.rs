//! The raw limit: one thread, groups of rows, one durable commit each, nothing else.

use crate::engine::{Database, Engine};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::time::{Duration, Instant};

diesel::table! {
    raw (leaf) {
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

/// A row of the journal.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = raw)]
pub struct Row {
    leaf: i64,
    record_kind: String,
    record_id: Vec<u8>,
    seq: i64,
    link: Vec<u8>,
    at: i64,
    event: String,
    actor: Option<Vec<u8>>,
    salt: Vec<u8>,
    header: String,
    body: String,
}

impl Row {
    /// What it holds, in bytes.
    pub fn bytes(&self) -> usize {
        let texts = [&self.record_kind, &self.header, &self.body, &self.event];
        let blobs = [&self.record_id, &self.salt, &self.link];
        texts.iter().map(|text| text.len()).sum::<usize>()
            + blobs.iter().map(|blob| blob.len()).sum::<usize>()
            + self.actor.as_ref().map_or(0, Vec::len)
            + 3 * 8
    }
}

fn sqlite(database: &Database) -> SqliteConnection {
    let path = database.url.trim_start_matches("sqlite:");
    let mut conn = SqliteConnection::establish(path).expect("the SQLite file");
    conn.batch_execute(
        "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 4000;",
    )
    .expect("the settings of the lane");
    conn
}

fn postgres(database: &Database) -> PgConnection {
    let mut conn = PgConnection::establish(&database.url).expect("the database");
    conn.batch_execute("SET synchronous_commit = on").expect("the settings of the lane");
    conn
}

/// An entry as the server wrote it.
pub fn sample(database: &Database) -> Row {
    let recorded =
        journal::table.filter(journal::event.eq("run.entry-recorded")).order(journal::leaf.desc());
    match database.engine {
        Engine::Sqlite => recorded.first(&mut sqlite(database)).expect("a recorded entry"),
        Engine::Postgres => recorded.first(&mut postgres(database)).expect("a recorded entry"),
    }
}

const TABLE: &str = "CREATE TABLE raw (
    leaf KEY PRIMARY KEY, record_kind TEXT NOT NULL, record_id BINARY NOT NULL, seq BIGINT NOT NULL,
    link BINARY NOT NULL, at BIGINT NOT NULL, event TEXT NOT NULL, actor BINARY, salt BINARY NOT NULL,
    header TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (record_id, seq))";

/// Rows a second that one thread makes durable, `rows` a commit.
pub fn rate(engine: Engine, sample: &Row, rows: u32, time: Duration) -> f64 {
    let database = Database::empty(engine);
    let mut row = sample.clone();
    (row.leaf, row.seq) = (0, 0);
    let mut group = move || {
        let next = |_| {
            row.leaf += 1;
            row.seq += 1;
            row.clone()
        };
        (0..rows).map(next).collect::<Vec<Row>>()
    };
    match engine {
        Engine::Sqlite => {
            let mut conn = sqlite(&database);
            conn.batch_execute(&TABLE.replace("BINARY", "BLOB").replace("KEY P", "INTEGER P"))
                .expect("a table");
            timed(rows, time, || {
                conn.batch_execute("BEGIN IMMEDIATE").expect("a transaction");
                for row in group() {
                    diesel::insert_into(raw::table).values(row).execute(&mut conn).expect("a row");
                }
                conn.batch_execute("COMMIT").expect("a commit");
            })
        }
        Engine::Postgres => {
            let mut conn = postgres(&database);
            conn.batch_execute(&TABLE.replace("BINARY", "BYTEA").replace("KEY P", "BIGINT P"))
                .expect("a table");
            timed(rows, time, || {
                conn.batch_execute("BEGIN").expect("a transaction");
                diesel::insert_into(raw::table).values(group()).execute(&mut conn).expect("rows");
                conn.batch_execute("COMMIT").expect("a commit");
            })
        }
    }
}

fn timed(rows: u32, time: Duration, mut commit: impl FnMut()) -> f64 {
    let begin = Instant::now();
    let mut done = 0.0;
    while begin.elapsed() < time {
        commit();
        done += f64::from(rows);
    }
    done / begin.elapsed().as_secs_f64()
}
