//! The rules: pure functions and types. No clock, no randomness, no files, no network.
