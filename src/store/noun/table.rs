//! A derived table, said once: its columns become the table in SQL of both engines, the row's type, and how
//! a row is written, read and deleted.

use crate::store::db::Db;
use crate::store::fault::StoreError;
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

/// What a derived table is.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns in their order.
    pub columns: &'static [Column],
    /// The columns that make the key.
    pub key: &'static [&'static str],
    /// The column that holds the identity of the record a row belongs to.
    pub owner: &'static str,
    /// Columns that no two rows share together.
    pub unique: &'static [&'static [&'static str]],
    /// Columns that a list looks rows up by: one index for each.
    pub looked_up: &'static [&'static [&'static str]],
}

/// A column of a derived table.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its type, as diesel names it; of one that may be empty, what is inside.
    pub holds: &'static str,
    /// Whether it may be empty.
    pub empty: bool,
}

impl Table {
    /// Makes the table and its indices where they are not there yet.
    pub(in crate::store) fn make(&self, conn: &mut Db) -> Result<(), StoreError> {
        let sqlite = matches!(conn, Db::Sqlite(_));
        let mut parts: Vec<String> =
            self.columns.iter().map(|column| column.declared(sqlite)).collect();
        parts.push(format!("PRIMARY KEY ({})", self.key.join(", ")));
        parts.extend(self.unique.iter().map(|columns| format!("UNIQUE ({})", columns.join(", "))));
        let rest = if sqlite { " WITHOUT ROWID" } else { "" };
        let name = self.name;
        let parts = parts.join(", ");
        conn.batch_execute(&format!("CREATE TABLE IF NOT EXISTS {name} ({parts}){rest}"))?;
        for columns in self.looked_up {
            let (index, columns) = (columns.join("_"), columns.join(", "));
            conn.batch_execute(&format!(
                "CREATE INDEX IF NOT EXISTS {name}_{index} ON {name} ({columns})"
            ))?;
        }
        Ok(())
    }

    /// Columns that hold yes or no.
    pub(in crate::store) fn answers(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().filter(|column| column.holds == "Bool").map(|column| column.name)
    }
}

impl Column {
    fn declared(&self, sqlite: bool) -> String {
        let name = self.name;
        let (kind, check) = match (self.holds, sqlite) {
            ("Binary", true) => ("BLOB", String::new()),
            ("Binary", false) => ("BYTEA", String::new()),
            ("Bool", true) => ("INTEGER", format!(" CHECK ({name} IN (0, 1))")),
            ("Bool", false) => ("BOOLEAN", String::new()),
            ("Text", true) => ("TEXT", String::new()),
            ("Text", false) => ("TEXT COLLATE \"C\"", String::new()),
            (_, true) => ("INTEGER", String::new()),
            (_, false) => ("BIGINT", String::new()),
        };
        let required = if self.empty { "" } else { " NOT NULL" };
        format!("{name} {kind}{required}{check}")
    }
}

/// A row of a derived table.
pub trait Derived: Sized {
    /// The table.
    const TABLE: Table;

    /// The columns by name, in the form people read.
    fn columns(&self) -> Value;

    /// Writes the row as a new one.
    ///
    /// # Errors
    /// The engine's.
    fn insert(&self, conn: &mut Db) -> Result<(), StoreError>;

    /// Writes rows as new ones: on PostgreSQL in one statement whose text never changes, for each is a journey.
    ///
    /// # Errors
    /// The engine's.
    fn insert_all(rows: &[&Self], conn: &mut Db) -> Result<(), StoreError>;

    /// Writes the row in place of the one with its key; false when there is none.
    ///
    /// # Errors
    /// The engine's.
    fn update(&self, conn: &mut Db) -> Result<bool, StoreError>;

    /// The rows of a record.
    ///
    /// # Errors
    /// The engine's, also for a row that does not decode.
    fn of_record(conn: &mut Db, id: &[u8]) -> Result<Vec<Self>, StoreError>;

    /// Deletes the rows of a record, before all of them are written anew.
    ///
    /// # Errors
    /// The engine's.
    fn delete_of(conn: &mut Db, id: &[u8]) -> Result<(), StoreError>;
}

/// A column's value in the form people read.
pub(super) trait Shown {
    fn shown(&self) -> Value;
}

impl Shown for Vec<u8> {
    fn shown(&self) -> Value {
        uuid::Uuid::from_slice(self).map_or_else(|_| json!(hex::encode(self)), |id| json!(id))
    }
}

impl Shown for String {
    fn shown(&self) -> Value {
        json!(self)
    }
}

impl Shown for i64 {
    fn shown(&self) -> Value {
        json!(self)
    }
}

impl Shown for bool {
    fn shown(&self) -> Value {
        json!(self)
    }
}

impl<T: Shown> Shown for Option<T> {
    fn shown(&self) -> Value {
        self.as_ref().map_or(Value::Null, Shown::shown)
    }
}

/// The sort of array that a column's values travel in.
macro_rules! listed {
    (Nullable<$inner:tt>) => { Array<Nullable<$inner>> };
    ($sql:tt) => { Array<$sql> };
}

