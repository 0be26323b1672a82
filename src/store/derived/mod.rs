//! d
pub mod row;
