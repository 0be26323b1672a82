//! The rows of a group in one statement, on PostgreSQL: each statement is a journey, and one with another
//! number of rows would be compiled anew. Columns go as arrays, so that the text is always the same and stays
//! prepared however many rows there are.

use super::{JournalRow, Receipt, Unit};
use crate::store::access_log;
use crate::store::fault::StoreError;
use crate::store::log::HeadRow;
use crate::store::noun::mention::MentionRow;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text};

/// Writes entries, attempts, receipts and the signed head.
pub(super) fn insert(
    conn: &mut PgConnection,
    unit: &Unit,
    head: Option<&HeadRow>,
) -> Result<(), StoreError> {
    let rows = Rows {
        entries: Entries::of(&unit.journal),
        mentions: Mentions::of(&unit.mentions),
        attempts: Attempts::of(&unit.access),
        receipts: Receipts::of(&unit.receipts),
        head: Head::of(head.map_or(&[], std::slice::from_ref)),
    };
    if !(unit.journal.is_empty() && unit.access.is_empty() && unit.receipts.is_empty())
        || head.is_some()
    {
        rows.execute(conn)?;
    }
    Ok(())
}

/// Rows of a table, column by column.
macro_rules! columns {
    ($name:ident of $row:ty, $table:literal: $($column:ident: $sql:ty, $rust:ty = $of:expr;)+) => {
        struct $name<'a> {
            $($column: Vec<$rust>,)+
        }

        impl<'a> $name<'a> {
            fn of(rows: &'a [$row]) -> Self {
                $(let $column: fn(&'a $row) -> $rust = $of;)+
                Self { $($column: rows.iter().map($column).collect(),)+ }
            }

            fn insert<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                out.push_sql(concat!("INSERT INTO ", $table, " ("));
                let mut comma = "";
                $(
                    out.push_sql(comma);
                    out.push_identifier(stringify!($column))?;
                    comma = ", ";
                )+
                out.push_sql(") SELECT * FROM unnest");
                comma = "(";
                $(
                    out.push_sql(comma);
                    out.push_bind_param::<Array<$sql>, Vec<$rust>>(&self.$column)?;
                    comma = ", ";
                )+
                let _ = comma;
                out.push_sql(")");
                Ok(())
            }
        }
    };
}

columns! {
    Entries of JournalRow, "journal":
    leaf: BigInt, i64 = |row| row.leaf;
    record_kind: Text, &'a str = |row| &row.record_kind;
    record_id: Binary, &'a [u8] = |row| &row.record_id;
    seq: BigInt, i64 = |row| row.seq;
    link: Binary, &'a [u8] = |row| &row.link;
    at: BigInt, i64 = |row| row.at;
    event: Text, &'a str = |row| &row.event;
    actor: Nullable<Binary>, Option<&'a [u8]> = |row| row.actor.as_deref();
    salt: Binary, &'a [u8] = |row| &row.salt;
    header: Text, &'a str = |row| &row.header;
    body: Text, &'a str = |row| &row.body;
}

columns! {
    Mentions of MentionRow, "mentioned":
    record: Binary, &'a [u8] = |row| &row.record;
    seq: BigInt, i64 = |row| row.seq;
    sort: Text, &'a str = |row| &row.sort;
    word: Binary, &'a [u8] = |row| &row.word;
    part: Text, &'a str = |row| &row.part;
    meaning: Nullable<Text>, Option<&'a str> = |row| row.meaning.as_deref();
    at: BigInt, i64 = |row| row.at;
    leaf: BigInt, i64 = |row| row.leaf;
}

columns! {
    Attempts of access_log::Columns, "access_log":
    leaf: BigInt, i64 = |row| row.leaf;
    link: Binary, &'a [u8] = |row| &row.link;
    at: BigInt, i64 = |row| row.at;
    what: Text, &'a str = |row| &row.what;
    user_name: Nullable<Text>, Option<&'a str> = |row| row.user_name.as_deref();
    person: Nullable<Binary>, Option<&'a [u8]> = |row| row.person.as_deref();
    outcome: Text, &'a str = |row| &row.outcome;
    row: Text, &'a str = |row| &row.row;
}

columns! {
    Receipts of Receipt, "receipts":
    key_hash: BigInt, i64 = |row| row.key_hash;
    principal: Binary, &'a [u8] = |row| &row.principal;
    key: Text, &'a str = |row| &row.key;
    hmac: Binary, &'a [u8] = |row| &row.hmac;
    answer: Text, &'a str = |row| &row.answer;
    heads: Text, &'a str = |row| &row.heads;
    at: BigInt, i64 = |row| row.at;
}

columns! {
    Head of HeadRow, "log_head":
    id: BigInt, i64 = |row| row.id;
    checkpoint: BigInt, i64 = |row| row.checkpoint;
    size: BigInt, i64 = |row| row.size;
    root: Binary, &'a [u8] = |row| &row.root;
    frontier: Binary, &'a [u8] = |row| &row.frontier;
    at: BigInt, i64 = |row| row.at;
    note: Text, &'a str = |row| &row.note;
}

struct Rows<'a> {
    entries: Entries<'a>,
    mentions: Mentions<'a>,
    attempts: Attempts<'a>,
    receipts: Receipts<'a>,
    head: Head<'a>,
}

impl QueryFragment<Pg> for Rows<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH entries AS (");
        self.entries.insert(&mut out)?;
        out.push_sql("), mentions AS (");
        self.mentions.insert(&mut out)?;
        out.push_sql("), attempts AS (");
        self.attempts.insert(&mut out)?;
        out.push_sql("), kept AS (");
        self.receipts.insert(&mut out)?;
        out.push_sql(") ");
        self.head.insert(&mut out)?;
        out.push_sql(
            " ON CONFLICT (id) DO UPDATE SET checkpoint = excluded.checkpoint,
             size = excluded.size, root = excluded.root, frontier = excluded.frontier,
             at = excluded.at, note = excluded.note",
        );
        Ok(())
    }
}

impl QueryId for Rows<'_> {
    type QueryId = Rows<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl RunQueryDsl<PgConnection> for Rows<'_> {}