/// The type of a row's field.
macro_rules! field {
    (Binary) => { Vec<u8> };
    (Text) => { String };
    (BigInt) => { i64 };
    (Bool) => { bool };
    (Nullable<$inner:tt>) => { Option<field!($inner)> };
}

macro_rules! described {
    ($name:ident Nullable<$inner:tt>) => {
        Column { name: stringify!($name), holds: stringify!($inner), empty: true }
    };
    ($name:ident $sql:tt) => {
        Column { name: stringify!($name), holds: stringify!($sql), empty: false }
    };
}

/// Declares a derived table: `LotRow in lots by (id) of id`, then what is unique together and what rows are
/// looked up by, then the columns. `of` names the column with the identity of the record a row belongs to.
macro_rules! derived {
    (
        $(#[doc = $about:literal])+
        $row:ident in $table:ident by ($($key:ident),+) of $owner:ident
            $(unique ($($unique:ident),+))* $(looked up by ($($by:ident),+))* {
            $($(#[doc = $says:literal])+ $column:ident: $sql:tt $(<$inner:tt>)?,)+
        }
    ) => {
        diesel::table! {
            $(#[doc = $about])+
            $table ($($key),+) {
                $($(#[doc = $says])+ $column -> $sql $(<$inner>)?,)+
            }
        }

        $(#[doc = $about])+
        #[derive(
            Debug, Clone, PartialEq, Eq,
            diesel::Queryable, diesel::Insertable, diesel::AsChangeset,
        )]
        #[diesel(table_name = $table, primary_key($($key),+))]
        #[diesel(treat_none_as_null = true, treat_none_as_default_value = false)]
        pub struct $row {
            $($(#[doc = $says])+ pub $column: field!($sql $(<$inner>)?),)+
        }

        impl Derived for $row {
            const TABLE: Table = Table {
                name: stringify!($table),
                columns: &[$(described!($column $sql $(<$inner>)?)),+],
                key: &[$(stringify!($key)),+],
                owner: stringify!($owner),
                unique: &[$(&[$(stringify!($unique)),+]),*],
                looked_up: &[$(&[$(stringify!($by)),+]),*],
            };

            fn columns(&self) -> serde_json::Value {
                serde_json::json!({ $(stringify!($column): self.$column.shown()),+ })
            }

            fn insert(&self, conn: &mut Db) -> Result<(), StoreError> {
                on_engine!(conn, conn => {
                    diesel::insert_into($table::table).values(self).execute(conn)?;
                });
                Ok(())
            }

            fn insert_all(rows: &[&Self], conn: &mut Db) -> Result<(), StoreError> {
                use diesel::pg::Pg;
                use diesel::query_builder::{AstPass, QueryFragment, QueryId};
                use diesel::sql_types::*;
                struct Lists<'a> {
                    $($column: Vec<&'a field!($sql $(<$inner>)?)>,)+
                }
                impl QueryId for Lists<'_> {
                    type QueryId = Lists<'static>;
                    const HAS_STATIC_QUERY_ID: bool = true;
                }
                impl QueryFragment<Pg> for Lists<'_> {
                    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                        let names = [$(stringify!($column)),+].join(", ");
                        let table = stringify!($table);
                        out.push_sql(&format!("INSERT INTO {table} ({names}) SELECT * FROM unnest"));
                        let mut comma = "(";
                        $(
                            out.push_sql(comma);
                            out.push_bind_param::<listed!($sql $(<$inner>)?), _>(&self.$column)?;
                            comma = ", ";
                        )+
                        let _ = comma;
                        out.push_sql(")");
                        Ok(())
                    }
                }
                impl diesel::RunQueryDsl<PgConnection> for Lists<'_> {}
                let Db::Postgres(conn) = conn else {
                    return rows.iter().try_for_each(|row| row.insert(conn));
                };
                if !rows.is_empty() {
                    let lists = Lists { $($column: rows.iter().map(|row| &row.$column).collect(),)+ };
                    lists.execute(conn)?;
                }
                Ok(())
            }

            fn update(&self, conn: &mut Db) -> Result<bool, StoreError> {
                let changed = on_engine!(conn, conn => {
                    let target = $table::table $(.filter($table::$key.eq(&self.$key)))+;
                    diesel::update(target).set(self).execute(conn)?
                });
                Ok(changed == 1)
            }

            fn of_record(conn: &mut Db, id: &[u8]) -> Result<Vec<Self>, StoreError> {
                Ok(on_engine!(conn, conn => {
                    $table::table.filter($table::$owner.eq(id)).load(conn)?
                }))
            }

            fn delete_of(conn: &mut Db, id: &[u8]) -> Result<(), StoreError> {
                diesel::delete($table::table.filter($table::$owner.eq(id))).execute(conn)?;
                Ok(())
            }
        }
    };
}

pub(super) use {derived, described, field, listed};

/// What a file with a derived table needs.
pub(super) mod prelude {
    pub(in crate::store::noun) use super::{
        Column, Derived, Shown, Table, derived, described, field, listed,
    };
    pub(in crate::store::noun) use crate::store::db::{Db, on_engine};
    pub(in crate::store::noun) use crate::store::fault::StoreError;
    pub(in crate::store::noun) use crate::store::noun::{Part, Row, Rows};
    pub(in crate::store::noun) use diesel::prelude::*;
}
