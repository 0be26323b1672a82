//! Password verifiers, closed signing keys, failures and contacts, each one row a person.

use crate::domain::clock::Instant;
use crate::domain::ids::PersonId;
use crate::store::db::Db;
use crate::store::fault::StoreError;
use crate::store::schema::{contacts, lockouts, password_verifiers, wrapped_keys};
use diesel::prelude::*;

/// Failures of a person's password, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lockout {
    /// Failures since the last good sign-in or unlock.
    pub failures: u32,
    /// Locked since.
    pub locked_at: Option<Instant>,
}

/// Reader and writer of a table of one text a person.
macro_rules! text_of_person {
    ($table:ident, $column:ident, $get:ident, $put:ident, $doc:literal) => {
        #[doc = concat!("Reads ", $doc, ".\n\n# Errors\nThe engine's.")]
        pub fn $get(conn: &mut Db, person: PersonId) -> Result<Option<String>, StoreError> {
            let row = $table::table.find(person.as_bytes().as_slice());
            Ok(row.select($table::$column).get_result(conn).optional()?)
        }

        #[doc = concat!("Writes ", $doc, " in place of the one before.\n\n# Errors\nThe engine's.")]
        pub fn $put(conn: &mut Db, person: PersonId, text: &str) -> Result<(), StoreError> {
            let key = $table::table.find(person.as_bytes().as_slice());
            if diesel::update(key).set($table::$column.eq(text)).execute(conn)? == 0 {
                let columns =
                    ($table::person.eq(person.as_bytes().as_slice()), $table::$column.eq(text));
                diesel::insert_into($table::table).values(columns).execute(conn)?;
            }
            Ok(())
        }
    };
}

text_of_person!(
    password_verifiers,
    record,
    verifier,
    put_verifier,
    "what recognises a person's password"
);
text_of_person!(
    wrapped_keys,
    record,
    wrapped_key,
    put_wrapped_key,
    "a person's closed signing key"
);
text_of_person!(contacts, data, contact, put_contact, "how to reach a person");

/// Destroys a person's private key.
///
/// # Errors
/// The engine's.
pub fn drop_wrapped_key(conn: &mut Db, person: PersonId) -> Result<(), StoreError> {
    diesel::delete(wrapped_keys::table.find(person.as_bytes().as_slice())).execute(conn)?;
    Ok(())
}

/// Erases how to reach a person.
///
/// # Errors
/// The engine's.
pub fn erase_contact(conn: &mut Db, person: PersonId) -> Result<(), StoreError> {
    diesel::delete(contacts::table.find(person.as_bytes().as_slice())).execute(conn)?;
    Ok(())
}

/// A person's failures: none, when there is no row.
///
/// # Errors
/// The engine's.
pub fn lockout(conn: &mut Db, person: PersonId) -> Result<Lockout, StoreError> {
    let found = lockouts::table
        .find(person.as_bytes().as_slice())
        .select((lockouts::failures, lockouts::locked_at))
        .get_result::<(i64, Option<i64>)>(conn)
        .optional()?;
    Ok(found.map_or_else(Lockout::default, |(failures, locked_at)| Lockout {
        failures: u32::try_from(failures).unwrap_or(u32::MAX),
        locked_at: locked_at.map(Instant),
    }))
}

/// Writes a person's failures.
///
/// # Errors
/// The engine's.
pub fn put_lockout(
    conn: &mut Db,
    person: PersonId,
    failures: u32,
    locked_at: Option<Instant>,
) -> Result<(), StoreError> {
    let columns = (
        lockouts::failures.eq(i64::from(failures)),
        lockouts::locked_at.eq(locked_at.map(|at| at.0)),
    );
    let key = lockouts::table.find(person.as_bytes().as_slice());
    if diesel::update(key).set(columns).execute(conn)? == 0 {
        let person = lockouts::person.eq(person.as_bytes().as_slice());
        diesel::insert_into(lockouts::table)
            .values((person, columns.0, columns.1))
            .execute(conn)?;
    }
    Ok(())
}
