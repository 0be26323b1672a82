//! The desk: one file per command or question. What happens first, second, third is read here.

pub mod desk;
pub mod person;
pub mod session;
pub mod signing;
pub mod site;
