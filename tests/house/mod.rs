//! The house that the suites share: engines and their databases, a founded site, its doors, its people, what
//! they make. A test binary takes it in with `#[path = "../house/mod.rs"] mod house;`.

pub mod batch;
pub mod cast;
pub mod client;
pub mod conformity;
pub mod engine;
pub mod met;
pub mod recipes;
pub mod site;
pub mod traces;
pub mod world;
