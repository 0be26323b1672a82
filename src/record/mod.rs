//! The batch record as a document: model, layout, PDF, seal.

pub mod model;
pub mod pdf;
pub mod report;
