//! The rules of a run.

mod chance;
mod changes;
mod changes_model;
mod computed;
mod conditions;
mod corrections;
mod devices;
mod endings;
mod examples;
mod floor;
mod foresight;
mod handover;
mod lives;
mod model;
mod order;
mod phase_matrix;
mod phases;
mod readiness;
mod reports;
mod restarts;
mod samples;
mod scene;
mod second_person;
mod time_model;
mod times;
mod world;
