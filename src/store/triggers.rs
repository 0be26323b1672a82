//! Whether the engine still has every trigger that refuses to forget, each exactly as it was made.

use super::db::Db;
use super::fault::StoreError;
use super::migrate;
use super::schema::APPEND_ONLY;
use crate::seal::digest;
use diesel::prelude::*;
use diesel::sql_types::{SmallInt, Text};
use diesel_migrations::MigrationHarness;
use std::collections::BTreeMap;

/// A trigger that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriggerFault {
    pub table: String,
    /// The trigger.
    pub name: String,
    /// `missing`, `changed` or `unknown`.
    pub what: &'static str,
}

#[derive(QueryableByName)]
struct SqliteTrigger {
    #[diesel(sql_type = Text)]
    tbl_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    sql: String,
}

#[derive(QueryableByName)]
struct PostgresTrigger {
    #[diesel(sql_type = Text)]
    tbl_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    enabled: String,
    #[diesel(sql_type = SmallInt)]
    kind: i16,
    #[diesel(sql_type = Text)]
    body: String,
}

/// What refuses: (table, trigger) → hash of its body and settings.
type Found = BTreeMap<(String, String), [u8; 32]>;

/// Compares the triggers the engine has with those that must be.
///
/// # Errors
/// The engine's.
pub fn check(conn: &mut Db) -> Result<Vec<TriggerFault>, StoreError> {
    let (found, expected) = match conn {
        Db::Sqlite(conn) => {
            // What must be is what the migrations make: made anew in memory and read the same way.
            let unreachable = |e: String| StoreError::Migration(e);
            let mut fresh =
                SqliteConnection::establish(":memory:").map_err(|e| unreachable(e.to_string()))?;
            fresh
                .run_pending_migrations(migrate::SQLITE)
                .map_err(|e| unreachable(e.to_string()))?;
            (of_sqlite(conn)?, of_sqlite(&mut fresh)?)
        }
        Db::Postgres(conn) => (of_postgres(conn)?, expected_of_postgres()),
    };
    Ok(compare(&found, &expected))
}

fn compare(found: &Found, expected: &Found) -> Vec<TriggerFault> {
    let fault = |(table, name): &(String, String), what| TriggerFault {
        table: table.clone(),
        name: name.clone(),
        what,
    };
    let mut faults: Vec<TriggerFault> = expected
        .iter()
        .filter_map(|(key, hash)| match found.get(key) {
            None => Some(fault(key, "missing")),
            Some(other) if other != hash => Some(fault(key, "changed")),
            Some(_) => None,
        })
        .collect();
    faults.extend(found.keys().filter(|k| !expected.contains_key(k)).map(|k| fault(k, "unknown")));
    faults
}

fn of_sqlite(conn: &mut SqliteConnection) -> Result<Found, StoreError> {
    let query = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'";
    let triggers: Vec<SqliteTrigger> = diesel::sql_query(query).load(conn)?;
    Ok(triggers
        .into_iter()
        .map(|t| ((t.tbl_name, t.name), digest::sha256(&[t.sql.as_bytes()])))
        .collect())
}

/// BEFORE (2), DELETE (8), UPDATE (16), TRUNCATE (32), for each statement.
const POSTGRES_KIND: i16 = 2 + 8 + 16 + 32;
const POSTGRES_BODY: &str =
    "\nBEGIN\n    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;\nEND\n";

fn postgres_hash(enabled: &str, kind: i16, body: &str) -> [u8; 32] {
    digest::sha256(&[enabled.as_bytes(), &kind.to_be_bytes(), body.as_bytes()])
}

fn of_postgres(conn: &mut PgConnection) -> Result<Found, StoreError> {
    let query = "SELECT c.relname::text AS tbl_name, t.tgname::text AS name,
                        t.tgenabled::text AS enabled, t.tgtype AS kind, p.prosrc AS body
                 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                                   JOIN pg_proc p ON p.oid = t.tgfoid
                 WHERE NOT t.tgisinternal AND c.relnamespace =
                       (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('journal'))";
    let triggers: Vec<PostgresTrigger> = diesel::sql_query(query).load(conn)?;
    Ok(triggers
        .into_iter()
        .map(|t| ((t.tbl_name, t.name), postgres_hash(&t.enabled, t.kind, &t.body)))
        .collect())
}

fn expected_of_postgres() -> Found {
    // A stands for ALWAYS: the replica role bypasses ordinary triggers.
    let hash = postgres_hash("A", POSTGRES_KIND, POSTGRES_BODY);
    APPEND_ONLY
        .iter()
        .map(|table| (((*table).to_owned(), format!("{table}_append_only")), hash))
        .collect()
}
