//! A row of any derived table: its name and key for people, and how it is written, read and deleted.

use super::row::{DeviationRow, ForeignRow, LotRow, MasterRow, PersonRow, RecordRow, RunRow};
use crate::domain::ids::RecordKey;
use crate::store::db::{Db, on_engine};
use crate::store::fault::StoreError;
use crate::store::schema::{deviations, foreign_lots, lots, masters, persons, records, runs};
use diesel::prelude::*;
use serde_json::Value;

macro_rules! derived_tables {
    ($($variant:ident($row:ty) in $table:ident by ($($key:ident),+) of $owner:ident;)*) => {
        /// A row of a derived table.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(missing_docs, reason = "one variant a table, named by its row")]
        pub enum Row { $($variant($row)),* }

        impl Row {
            /// The table.
            #[must_use]
            pub fn table(&self) -> &'static str {
                match self { $(Self::$variant(_) => stringify!($table)),* }
            }

            /// The columns by name, in the form people read.
            #[must_use]
            pub fn columns(&self) -> Value {
                let columns = match self {
                    $(Self::$variant(row) => serde_json::to_value(row)),*
                };
                columns.unwrap_or(Value::Null)
            }

            /// Names of the columns that make the key.
            #[must_use]
            pub fn key_columns(&self) -> &'static [&'static str] {
                match self { $(Self::$variant(_) => &[$(stringify!($key)),+]),* }
            }

            /// Writes the row as a new one.
            pub(in crate::store) fn insert(&self, conn: &mut Db) -> Result<(), StoreError> {
                match self {
                    $(Self::$variant(row) => on_engine!(conn, conn => {
                        diesel::insert_into($table::table).values(row).execute(conn)?;
                    })),*
                }
                Ok(())
            }

            /// Writes the row in place of the one with its key; false when there is none.
            pub(in crate::store) fn update(&self, conn: &mut Db) -> Result<bool, StoreError> {
                let changed = match self {
                    $(Self::$variant(row) => on_engine!(conn, conn => {
                        let target = $table::table $(.filter($table::$key.eq(&row.$key)))+;
                        diesel::update(target).set(row).execute(conn)?
                    })),*
                };
                Ok(changed == 1)
            }

            /// Every row that the derived tables hold of a record.
            ///
            /// # Errors
            /// The engine's, also for a row that does not decode.
            pub fn of_record(conn: &mut Db, id: &[u8]) -> Result<Vec<Row>, StoreError> {
                let mut all = Vec::new();
                $(
                    let found: Vec<$row> = on_engine!(conn, conn => {
                        $table::table.filter($table::$owner.eq(id)).load(conn)?
                    });
                    all.extend(found.into_iter().map(Self::$variant));
                )*
                Ok(all)
            }

            /// Table and identity column of what the rows belong to.
            pub(in crate::store) const OWNERS: &[(&str, &str)] =
                &[$((stringify!($table), stringify!($owner))),*];
        }

        /// Deletes every derived row of a record, before all of them are written anew.
        pub(in crate::store) fn delete_all(
            conn: &mut Db,
            record: RecordKey,
        ) -> Result<(), StoreError> {
            let id = record.id.as_bytes().as_slice();
            $(diesel::delete($table::table.filter($table::$owner.eq(id))).execute(conn)?;)*
            Ok(())
        }
    };
}

// `of` names the column that holds the identity of the record a row belongs to.
derived_tables! {
    Record(RecordRow) in records by (id) of id;
    Run(RunRow) in runs by (id) of id;
    Person(PersonRow) in persons by (id) of id;
    Master(MasterRow) in masters by (id) of id;
    Lot(LotRow) in lots by (id) of id;
    ForeignLot(ForeignRow) in foreign_lots by (run, lot, supplier) of run;
    Deviation(DeviationRow) in deviations by (id) of id;
}
