//! The batch record as a document: conformance of the PDF, its seal, its speed.

// The site of the rules' own tests says `crate::domain`.
use batchwright::domain;

mod demo;
mod floor;
mod fonts;
mod image;
mod life;
mod living;
mod newcomer;
mod pages;
mod play;
mod rolling;
mod sample;
mod seal;
mod typed;
mod words;
