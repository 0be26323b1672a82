//! The audit trail and the access log as questions: who did what, when, why, from what to what.

pub mod access;
pub mod parts;
pub mod trail;
pub mod used;
