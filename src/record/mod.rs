//! The batch record as a document: model, layout, PDF, seal.

pub mod pdf;
