//! Persons and their list.

use super::table::prelude::*;
use crate::domain::person::Person;
use crate::store::journal::Page;
use crate::store::journal::cursor::{self, Number};
use crate::store::lists::{Paging, page};

derived! {
    /// Persons. Read by the list of persons.
    PersonRow in persons by (id) of id
            unique (number) {
        /// Identity.
        id: Binary,
        /// User name as shown.
        user_name: Text,
        /// Normalised user name.
        number: Text,
        /// Printed name.
        printed_name: Text,
        /// Whether the account is active.
        active: Bool,
        /// Locked since.
        locked_at: Nullable<BigInt>,
        /// Fingerprint of the signing key in force.
        signing_key: Nullable<Text>,
    }
}

impl Rows for Person {
    fn rows(&self, visit: &mut dyn FnMut(Part<'_>)) {
        visit(Part::new(PersonRow::TABLE.name, (), self.seq, &|| Row::Person(row(self))));
    }
}

fn row(person: &Person) -> PersonRow {
    PersonRow {
        id: person.key.id.as_bytes().to_vec(),
        user_name: person.user_name.clone(),
        number: person.number.clone(),
        printed_name: person.printed_name.clone(),
        active: person.active,
        locked_at: person.locked.map(|at| at.0),
        signing_key: person.signing_key.as_ref().map(|key| key.fingerprint.clone()),
    }
}

/// Persons by normalised user name.
///
/// # Errors
/// The engine's.
pub fn list_persons(conn: &mut Db, paging: &Paging) -> Result<Page<PersonRow>, StoreError> {
    let mut query = persons::table.order(persons::number).into_boxed();
    if let Some(Number(after)) = cursor::read(paging.cursor.as_deref())? {
        query = query.filter(persons::number.gt(after));
    }
    let limit = cursor::limit(paging.limit);
    page(query.limit(limit + 1).load(conn)?, limit, |row: &PersonRow| row.number.clone())
}
