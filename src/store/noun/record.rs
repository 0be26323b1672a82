//! Every record: to find one by its number, and what a noun without a table of its own is listed by.

use super::table::prelude::*;
use crate::domain::ids::RecordKind;
use crate::domain::state::State;

derived! {
    /// Every record. Read to find one by its number, the site's record, and the runs that are not over.
    RecordRow in records by (id) of id
            unique (kind, number) {
        /// Identity.
        id: Binary,
        /// Kind of record.
        kind: Text,
        /// Business number.
        number: Nullable<Text>,
        /// Phase.
        phase: Text,
    }
}

/// A record's row.
pub(super) fn row(state: &State) -> RecordRow {
    let key = state.key();
    RecordRow {
        id: key.id.as_bytes().to_vec(),
        kind: key.kind.as_str().to_owned(),
        number: state.number(),
        phase: state.phase(),
    }
}

/// The numbers of all records of a kind, in their order: for nouns of which a site has few.
///
/// # Errors
/// The engine's.
pub fn numbers(conn: &mut Db, kind: RecordKind) -> Result<Vec<String>, StoreError> {
    let query = records::table.filter(records::kind.eq(kind.as_str())).order(records::number);
    let found: Vec<Option<String>> = query.select(records::number).load(conn)?;
    Ok(found.into_iter().flatten().collect())
}
