//! JSON doors under /api/v1: who calls, what they ask, what they are told. Rules live elsewhere.

// A handler that no line of the table names does not compile.
#![deny(dead_code)]

mod act;
mod addressed;
mod after;
mod ahead;
mod amendment;
mod attachment;
mod audit;
mod batch;
mod credentials;
mod describe;
mod deviation;
mod device;
mod document;
mod entry;
mod everywhere;
mod exception;
mod happening;
mod health;
mod lot;
mod master;
mod pages;
mod parts;
mod person;
mod query;
mod report;
mod server;
mod session;
mod site;
mod step;
mod table;
mod testing;
mod told;
mod unit;
mod used;
mod value;
mod version;

pub use crate::http::routes::{ROUTES, Route, matrix};
pub use document::document;
pub use server::{RunningServer, Settings, start};
