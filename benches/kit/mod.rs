//! What the benchmarks share: sites, servers, terminals, recipes, and what the machine says of a process.
//!
//! A program is measured as a process and asked over HTTP, so that an older one can stand beside it. Only
//! `lane` uses the library.

pub mod engine;
pub mod floor;
pub mod lane;
pub mod numbers;
pub mod people;
pub mod process;
pub mod program;
pub mod recipe;
pub mod sites;
pub mod terminal;
