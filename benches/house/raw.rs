//! The raw limit: the rows that the program really writes for one entry, written by plain prepared
//! statements in groups, one durable commit each, and nothing else.
//!
//! Which rows these are is asked of the database: it grows by entries, and what grew with them is read
//! back. Each table is made again with its columns and its primary key, without further indexes and
//! triggers; rows are of the size of real ones. What is only updated is not counted.

use crate::kit::engine::{Conn, Database, Engine};
use crate::kit::process;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text, Untyped};
use diesel::sqlite::Sqlite;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Rows of a raw group: as many orders as the lane commits at once.
pub const GROUP: usize = 64;

/// So many tables can grow with one entry.
const TABLES: usize = 8;

/// A column's value.
#[derive(Debug, Clone)]
enum Value {
    Number(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Truth(Option<bool>),
}

/// A table, and the rows that one entry leaves in it.
#[derive(Debug, Clone)]
struct Table {
    name: String,
    /// Name and type as declared.
    columns: Vec<(String, String)>,
    key: Vec<usize>,
    without_rowid: bool,
    row: Vec<Value>,
    rows: usize,
}

/// What one entry writes.
pub struct Written {
    engine: Engine,
    tables: Vec<Table>,
}

/// How many rows each table has.
pub fn counts(database: &Database) -> BTreeMap<String, i64> {
    let mut conn = database.connect();
    let names = match database.engine {
        Engine::Sqlite => {
            "SELECT name AS shown FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
        Engine::Postgres => {
            "SELECT tablename::text AS shown FROM pg_tables WHERE schemaname = 'public'"
        }
    };
    let names = conn.texts(names);
    let count = |name: String| {
        let n = conn.number(&format!("SELECT count(*) AS n FROM {name}"));
        (name, n)
    };
    names.into_iter().map(count).collect()
}

impl Written {
    /// What grew by `entries` entries since the tables were counted.
    pub fn since(before: &BTreeMap<String, i64>, database: &Database, entries: usize) -> Self {
        let mut tables = Vec::new();
        for (name, now) in counts(database) {
            let grown = now - before.get(&name).copied().unwrap_or_default();
            let grown = usize::try_from(grown).unwrap_or_default();
            // Rounded: a start and a completion stand among fifty entries.
            let rows = (grown + entries / 2) / entries;
            if rows > 0 {
                tables.push(Table::read(database, &name, rows));
            }
        }
        assert!(!tables.is_empty() && tables.len() <= TABLES, "{} tables grew", tables.len());
        Self { engine: database.engine, tables }
    }

    /// In words: table by table, rows and bytes.
    pub fn shown(&self) -> String {
        let each = self
            .tables
            .iter()
            .map(|table| format!("{} × {} of {} bytes", table.rows, table.name, table.bytes()));
        each.collect::<Vec<_>>().join(", ")
    }
}

impl Table {
    fn read(database: &Database, name: &str, rows: usize) -> Self {
        let mut conn = database.connect();
        let (columns, key) = columns(&mut conn, name);
        let without_rowid = match database.engine {
            Engine::Sqlite => {
                let sql = format!(
                    "SELECT coalesce(sql, '') AS shown FROM sqlite_master WHERE name = '{name}'"
                );
                conn.texts(&sql).concat().to_uppercase().contains("WITHOUT ROWID")
            }
            Engine::Postgres => false,
        };
        let newest = match database.engine {
            Engine::Sqlite if without_rowid => "",
            Engine::Sqlite => "ORDER BY rowid DESC",
            Engine::Postgres => "ORDER BY ctid DESC",
        };
        let row = typical(&mut conn, name, &columns, newest);
        Self { name: name.to_owned(), columns, key, without_rowid, row, rows }
    }

    fn bytes(&self) -> usize {
        let of = |value: &Value| match value {
            Value::Number(_) => 8,
            Value::Text(text) => text.as_ref().map_or(0, String::len),
            Value::Bytes(bytes) => bytes.as_ref().map_or(0, Vec::len),
            Value::Truth(_) => 1,
        };
        self.row.iter().map(of).sum()
    }

    fn create(&self) -> String {
        let columns = self.columns.iter().map(|(name, kind)| format!("{name} {kind}"));
        let mut parts: Vec<String> = columns.collect();
        if !self.key.is_empty() {
            let key: Vec<&str> = self.key.iter().map(|at| self.columns[*at].0.as_str()).collect();
            parts.push(format!("PRIMARY KEY ({})", key.join(", ")));
        }
        let tail = if self.without_rowid { " WITHOUT ROWID" } else { "" };
        format!("CREATE TABLE {} ({}){tail}", self.name, parts.join(", "))
    }

    /// The typical row under a key that no other has: its last number counts, else its last bytes.
    fn numbered(&self, no: i64) -> Vec<Value> {
        let mut row = self.row.clone();
        let is_number = |at: &&usize| matches!(row[**at], Value::Number(_));
        let at = self.key.iter().rfind(is_number).or(self.key.last());
        match at.map(|at| &mut row[*at]) {
            Some(Value::Number(number)) => *number = Some(no),
            Some(Value::Bytes(Some(bytes))) => {
                let number = no.to_be_bytes();
                let (all, last) = (bytes.len(), bytes.len().min(number.len()));
                bytes[all - last..].copy_from_slice(&number[number.len() - last..]);
            }
            Some(Value::Text(Some(text))) => *text = format!("{text}-{no:012}"),
            Some(_) | None => {}
        }
        row
    }
}

/// Columns with their types, and which make the key.
fn columns(conn: &mut Conn, table: &str) -> (Vec<(String, String)>, Vec<usize>) {
    let sql = match conn {
        Conn::Sqlite(_) => format!(
            "SELECT name || ' ' || type || ' ' || pk AS shown FROM pragma_table_info('{table}') ORDER BY cid"
        ),
        Conn::Postgres(_) => format!(
            "SELECT a.attname || ' ' || replace(format_type(a.atttypid, a.atttypmod), ' ', '_') || ' '
                 || coalesce(array_position(i.indkey::int2[], a.attnum), -1) + 1 AS shown
             FROM pg_attribute a
             LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
             WHERE a.attrelid = '{table}'::regclass AND a.attnum > 0 AND NOT a.attisdropped
             ORDER BY a.attnum"
        ),
    };
    let mut all = Vec::new();
    let mut key: Vec<(usize, usize)> = Vec::new();
    for (at, line) in conn.texts(&sql).iter().enumerate() {
        let parts: Vec<&str> = line.split(' ').collect();
        let [name, kind, place] = parts[..] else { panic!("column {line:?} of {table}") };
        all.push((name.to_owned(), kind.replace('_', " ")));
        let place: usize = place.parse().expect("a place in the key");
        if place > 0 {
            key.push((place, at));
        }
    }
    key.sort_unstable();
    (all, key.into_iter().map(|(_, at)| at).collect())
}

/// Of the newest rows the one of median size.
fn typical(conn: &mut Conn, table: &str, columns: &[(String, String)], newest: &str) -> Vec<Value> {
    let engine = match conn {
        Conn::Sqlite(_) => Engine::Sqlite,
        Conn::Postgres(_) => Engine::Postgres,
    };
    let parts: Vec<String> = columns
        .iter()
        .map(|(name, kind)| match (engine, is_bytes(kind)) {
            (Engine::Sqlite, true) => format!("hex({name})"),
            (Engine::Postgres, true) => format!("encode({name}, 'hex')"),
            (_, false) => name.clone(),
        })
        .collect();
    let parts = parts.join(", ");
    let row = match engine {
        Engine::Sqlite => format!("json_array({parts})"),
        Engine::Postgres => format!("json_build_array({parts})::text"),
    };
    let sql = format!("SELECT {row} AS shown FROM {table} {newest} LIMIT 200");
    let mut rows = conn.texts(&sql);
    rows.sort_by_key(String::len);
    let row: Vec<Json> = serde_json::from_str(&rows[rows.len() / 2]).expect("a row as JSON");
    row.iter().zip(columns).map(|(value, (_, kind))| Value::read(kind, value)).collect()
}

fn is_bytes(kind: &str) -> bool {
    ["BLOB", "BYTEA", "BINARY"].contains(&kind.to_uppercase().as_str())
}

impl Value {
    fn read(kind: &str, value: &Json) -> Self {
        if is_bytes(kind) {
            return Self::Bytes(value.as_str().map(|text| hex::decode(text).expect("hex")));
        }
        match value {
            Json::Bool(truth) => Self::Truth(Some(*truth)),
            Json::Number(number) => Self::Number(number.as_i64()),
            Json::Null if kind.to_uppercase().contains("BOOL") => Self::Truth(None),
            Json::Null if kind.to_uppercase().contains("INT") => Self::Number(None),
            Json::Null => Self::Text(None),
            other => Self::Text(Some(other.as_str().expect("a text").to_owned())),
        }
    }
}

/// Rows into the `T`th table: one statement for each table, prepared once.
struct Insert<'r, const T: usize> {
    front: &'r str,
    rows: &'r [Vec<Value>],
}

/// What the prepared statement is found by.
struct Statement<const T: usize>;

impl<const T: usize> QueryId for Insert<'_, T> {
    type QueryId = Statement<T>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<const T: usize> Query for Insert<'_, T> {
    type SqlType = Untyped;
}

