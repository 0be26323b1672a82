//! Schema steps: forward only, twins by name, embedded in the program. The derived tables are made behind them,
//! as the nouns declare them.

use super::db::{Access, Address, Db, on_engine};
use super::derived;
use super::fault::StoreError;
use super::journal::entries;
use super::noun::{Row, TABLES, Table, mention};
use super::replay::{Recipes, replay};
use super::schema::{APPEND_ONLY, LOG_HEAD, OPERATIONAL, journal};
use crate::domain::ids::RecordKey;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use uuid::Uuid;

pub(in crate::store) const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
pub(in crate::store) const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Brings a database's schema up to date; an SQLite file is made when there is none. Gives the names of
/// the steps taken. On PostgreSQL, `runtime_role` is the role that `serve` connects with: it may read
/// and insert, and change only what is no evidence by itself.
///
/// # Errors
/// When a step fails (it is undone), or the schema is newer than this program.
pub fn migrate(url: &str, runtime_role: Option<&str>) -> Result<Vec<String>, StoreError> {
    let mut conn = Address::parse(url)?.connect(Access::Create)?;
    let taken = run(&mut conn)?;
    match (&conn, runtime_role) {
        (Db::Postgres(_), Some(role)) => grant(&mut conn, role)?,
        (Db::Sqlite(_), Some(_)) => {
            return Err(StoreError::Migration("SQLite has no roles: leave it out".into()));
        }
        (_, None) => {}
    }
    Ok(taken)
}

/// Takes the steps that are missing.
pub(in crate::store) fn run(conn: &mut Db) -> Result<Vec<String>, StoreError> {
    let failed = |e: Box<dyn std::error::Error + Send + Sync>| StoreError::Migration(e.to_string());
    let taken = match conn {
        Db::Sqlite(conn) => conn.run_pending_migrations(SQLITE).map_err(failed)?,
        Db::Postgres(conn) => conn.run_pending_migrations(POSTGRES).map_err(failed)?,
    };
    let taken = taken.iter().map(ToString::to_string).collect();
    make_derived(conn)?;
    check_current(conn)?;
    Ok(taken)
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

/// Whether the schema is exactly the one this program knows.
///
/// # Errors
/// A sentence that says which it is and what to do.
pub fn check_current(conn: &mut Db) -> Result<(), StoreError> {
    let query = "SELECT version FROM __diesel_schema_migrations ORDER BY version";
    let found: Result<Vec<Step>, _> = diesel::sql_query(query).load(conn);
    let Ok(found) = found else {
        return Err(StoreError::Migration(
            "this is no database of Batchwright; found a site with `batchwright found`, or run `batchwright migrate`".into(),
        ));
    };
    let found: Vec<String> = found.into_iter().map(|step| step.version).collect();
    let known = known_versions();
    if let Some(missing) = known.iter().find(|version| !found.contains(version)) {
        let text = format!("step {missing} is missing; run `batchwright migrate` first");
        return Err(StoreError::Migration(text));
    }
    match found.iter().find(|version| !known.contains(version)) {
        Some(newer) => Err(StoreError::Migration(format!(
            "the database has step {newer}, which this program does not know; use the newer program"
        ))),
        None => check_derived(conn),
    }
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

/// The derived tables that are not there.
fn missing(conn: &mut Db) -> Result<Vec<&'static Table>, StoreError> {
    let query = match conn {
        Db::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Db::Postgres(_) => {
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()"
        }
    };
    let found: Vec<Named> = diesel::sql_query(query).load(conn)?;
    let there = |table: &&Table| found.iter().any(|it| it.name == table.name);
    Ok(TABLES.iter().filter(|table| !there(table)).collect())
}

fn check_derived(conn: &mut Db) -> Result<(), StoreError> {
    missing(conn)?.first().map_or(Ok(()), |table| {
        let text = format!("table {} is missing; run `batchwright migrate` first", table.name);
        Err(StoreError::Migration(text))
    })
}

/// Makes the derived tables that are not there, with the rows that the journal makes: one that a newer program
/// brings along, or one that a step dropped because its columns are others now.
fn make_derived(conn: &mut Db) -> Result<(), StoreError> {
    let new = missing(conn)?;
    if new.is_empty() {
        return Ok(());
    }
    conn.transaction(|conn| {
        new.iter().try_for_each(|table| table.make(conn))?;
        let query = journal::table.filter(journal::seq.eq(1));
        let begun: Vec<(String, Vec<u8>)> =
            query.select((journal::record_kind, journal::record_id)).load(conn)?;
        let recipes = Recipes::default();
        for (kind, id) in begun {
            let kind = kind.parse().map_err(StoreError::Migration)?;
            let id = Uuid::from_slice(&id).map_err(|e| StoreError::Migration(e.to_string()))?;
            let record = RecordKey::new(kind, id);
            let state = replay(conn, record, &recipes)?;
            let of_entries = match new.iter().any(|table| table.is_of_entries()) {
                true => mentions(conn, record)?,
                false => Vec::new(),
            };
            for row in state.iter().flat_map(derived::rows).chain(of_entries) {
                if new.iter().any(|table| table.name == row.table()) {
                    row.insert(conn)?;
                }
            }
        }
        Ok(())
    })
}

/// What the entries of a record mention.
fn mentions(conn: &mut Db, record: RecordKey) -> Result<Vec<Row>, StoreError> {
    let of_record = journal::record_id.eq(record.id.as_bytes().as_slice());
    let leaves: Vec<i64> = on_engine!(conn, conn => {
        journal::table.filter(of_record).order(journal::seq).select(journal::leaf).load(conn)?
    });
    let rows = entries(conn, record, 0)?.into_iter().zip(leaves).flat_map(|(entry, leaf)| {
        mention::rows(&mention::Looked {
            record: record.id,
            seq: entry.header.seq,
            at: entry.header.at,
            leaf,
            event: &entry.header.event.name,
            actor: entry.header.actor.person,
            data: &entry.data,
            signatures: &entry.signatures,
        })
    });
    Ok(rows.map(Row::Mention).collect())
}

fn known_versions() -> Vec<String> {
    use diesel::migration::{Migration, MigrationSource};
    let steps: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> =
        SQLITE.migrations().unwrap_or_default();
    let mut versions: Vec<String> =
        steps.iter().map(|step| step.name().version().to_string()).collect();
    versions.sort();
    versions
}

/// Rights of the role that serves: append-only tables can be read and added to, nothing else.
fn grant(conn: &mut Db, role: &str) -> Result<(), StoreError> {
    let plain = !role.is_empty()
        && role.len() <= 63
        && role.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !plain {
        return Err(StoreError::Migration(format!(
            "{role:?} cannot be the runtime role: use a-z, 0-9 and '_'"
        )));
    }
    let grow = APPEND_ONLY.join(", ");
    let derived: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
    let change = [&derived, OPERATIONAL].concat().join(", ");
    conn.batch_execute(&format!(
        "REVOKE ALL ON {grow}, {change}, {LOG_HEAD} FROM {role};
         GRANT SELECT, INSERT ON {grow} TO {role};
         GRANT SELECT, INSERT, UPDATE ON {LOG_HEAD} TO {role};
         GRANT SELECT, INSERT, UPDATE, DELETE ON {change} TO {role};
         GRANT SELECT ON __diesel_schema_migrations TO {role};"
    ))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    fn steps(engine: &str) -> BTreeSet<String> {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        let entries = std::fs::read_dir(&dir).expect("the folder of migrations");
        entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn every_step_has_its_twin() {
        assert_eq!(steps("sqlite"), steps("postgres"));
    }
}
