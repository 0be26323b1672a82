//! Lots and their list.

use super::table::prelude::*;
use crate::domain::lot::Lot;
use crate::domain::noun::word;
use crate::store::journal::Page;
use crate::store::journal::cursor::{self, Number};
use crate::store::lists::{Paging, page};

derived! {
    /// Output lots. Read by the list of lots.
    LotRow in lots by (id) of id
            unique (number)
            looked up by (run_number) {
        /// Identity.
        id: Binary,
        /// Business number.
        number: Text,
        /// Batch number.
        run_number: Text,
        /// Product, side product or waste.
        class: Text,
        /// Product code.
        product: Text,
        /// The decision that counts.
        disposition: Text,
    }
}

impl Rows for Lot {
    fn rows(&self, visit: &mut dyn FnMut(Part<'_>)) {
        visit(Part::new(LotRow::TABLE.name, (), self.seq, &|| Row::Lot(row(self))));
    }
}

fn row(lot: &Lot) -> LotRow {
    LotRow {
        id: lot.key.id.as_bytes().to_vec(),
        number: lot.number.clone(),
        run_number: lot.run.1.clone(),
        class: lot.class.as_str().to_owned(),
        product: lot.product.clone(),
        disposition: word(&lot.disposition()),
    }
}

/// Which lots.
#[derive(Debug, Clone, Default)]
pub struct LotFilter {
    /// Of this batch.
    pub batch: Option<String>,
    /// Of this product code.
    pub product: Option<String>,
    /// Of this class, as in `side-product`.
    pub class: Option<String>,
    /// With this disposition, as in `released`.
    pub disposition: Option<String>,
    /// Which part.
    pub paging: Paging,
}

/// Lots by number.
///
/// # Errors
/// The engine's.
pub fn list_lots(conn: &mut Db, filter: &LotFilter) -> Result<Page<LotRow>, StoreError> {
    let mut query = lots::table.order(lots::number).into_boxed();
    if let Some(batch) = &filter.batch {
        query = query.filter(lots::run_number.eq(batch));
    }
    if let Some(product) = &filter.product {
        query = query.filter(lots::product.eq(product));
    }
    if let Some(class) = &filter.class {
        query = query.filter(lots::class.eq(class));
    }
    if let Some(disposition) = &filter.disposition {
        query = query.filter(lots::disposition.eq(disposition));
    }
    if let Some(Number(after)) = cursor::read(filter.paging.cursor.as_deref())? {
        query = query.filter(lots::number.gt(after));
    }
    let limit = cursor::limit(filter.paging.limit);
    page(query.limit(limit + 1).load(conn)?, limit, |row: &LotRow| row.number.clone())
}