impl<const T: usize> RunQueryDsl<SqliteConnection> for Insert<'_, T> {}
impl<const T: usize> RunQueryDsl<PgConnection> for Insert<'_, T> {}

/// Both engines bind the same types; only the name of the engine differs.
macro_rules! insert_on {
    ($engine:ty) => {
        impl<const T: usize> QueryFragment<$engine> for Insert<'_, T> {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $engine>) -> QueryResult<()> {
                out.push_sql(self.front);
                for (no, row) in self.rows.iter().enumerate() {
                    out.push_sql(if no == 0 { "(" } else { ", (" });
                    for (at, value) in row.iter().enumerate() {
                        if at > 0 {
                            out.push_sql(", ");
                        }
                        match value {
                            Value::Number(n) => out.push_bind_param::<Nullable<BigInt>, _>(n)?,
                            Value::Text(t) => out.push_bind_param::<Nullable<Text>, _>(t)?,
                            Value::Bytes(b) => out.push_bind_param::<Nullable<Binary>, _>(b)?,
                            Value::Truth(t) => out.push_bind_param::<Nullable<Bool>, _>(t)?,
                        }
                    }
                    out.push_sql(")");
                }
                Ok(())
            }
        }
    };
}

insert_on!(Sqlite);
insert_on!(Pg);

