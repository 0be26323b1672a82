//! The rules of a run.

mod chance;
mod corrections;
mod examples;
mod lives;
mod model;
mod order;
mod phase_matrix;
mod phases;
mod readiness;
mod reports;
mod scene;
mod second_person;
mod world;
