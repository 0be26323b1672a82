//! Renditions: a batch record as a sealed PDF, numbered, journalled, its bytes kept.

pub mod issue;
pub mod kept;
