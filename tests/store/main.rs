//! The store from outside: on SQLite always, on PostgreSQL when one answers.

#[path = "../house/mod.rs"]
#[allow(dead_code)]
mod house;

mod append_only;
mod atomic;
mod clocks;
mod crash;
mod cut;
mod forged;
mod forger;
mod impostor;
mod lane;
mod line;
mod log;
mod nodes;
mod plans;
mod plans_quality;
mod rows;
mod run;
mod tamper;
mod world;
