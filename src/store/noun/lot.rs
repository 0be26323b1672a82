//! Lots and their list.

use super::table::prelude::*;
use crate::domain::lot::Lot;
use crate::domain::noun::word;
use crate::store::journal::Page;
use crate::store::journal::cursor::{self, Number};
use crate::store::lists::{Paging, page};
use crate::store::question::{Conditions, Dialect, Listed, and_one, text};
use diesel::dsl::sql;

derived! {
    /// Output lots. Read by the list of lots.
    LotRow in lots by (id) of id
            unique (number)
            looked up by (run_number, number)
            looked up by (product, number)
            looked up by (disposition, number) {
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

impl Listed for LotFilter {
    fn asks(&self, _: Dialect) -> Result<String, StoreError> {
        let after: Option<Number> = cursor::read(self.paging.cursor.as_deref())?;
        let mut conditions = Conditions::default();
        conditions.is("run_number", self.batch.as_ref());
        conditions.is("product", self.product.as_ref());
        conditions.is("class", self.class.as_ref());
        conditions.is("disposition", self.disposition.as_ref());
        if let Some(Number(after)) = after {
            conditions.and(&format!("number > {}", text(&after)));
        }
        let columns: Vec<&str> = LotRow::TABLE.columns.iter().map(|it| it.name).collect();
        Ok(format!(
            "SELECT {} FROM lots{conditions} ORDER BY number LIMIT {}",
            columns.join(", "),
            and_one(self.paging.limit)
        ))
    }
}

/// Lots by number.
///
/// # Errors
/// The engine's.
pub fn list_lots(conn: &mut Db, filter: &LotFilter) -> Result<Page<LotRow>, StoreError> {
    let asks = filter.asks(Dialect::of(conn))?;
    let found: Vec<LotRow> = on_engine!(conn, conn => sql::<lots::SqlType>(&asks).load(conn)?);
    let limit = cursor::limit(filter.paging.limit);
    page(found, limit, |row: &LotRow| row.number.clone())
}
