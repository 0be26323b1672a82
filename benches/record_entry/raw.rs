//! The raw limit: one thread, groups of rows, one durable commit each, nothing else.

use crate::house::engine::{Database, Engine};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::time::{Duration, Instant};

diesel::table! {
    raw (record_id, seq) {
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

/// A row of the journal.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = raw)]
pub struct Row {
    record_kind: String,
    record_id: Vec<u8>,
    seq: i64,
    header: String,
    salt: Vec<u8>,
    body: String,
    link: Vec<u8>,
    at: i64,
    event: String,
    event_version: i64,
    actor: Option<Vec<u8>>,
    user_name: String,
    role: String,
    command_id: Vec<u8>,
    request_id: Option<String>,
}

impl Row {
    /// What it holds, in bytes.
    pub fn bytes(&self) -> usize {
        let texts = [&self.record_kind, &self.header, &self.body, &self.event, &self.user_name];
        let blobs = [&self.record_id, &self.salt, &self.link, &self.command_id];
        texts.iter().map(|text| text.len()).sum::<usize>()
            + blobs.iter().map(|blob| blob.len()).sum::<usize>()
            + self.actor.as_ref().map_or(0, Vec::len)
            + self.request_id.as_ref().map_or(0, String::len)
            + self.role.len()
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
        journal::table.filter(journal::event.eq("run.entry-recorded")).order(journal::at.desc());
    match database.engine {
        Engine::Sqlite => recorded.first(&mut sqlite(database)).expect("a recorded entry"),
        Engine::Postgres => recorded.first(&mut postgres(database)).expect("a recorded entry"),
    }
}

const TABLE: &str = "CREATE TABLE raw (
    record_kind TEXT NOT NULL, record_id BINARY NOT NULL, seq BIGINT NOT NULL, header TEXT NOT NULL,
    salt BINARY NOT NULL, body TEXT NOT NULL, link BINARY NOT NULL, at BIGINT NOT NULL,
    event TEXT NOT NULL, event_version BIGINT NOT NULL, actor BINARY, user_name TEXT NOT NULL,
    role TEXT NOT NULL, command_id BINARY NOT NULL, request_id TEXT, PRIMARY KEY (record_id, seq))";

/// Rows a second that one thread makes durable, `rows` a commit.
pub fn rate(engine: Engine, sample: &Row, rows: u32, time: Duration) -> f64 {
    let database = Database::empty(engine);
    let mut row = sample.clone();
    row.seq = 0;
    let mut group = move || {
        let next = |_| {
            row.seq += 1;
            row.clone()
        };
        (0..rows).map(next).collect::<Vec<Row>>()
    };
    match engine {
        Engine::Sqlite => {
            let mut conn = sqlite(&database);
            conn.batch_execute(&TABLE.replace("BINARY", "BLOB")).expect("a table");
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
            conn.batch_execute(&TABLE.replace("BINARY", "BYTEA")).expect("a table");
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
