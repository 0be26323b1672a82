//! Whether SQLite keeps every value in the class its column was made for. It would keep `1.5` or a text
//! in a column of whole numbers, and bytes for a text; readers convert, and nobody would see the change.

use crate::seal::verify::{Code, Finding, Verifier};
use crate::store::db::Db;
use crate::store::fault::StoreError;
use crate::store::migrate;
use crate::store::noun::TABLES;
use crate::store::schema::{APPEND_ONLY, LOG_HEAD};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};

/// Most rows named of one table: who changed a column everywhere needs no million findings.
const NAMED: u32 = 100;

#[derive(QueryableByName)]
struct ColumnOf {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    declared: String,
    #[diesel(sql_type = Integer)]
    required: i32,
    #[diesel(sql_type = Integer)]
    key: i32,
}

#[derive(QueryableByName)]
struct Stray {
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Text)]
    columns: String,
}

/// Names every row of the log's or a derived table with a value of another class than its column's.
/// PostgreSQL holds each value to its column's type by itself.
pub(super) fn check(conn: &mut Db, verifier: &mut Verifier) -> Result<(), StoreError> {
    if matches!(conn, Db::Postgres(_)) {
        return Ok(());
    }
    // What the columns are is what the migrations and the nouns make, whatever this database's schema says by now.
    let fault = |e: String| StoreError::Migration(e);
    let fresh = SqliteConnection::establish(":memory:").map_err(|e| fault(e.to_string()))?;
    let mut fresh = Db::Sqlite(fresh);
    migrate::run(&mut fresh)?;
    let derived: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
    for table in APPEND_ONLY.iter().chain([&LOG_HEAD]).chain(&derived) {
        let query = format!(
            "SELECT name, type AS declared, \"notnull\" AS required, pk AS key
             FROM pragma_table_info('{table}')"
        );
        let columns: Vec<ColumnOf> = diesel::sql_query(query).load(&mut fresh)?;
        let strays: Vec<Stray> = diesel::sql_query(question(table, &columns)).load(conn)?;
        for stray in strays {
            let names = stray.columns.trim_end().replace(' ', ", ");
            let detail = format!("{names}: a value of another type than the column's");
            verifier.add(Finding {
                row: Some(stray.place),
                ..Finding::new(Code::ColumnDiffers, table, &detail)
            });
        }
    }
    Ok(())
}

/// The rows with a stray value: their key, and the columns that hold one.
fn question(table: &str, columns: &[ColumnOf]) -> String {
    let strays: Vec<String> = columns.iter().map(stray).collect();
    let named: Vec<String> = columns
        .iter()
        .zip(&strays)
        .map(|(column, stray)| format!("CASE WHEN {stray} THEN '{} ' ELSE '' END", column.name))
        .collect();
    let keys = columns.iter().filter(|column| column.key > 0);
    let place: Vec<String> = keys.map(|column| format!("quote(\"{}\")", column.name)).collect();
    format!(
        "SELECT {} AS place, {} AS columns FROM {table} WHERE {} LIMIT {NAMED}",
        place.join(" || ' ' || "),
        named.join(" || "),
        strays.join(" OR ")
    )
}

fn stray(column: &ColumnOf) -> String {
    let class = column.declared.to_lowercase();
    // A key's column is never empty, also where SQLite would let it be.
    let empty = if column.required == 0 && column.key == 0 { ", 'null'" } else { "" };
    format!("typeof(\"{}\") NOT IN ('{class}'{empty})", column.name)
}
