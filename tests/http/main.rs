//! Black box over a real server with its own database, on each engine: what people see and do over HTTP.

#[path = "../house/mod.rs"]
mod house;

mod access;
mod after;
mod ahead;
mod alarms;
mod audit;
mod calculations;
mod concurrency;
mod conformity;
mod deviations;
mod devices;
mod entries;
mod findings;
mod floor;
mod floor_changes;
mod gates;
mod holds;
mod hostile;
mod lab;
mod life;
mod lineage;
mod lots;
mod masters;
mod order;
mod out_of_specification;
mod packaging;
mod people;
mod porch;
mod quality;
mod release;
mod reviews;
mod roles;
mod routes;
mod sessions;
mod signing;
mod skipping;
mod taking_back;
mod times;
