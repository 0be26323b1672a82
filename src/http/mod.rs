//! The porch: who calls, limits, problem+json, headers.
