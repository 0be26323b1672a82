//! The rules of a run.

mod chance;
mod corrections;
mod examples;
mod lives;
mod matrices;
mod model;
mod order;
mod phases;
mod reports;
mod scene;
mod second_person;
mod world;
