//! Replay against the derived tables, both ways: what should be there, and what is.

use super::tables::Records;
use crate::domain::state::State;
use crate::seal::verify::{Code, Finding, Verifier};
use crate::store::db::Db;
use crate::store::derived::{self, Row};
use crate::store::fault::StoreError;
use crate::store::replay::{Recipes, replay, replay_as_stored};
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Rows by table and key.
type Rows = BTreeMap<(&'static str, String), Row>;

/// Replays every record and compares all rows of the derived tables.
pub(super) fn compare(
    conn: &mut Db,
    records: &Records,
    verifier: &mut Verifier,
) -> Result<(), StoreError> {
    let recipes = Recipes::default();
    let mut expected = Rows::new();
    let mut broken = Vec::new();
    for (id, record) in records {
        match replay(conn, *record, &recipes) {
            Ok(Some(state)) => expect(*id, &state, &mut expected, verifier),
            Ok(None) => {}
            Err(StoreError::Unreachable(error)) => return Err(StoreError::Unreachable(error)),
            Err(fault) => {
                // What the stored bytes say, standing or not, is still held against the rows: so both
                // values of a changed one are named.
                match replay_as_stored(conn, *record, &recipes) {
                    Some(state) => expect(*id, &state, &mut expected, verifier),
                    None => broken.push(id.to_string()),
                }
                verifier.add(Finding {
                    record_kind: Some(record.kind.to_string()),
                    record: Some(*id),
                    ..Finding::new(
                        Code::DerivedDiffers,
                        "journal",
                        &format!("the record cannot be replayed: {fault}"),
                    )
                });
            }
        }
    }
    let mut found = Rows::new();
    let read = Row::all(conn, &mut |row| {
        found.insert((row.table(), key(&row)), row);
    });
    if let Err(fault) = read {
        verifier.unreadable("derived tables", "?", &fault.to_string());
        return Ok(());
    }
    judge(&expected, &found, &broken, verifier);
    odd_answers(conn, &expected, verifier)
}

/// Keeps the rows a state makes.
fn expect(id: Uuid, state: &State, expected: &mut Rows, verifier: &mut Verifier) {
    if let Some(number) = state.number() {
        verifier.record_number(id, &number);
    }
    for row in derived::rows(state) {
        expected.insert((row.table(), key(&row)), row);
    }
}

#[derive(QueryableByName)]
struct OddRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    found: String,
}

/// A yes or no is 1 or 0; SQLite would let 2 stand, and reading makes it a yes.
fn odd_answers(conn: &mut Db, expected: &Rows, verifier: &mut Verifier) -> Result<(), StoreError> {
    let Db::Sqlite(conn) = conn else { return Ok(()) };
    let mut seen = BTreeSet::new();
    for row in expected.values().filter(|row| seen.insert(row.table())) {
        let table = row.table();
        let columns = row.columns();
        let answers = columns.as_object().into_iter().flatten().filter(|(_, v)| v.is_boolean());
        for (column, _) in answers {
            let query = format!(
                "SELECT '{column}' AS name, CAST({column} AS TEXT) AS found FROM {table}
                 WHERE {column} NOT IN (0, 1)"
            );
            let odd: Vec<OddRow> = diesel::sql_query(query).load(conn)?;
            for OddRow { name, found } in odd {
                let detail = format!("{name} holds {found}, which nothing here ever writes");
                verifier.unreadable(table, "?", &detail);
            }
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

fn judge(expected: &Rows, found: &Rows, broken: &[String], verifier: &mut Verifier) {
    for (place, row) in expected {
        match found.get(place) {
            None => verifier.add(finding(row, "a row that the journal makes is missing")),
            Some(there) if there != row => columns(row, there, verifier),
            Some(_) => {}
        }
    }
    for (place, row) in found {
        // A record that cannot be replayed makes no rows; it has its own finding.
        let of_broken = broken.iter().any(|id| place.1.contains(id.as_str()));
        if !expected.contains_key(place) && !of_broken {
            verifier.add(finding(row, "the journal makes no such row"));
        }
    }
}

/// One finding for each column that differs, with both values.
fn columns(expected: &Row, found: &Row, verifier: &mut Verifier) {
    let (was, is) = (expected.columns(), found.columns());
    for (name, value) in was.as_object().into_iter().flatten() {
        if is[name] != *value {
            let detail = format!("{name} is not what the journal says");
            verifier.add(Finding {
                expected: Some(plain(value)),
                found: Some(plain(&is[name])),
                ..finding(expected, &detail)
            });
        }
    }
}

fn finding(row: &Row, detail: &str) -> Finding {
    let columns = row.columns();
    let text = |name: &str| columns[name].as_str().map(str::to_owned);
    Finding {
        row: Some(key(row)),
        number: text("number"),
        occurrence: text("step"),
        entry: text("entry"),
        person: text("person").or_else(|| text("completed_by")).or_else(|| text("started_by")),
        at: columns["at"].as_i64(),
        ..Finding::new(Code::DerivedDiffers, row.table(), detail)
    }
}
