//! The derived rows of each record against the state that its entries fold to, both ways.

use crate::domain::state::State;
use crate::seal::verify::{Code, Finding, Verifier};
use crate::store::db::Db;
use crate::store::derived;
use crate::store::fault::StoreError;
use crate::store::noun::{Row, TABLES, Table};
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Most rows of a table named that no record owns.
const NAMED: u32 = 100;

/// Compares the rows of a record with those that its state and its entries make.
pub(super) fn compare(
    conn: &mut Db,
    id: Uuid,
    state: &State,
    of_entries: Vec<Row>,
    verifier: &mut Verifier,
) -> Result<(), StoreError> {
    let by_key = |rows: Vec<Row>| -> BTreeMap<(&'static str, String), Row> {
        rows.into_iter().map(|row| ((row.table(), key(&row)), row)).collect()
    };
    let found = match Row::of_record(conn, id.as_bytes()) {
        Ok(found) => found,
        Err(StoreError::Unreachable(error)) => return Err(StoreError::Unreachable(error)),
        Err(fault) => {
            verifier.unreadable("derived tables", &id.to_string(), &fault.to_string());
            return Ok(());
        }
    };
    let mut expected = derived::rows(state);
    expected.extend(of_entries);
    if expected == found {
        return Ok(());
    }
    let (expected, found) = (by_key(expected), by_key(found));
    for (place, row) in &expected {
        match found.get(place) {
            None => verifier.add(finding(id, row, "a row that the journal makes is missing")),
            Some(there) if there != row => columns(id, row, there, verifier),
            Some(_) => {}
        }
    }
    for (place, row) in &found {
        if !expected.contains_key(place) {
            verifier.add(finding(id, row, "the journal makes no such row"));
        }
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Odd {
    #[diesel(sql_type = Text)]
    found: String,
}

/// Names rows of derived tables that belong to no record, and answers that are neither yes nor no.
pub(super) fn ownerless(conn: &mut Db, verifier: &mut Verifier) -> Result<(), StoreError> {
    for (table, owner) in TABLES.iter().map(|table| (table.name, table.owner)) {
        let shown = match conn {
            Db::Sqlite(_) => format!("hex({owner})"),
            Db::Postgres(_) => format!("encode({owner}, 'hex')"),
        };
        let query = format!(
            "SELECT {shown} AS found FROM {table} WHERE NOT EXISTS
             (SELECT 1 FROM journal WHERE journal.record_id = {table}.{owner}) LIMIT {NAMED}"
        );
        let odd: Vec<Odd> = diesel::sql_query(query).load(conn)?;
        for Odd { found } in odd {
            verifier.add(Finding {
                row: Some(found),
                ..Finding::new(Code::DerivedDiffers, table, "the journal makes no such row")
            });
        }
    }
    let Db::Sqlite(conn) = conn else { return Ok(()) };
    // SQLite would let 2 stand, and reading makes it a yes.
    let answers = |table: &'static Table| table.answers().map(|column| (table.name, column));
    for (table, column) in TABLES.iter().flat_map(answers) {
        let query = format!(
            "SELECT CAST({column} AS TEXT) AS found FROM {table}
             WHERE {column} NOT IN (0, 1) LIMIT {NAMED}"
        );
        let odd: Vec<Odd> = diesel::sql_query(query).load(conn)?;
        for Odd { found } in odd {
            let detail = format!("{column} holds {found}, which nothing here ever writes");
            verifier.unreadable(table, "?", &detail);
        }
    }
    Ok(())
}

fn key(row: &Row) -> String {
    let columns = row.columns();
    let parts = row.key_columns().iter().map(|name| plain(&columns[*name]));
    parts.collect::<Vec<_>>().join(" ")
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// One finding for each column that differs, with both values.
fn columns(id: Uuid, expected: &Row, found: &Row, verifier: &mut Verifier) {
    let (was, is) = (expected.columns(), found.columns());
    for (name, value) in was.as_object().into_iter().flatten() {
        if is[name] != *value {
            let detail = format!("{name} is not what the journal says");
            verifier.add(Finding {
                expected: Some(plain(value)),
                found: Some(plain(&is[name])),
                ..finding(id, expected, &detail)
            });
        }
    }
}

fn finding(id: Uuid, row: &Row, detail: &str) -> Finding {
    let columns = row.columns();
    Finding {
        row: Some(key(row)),
        record: Some(id),
        number: columns["number"].as_str().map(str::to_owned),
        at: columns["at"].as_i64(),
        ..Finding::new(Code::DerivedDiffers, row.table(), detail)
    }
}
