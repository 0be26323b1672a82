//! Containers whose copies share what did not change, so that copying a run costs nothing.
//!
//! A reader keeps the run it was given while the next act makes another out of it. Both hold the same
//! nodes; an act copies the nodes on the way to what it changes, and no others.

mod list;
mod map;
mod seq;
mod set;
mod steps;
#[cfg(test)]
mod tests;

pub use list::{List, ListIter};
pub use map::{Map, MapIter};
pub use seq::Shared;
pub use set::Set;
pub use steps::{Occurrences, Steps};
