//! The one door that writes (law 1): events with their journal rows, derived rows, blobs, receipt and
//! access rows, their places in the log and its signed head, all in the transaction of the lane's group.
//! Nothing else in the program changes a record table, so forgetting the audit row is impossible.

mod postgres;

use super::access_log;
use super::blobs;
use super::db::{Db, on_engine};
use super::derived::Difference;
use super::fault::StoreError;
use super::log::Log;
use super::noun;
use super::noun::mention::{self, MentionRow};
use super::operational::Alongside;
use super::schema::{access_log as attempts, journal, receipts};
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
#[diesel(table_name = journal, treat_none_as_default_value = false)]
pub(in crate::store) struct JournalRow {
    /// Its place in the log, once the unit is written.
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

impl JournalRow {
    /// The stored form of a sealed entry; the other columns are copies of members of its header.
    pub(in crate::store) fn of(
        header: &HeaderParts,
        sealed: Entry,
        leaf: i64,
    ) -> Result<Self, StoreError> {
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes).map_err(|e| StoreError::Decision(e.to_string()))
        };
        Ok(Self {
            leaf,
            record_kind: header.record_kind.clone(),
            record_id: header.record_id.as_bytes().to_vec(),
            seq: i64::try_from(header.seq).map_err(|e| StoreError::Decision(e.to_string()))?,
            header: text(sealed.header)?,
            salt: sealed.salt.to_vec(),
            body: text(sealed.body)?,
            link: sealed.link.to_vec(),
            at: header.at,
            event: header.event.name.clone(),
            actor: header.actor.person.map(|id| id.as_bytes().to_vec()),
        })
    }

    /// The origin of the site's log, where this is the founding.
    fn origin(&self) -> Option<String> {
        let body: Value = serde_json::from_str(&self.body).ok()?;
        body["data"]["origin"].as_str().map(str::to_owned)
    }
}

/// A receipt to be kept with the events.
#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = receipts, treat_none_as_default_value = false)]
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

    /// Whether it was kept for this key of this principal.
    pub(in crate::store) fn is_of(&self, principal: &[u8], key: &str) -> bool {
        self.principal == principal && self.key == key
    }
}

/// Where to look for a receipt; what is found there is compared whole.
pub(in crate::store) fn key_hash(principal: &[u8], key: &str) -> i64 {
    let hash = digest::sha256(&[principal, key.as_bytes()]);
    i64::from_be_bytes(std::array::from_fn(|n| hash[n]))
}

/// What a group writes, collected while it is decided and written at once: nothing of a command
/// reaches the engine before the command is whole, so a refused one needs no savepoint.
#[derive(Default)]
pub(in crate::store) struct Unit {
    journal: Vec<JournalRow>,
    access: Vec<access_log::Columns>,
    /// What becomes leaves of the log, in order of arrival: the rows count from its beginning.
    links: Vec<Hash>,
    /// What the entries mention; their leaves count like the links.
    mentions: Vec<MentionRow>,
    receipts: Vec<Receipt>,
    blobs: Vec<(Hash, Arc<Vec<u8>>)>,
    alongside: Vec<Alongside>,
    derived: Vec<(RecordKey, Difference, Vec<noun::Row>)>,
}

impl Unit {
    /// An entry with its data and signatures, as they stand in its body.
    pub(in crate::store) fn entry(
        &mut self,
        header: &HeaderParts,
        sealed: Entry,
        (data, signatures): (&Value, &[Value]),
    ) -> Result<(), StoreError> {
        let (link, leaf) = (sealed.link, self.place()?);
        self.journal.push(JournalRow::of(header, sealed, leaf)?);
        self.mentions.extend(mention::rows(&mention::Looked {
            record: header.record_id,
            seq: header.seq,
            at: header.at,
            leaf,
            event: &header.event.name,
            actor: header.actor.person,
            data,
            signatures,
        }));
        self.links.push(link);
        Ok(())
    }

