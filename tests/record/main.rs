//! The batch record as a document: conformance of the PDF, its seal, its speed.

mod pages;
mod sample;
mod seal;
