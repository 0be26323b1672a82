//! A row of any derived table: its name and key for people, and how it is written, read and deleted.

use super::row::{
    DeviationRow, EntryRow, ExceptionRow, ForeignRow, HoldRow, LotRow, MasterRow, PersonRow,
    RecordRow, RunRow, SignatureRow, StepRow,
};
use crate::domain::ids::RecordKey;
use crate::store::db::{Db, on_engine};
use crate::store::fault::StoreError;
use crate::store::schema::{
    deviations, foreign_lots, lots, masters, persons, record_signatures, records, run_entries,
    run_exceptions, run_holds, run_steps, runs,
};
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

            /// Every row of every derived table.
            ///
            /// # Errors
            /// The engine's, also for a row that does not decode.
            pub fn all(conn: &mut Db, take: &mut dyn FnMut(Row)) -> Result<(), StoreError> {
                $(
                    let found: Vec<$row> = $table::table.load(conn)?;
                    found.into_iter().for_each(|row| take(Self::$variant(row)));
                )*
                Ok(())
            }
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
    Record(RecordRow) in records by (kind, id) of id;
    Run(RunRow) in runs by (id) of id;
    Step(StepRow) in run_steps by (run, step) of run;
    Entry(EntryRow) in run_entries by (run, step, entry, version) of run;
    Exception(ExceptionRow) in run_exceptions by (run, no) of run;
    Hold(HoldRow) in run_holds by (run, no) of run;
    Person(PersonRow) in persons by (id) of id;
    Master(MasterRow) in masters by (id) of id;
    Lot(LotRow) in lots by (id) of id;
    ForeignLot(ForeignRow) in foreign_lots by (run, lot, supplier) of run;
    Deviation(DeviationRow) in deviations by (id) of id;
    Signature(SignatureRow) in record_signatures by (kind, id, seq, person, meaning) of id;
}
