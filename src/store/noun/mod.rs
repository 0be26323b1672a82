//! One file a noun: its tables, the rows that its state writes, its lists.
//!
//! A table is here because a list or a look-up reads it: what a run recorded is read by folding its journal.
//! Every record has one row in `records`; a noun whose list shows more has a table of its own: one `derived!` in
//! the noun's file, and one line here. What is asked of entries has its rows from the entry alone (`mention`).

pub mod deviation;
mod device;
pub mod entered;
pub mod exception;
pub mod hold;
pub mod lot;
pub mod master;
pub mod mention;
pub mod person;
pub mod record;
pub mod run;
mod series;
mod site;
mod table;

pub use table::{Column, Derived, Table};

use super::db::Db;
use super::fault::StoreError;
use crate::domain::ids::RecordKey;
use crate::domain::noun::Noun;
use crate::domain::nouns::nouns;
use crate::domain::state::State;
use serde_json::Value;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What a noun writes into derived tables beside its row in `records`.
pub(in crate::store) trait Rows: Noun {
    /// A number that differs when the row in `records` does. The sequence does for every noun; one with many
    /// entries names just what the row shows.
    fn mark(&self) -> u64 {
        self.seq()
    }

    /// Visits every further row once.
    fn rows(&self, _visit: &mut dyn FnMut(Part<'_>)) {}

    /// Visits the rows of which a record has many. None of them ever goes; those that an earlier state has as they
    /// are may be passed over.
    fn many(&self, _since: Option<&State>, _visit: &mut dyn FnMut(Part<'_>)) {}
}

/// What becomes one row of a derived table, cheap to compare without making the row.
pub(in crate::store) struct Part<'a> {
    /// Key and content as two numbers: equal marks mean equal rows.
    pub(in crate::store) mark: (u64, u64),
    /// Makes the row.
    pub(in crate::store) row: &'a dyn Fn() -> Row,
}

impl<'a> Part<'a> {
    /// The row of a table under a key; `content` names all that may change in it.
    pub(in crate::store) fn new(
        table: &'static str,
        key: impl Hash,
        content: impl Hash,
        row: &'a dyn Fn() -> Row,
    ) -> Self {
        Self { mark: (number((table, key)), number(content)), row }
    }
}

fn number(thing: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    thing.hash(&mut hasher);
    hasher.finish()
}

macro_rules! written {
    ($($kind:ident: $module:ident::$state:ident = $word:literal, $as:ident, $reader:ident, $about:literal;)+) => {
        fn written(state: &State) -> &dyn Rows {
            match state {
                $(State::$kind(state) => &**state,)+
            }
        }
    };
}
nouns!(written);

/// Visits the rows of which a record has many, but for those that an earlier state has as they are.
pub(in crate::store) fn many(
    state: &State,
    since: Option<&State>,
    visit: &mut dyn FnMut(Part<'_>),
) {
    written(state).many(since, visit);
}

/// Visits every other row of a state once.
pub(in crate::store) fn each(state: &State, visit: &mut dyn FnMut(Part<'_>)) {
    let written = written(state);
    let row = || Row::Record(record::row(state));
    visit(Part::new(record::RecordRow::TABLE.name, (), written.mark(), &row));
    written.rows(visit);
}

macro_rules! tables {
    ($($variant:ident($row:ty);)+) => {
        /// A row of a derived table.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Row { $($variant($row)),+ }

        /// Every derived table.
        pub const TABLES: &[Table] = &[$(<$row>::TABLE),+];

        impl Row {
            fn of(&self) -> Table {
                match self { $(Self::$variant(_) => <$row>::TABLE),+ }
            }

            /// The columns by name, in the form people read.
            #[must_use]
            pub fn columns(&self) -> Value {
                match self { $(Self::$variant(row) => row.columns()),+ }
            }

            pub(in crate::store) fn insert(&self, conn: &mut Db) -> Result<(), StoreError> {
                match self { $(Self::$variant(row) => row.insert(conn)),+ }
            }

            pub(in crate::store) fn update(&self, conn: &mut Db) -> Result<bool, StoreError> {
                match self { $(Self::$variant(row) => row.update(conn)),+ }
            }

            /// Writes rows as new ones, table by table.
            pub(in crate::store) fn insert_all(
                rows: &[&Row],
                conn: &mut Db,
            ) -> Result<(), StoreError> {
                $({
                    let mut these: Vec<&$row> = Vec::new();
                    for row in rows {
                        if let Row::$variant(row) = row {
                            these.push(row);
                        }
                    }
                    <$row>::insert_all(&these, conn)?;
                })+
                Ok(())
            }

            /// Every row that the derived tables hold of a record.
            ///
            /// # Errors
            /// The engine's, also for a row that does not decode.
            pub fn of_record(conn: &mut Db, id: &[u8]) -> Result<Vec<Row>, StoreError> {
                let mut all = Vec::new();
                $(all.extend(<$row>::of_record(conn, id)?.into_iter().map(Self::$variant));)+
                Ok(all)
            }
        }

        /// Deletes every row that a record's state wrote, before all of them are written anew.
        pub(in crate::store) fn delete_all(conn: &mut Db, record: RecordKey) -> Result<(), StoreError> {
            let id = record.id.as_bytes().as_slice();
            $(if !<$row>::TABLE.is_of_entries() { <$row>::delete_of(conn, id)?; })+
            Ok(())
        }
    };
}

tables! {
    Record(record::RecordRow);
    Run(run::RunRow);
    ForeignLot(run::ForeignRow);
    Exception(exception::ExceptionRow);
    Person(person::PersonRow);
    Master(master::MasterRow);
    Lot(lot::LotRow);
    Deviation(deviation::DeviationRow);
    Concerned(deviation::ConcernedRow);
    Mention(mention::MentionRow);
    Entered(entered::EnteredRow);
    StandsOut(entered::StandsOutRow);
    Hold(hold::HoldRow);
    Questioned(run::QuestionedRow);
}

impl Table {
    /// Whether each entry writes rows of its own into it: such rows are never changed.
    pub(in crate::store) fn is_of_entries(&self) -> bool {
        self.name == mention::MentionRow::TABLE.name
    }
}

impl Row {
    /// The table.
    #[must_use]
    pub fn table(&self) -> &'static str {
        self.of().name
    }

    /// Names of the columns that make the key.
    #[must_use]
    pub fn key_columns(&self) -> &'static [&'static str] {
        self.of().key
    }
}
