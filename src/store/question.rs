//! A list as text of either engine: put together of its filters, so that a test can ask both engines how they
//! would answer it. Values stand in it as literals, each written in one place here.

use super::db::Db;
use super::fault::StoreError;
use super::journal::cursor;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::fmt::Write as _;

/// Which engine a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// That of a connection.
    #[must_use]
    pub fn of(conn: &Db) -> Self {
        match conn {
            Db::Sqlite(_) => Self::Sqlite,
            Db::Postgres(_) => Self::Postgres,
        }
    }

    /// Bytes as a literal.
    #[must_use]
    pub fn bytes(self, bytes: &[u8]) -> String {
        match self {
            Self::Sqlite => format!("X'{}'", hex::encode(bytes)),
            Self::Postgres => format!("'\\x{}'::bytea", hex::encode(bytes)),
        }
    }

    /// How a text is held against a pattern, whatever its case; in SQLite of ASCII letters.
    #[must_use]
    pub fn like(self) -> &'static str {
        match self {
            Self::Sqlite => "LIKE",
            Self::Postgres => "ILIKE",
        }
    }
}

/// A text as a literal. No column holds a NUL, and none can be asked for.
#[must_use]
pub fn text(text: &str) -> String {
    let plain: String = text.chars().filter(|c| *c != '\0').collect();
    format!("'{}'", plain.replace('\'', "''"))
}

/// A list that can say how it asks.
pub trait Listed {
    /// What it asks an engine.
    ///
    /// # Errors
    /// A cursor that no list hands out.
    fn asks(&self, dialect: Dialect) -> Result<String, StoreError>;
}

/// The conditions of a list, one after the other.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct Conditions(String);

impl Conditions {
    /// One more.
    pub(in crate::store) fn and(&mut self, condition: &str) {
        let word = if self.0.is_empty() { "WHERE" } else { "AND" };
        let _ = write!(self.0, " {word} {condition}");
    }

    /// That a column holds this text, if one is asked for.
    pub(in crate::store) fn is(&mut self, column: &str, word: Option<&String>) {
        if let Some(word) = word {
            self.and(&format!("{column} = {}", text(word)));
        }
    }

    /// That a column holds one of these words, if any are asked for.
    pub(in crate::store) fn one_of(&mut self, column: &str, words: &[String]) {
        match words {
            [] => {}
            [one] => self.and(&format!("{column} = {}", text(one))),
            several => {
                let all: Vec<String> = several.iter().map(|word| text(word)).collect();
                self.and(&format!("{column} IN ({})", all.join(", ")));
            }
        }
    }

    /// That a moment lies from one on, and before the other.
    pub(in crate::store) fn between(&mut self, column: &str, from: Option<i64>, to: Option<i64>) {
        if let Some(from) = from {
            self.and(&format!("{column} >= {from}"));
        }
        if let Some(to) = to {
            self.and(&format!("{column} < {to}"));
        }
    }

    /// That a row stands behind a place, in a list that falls by a moment and then by a number.
    pub(in crate::store) fn behind(&mut self, columns: (&str, &str), place: Option<(i64, i64)>) {
        if let Some((at, then)) = place {
            let (first, second) = columns;
            self.and(&format!("{first} <= {at}"));
            self.and(&format!("({first} < {at} OR {second} < {then})"));
        }
    }
}

impl std::fmt::Display for Conditions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// One row more than was asked for: whether there is a next part.
pub(in crate::store) fn and_one(limit: usize) -> i64 {
    cursor::limit(limit) + 1
}

/// Two numbers with a tilde between them, as lists hand them out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Two(pub i64, pub i64);

impl std::str::FromStr for Two {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (first, second) = text.split_once('~').unwrap_or((text, ""));
        Ok(Self(first.parse()?, second.parse()?))
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct PlanLine {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

/// How the engine would answer a list, line by line.
///
/// # Errors
/// The engine's.
pub fn plan(conn: &mut Db, list: &dyn Listed) -> Result<Vec<String>, StoreError> {
    let asks = list.asks(Dialect::of(conn))?;
    Ok(match Dialect::of(conn) {
        Dialect::Sqlite => {
            let lines: Vec<Line> =
                diesel::sql_query(format!("EXPLAIN QUERY PLAN {asks}")).load(conn)?;
            lines.into_iter().map(|line| line.detail).collect()
        }
        Dialect::Postgres => {
            let lines: Vec<PlanLine> = diesel::sql_query(format!("EXPLAIN {asks}")).load(conn)?;
            lines.into_iter().map(|line| line.line).collect()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_a_value_in_every_text() {
        assert_eq!(text("o'clock'; DROP TABLE lots; --"), "'o''clock''; DROP TABLE lots; --'");
        assert_eq!(text("a\0b\\'"), "'ab\\'''");
        assert_eq!(Dialect::Postgres.bytes(&[1, 255]), "'\\x01ff'::bytea");
        let mut all = Conditions::default();
        all.one_of("kind", &[]);
        all.is("number", Some(&"x' OR 1".to_owned()));
        all.behind(("at", "leaf"), Some((5, 7)));
        let text = " WHERE number = 'x'' OR 1' AND at <= 5 AND (at < 5 OR leaf < 7)";
        assert_eq!(all.to_string(), text);
        assert_eq!(("5~7".parse(), "5".parse::<Two>().is_err()), (Ok(Two(5, 7)), true));
    }
}
