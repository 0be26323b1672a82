//! Generated schemas and matrices are the ones the code says. `BATCHWRIGHT_BLESS=1` rewrites them.

mod amab;
mod document;

use batchwright::domain::entry::{catalogue, consequence};
use batchwright::domain::master::decide;
use batchwright::domain::recipe::schema;
use std::path::Path;

/// Compares a committed file with what the code says, or rewrites it.
fn drift(path: &str, expected: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("BATCHWRIGHT_BLESS").is_some() {
        std::fs::write(&file, expected).expect("the schemas can be written");
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == expected,
        "{path} is not what the code says; run with BATCHWRIGHT_BLESS=1 and read the difference"
    );
}

#[test]
fn entry_kinds_are_published_as_they_are() {
    let text = serde_json::to_string_pretty(&catalogue()).expect("plain data") + "\n";
    drift("schemas/entry-kinds.json", &text);
}

#[test]
fn the_schema_of_a_master_record_is_published_as_it_is() {
    drift("schemas/master-record.schema.json", &schema::text());
}

// shows: C211-110b.b
#[test]
fn consequences_are_published_as_they_are() {
    drift("schemas/matrices/consequences.txt", &consequence::matrix());
}

#[test]
fn the_life_of_a_master_record_is_published_as_it_is() {
    drift("schemas/matrices/master-life.txt", &decide::matrix());
}
