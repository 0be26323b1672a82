//! Reads the append-only tables as bytes, so that a row nobody could decode is a finding, not an error.
//! Always by the key: the next rows stand above the last.

use crate::seal::digest;
use crate::seal::entry::Header;
use crate::seal::verify::{
    AccessRowStored, BlobRow, CheckpointRow, Code, Finding, HeadRow, JournalRow, Verifier,
};
use crate::store::blobs;
use crate::store::db::{Db, on_engine};
use crate::store::fault::StoreError;
use crate::store::schema::LOG_HEAD;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable};
use serde_json::Value;
use uuid::Uuid;

type Bytes = Option<Vec<u8>>;

/// A row of any of these tables: whole numbers, the key first, and bytes.
#[derive(Queryable)]
pub(super) struct Raw {
    pub(super) i0: Option<i64>,
    pub(super) i1: Option<i64>,
    pub(super) i2: Option<i64>,
    pub(super) b0: Bytes,
    pub(super) b1: Bytes,
    pub(super) b2: Bytes,
    b3: Bytes,
    b4: Bytes,
    b5: Bytes,
    b6: Bytes,
    b7: Bytes,
}

/// A whole number that may be missing.
type Int = Nullable<BigInt>;
/// Bytes that may be missing.
type Bin = Nullable<Binary>;

/// The rows of a [`select`], their columns taken by place: a name would be looked for in each row.
pub(super) fn load(conn: &mut Db, query: String) -> Result<Vec<Raw>, StoreError> {
    let query = sql::<(Int, Int, Int, Bin, Bin, Bin, Bin, Bin, Bin, Bin, Bin)>(&query);
    Ok(on_engine!(conn, conn => query.load(conn)?))
}

impl Raw {
    /// Of a row of the journal: its key by record.
    pub(super) fn place(&self) -> Option<(Vec<u8>, i64)> {
        Some((self.b1.clone()?, self.i1?))
    }
}

