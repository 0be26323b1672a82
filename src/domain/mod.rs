//! The rules: pure functions and types. No clock, no randomness, no files, no network.
//!
//! `decide` says what may happen and which events follow; `evolve` folds an event into a state.
//! All rules live in the first, none in the second. See `command` for the frozen shape of both.

pub mod act;
pub mod alike;
pub mod calc;
pub mod clock;
pub mod command;
pub mod cross;
pub mod deviation;
pub mod device;
pub mod disposition;
pub mod entry;
pub mod exception;
pub mod facts;
pub mod ids;
pub mod limits;
pub mod loaded;
pub mod lot;
pub mod master;
pub mod noun;
pub mod nouns;
pub mod numbered;
pub mod permits;
pub mod person;
pub mod policy;
pub mod quantity;
pub mod recipe;
pub mod refusal;
pub mod roster;
pub mod ruling;
pub mod run;
#[cfg(test)]
mod scene;
pub mod series;
pub mod signing;
pub mod site;
pub mod state;
pub mod tally;
pub mod units;
pub mod words;
