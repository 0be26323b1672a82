//! Batchwright.
fn main() {}