/// A select of up to three whole numbers and eight columns as bytes (`t:` marks text). SQLite lets any
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
    for n in 0..8 {
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

/// The rows of a table above a key.
fn above(table: &str, key: &str, after: Option<i64>, page: usize) -> String {
    let bound = after.map_or_else(String::new, |after| format!("WHERE {key} > {after}"));
    format!("FROM {table} {bound} ORDER BY {key} LIMIT {page}")
}

/// Entries as they become leaves.
pub(super) fn leaf_select(conn: &Db, after: Option<i64>, page: usize) -> String {
    let bytes = ["link", "t:record_kind", "record_id"];
    select(conn, &["leaf", "seq", "at"], &bytes, &above("journal", "leaf", after, page))
}

/// Whole rows of the access log.
pub(super) fn access_select(conn: &Db, after: Option<i64>, page: usize) -> String {
    // `row` is quoted: it is a word of PostgreSQL's own.
    let bytes = ["t:\"row\"", "link", "t:what", "t:user_name", "person", "t:outcome"];
    select(conn, &["leaf", "at"], &bytes, &above("access_log", "leaf", after, page))
}

/// Whole rows of the checkpoints.
pub(super) fn checkpoint_select(conn: &Db, after: Option<i64>, page: usize) -> String {
    let rest = above("checkpoints", "number", after, page);
    select(conn, &["number", "size", "at"], &["root", "t:note"], &rest)
}

/// Whole rows of the journal.
pub(super) fn journal_select(conn: &Db, rest: &str) -> String {
    let bytes =
        ["t:record_kind", "record_id", "link", "t:event", "actor", "salt", "t:header", "t:body"];
    select(conn, &["leaf", "seq", "at"], &bytes, rest)
}

/// Bytes as text, for people and for what is compared as text.
pub(super) fn text(bytes: &Bytes) -> String {
    bytes.as_deref().map(String::from_utf8_lossy).unwrap_or_default().into_owned()
}

/// The same of bytes that nobody needs any more: text is not copied.
fn into_text(bytes: Bytes) -> String {
    let lossy =
        |wrong: std::string::FromUtf8Error| String::from_utf8_lossy(wrong.as_bytes()).into_owned();
    String::from_utf8(bytes.unwrap_or_default()).unwrap_or_else(lossy)
}

/// An identity, for people.
pub(super) fn id_text(bytes: &Bytes) -> String {
    let id =
        bytes.as_ref().map(|id| Uuid::from_slice(id).map_or(hex::encode(id), |id| id.to_string()));
    id.unwrap_or_else(|| "?".into())
}

/// A whole number that is none below 0.
pub(super) fn number(n: Option<i64>) -> Option<u64> {
    n.and_then(|n| u64::try_from(n).ok())
}

/// A row of the journal, when its columns are of their types.
pub(super) fn entry_row(row: Raw, verifier: &mut Verifier) -> Option<JournalRow> {
    let id = row.b1.as_deref().and_then(|id| Uuid::from_slice(id).ok());
    let (Some(leaf), Some(record_id), Some(seq)) = (number(row.i0), id, number(row.i1)) else {
        let (kind, seq) = (text(&row.b0), row.i1.unwrap_or(-1));
        let place = format!("{kind} {} entry {seq}", id_text(&row.b1));
        verifier.unreadable("journal", &place, "leaf, record or sequence is not one");
        return None;
    };
    Some(JournalRow {
        leaf,
        record_kind: into_text(row.b0),
        record_id,
        seq,
        link: row.b2.unwrap_or_default(),
        at: row.i2,
        event: into_text(row.b3),
        actor: row.b4,
        salt: row.b5.unwrap_or_default(),
        header: row.b6.unwrap_or_default(),
        body: row.b7.unwrap_or_default(),
    })
}

/// A row of the access log, when its leaf is one.
pub(super) fn access_row(row: Raw, verifier: &mut Verifier) -> Option<AccessRowStored> {
    let Some(leaf) = number(row.i0) else {
        verifier.unreadable("access_log", &format!("leaf {:?}", row.i0), "the leaf is not one");
        return None;
    };
    Some(AccessRowStored {
        leaf,
        link: row.b1.unwrap_or_default(),
        at: row.i1,
        what: text(&row.b2),
        user_name: row.b3.as_ref().map(|_| text(&row.b3)),
        person: row.b4,
        outcome: text(&row.b5),
        bytes: row.b0.unwrap_or_default(),
    })
}

/// A row of the checkpoints, when number and size are such.
pub(super) fn checkpoint_row(row: Raw, verifier: &mut Verifier) -> Option<CheckpointRow> {
    let (Some(n), Some(size)) = (number(row.i0), number(row.i1)) else {
        verifier.unreadable("checkpoints", "?", "number or size is not one");
        return None;
    };
    let (root, note) = (row.b0.unwrap_or_default(), text(&row.b1));
    Some(CheckpointRow { number: n, size, root, at: row.i2.unwrap_or(i64::MIN), note })
}

/// Feeds the head of the log: one row, with the identity 1.
pub(super) fn head_row(conn: &mut Db, verifier: &mut Verifier) -> Result<(), StoreError> {
    let bytes = ["root", "frontier", "t:note", "t:CAST(at AS TEXT)"];
    let rest = format!("FROM {LOG_HEAD} ORDER BY id");
    let whole = ["id", "checkpoint", "size"];
    let query = select(conn, &whole, &bytes, &rest);
    let rows = load(conn, query)?;
    for row in rows {
        let at = text(&row.b3).parse().unwrap_or(i64::MIN);
        match (row.i0, number(row.i1), number(row.i2)) {
            (Some(1), Some(checkpoint), Some(size)) => verifier.head(HeadRow {
                checkpoint,
                size,
                root: row.b0.unwrap_or_default(),
                frontier: row.b1.unwrap_or_default(),
                at,
                note: text(&row.b2),
            }),
            (id, ..) => {
                let place = id.map_or_else(|| "?".to_owned(), |id| id.to_string());
                let detail = "the one row of the head has the identity 1, a checkpoint and a size";
                let finding = Finding::new(Code::HeadForged, LOG_HEAD, detail);
                verifier.add(Finding { row: Some(place), ..finding });
            }
        }
    }
    Ok(())
}

/// Feeds every blob.
pub(super) fn stored_blobs(conn: &mut Db, verifier: &mut Verifier) -> Result<(), StoreError> {
    let mut bound = String::new();
    loop {
        let rest = format!("FROM blobs {bound} ORDER BY hash LIMIT 1");
        let query = select(conn, &[], &["hash"], &rest);
        let first = load(conn, query)?;
        let Some(hash) = first.into_iter().find_map(|row| row.b0) else { return Ok(()) };
        let text = hex::encode(&hash);
        let literal = match conn {
            Db::Sqlite(_) => format!("X'{text}'"),
            Db::Postgres(_) => format!("'\\x{text}'::bytea"),
        };
        bound = format!("WHERE hash > {literal}");
        let rest = format!("FROM blobs WHERE hash = {literal} ORDER BY chunk_no");
        let query = select(conn, &["chunk_no"], &["bytes"], &rest);
        let chunks = load(conn, query)?;
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
