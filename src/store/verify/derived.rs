//! Replay against the derived tables, both ways: what should be there, and what is.

use super::tables::Records;
use crate::seal::verify::{Code, Finding, Verifier};
use crate::store::db::Db;
use crate::store::derived::{self, Row};
use crate::store::fault::StoreError;
use crate::store::replay::{Recipes, replay};
use serde_json::Value;
use std::collections::BTreeMap;

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
            Ok(Some(state)) => {
                if let Some(number) = state.number() {
                    verifier.record_number(*id, &number);
                }
                for row in derived::rows(&state) {
                    expected.insert((row.table(), key(&row)), row);
                }
            }
            Ok(None) => {}
            Err(StoreError::Unreachable(error)) => return Err(StoreError::Unreachable(error)),
            Err(fault) => {
                broken.push(id.simple().to_string());
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
