//! Batchwright: electronic batch records for biomanufacturing that enforce, prove and outlive themselves.
//!
//! Rooms and who may use whom: `ARCHITECTURE.md`; enforced by `tests/tidy`.

pub mod api;
pub mod app;
pub mod cli;
pub mod domain;
pub mod http;
pub mod identity;
pub mod record;
pub mod seal;
pub mod settings;
pub mod store;
