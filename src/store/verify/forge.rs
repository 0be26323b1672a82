//! What somebody with a database tool would do: one number changed in a copy. The demo shows that
//! `verify` names it. Works on a fresh copy only; no served database is ever opened for writing here.

use crate::store::db::{Access, Address, Db};
use crate::store::fault::StoreError;
use crate::store::schema::journal;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::Value;
use std::path::Path;

/// The number worth forging: the one that stood outside acceptance that night.
const NIGHT: &str = "6.52";

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

/// A recorded number: leaf, body, and the number with its unit as it is shown.
type Recorded = (i64, String, String);

fn change(conn: &mut Db) -> Result<String, StoreError> {
    let chosen = match recorded(conn, &format!("%\"{NIGHT} %"))? {
        Some(night) => Some(night),
        None => recorded(conn, "%\"number\":{%")?,
    };
    let Some((leaf, body, shown)) = chosen else {
        return Err(StoreError::Process("there is no number to change".into()));
    };
    let number = shown.split(' ').next().unwrap_or_default();
    let forged = if number == NIGHT { "6.82".to_owned() } else { format!("{number}1") };
    let forged_shown = shown.replacen(number, &forged, 1);
    let data: Value = serde_json::from_str(&body).unwrap_or_default();
    let at = |name: &str| data["data"]["at"][name].as_str().unwrap_or("?").to_owned();
    untriggered(conn, |conn| {
        let forged_body = body.replace(&format!("\"{number}"), &format!("\"{forged}"));
        diesel::update(journal::table.find(leaf))
            .set(journal::body.eq(forged_body))
            .execute(conn)?;
        Ok(())
    })?;
    Ok(format!("{} at {}: {shown} becomes {forged_shown}", at("entry"), at("step")))
}

/// The first recorded number whose body is like a pattern.
fn recorded(conn: &mut Db, like: &str) -> Result<Option<Recorded>, StoreError> {
    let rows: Vec<(i64, String)> = journal::table
        .filter(journal::event.eq("run.entry-recorded"))
        .filter(journal::body.like(like))
        .order(journal::leaf)
        .limit(100)
        .select((journal::leaf, journal::body))
        .load(conn)?;
    let number = |(leaf, body): (i64, String)| {
        let read: Value = serde_json::from_str(&body).ok()?;
        let value = &read["data"]["value"];
        let shown = value["number"].is_object().then(|| value["shown"].as_str()).flatten()?;
        Some((leaf, body, shown.to_owned()))
    };
    Ok(rows.into_iter().find_map(number))
}

#[derive(QueryableByName)]
struct Trigger {
    #[diesel(sql_type = Text)]
    sql: String,
}

/// Takes the journal's guard off for a change, and puts it on again.
fn untriggered(
    conn: &mut Db,
    change: impl FnOnce(&mut Db) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let query = "SELECT sql FROM sqlite_master WHERE name = 'journal_no_update'";
    let guard: Trigger = diesel::sql_query(query).get_result(conn)?;
    conn.batch_execute("DROP TRIGGER journal_no_update")?;
    change(conn)?;
    Ok(conn.batch_execute(&guard.sql)?)
}
