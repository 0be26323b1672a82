//! What somebody with a database tool would do: one number changed in a copy. The demo shows that
//! `verify` names it. Works on a fresh copy only; no served database is ever opened for writing here.

use crate::store::db::{Access, Address, Db};
use crate::store::fault::StoreError;
use crate::store::schema::run_entries;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::path::Path;

/// Copies an SQLite database to a new file and changes one recorded number in the copy.
/// Gives what was changed, in words.
///
/// # Errors
/// When it is no SQLite database, the copy exists already, or there is no number to change.
pub fn forge(url: &str, copy: &Path) -> Result<String, StoreError> {
    let mut conn = Address::parse(url)?.connect(Access::Write)?;
    if !matches!(conn, Db::Sqlite(_)) {
        return Err(StoreError::Process("only a copy of an SQLite file is forged here".into()));
    }
    if copy.exists() {
        return Err(StoreError::Process(format!("{} is there already", copy.display())));
    }
    let path = copy.display().to_string().replace('\'', "''");
    conn.batch_execute(&format!("VACUUM INTO '{path}'"))?;
    drop(conn);
    let mut copied =
        Address::parse(&format!("sqlite:{}", copy.display()))?.connect(Access::Write)?;
    change(&mut copied)
}

/// Run, step, entry, version, value, shown.
type Recorded = (Vec<u8>, String, String, i64, Option<String>, String);

fn change(conn: &mut Db) -> Result<String, StoreError> {
    let rows: Vec<Recorded> = run_entries::table
        .filter(run_entries::unit.is_not_null())
        .order((run_entries::verdict, run_entries::at))
        .select((
            run_entries::run,
            run_entries::step,
            run_entries::entry,
            run_entries::version,
            run_entries::value,
            run_entries::shown,
        ))
        .load(conn)?;
    // The number worth forging: the one that stood outside acceptance that night, else any.
    let night = |r: &&Recorded| r.4.as_deref().is_some_and(|value| value.contains("6.52"));
    let chosen = rows.iter().find(night).or_else(|| rows.first());
    let Some((run, step, entry, version, Some(value), shown)) = chosen else {
        return Err(StoreError::Process("there is no number to change".into()));
    };
    let number = shown.split(' ').next().unwrap_or_default();
    let forged = if number == "6.52" { "6.82".to_owned() } else { format!("{number}1") };
    let forged_shown = shown.replacen(number, &forged, 1);
    let target = run_entries::table.find((run, step, entry, version));
    diesel::update(target)
        .set((
            run_entries::value.eq(value.replacen(number, &forged, 1)),
            run_entries::shown.eq(&forged_shown),
        ))
        .execute(conn)?;
    Ok(format!("{entry} at {step}: {shown} becomes {forged_shown}"))
}
