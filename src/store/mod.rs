//! The only SQL: lanes, and the one door that writes.
