//! JSON doors under /api/v1.
