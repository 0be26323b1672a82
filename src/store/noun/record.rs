//! Every record: to find one by its number, and what a noun without a table of its own is listed by.

use super::table::prelude::*;
use crate::domain::alike::forms;
use crate::domain::ids::RecordKind;
use crate::domain::state::State;

derived! {
    /// Every record. Read to find one by its number or by one that reads alike, the site's record, and the runs that are not over.
    RecordRow in records by (id) of id
            unique (kind, number)
            looked up by (folded)
            looked up by (drawn)
            looked up by (kind, phase) {
        /// Identity.
        id: Binary,
        /// Kind of record.
        kind: Text,
        /// Business number.
        number: Nullable<Text>,
        /// The number as it reads folded (`domain::alike`).
        folded: Nullable<Text>,
        /// The number as it reads drawn.
        drawn: Nullable<Text>,
        /// Phase.
        phase: Text,
    }
}

/// A record's row.
pub(super) fn row(state: &State) -> RecordRow {
    let key = state.key();
    let number = state.number();
    // What is called by no number of its own is never mistaken for another.
    let forms = number.as_deref().map(forms);
    let (folded, drawn) = forms.map(|forms| (forms.folded, forms.drawn)).unzip();
    RecordRow {
        id: key.id.as_bytes().to_vec(),
        kind: key.kind.as_str().to_owned(),
        number,
        folded,
        drawn,
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
