//! Reads the append-only tables as bytes, so that a row nobody could decode is a finding, not an error.

use crate::domain::ids::RecordKey;
use crate::seal::digest;
use crate::seal::entry::Header;
use crate::seal::verify::{
    AccessRowStored, BlobRow, CheckpointRow, Column, JournalRow, LeafRow, LeafSource, Verifier,
};
use crate::store::blobs;
use crate::store::db::Db;
use crate::store::fault::StoreError;
use crate::store::schema::log_pending;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many rows are held at once.
const PAGE: i64 = 10_000;

/// The records found: kind and identity.
pub(super) type Records = BTreeMap<Uuid, RecordKey>;

type Bytes = Option<Vec<u8>>;

#[derive(QueryableByName)]
struct Raw {
    #[diesel(sql_type = Nullable<BigInt>)]
    i0: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    i1: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    i2: Option<i64>,
    #[diesel(sql_type = Nullable<Binary>)]
    b0: Bytes,
    #[diesel(sql_type = Nullable<Binary>)]
    b1: Bytes,
    #[diesel(sql_type = Nullable<Binary>)]
    b2: Bytes,
    #[diesel(sql_type = Nullable<Binary>)]
    b3: Bytes,
    #[diesel(sql_type = Nullable<Binary>)]
    b4: Bytes,
    #[diesel(sql_type = Nullable<Binary>)]
    b5: Bytes,
    #[diesel(sql_type = Nullable<Binary>)]
    b6: Bytes,
    #[diesel(sql_type = Nullable<Binary>)]
    b7: Bytes,
    #[diesel(sql_type = Nullable<Binary>)]
    b8: Bytes,
    #[diesel(sql_type = Nullable<Binary>)]
    b9: Bytes,
    #[diesel(sql_type = Nullable<Binary>)]
    b10: Bytes,
    #[diesel(sql_type = Nullable<Binary>)]
    b11: Bytes,
}

/// A select of up to three whole numbers and twelve columns as bytes (`t:` marks text). SQLite lets any
/// type stand in any column: what is not a whole number comes as NULL, never rounded to one.
fn select(conn: &Db, whole: &[&str], bytes: &[&str], rest: &str) -> String {
    let mut parts = Vec::new();
    for n in 0..3 {
        let column = whole.get(n).copied().unwrap_or("NULL");
        parts.push(match conn {
            Db::Sqlite(_) => {
                format!("CASE WHEN typeof({column}) = 'integer' THEN {column} END AS i{n}")
            }
            Db::Postgres(_) => format!("CAST({column} AS BIGINT) AS i{n}"),
        });
    }
    for n in 0..12 {
        let column = bytes.get(n).copied();
        let expression = match (column, conn) {
            (None, Db::Sqlite(_)) => "NULL".to_owned(),
            (None, Db::Postgres(_)) => "NULL::bytea".to_owned(),
            (Some(c), Db::Sqlite(_)) => format!("CAST({} AS BLOB)", c.trim_start_matches("t:")),
            (Some(c), Db::Postgres(_)) => match c.strip_prefix("t:") {
                Some(text) => format!("convert_to({text}, 'UTF8')"),
                None => c.to_owned(),
            },
        };
        parts.push(format!("{expression} AS b{n}"));
    }
    format!("SELECT {} {rest}", parts.join(", "))
}

fn text(bytes: &Bytes) -> String {
    bytes.as_deref().map(String::from_utf8_lossy).unwrap_or_default().into_owned()
}

fn text_value(bytes: &Bytes) -> Value {
    bytes.as_ref().map_or(Value::Null, |_| Value::String(text(bytes)))
}

fn id_value(bytes: &Bytes) -> Value {
    match bytes {
        None => Value::Null,
        Some(bytes) => Value::String(
            Uuid::from_slice(bytes).map_or_else(|_| hex::encode(bytes), |id| id.to_string()),
        ),
    }
}

fn number(n: Option<i64>) -> Option<u64> {
    n.and_then(|n| u64::try_from(n).ok())
}

/// Feeds every append-only table to the verifier; gives the records of the journal.
pub(super) fn feed(conn: &mut Db, verifier: &mut Verifier) -> Result<Records, StoreError> {
    let records = journal(conn, verifier)?;
    access_log(conn, verifier)?;
    leaves(conn, verifier)?;
    checkpoints(conn, verifier)?;
    stored_blobs(conn, verifier)?;
    let waiting: Vec<Vec<u8>> = log_pending::table.select(log_pending::link).load(conn)?;
    verifier.awaiting(waiting.into_iter().filter_map(|link| link.try_into().ok()).collect());
    Ok(records)
}

