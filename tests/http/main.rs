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
mod audit;
mod entries;
mod gates;
mod holds;
mod life;
mod masters;
mod order;
mod people;
mod porch;
mod quality;
mod release;
mod roles;
mod routes;
mod sessions;
mod signing;
mod zz_problems;
