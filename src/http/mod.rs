//! The porch: who calls, limits, problem+json, headers, versions. No rule of the trade lives here.

pub mod head;
pub mod headers;
pub mod limits;
pub mod openapi;
pub mod preconditions;
pub mod problem;
pub mod request_id;
pub mod routes;
pub mod unrouted;
