//! JSON doors under /api/v1: who calls, what they ask, what they are told. Rules live elsewhere.

mod act;
mod after;
mod ahead;
mod amendment;
mod attachment;
mod audit;
mod batch;
mod credentials;
mod deviation;
mod device;
mod document;
mod entry;
mod exception;
mod happening;
mod health;
mod hold;
mod lot;
mod master;
mod person;
mod query;
mod report;
mod routes;
mod server;
mod session;
mod site;
mod step;
mod testing;
mod views;

pub use document::document;
pub use routes::{ROUTES, Route, matrix};
pub use server::{RunningServer, Settings, start};
