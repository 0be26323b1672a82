//! The one door that writes (law 1): events with their journal rows, derived rows, blobs, receipt,
//! access rows and pending leaves, all in the transaction of the lane's group. Nothing else in the
//! program changes a record table, so forgetting the audit row is impossible.

use super::access_log;
use super::blobs;
use super::db::{Db, on_engine};
use super::derived::{Difference, table};
use super::fault::StoreError;
use super::operational::Alongside;
use super::schema::{journal, log_pending, receipts};
use super::submission::ReceiptKey;
use crate::domain::ids::RecordKey;
use crate::seal::access::SealedAccess;
use crate::seal::digest::{self, Hash};
use crate::seal::entry::{Entry, HeaderParts};
use diesel::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

/// A journal row as stored.
#[derive(Debug, Insertable)]
#[diesel(table_name = journal)]
pub(in crate::store) struct JournalRow {
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

impl JournalRow {
    /// The stored form of a sealed entry; the other columns are copies of members of its header.
    pub(in crate::store) fn of(header: &HeaderParts, sealed: Entry) -> Result<Self, StoreError> {
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes).map_err(|e| StoreError::Decision(e.to_string()))
        };
        Ok(Self {
            record_kind: header.record_kind.clone(),
            record_id: header.record_id.as_bytes().to_vec(),
            seq: i64::try_from(header.seq).map_err(|e| StoreError::Decision(e.to_string()))?,
            header: text(sealed.header)?,
            salt: sealed.salt.to_vec(),
            body: text(sealed.body)?,
            link: sealed.link.to_vec(),
            at: header.at,
            event: header.event.name.clone(),
            event_version: i64::from(header.event.version),
            actor: header.actor.person.map(|id| id.as_bytes().to_vec()),
            user_name: header.actor.user_name.clone(),
            role: header.role.clone(),
            command_id: header.command.id.as_bytes().to_vec(),
            request_id: header.request_id.clone(),
        })
    }
}

#[derive(Debug, Insertable)]
#[diesel(table_name = log_pending)]
struct PendingRow {
    link: Vec<u8>,
    source: &'static str,
    record_kind: Option<String>,
    record_id: Option<Vec<u8>>,
    seq: i64,
}

/// A receipt to be kept with the events.
#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = receipts)]
pub(in crate::store) struct Receipt {
    key_hash: i64,
    pub(in crate::store) principal: Vec<u8>,
    pub(in crate::store) key: String,
    pub(in crate::store) hmac: Vec<u8>,
    pub(in crate::store) answer: String,
    pub(in crate::store) heads: String,
    pub(in crate::store) at: i64,
}

impl Receipt {
    /// The receipt of a command that is done.
    pub(in crate::store) fn of(
        principal: Vec<u8>,
        key: &ReceiptKey,
        answer: &Value,
        heads: &[(RecordKey, u64)],
        at: i64,
    ) -> Self {
        Self {
            key_hash: key_hash(&principal, &key.key),
            principal,
            key: key.key.clone(),
            hmac: key.hmac.to_vec(),
            answer: answer.to_string(),
            heads: json!(heads).to_string(),
            at,
        }
    }
}

/// Where to look for a receipt; what is found there is compared whole.
fn key_hash(principal: &[u8], key: &str) -> i64 {
    let hash = digest::sha256(&[principal, key.as_bytes()]);
    i64::from_be_bytes(std::array::from_fn(|n| hash[n]))
}

/// What a group writes, collected while it is decided and written at once: nothing of a command
/// reaches the engine before the command is whole, so a refused one needs no savepoint.
#[derive(Default)]
pub(in crate::store) struct Unit {
    journal: Vec<JournalRow>,
    pending: Vec<PendingRow>,
    access: Vec<access_log::Columns>,
    receipts: Vec<Receipt>,
    blobs: Vec<(Hash, Arc<Vec<u8>>)>,
    alongside: Vec<Alongside>,
    derived: Vec<(RecordKey, Difference, Vec<table::Row>)>,
}

/// Many rows in one statement on PostgreSQL, where each statement is a journey; row by row on SQLite,
/// where a prepared statement is not.
macro_rules! insert_all {
    ($conn:expr, $table:ident, $rows:expr) => {
        match $conn {
            Db::Sqlite(conn) => {
                for row in $rows {
                    diesel::insert_into($table::table).values(row).execute(conn)?;
                }
            }
            Db::Postgres(conn) => {
                // 65535 parameters are a statement's limit.
                for rows in $rows.chunks(1000) {
                    diesel::insert_into($table::table).values(rows).execute(conn)?;
                }
            }
        }
    };
}

