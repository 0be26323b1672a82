//! Master records: every order to a version, and how versions stand.

pub mod act;
pub mod burden;
pub mod list;
