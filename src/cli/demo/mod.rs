//! `batchwright demo`: a whole batch over the demo's own HTTP API, told scene by scene.

pub mod cast;
pub mod client;
pub mod floor;
pub mod scenes;
pub mod stage;
pub mod story;
