//! JSON doors under /api/v1: who calls, what they ask, what they are told. Rules live elsewhere.

mod act;
mod audit;
mod batch;
mod credentials;
mod deviation;
mod document;
mod entry;
mod exception;
mod health;
mod hold;
mod lot;
mod master;
mod person;
mod report;
mod routes;
mod server;
mod session;
mod site;
mod step;
mod views;

pub use document::document;
pub use routes::{ROUTES, Route, matrix};
pub use server::{RunningServer, Settings, start};
