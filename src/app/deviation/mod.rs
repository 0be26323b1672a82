//! Deviations: opened from exceptions, investigated, concluded, closed.

pub mod decide;
pub mod list;
pub mod open;
pub mod others;
