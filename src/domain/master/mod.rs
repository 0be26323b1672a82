//! The master record as a record with a life: written, reviewed, approved, effective, retired.
//!
//! What it says is its document: `crate::domain::recipe`.

pub mod command;
pub mod decide;
pub mod evolve;
pub mod refusal;
pub mod state;

pub use evolve::evolve;
pub use state::Master;
