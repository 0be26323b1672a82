//! Reading the journal: one record's entries, and pages of lists.

use super::db::{Db, on_engine};
use super::fault::StoreError;
use super::noun::record::records;
use super::schema::journal;
use crate::domain::ids::RecordKey;
use crate::seal::digest::Hash;
use crate::seal::entry::{Entry, Header};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

/// An opened entry: its hashes were checked when it was read.
#[derive(Debug, Clone)]
pub struct JournalEntry {
    pub record: RecordKey,
    /// The record's business number, where it has one.
    pub number: Option<String>,
    pub header: Header,
    /// The event's data.
    pub data: Value,
    /// Signatures and statements as they stand in the body.
    pub signatures: Vec<Value>,
    /// The entry's link.
    pub link: Hash,
}

/// Part of a list, and where the next part begins.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// To be given back as the next cursor; none at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The first `limit` of what was found, each with the cursor that stands behind it.
    pub(in crate::store) fn of(
        found: impl Iterator<Item = Result<(T, String), StoreError>>,
        limit: i64,
    ) -> Result<Self, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(0);
        let mut items = Vec::new();
        let (mut last, mut more) = (None, false);
        for item in found {
            if items.len() == limit {
                more = true;
                break;
            }
            let (item, place) = item?;
            items.push(item);
            last = Some(place);
        }
        Ok(Self { items, next: last.filter(|_| more) })
    }
}

/// Cursors are texts of one place; an unreadable one is refused, for page 1 would pass for the next page.
pub(in crate::store) mod cursor {
    use crate::domain::ids::check_number;
    use crate::store::fault::StoreError;
    use std::str::FromStr;

    /// The place that a cursor names.
    pub(in crate::store) fn read<T: FromStr>(text: Option<&str>) -> Result<Option<T>, StoreError> {
        let wrong = |text: &str| StoreError::Cursor(text.chars().take(80).collect());
        text.map(|text| text.parse().map_err(|_| wrong(text))).transpose()
    }

    /// A business number, as lists by number hand it out.
    #[derive(Debug)]
    pub(in crate::store) struct Number(pub String);

    impl FromStr for Number {
        type Err = String;
        fn from_str(text: &str) -> Result<Self, String> {
            check_number(&text.to_ascii_uppercase()).map(|()| Self(text.to_owned()))
        }
    }

    /// A business number and a number within it: `CODE~2`.
    #[derive(Debug)]
    pub(in crate::store) struct Within(pub String, pub i64);

    impl FromStr for Within {
        type Err = String;
        fn from_str(text: &str) -> Result<Self, String> {
            let (number, no) = text.rsplit_once('~').ok_or("no tilde")?;
            let no = no.parse::<i64>().map_err(|e| e.to_string())?;
            Ok(Self(number.parse::<Number>()?.0, no))
        }
    }

    /// A moment, a run and a number within it, and what tells apart what shares all three.
    #[derive(Debug)]
    pub(in crate::store) struct InRun {
        pub(in crate::store) at: i64,
        pub(in crate::store) run: Vec<u8>,
        pub(in crate::store) no: i64,
        pub(in crate::store) sort: String,
    }

    impl InRun {
        /// The text that names a place.
        pub(in crate::store) fn text(at: i64, run: &[u8], no: i64, sort: &str) -> String {
            format!("{at}~{}~{no}~{sort}", hex::encode(run))
        }
    }

    impl FromStr for InRun {
        type Err = String;
        fn from_str(text: &str) -> Result<Self, String> {
            let parts: Vec<&str> = text.split('~').collect();
            let [at, run, no, sort] = parts[..] else { return Err("four parts".into()) };
            let run = hex::decode(run).map_err(|e| e.to_string())?;
            let number = |text: &str| text.parse::<i64>().map_err(|e| e.to_string());
            if run.len() != 16 || !sort.bytes().all(|b| b.is_ascii_lowercase()) {
                return Err("no place in a run".into());
            }
            Ok(Self { at: number(at)?, run, no: number(no)?, sort: sort.to_owned() })
        }
    }