fn journal(conn: &mut Db, verifier: &mut Verifier) -> Result<Records, StoreError> {
    let whole = ["seq", "at", "event_version"];
    let bytes = [
        "t:record_kind",
        "record_id",
        "t:header",
        "salt",
        "t:body",
        "link",
        "t:event",
        "actor",
        "t:user_name",
        "t:role",
        "command_id",
        "t:request_id",
    ];
    let mut records = Records::new();
    let mut offset = 0;
    loop {
        let rest = format!("FROM journal ORDER BY record_id, seq LIMIT {PAGE} OFFSET {offset}");
        let rows: Vec<Raw> = diesel::sql_query(select(conn, &whole, &bytes, &rest)).load(conn)?;
        let last = i64::try_from(rows.len()).unwrap_or(PAGE) < PAGE;
        for row in rows {
            journal_row(row, &mut records, verifier);
        }
        if last {
            return Ok(records);
        }
        offset += PAGE;
    }
}

fn journal_row(row: Raw, records: &mut Records, verifier: &mut Verifier) {
    let kind = text(&row.b0);
    let place = format!(
        "{kind} {} entry {}",
        id_value(&row.b1).as_str().unwrap_or("?"),
        row.i0.unwrap_or(-1)
    );
    let id = row.b1.as_deref().and_then(|id| Uuid::from_slice(id).ok());
    let (Some(id), Some(seq)) = (id, number(row.i0)) else {
        verifier.unreadable("journal", &place, "record or sequence is not one");
        return;
    };
    if let Ok(parsed) = kind.parse() {
        records.insert(id, RecordKey::new(parsed, id));
    }
    let column = |name, path, value| Column { name, path, value };
    verifier.entry(&JournalRow {
        row: place,
        record_kind: kind,
        record_id: id,
        seq,
        header: row.b2.unwrap_or_default(),
        salt: row.b3.unwrap_or_default(),
        body: row.b4.unwrap_or_default(),
        link: row.b5.unwrap_or_default(),
        copies: vec![
            column("at", "at", row.i1.map_or(Value::Null, Value::from)),
            column("event", "event.name", text_value(&row.b6)),
            column("event_version", "event.version", row.i2.map_or(Value::Null, Value::from)),
            column("actor", "actor.person", id_value(&row.b7)),
            column("user_name", "actor.user_name", text_value(&row.b8)),
            column("role", "role", text_value(&row.b9)),
            column("command_id", "command.id", id_value(&row.b10)),
            column("request_id", "request_id", text_value(&row.b11)),
        ],
    });
}

fn access_log(conn: &mut Db, verifier: &mut Verifier) -> Result<(), StoreError> {
    // `row` is quoted: it is a word of PostgreSQL's own.
    let bytes = ["t:\"row\"", "link", "t:what", "t:user_name", "person", "t:outcome", "t:code"];
    let mut offset = 0;
    loop {
        let rest = format!("FROM access_log ORDER BY seq LIMIT {PAGE} OFFSET {offset}");
        let rows: Vec<Raw> =
            diesel::sql_query(select(conn, &["seq", "at"], &bytes, &rest)).load(conn)?;
        let last = i64::try_from(rows.len()).unwrap_or(PAGE) < PAGE;
        for row in rows {
            access_row(row, verifier);
        }
        if last {
            return Ok(());
        }
        offset += PAGE;
    }
}

fn access_row(row: Raw, verifier: &mut Verifier) {
    let place = format!("access row {}", row.i0.unwrap_or(-1));
    let Some(seq) = number(row.i0) else {
        verifier.unreadable("access_log", &place, "the sequence is not one");
        return;
    };
    let column = |name, path, value| Column { name, path, value };
    verifier.access(&AccessRowStored {
        row: place,
        seq,
        bytes: row.b0.unwrap_or_default(),
        link: row.b1.unwrap_or_default(),
        copies: vec![
            column("at", "at", row.i1.map_or(Value::Null, Value::from)),
            column("what", "what", text_value(&row.b2)),
            column("user_name", "user_name", text_value(&row.b3)),
            column("person", "person", id_value(&row.b4)),
            column("outcome", "outcome", text_value(&row.b5)),
            column("code", "code", text_value(&row.b6)),
        ],
    });
}

