//! Deviations and their list.

use super::table::prelude::*;
use crate::domain::deviation::Deviation;
use crate::domain::noun::word;
use crate::store::journal::Page;
use crate::store::journal::cursor::{self, Number};
use crate::store::lists::{Paging, page};

derived! {
    /// Deviations. Read by the list of deviations.
    DeviationRow in deviations by (id) of id
            unique (number) {
        /// Identity.
        id: Binary,
        /// Business number.
        number: Text,
        /// Title.
        title: Text,
        /// Phase.
        phase: Text,
        /// Class.
        class: Nullable<Text>,
        /// Opened at.
        opened_at: BigInt,
    }
}

impl Rows for Deviation {
    fn rows(&self, visit: &mut dyn FnMut(Part<'_>)) {
        visit(Part::new(DeviationRow::TABLE.name, (), self.seq, &|| Row::Deviation(row(self))));
    }
}

fn row(deviation: &Deviation) -> DeviationRow {
    DeviationRow {
        id: deviation.key.id.as_bytes().to_vec(),
        number: deviation.number.clone(),
        title: deviation.title.clone(),
        phase: word(&deviation.phase),
        class: deviation.class.as_ref().map(word),
        opened_at: deviation.opened.0.0,
    }
}

/// Deviations, the newest number first; `phase` as in `open`.
///
/// # Errors
/// The engine's.
pub fn list_deviations(
    conn: &mut Db,
    phase: Option<&str>,
    paging: &Paging,
) -> Result<Page<DeviationRow>, StoreError> {
    let mut query = deviations::table.order(deviations::number.desc()).into_boxed();
    if let Some(phase) = phase {
        query = query.filter(deviations::phase.eq(phase.to_owned()));
    }
    if let Some(Number(before)) = cursor::read(paging.cursor.as_deref())? {
        query = query.filter(deviations::number.lt(before));
    }
    let limit = cursor::limit(paging.limit);
    page(query.limit(limit + 1).load(conn)?, limit, |row: &DeviationRow| row.number.clone())
}