/// A database of raw tables that grows round by round, as the lane's does.
pub struct Raw {
    written: Written,
    _database: Database,
    conn: Conn,
    fronts: Vec<String>,
    no: i64,
}

/// What the raw writer did.
pub struct RawRate {
    /// Entries a second.
    pub rate: f64,
    /// Processor time of the writing thread for each entry, in µs.
    pub cpu: f64,
}

impl Raw {
    pub fn of(written: Written) -> Self {
        let database = Database::empty(written.engine);
        let mut conn = database.connect();
        conn.run(match written.engine {
            // As the lane sets them.
            Engine::Sqlite => {
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                 PRAGMA cache_size = -4000; PRAGMA wal_autocheckpoint = 4000;"
            }
            Engine::Postgres => "SET synchronous_commit = on",
        });
        let front = |table: &Table| format!("INSERT INTO {} VALUES ", table.name);
        let fronts = written.tables.iter().map(front).collect();
        written.tables.iter().for_each(|table| conn.run(&table.create()));
        Self { written, _database: database, conn, fronts, no: 0 }
    }

    pub fn shown(&self) -> String {
        self.written.shown()
    }

    /// Writes for a time.
    pub fn rate(&mut self, time: Duration) -> RawRate {
        let before = process::threads(None).total();
        let begin = Instant::now();
        let mut done = 0.0;
        while begin.elapsed() < time {
            self.group();
            done += f64::from(u32::try_from(GROUP).expect("small"));
        }
        let rate = done / begin.elapsed().as_secs_f64();
        let cpu = (process::threads(None).total() - before) / done * 1e6;
        RawRate { rate, cpu }
    }

    fn group(&mut self) {
        let Self { written, conn, fronts, no, .. } = self;
        conn.run(if written.engine == Engine::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" });
        for (at, table) in written.tables.iter().enumerate() {
            let numbered = |_| {
                *no += 1;
                table.numbered(*no)
            };
            let rows: Vec<Vec<Value>> = (0..GROUP * table.rows).map(numbered).collect();
            insert(conn, at, &fronts[at], &rows);
        }
        conn.run("COMMIT");
    }
}

fn insert(conn: &mut Conn, table: usize, front: &str, rows: &[Vec<Value>]) {
    match table {
        0 => insert_into::<0>(conn, front, rows),
        1 => insert_into::<1>(conn, front, rows),
        2 => insert_into::<2>(conn, front, rows),
        3 => insert_into::<3>(conn, front, rows),
        4 => insert_into::<4>(conn, front, rows),
        5 => insert_into::<5>(conn, front, rows),
        6 => insert_into::<6>(conn, front, rows),
        7 => insert_into::<7>(conn, front, rows),
        more => panic!("table {more} of at most {TABLES}"),
    }
}

/// SQLite steps one prepared row after another; PostgreSQL takes a group in one statement.
fn insert_into<const T: usize>(conn: &mut Conn, front: &str, rows: &[Vec<Value>]) {
    let done = match conn {
        Conn::Sqlite(conn) => rows
            .chunks(1)
            .try_for_each(|rows| Insert::<T> { front, rows }.execute(conn).map(|_| ())),
        Conn::Postgres(conn) => Insert::<T> { front, rows }.execute(conn).map(|_| ()),
    };
    done.unwrap_or_else(|e| panic!("{front}: {e}"));
}