impl Unit {
    /// An entry and its pending leaf.
    pub(in crate::store) fn entry(
        &mut self,
        header: &HeaderParts,
        sealed: Entry,
    ) -> Result<(), StoreError> {
        let row = JournalRow::of(header, sealed)?;
        self.pending.push(PendingRow {
            link: row.link.clone(),
            source: "journal",
            record_kind: Some(row.record_kind.clone()),
            record_id: Some(row.record_id.clone()),
            seq: row.seq,
        });
        self.journal.push(row);
        Ok(())
    }

    /// An access-log row and its pending leaf.
    pub(in crate::store) fn attempt(
        &mut self,
        sealed: &SealedAccess,
        seq: u64,
    ) -> Result<(), StoreError> {
        self.access.push(access_log::Columns::of(sealed)?);
        self.pending.push(PendingRow {
            link: sealed.link.to_vec(),
            source: "access",
            record_kind: None,
            record_id: None,
            seq: i64::try_from(seq).map_err(|e| StoreError::Decision(e.to_string()))?,
        });
        Ok(())
    }

    /// A receipt.
    pub(in crate::store) fn receipt(&mut self, receipt: Receipt) {
        self.receipts.push(receipt);
    }

    /// The receipt of an equal key in this group.
    pub(in crate::store) fn receipt_of(&self, principal: &[u8], key: &str) -> Option<&Receipt> {
        self.receipts.iter().find(|r| r.principal == principal && r.key == key)
    }

    /// A blob.
    pub(in crate::store) fn blob(&mut self, hash: Hash, bytes: Arc<Vec<u8>>) {
        self.blobs.push((hash, bytes));
    }

    /// A blob of this group.
    pub(in crate::store) fn blob_of(&self, hash: &Hash) -> Option<&Arc<Vec<u8>>> {
        self.blobs.iter().find(|(h, _)| h == hash).map(|(_, bytes)| bytes)
    }

    /// Operational rows of a command.
    pub(in crate::store) fn alongside(&mut self, changes: Vec<Alongside>) {
        self.alongside.extend(changes);
    }

    /// The difference of a record's derived rows; `all` are its rows, where one vanished.
    pub(in crate::store) fn derived(
        &mut self,
        record: RecordKey,
        difference: Difference,
        all: Vec<table::Row>,
    ) {
        self.derived.push((record, difference, all));
    }

    /// Whether there is anything that will be a leaf of the tree.
    pub(in crate::store) fn has_leaves(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Writes all of it in the transaction that is open.
    pub(in crate::store) fn write(&self, conn: &mut Db) -> Result<(), StoreError> {
        for (hash, bytes) in &self.blobs {
            blobs::put(conn, hash, bytes)?;
        }
        insert_all!(conn, journal, &self.journal);
        for row in &self.access {
            row.insert(conn)?;
        }
        insert_all!(conn, log_pending, &self.pending);
        insert_all!(conn, receipts, &self.receipts);
        for change in &self.alongside {
            change.write(conn)?;
        }
        for (record, difference, all) in &self.derived {
            write_difference(conn, *record, difference, all)?;
        }
        Ok(())
    }
}

fn write_difference(
    conn: &mut Db,
    record: RecordKey,
    difference: &Difference,
    all: &[table::Row],
) -> Result<(), StoreError> {
    if difference.vanished {
        table::delete_all(conn, record)?;
        return all.iter().try_for_each(|row| row.insert(conn));
    }
    for row in &difference.new {
        row.insert(conn)?;
    }
    for row in &difference.changed {
        if !row.update(conn)? {
            return Err(StoreError::Broken {
                table: row.table(),
                row: row.columns().to_string(),
                detail: "the row to be changed is not there".into(),
            });
        }
    }
    Ok(())
}

/// The receipt of a key, if there is one.
pub(in crate::store) fn receipt(
    conn: &mut Db,
    principal: &[u8],
    key: &str,
) -> Result<Option<Receipt>, StoreError> {
    Ok(on_engine!(conn, conn => {
        receipts::table
            .filter(receipts::key_hash.eq(key_hash(principal, key)))
            .filter(receipts::principal.eq(principal))
            .filter(receipts::key.eq(key))
            .select(Receipt::as_select())
            .first(conn)
            .optional()?
    }))
}
