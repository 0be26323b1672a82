//! The one pure mapping from states to the rows of the derived tables.
//!
//! A state is a list of parts, each of which is one row (`noun`). The door compares the marks of the parts
//! before and after a group of commands and writes only the rows whose marks differ; of what a record has many of
//! it looks only at what the two states do not share, so that an entry costs its own rows however many there are.
//! `verify` makes every row of every record and compares all of them both ways.

use super::noun::{Part, Row, each, many};
use crate::domain::state::State;
use std::collections::HashMap;

/// The marks of a record's rows, by key: what the lane remembers of what it wrote.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Marks {
    few: HashMap<u64, u64>,
    /// Of rows that never go.
    many: HashMap<u64, u64>,
}

/// All rows of a state.
#[must_use]
pub fn rows(state: &State) -> Vec<Row> {
    let mut rows = Vec::new();
    each(state, &mut |part| rows.push((part.row)()));
    many(state, None, &mut |part| rows.push((part.row)()));
    rows
}

/// The marks of all rows of a state.
#[must_use]
pub fn marks(state: &State) -> Marks {
    let mut marks = Marks::default();
    each(state, &mut |part| {
        let (key, content) = part.mark;
        marks.few.insert(key, content);
    });
    many(state, None, &mut |part| {
        let (key, content) = part.mark;
        marks.many.insert(key, content);
    });
    marks
}

/// What must be written so that the tables show `state` instead of what `marks` remembers.
#[derive(Debug, Default)]
pub struct Difference {
    /// Rows that were not there.
    pub new: Vec<Row>,
    /// Rows that were there with other columns.
    pub changed: Vec<Row>,
    /// A row vanished: all rows of the record are to be written anew.
    pub vanished: bool,
}

impl Difference {
    /// Notes a row where its mark is new or another.
    fn note(&mut self, marks: &mut HashMap<u64, u64>, part: &Part<'_>) {
        let (key, content) = part.mark;
        match marks.insert(key, content) {
            None => self.new.push((part.row)()),
            Some(before) if before != content => self.changed.push((part.row)()),
            Some(_) => {}
        }
    }
}

/// Compares a state with the marks of its rows, and brings the marks up to date; `since` is the state that the
/// marks were made of.
pub fn difference(state: &State, since: Option<&State>, marks: &mut Marks) -> Difference {
    let mut difference = Difference::default();
    let mut seen = 0;
    each(state, &mut |part| {
        seen += 1;
        difference.note(&mut marks.few, &part);
    });
    many(state, since, &mut |part| difference.note(&mut marks.many, &part));
    if seen != marks.few.len() {
        difference.vanished = true;
        *marks = self::marks(state);
    }
    difference
}