fn leaves(conn: &mut Db, verifier: &mut Verifier) -> Result<(), StoreError> {
    let mut offset = 0;
    loop {
        let rest = format!("FROM tree_leaves ORDER BY leaf_index LIMIT {PAGE} OFFSET {offset}");
        let bytes = ["link", "t:source", "t:record_kind", "record_id"];
        let query = select(conn, &["leaf_index", "seq"], &bytes, &rest);
        let rows: Vec<Raw> = diesel::sql_query(query).load(conn)?;
        let last = i64::try_from(rows.len()).unwrap_or(PAGE) < PAGE;
        for row in rows {
            let Some(index) = number(row.i0) else {
                verifier.unreadable("tree_leaves", "?", "the leaf's index is not one");
                continue;
            };
            let record = row.b3.as_deref().and_then(|id| Uuid::from_slice(id).ok());
            let source = match (text(&row.b1).as_str(), record, number(row.i1)) {
                ("journal", Some(record), Some(seq)) => Some(LeafSource::Entry { record, seq }),
                ("access", None, Some(seq)) if row.b3.is_none() => Some(LeafSource::Access { seq }),
                _ => None,
            };
            verifier.leaf(&LeafRow {
                index,
                hash: row.b0.unwrap_or_default(),
                source,
                record_kind: row.b2.as_ref().map(|_| text(&row.b2)),
            });
        }
        if last {
            return Ok(());
        }
        offset += PAGE;
    }
}

fn checkpoints(conn: &mut Db, verifier: &mut Verifier) -> Result<(), StoreError> {
    let query = select(
        conn,
        &["number", "size", "at"],
        &["root", "t:note"],
        "FROM checkpoints ORDER BY number",
    );
    let rows: Vec<Raw> = diesel::sql_query(query).load(conn)?;
    for row in rows {
        let (Some(n), Some(size)) = (number(row.i0), number(row.i1)) else {
            verifier.unreadable("checkpoints", "?", "number or size is not one");
            continue;
        };
        verifier.checkpoint(&CheckpointRow {
            number: n,
            size,
            root: row.b0.clone().unwrap_or_default(),
            at: row.i2.unwrap_or(i64::MIN),
            note: text(&row.b1),
        });
    }
    Ok(())
}

fn stored_blobs(conn: &mut Db, verifier: &mut Verifier) -> Result<(), StoreError> {
    let query = select(conn, &[], &["hash"], "FROM blobs GROUP BY hash ORDER BY hash");
    let hashes: Vec<Raw> = diesel::sql_query(query).load(conn)?;
    for hash in hashes.into_iter().filter_map(|row| row.b0) {
        let text = hex::encode(&hash);
        let literal = match conn {
            Db::Sqlite(_) => format!("X'{text}'"),
            Db::Postgres(_) => format!("'\\x{text}'::bytea"),
        };
        let rest = format!("FROM blobs WHERE hash = {literal} ORDER BY chunk_no");
        let query = select(conn, &["chunk_no"], &["bytes"], &rest);
        let chunks: Vec<Raw> = diesel::sql_query(query).load(conn)?;
        if !cut_rightly(&chunks) {
            let detail = "its chunks are not those it was written in";
            verifier.unreadable("blobs", &text, detail);
        }
        let parts: Vec<&[u8]> = chunks.iter().filter_map(|c| c.b0.as_deref()).collect();
        let length = parts.iter().map(|p| p.len() as u64).sum();
        verifier.blob(&BlobRow {
            found_hash: digest::sha256(&parts),
            hash,
            length,
            found_length: length,
        });
    }
    Ok(())
}

/// Whether chunks are numbered 0, 1, 2 … and every one but the last is full: bytes that wander from one
/// row to the next would make the same blob.
fn cut_rightly(chunks: &[Raw]) -> bool {
    let length = |chunk: &Raw| chunk.b0.as_ref().map_or(0, Vec::len);
    let full = chunks.iter().rev().skip(1).all(|chunk| length(chunk) == blobs::CHUNK);
    let last = chunks.last().map_or(0, length);
    let fits = last <= blobs::CHUNK && (last > 0 || chunks.len() == 1);
    full && fits && chunks.iter().enumerate().all(|(n, c)| number(c.i0) == Some(n as u64))
}

/// Occurrence and entry of an act, for findings.
pub(super) fn describe(_: &Header, data: &Value) -> (Option<String>, Option<String>) {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let occurrence = text(&data["at"]["step"])
        .or_else(|| text(&data["step"]))
        .or_else(|| text(&data["operation"]));
    (occurrence, text(&data["at"]["entry"]))
}
