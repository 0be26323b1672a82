//! The batch record as a document: conformance of the PDF, its seal, its speed.

// The site of the rules' own tests says `crate::domain`.
use batchwright::domain;

mod body;
mod decided;
mod demo;
mod floor;
mod fonts;
mod front;
mod image;
mod life;
mod living;
mod newcomer;
mod pages;
mod play;
mod registers;
mod rolling;
mod sample;
mod seal;
mod typed;
mod words;
