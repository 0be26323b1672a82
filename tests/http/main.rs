//! Black box over a real server with its own database, on each engine: what people see and do over HTTP.

mod batch;
mod cast;
mod client;
mod engine;
mod recipes;
mod seen;
mod traces;
mod world;

mod access;
mod ahead;
mod alarms;
mod audit;
mod calculations;
mod devices;
mod entries;
mod floor;
mod floor_changes;
mod gates;
mod holds;
mod lab;
mod life;
mod lots;
mod masters;
mod order;
mod packaging;
mod people;
mod porch;
mod quality;
mod release;
mod roles;
mod routes;
mod sessions;
mod signing;
mod times;
mod zz_problems;