    /// An access-log row.
    pub(in crate::store) fn attempt(&mut self, sealed: &SealedAccess) -> Result<(), StoreError> {
        self.access.push(access_log::Columns::of(sealed, self.place()?)?);
        self.links.push(sealed.link);
        Ok(())
    }

    fn place(&self) -> Result<i64, StoreError> {
        i64::try_from(self.links.len()).map_err(|e| StoreError::Decision(e.to_string()))
    }

    /// A receipt.
    pub(in crate::store) fn receipt(&mut self, receipt: Receipt) {
        self.receipts.push(receipt);
    }

    /// The receipt of an equal key in this group.
    pub(in crate::store) fn receipt_of(&self, principal: &[u8], key: &str) -> Option<&Receipt> {
        self.receipts.iter().find(|receipt| receipt.is_of(principal, key))
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
        all: Vec<noun::Row>,
    ) {
        self.derived.push((record, difference, all));
    }

    /// Whether there is anything that will be a leaf of the tree.
    pub(in crate::store) fn has_leaves(&self) -> bool {
        !self.links.is_empty()
    }

    /// Leaf and link of its newest entry, once it is written.
    pub(in crate::store) fn newest(&self) -> Option<(i64, Hash)> {
        let row = self.journal.last()?;
        Some((row.leaf, Hash::try_from(row.link.as_slice()).ok()?))
    }

    /// Writes all of it in the transaction that is open, with the log's new head.
    pub(in crate::store) fn write(&mut self, conn: &mut Db, log: &Log) -> Result<(), StoreError> {
        let times =
            self.journal.iter().map(|row| row.at).chain(self.access.iter().map(|row| row.at));
        let origin = || self.journal.first().and_then(JournalRow::origin);
        let (first, head) = log.append(conn, &self.links, times.max(), origin)?;
        self.journal.iter_mut().for_each(|row| row.leaf += first);
        self.access.iter_mut().for_each(|row| row.leaf += first);
        self.mentions.iter_mut().for_each(|row| row.leaf += first);
        for (hash, bytes) in &self.blobs {
            blobs::put(conn, hash, bytes)?;
        }
        match conn {
            // Row by row: a prepared statement costs less than a long one that is compiled.
            Db::Sqlite(conn) => {
                for row in &self.journal {
                    diesel::insert_into(journal::table).values(row).execute(conn)?;
                }
                for row in &self.mentions {
                    diesel::insert_into(mention::mentioned::table).values(row).execute(conn)?;
                }
                for row in &self.access {
                    diesel::insert_into(attempts::table).values(row).execute(conn)?;
                }
                for receipt in &self.receipts {
                    diesel::insert_into(receipts::table).values(receipt).execute(conn)?;
                }
                head.map_or(Ok(()), |head| head.put(conn))?;
            }
            // All rows in one statement: each is a journey.
            Db::Postgres(conn) => postgres::insert(conn, self, head.as_ref())?,
        }
        for change in &self.alongside {
            change.write(conn)?;
        }
        for (record, difference, all) in &self.derived {
            write_difference(conn, *record, difference, all)?;
        }
        let stay = self.derived.iter().filter(|(_, difference, _)| !difference.vanished);
        let new: Vec<_> = stay.flat_map(|(_, difference, _)| &difference.new).collect();
        noun::Row::insert_all(&new, conn)
    }
}

/// Writes what is another now in a record's derived rows, but for those that are new.
fn write_difference(
    conn: &mut Db,
    record: RecordKey,
    difference: &Difference,
    all: &[noun::Row],
) -> Result<(), StoreError> {
    if difference.vanished {
        noun::delete_all(conn, record)?;
        return noun::Row::insert_all(&all.iter().collect::<Vec<_>>(), conn);
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
            .get_result(conn)
            .optional()?
    }))
}

/// The receipts under these hashes, in one query.
pub(in crate::store) fn receipts_of(
    conn: &mut PgConnection,
    hashes: Vec<i64>,
) -> Result<Vec<Receipt>, StoreError> {
    let of_hashes = receipts::table.filter(receipts::key_hash.eq_any(hashes));
    Ok(of_hashes.select(Receipt::as_select()).load(conn)?)
}