    /// Between 1 and 500 rows; 100 when nothing was said.
    pub(in crate::store) fn limit(asked: usize) -> i64 {
        if asked == 0 { 100 } else { i64::try_from(asked.min(500)).unwrap_or(500) }
    }
}

pub(in crate::store) type Stored = (String, Vec<u8>, i64, String, Vec<u8>, String, Vec<u8>);

/// The columns that make an entry.
pub(in crate::store) fn columns() -> (
    journal::record_kind,
    journal::record_id,
    journal::seq,
    journal::header,
    journal::salt,
    journal::body,
    journal::link,
) {
    (
        journal::record_kind,
        journal::record_id,
        journal::seq,
        journal::header,
        journal::salt,
        journal::body,
        journal::link,
    )
}

/// Opens a stored entry: load is verify (law 7).
pub(in crate::store) fn open(stored: Stored) -> Result<JournalEntry, StoreError> {
    let (kind, id, seq, header, salt, body, link) = stored;
    let broken = |detail: String| StoreError::Broken {
        table: "journal",
        row: format!("{kind} {} entry {seq}", hex::encode(&id)),
        detail,
    };
    let (header, mut body) = Entry::open(header.as_bytes(), &salt, body.as_bytes(), &link)
        .map_err(|e| broken(e.to_string()))?;
    let id = Uuid::from_slice(&id).map_err(|e| broken(e.to_string()))?;
    if header.record_kind != kind || header.record_id != id || i64::try_from(header.seq) != Ok(seq)
    {
        return Err(broken("the header belongs to another record or sequence".into()));
    }
    let record = RecordKey::new(kind.parse().map_err(&broken)?, id);
    let signatures = body["signatures"].as_array().cloned().unwrap_or_default();
    let link = <[u8; 32]>::try_from(link.as_slice()).map_err(|e| broken(e.to_string()))?;
    Ok(JournalEntry { record, number: None, header, data: body["data"].take(), signatures, link })
}

/// All entries of a record from `after` on, in order. Their chain is checked by who folds them.
///
/// # Errors
/// The engine's, or an entry that cannot be.
pub fn entries(
    conn: &mut Db,
    record: RecordKey,
    after: u64,
) -> Result<Vec<JournalEntry>, StoreError> {
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let found: Vec<Stored> = journal::table
        .filter(journal::record_id.eq(record.id.as_bytes().as_slice()))
        .filter(journal::seq.gt(after))
        .order(journal::seq)
        .select(columns())
        .load(conn)?;
    let number = number_of(conn, record)?;
    let with_number = |stored| open(stored).map(|e| JournalEntry { number: number.clone(), ..e });
    found.into_iter().map(with_number).collect()
}

/// The origin of the site's log, as the founding entry says it; `None` before the founding.
pub(in crate::store) fn origin(conn: &mut Db) -> Result<Option<String>, StoreError> {
    let first = journal::table.find(0_i64).select(columns());
    let founding: Option<Stored> = first.get_result(conn).optional()?;
    let founding = founding.map(open).transpose()?;
    Ok(founding.and_then(|entry| entry.data["origin"].as_str().map(str::to_owned)))
}

/// Time of the newest entry by its place in the log.
pub fn newest_at(conn: &mut Db) -> Result<Option<i64>, StoreError> {
    Ok(on_engine!(conn, conn => {
        let newest = journal::table.order(journal::leaf.desc()).limit(1);
        newest.select(journal::at).get_result(conn).optional()?
    }))
}

/// Sequence of a record's newest entry; `None` when it has none.
pub(in crate::store) fn head(conn: &mut Db, record: RecordKey) -> Result<Option<i64>, StoreError> {
    let of_record = journal::record_id.eq(record.id.as_bytes().as_slice());
    Ok(on_engine!(conn, conn => {
        journal::table
            .filter(of_record)
            .select(diesel::dsl::max(journal::seq))
            .get_result(conn)?
    }))
}

fn number_of(conn: &mut Db, record: RecordKey) -> Result<Option<String>, StoreError> {
    let row = records::table.find(record.id.as_bytes().as_slice());
    Ok(row.select(records::number).first(conn).optional()?.flatten())
}
