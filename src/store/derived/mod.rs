//! The one pure mapping from states to the rows of the derived tables.
//!
//! A state is a list of [`Part`]s, each of which is one row. The door compares the marks of the parts
//! before and after a group of commands and writes only the rows whose marks differ; `verify` makes
//! every row of every record and compares all of them both ways.

mod part;
pub mod row;
mod run;
pub mod table;
mod words;

pub use part::Part;
pub use table::Row;

use crate::domain::ids::StepKey;
use crate::domain::state::State;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The marks of a record's rows: what the lane remembers of what it wrote.
#[derive(Debug, Default)]
pub struct Marks {
    /// By key.
    parts: HashMap<u64, u64, BuildHasherDefault<AsItIs>>,
    /// Version and number of rows of each of a run's steps. Whatever changes a step or its entries gives
    /// it a new version, so a step that has its version still has its rows: a long run is not compared
    /// from its beginning for each entry.
    steps: HashMap<StepKey, (u64, usize)>,
}

/// Keys of marks are hashes already.
#[derive(Debug, Default, Clone, Copy)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // Only whole numbers ever come; other bytes are folded in for form's sake.
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// All rows of a state.
#[must_use]
pub fn rows(state: &State) -> Vec<Row> {
    let mut rows = Vec::new();
    part::each(state, &mut |part| rows.push(part.row()));
    rows
}

/// The marks of all rows of a state.
#[must_use]
pub fn marks(state: &State) -> Marks {
    let mut marks = Marks::default();
    compare(state, &mut marks, |_, _| {});
    marks
}

/// Visits the parts that may have changed, brings their marks up to date and hands on those that are
/// new (`None`) or other than before. Gives how many parts there are in all.
fn compare(
    state: &State,
    marks: &mut Marks,
    mut found: impl FnMut(Part<'_>, Option<u64>),
) -> usize {
    let Marks { parts, steps } = marks;
    let mut seen = 0;
    let mut visit = |part: Part<'_>| {
        let (key, content) = part.mark();
        seen += 1;
        let before = parts.insert(key, content);
        if before != Some(content) {
            found(part, before);
        }
    };
    let mut known = 0;
    if let State::Run(run) = state {
        for (key, step) in &run.steps {
            match steps.get_mut(key) {
                Some((version, rows)) if *version == step.version => known += *rows,
                remembered => {
                    let mut rows = 0;
                    part::each_of_step(run, key, step, &mut |part| {
                        visit(part);
                        rows += 1;
                    });
                    match remembered {
                        Some(old) => *old = (step.version, rows),
                        None => {
                            steps.insert(key.clone(), (step.version, rows));
                        }
                    }
                }
            }
        }
    }
    part::each_but_steps(state, &mut visit);
    known + seen
}

/// What must be written so that the tables show `state` instead of what `marks` remembers.
#[derive(Debug, Default)]
pub struct Difference {
    /// Rows that were not there.
    pub new: Vec<Row>,
    /// Rows that were there with other columns.
    pub changed: Vec<Row>,
    /// A row vanished, as of an occurrence that was taken back: all rows of the record are to be written anew.
    pub vanished: bool,
}

/// Compares a state with the marks of its rows, and brings the marks up to date.
pub fn difference(state: &State, marks: &mut Marks) -> Difference {
    let mut difference = Difference::default();
    let all = compare(state, marks, |part, before| match before {
        None => difference.new.push(part.row()),
        Some(_) => difference.changed.push(part.row()),
    });
    if all != marks.parts.len() {
        difference.vanished = true;
        *marks = self::marks(state);
    }
    // Tests compare from the beginning each time, whatever a step's version says.
    debug_assert!(marks.parts == self::marks(state).parts, "a step changed under its version");
    difference
}
